"""A stand-in of Twilio's messages: takes texts, lists them, posts signed webhooks."""

import json
import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any
from urllib.parse import urlencode

from aiohttp import encode_basic_auth, web
from aiohttp.typedefs import Handler, Middleware
from twilio.request_validator import RequestValidator

from tests.standins.described import answer_faults, request_faults
from tests.standins.serving import Served

SID = "AC" + "0" * 32
TOKEN = "the-auth-token-of-the-stand-in"
SENDER = "+33939010203"

WORDS = {
    21211: "Invalid 'To' Phone Number",
    21408: "Permission to send an SMS has not been enabled for the region",
    21610: "Attempt to send to unsubscribed recipient",
    21614: "'To' number is not a valid mobile number",
    20003: "Authenticate",
    20429: "Too Many Requests",
}


@dataclass(frozen=True)
class Refuse:
    """Answer with an error of Twilio's; `retry_after` goes into the header."""

    code: int
    status: int = 400
    retry_after: str = ""


@dataclass(frozen=True)
class Fail:
    """Answer 5xx; `kept` means that the text was taken all the same."""

    status: int = 500
    kept: bool = True


@dataclass(frozen=True)
class Hang:
    """Never answer; `kept` means that the text was taken all the same."""

    kept: bool = True


@dataclass(frozen=True)
class Cut:
    """Break the connection instead of answering."""

    kept: bool = True


Behaviour = Refuse | Fail | Hang | Cut


@dataclass
class Kept:
    """A message as Twilio keeps it."""

    sid: str
    direction: str
    from_: str
    to: str
    body: str
    at: datetime
    status: str = "queued"
    callback: str = ""
    service: str = ""
    form: dict[str, str] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        when = format_datetime(self.at)
        return {
            "account_sid": SID,
            "api_version": "2010-04-01",
            "body": self.body,
            "date_created": when,
            "date_sent": when if self.status not in ("queued", "accepted") else None,
            "date_updated": when,
            "direction": self.direction,
            "error_code": None,
            "error_message": None,
            "from": self.from_ or None,
            "messaging_service_sid": self.service or None,
            "num_media": "0",
            "num_segments": "0" if self.service else "1",
            "price": None,
            "price_unit": "USD",
            "sid": self.sid,
            "status": self.status,
            "to": self.to,
            "uri": f"/2010-04-01/Accounts/{SID}/Messages/{self.sid}.json",
        }


@dataclass
class Placed:
    """A call as Twilio keeps it."""

    sid: str
    form: dict[str, str]
    at: datetime

    def as_json(self) -> dict[str, Any]:
        when = format_datetime(self.at)
        return {
            "account_sid": SID,
            "date_created": when,
            "direction": "outbound-api",
            "from": self.form["From"],
            "sid": self.sid,
            "status": "queued",
            "to": self.form["To"],
        }


class TwilioStandin(Served):
    """`sent` and `received` are what it keeps; `next` and `to_number` make it misbehave.

    `public_url` is what webhooks are signed with and `deliver_to` where they really go
    (as behind a proxy): set both, or `public_url` alone. `now` may be replaced.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Kept] = []
        self.received: list[Kept] = []
        self.placed: list[Placed] = []
        self.next: list[Behaviour] = []
        self.to_number: dict[str, Behaviour] = {}
        # Where requests, and what is answered, differ from what Twilio publishes.
        self.undescribed: list[str] = []
        self.requests: list[dict[str, str]] = []
        self.public_url = ""
        self.deliver_to = ""
        self.token = TOKEN
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def routes(self) -> list[web.RouteDef]:
        path = "/2010-04-01/Accounts/{sid}/Messages.json"
        one = "/2010-04-01/Accounts/{sid}/Messages/{message}.json"
        return [
            web.post(path, self._create),
            web.get(path, self._list),
            web.get(one, self._one),
            web.post(one, self._one),
            web.post("/2010-04-01/Accounts/{sid}/Calls.json", self._call),
            web.get("/2010-04-01/Accounts/{sid}/Calls.json", self._calls),
        ]

    def middlewares(self) -> list[Middleware]:
        return [self._as_described]

    @web.middleware
    async def _as_described(self, request: web.Request, handler: Handler) -> web.StreamResponse:
        form = [(name, str(value)) for name, value in (await request.post()).items()]
        asked = (request.method, request.path)
        self.undescribed += request_faults(*asked, request.query, form)
        answer = await handler(request)
        if isinstance(answer, web.Response) and answer.status < 300:
            said = json.loads(answer.text or "null")
            self.undescribed += answer_faults(*asked, answer.status, said)
        return answer

    # --- as Twilio's API ----------------------------------------------------------------------

    async def _create(self, request: web.Request) -> web.StreamResponse:
        form = {name: str(value) for name, value in (await request.post()).items()}
        self.requests.append(form)
        if refused := self._refused(request, form):
            return refused
        behaviour = self.next.pop(0) if self.next else self.to_number.get(form["To"])
        if isinstance(behaviour, Refuse):
            return _error(behaviour.code, behaviour.status, behaviour.retry_after)
        kept = self._kept(form)
        if behaviour is None or behaviour.kept:
            self.sent.append(kept)
        match behaviour:
            case Hang():
                await self.hang()
            case Cut():
                assert request.transport is not None
                request.transport.close()
            case Fail(status=status):
                return web.Response(status=status, text="<html>upstream failure</html>")
        return web.json_response(kept.as_json(), status=201)

    def _refused(self, request: web.Request, form: dict[str, str]) -> web.Response | None:
        if not self._is_us(request):
            return _error(20003, 401)
        if not form.get("To"):
            return _error(21604, 400)
        if not (form.get("From") or form.get("MessagingServiceSid")):
            return _error(21603, 400)
        return None if form.get("Body") or form.get("ContentSid") else _error(21602, 400)

    def _is_us(self, request: web.Request) -> bool:
        given = request.headers.get("Authorization", "")
        return request.match_info["sid"] == SID and given == encode_basic_auth(SID, self.token)

    def _kept(self, form: dict[str, str]) -> Kept:
        return Kept(
            sid="SM" + secrets.token_hex(16),
            direction="outbound-api",
            from_=form.get("From", ""),
            to=form["To"],
            body=form.get("Body", ""),
            at=self.now(),
            status="accepted" if form.get("MessagingServiceSid") else "queued",
            callback=form.get("StatusCallback", ""),
            service=form.get("MessagingServiceSid", ""),
            form=form,
        )

    async def _one(self, request: web.Request) -> web.Response:
        """One message, its body taken away where the form says so."""
        if not self._is_us(request):
            return _error(20003, 401)
        behaviour = self.next.pop(0) if self.next else None
        if isinstance(behaviour, Fail):
            return web.Response(status=behaviour.status)
        wanted = request.match_info["message"]
        kept = next((k for k in self.sent + self.received if k.sid == wanted), None)
        if kept is None:
            return _error(20404, 404)
        if request.method == "POST":
            kept.body = str((await request.post())["Body"])
        return web.json_response(kept.as_json() | {"num_segments": "2", "price": "-0.15000"})

    async def _call(self, request: web.Request) -> web.StreamResponse:
        """A call is placed: it rings until the test picks up."""
        form = {name: str(value) for name, value in (await request.post()).items()}
        if not self._is_us(request):
            return _error(20003, 401)
        # A number that takes no text may ring.
        behaviour = self.next.pop(0) if self.next else None
        if isinstance(behaviour, Refuse):
            return _error(behaviour.code, behaviour.status, behaviour.retry_after)
        placed = Placed("CA" + secrets.token_hex(16), form, self.now())
        if behaviour is None or behaviour.kept:
            self.placed.append(placed)
        if isinstance(behaviour, Fail):
            return web.Response(status=behaviour.status, text="<html>upstream failure</html>")
        return web.json_response(placed.as_json(), status=201)

    async def _calls(self, request: web.Request) -> web.Response:
        found = [one for one in self.placed[::-1] if one.form["To"] == request.query.get("To")]
        page = _page(request, [])
        del page["messages"]
        return web.json_response(page | {"calls": [one.as_json() for one in found]})

    async def _list(self, request: web.Request) -> web.Response:
        if not self._is_us(request):
            return _error(20003, 401)
        behaviour = self.next.pop(0) if self.next else None
        if isinstance(behaviour, Fail):
            return web.Response(status=behaviour.status)
        query = request.query
        day = query.get("DateSent>", "")[:10]
        found = [
            kept
            for kept in sorted(self.sent + self.received, key=lambda kept: kept.at, reverse=True)
            if query.get("To") in (None, kept.to)
            and query.get("From") in (None, kept.from_)
            and (not day or kept.at.date().isoformat() >= day)
        ]
        return web.json_response(_page(request, found))

    # --- as Twilio's webhooks -----------------------------------------------------------------

    def receive(self, from_: str, body: str, to: str = SENDER, sid: str = "") -> Kept:
        """A text arrives at Twilio; nobody is told of it yet."""
        made = sid or "SM" + secrets.token_hex(16)
        kept = Kept(made, "inbound", from_, to, body, self.now(), "received")
        self.received.append(kept)
        return kept

    async def text(self, from_: str, body: str, path: str = "", **fields: str) -> int:
        """A text arrives and is posted to the service; the HTTP status that it answered."""
        return await self.deliver(self.receive(from_, body), path, **fields)

    async def deliver(self, kept: Kept, path: str = "", **fields: str) -> int:
        """Post a received text, again if it was posted before."""
        form = message_form(kept) | fields
        return await self.post(path or "/channels/twilio/messages", form)

    async def report(self, sid: str, statuses: Iterable[str], error_code: str = "") -> list[int]:
        """Post delivery reports about a sent text, in this order, to its StatusCallback."""
        kept = next(one for one in self.sent if one.sid == sid)
        path = kept.callback.partition("#")[0].removeprefix(self.public_url)
        form = {"MessageSid": sid, "SmsSid": sid, "AccountSid": SID, "ApiVersion": "2010-04-01"}
        form |= {"From": kept.from_ or SENDER, "To": kept.to}
        form |= {"ErrorCode": error_code} if error_code else {}
        return [
            await self.post(path, form | {"MessageStatus": status, "SmsStatus": status})
            for status in statuses
        ]

    async def pick_up(self, placed: Placed, **fields: str) -> str:
        """Somebody, or a machine, answers: the TwiML that says what to do."""
        return await self.step(placed, placed.form["Url"], AnsweredBy="human", **fields)

    async def hang_up(self, placed: Placed, status: str = "completed") -> None:
        """The call is over."""
        await self.step(placed, placed.form["StatusCallback"], CallStatus=status)

    async def step(self, placed: Placed, address: str, **fields: str) -> str:
        """Post a step of a call, signed; what was answered."""
        path = address.partition("#")[0].removeprefix(self.public_url)
        form = {"CallSid": placed.sid, "AccountSid": SID, "CallStatus": "in-progress"}
        form |= {"From": placed.form["From"], "To": placed.form["To"], "Direction": "outbound-api"}
        status, said = await self._posted(path, form | fields)
        assert status == 200, status
        return said

    async def post(self, path: str, form: dict[str, str], token: str = "") -> int:
        """Post a form to the service, signed as Twilio signs."""
        return (await self._posted(path, form, token))[0]

    async def _posted(self, path: str, form: dict[str, str], token: str = "") -> tuple[int, str]:
        signed = RequestValidator(token or self.token).compute_signature(
            self.public_url + path, form
        )
        async with self.session.post(
            (self.deliver_to or self.public_url) + path,
            data=urlencode(form),
            headers={
                "Content-Type": "application/x-www-form-urlencoded; charset=UTF-8",
                "X-Twilio-Signature": signed,
                "User-Agent": "TwilioProxy/1.1",
            },
        ) as answer:
            return answer.status, await answer.text()


def message_form(kept: Kept) -> dict[str, str]:
    """What Twilio posts about an incoming text."""
    return {
        "ToCountry": "FR",
        "SmsMessageSid": kept.sid,
        "NumMedia": "0",
        "SmsSid": kept.sid,
        "SmsStatus": "received",
        "Body": kept.body,
        "FromCountry": "FR",
        "To": kept.to,
        "NumSegments": "1",
        "MessageSid": kept.sid,
        "AccountSid": SID,
        "From": kept.from_,
        "ApiVersion": "2010-04-01",
    }


def _page(request: web.Request, found: list[Kept]) -> dict[str, Any]:
    size = int(request.query.get("PageSize", "50"))
    number = int(request.query.get("Page", "0"))
    shown = found[number * size : (number + 1) * size]
    following = {**request.query, "Page": str(number + 1), "PageToken": f"PASM{number + 1}"}
    more = len(found) > (number + 1) * size
    return {
        "messages": [kept.as_json() for kept in shown],
        "page": number,
        "page_size": size,
        "start": number * size,
        "end": number * size + len(shown) - 1,
        "uri": str(request.rel_url),
        "first_page_uri": str(request.rel_url),
        "previous_page_uri": None,
        "next_page_uri": f"{request.path}?{urlencode(following)}" if more else None,
    }


def _error(code: int, status: int, retry_after: str = "") -> web.Response:
    body = {
        "code": code,
        "message": WORDS.get(code, "Something is wrong"),
        "more_info": f"https://www.twilio.com/docs/errors/{code}",
        "status": status,
    }
    headers = {"Retry-After": retry_after} if retry_after else {}
    return web.json_response(body, status=status, headers=headers)
