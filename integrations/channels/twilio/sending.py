"""SMS and WhatsApp through Twilio: the verbs of a channel over the twilio package."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from twilio.base.exceptions import TwilioException

from flows.vocabulary import (
    Accepted,
    Busy,
    ChannelName,
    DeliveryReport,
    Incoming,
    Outgoing,
    Sent,
    Uncertain,
)
from integrations.channels.twilio.client import NoAnswer, NotSent, TimedHttpClient, client
from integrations.channels.twilio.codes import TOO_MANY, refusal
from integrations.channels.twilio.reading import (
    OVERRIDES,
    STATUS,
    channel_of,
    is_answerable,
    whole,
    without_prefix,
)
from integrations.protocols import OutOfReach

# The provider's clock and ours may differ by so much.
SKEW = timedelta(seconds=5)

PAGE = 200
LOOKED_THROUGH = 100


@dataclass(frozen=True, slots=True)
class Account:
    """What Twilio gave the operator. One of `sender` and `service_sid` is set.

    `whatsapp` is the number that WhatsApp leaves from, where it is another; `voice` the one that
    calls ("" calls nobody). `public_url` is ours:
    where delivery reports go ("" asks for none).
    """

    sid: str
    token: str
    sender: str = ""
    service_sid: str = ""
    whatsapp: str = ""
    voice: str = ""
    api_url: str = "https://api.twilio.com"
    public_url: str = ""


class Twilio:
    """One of the channels that Twilio carries: `sms` or `whatsapp`."""

    def __init__(
        self, account: Account, name: ChannelName = "sms", timeout_s: float = 10.0
    ) -> None:
        self._account = account
        self._name: ChannelName = name
        self._http = TimedHttpClient(timeout_s)
        made = client(account.sid, account.token, account.api_url, self._http)
        self._messages = made.api.v2010.account.messages

    @property
    def name(self) -> ChannelName:
        """`sms` or `whatsapp`."""
        return self._name

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand a text to Twilio, once."""
        try:
            made = await self._messages.create_async(
                to=self._prefixed(outgoing.to),
                **_content(outgoing),
                **self._sender(),
                **self._callback(),
            )
        except NotSent as error:
            return Busy(error.retry_after_s)
        except NoAnswer as error:
            return Uncertain(str(error))
        except TwilioException as error:
            return failure(error)
        except (ValueError, TypeError, AttributeError):
            return Uncertain("unreadable answer")
        return _accepted(made) or Uncertain("an answer without a message")

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """The oldest text to that number with these words since then, if Twilio has one."""
        found = None
        # No filter by day and no early end: what is still queued has no day of sending.
        async for message in self._listed(LOOKED_THROUGH, to=self._prefixed(outgoing.to)):
            if _is_of(message, outgoing, since - SKEW):
                found = _accepted(message)
        return found

    async def recent(self, since: datetime) -> list[Incoming]:
        """Messages that reached our number, the oldest first."""
        heard: list[Incoming] = []
        filters: dict[str, Any] = {"date_sent_after": _day(since)}
        if number := self._number:
            filters["to"] = self._prefixed(number)
        async for message in self._listed(None, **filters):
            at = aware(message.date_sent) or aware(message.date_created)
            if at is not None and at < since - SKEW:
                break
            if message.direction == "inbound" and channel_of(message.from_ or "") == self._name:
                heard.append(_incoming(message, at))
        return heard[::-1]

    async def settle(self, provider_id: str, *, blank: bool) -> DeliveryReport | None:
        """What a text took and cost, its words gone from Twilio with `blank`; None: no trace."""
        message = self._messages(provider_id)
        try:
            found = await (message.update_async(body="") if blank else message.fetch_async())
        except (NotSent, NoAnswer) as error:
            raise OutOfReach(str(error)) from error
        except TwilioException as error:
            if _may_pass(error):
                raise OutOfReach(type(error).__name__) from error
            return None
        except (ValueError, TypeError, AttributeError):
            return None
        return _report(found, self._name)

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()

    def _prefixed(self, telephone: str) -> str:
        return f"whatsapp:{telephone}" if self._name == "whatsapp" else telephone

    def _sender(self) -> dict[str, str]:
        if number := self._number:
            return {"from_": self._prefixed(number)}
        return {"messaging_service_sid": self._account.service_sid}

    @property
    def _number(self) -> str:
        """The number that texts leave from; "" where a messaging service chooses one."""
        own = self._account.whatsapp if self._name == "whatsapp" else ""
        return own or ("" if self._account.service_sid else self._account.sender)

    def _callback(self) -> dict[str, str]:
        if not self._account.public_url:
            return {}
        public = self._account.public_url.rstrip("/")
        return {"status_callback": f"{public}{STATUS}#{OVERRIDES}"}

    async def _listed(self, limit: int | None, **filters: Any) -> Any:
        """Messages at Twilio, the newest first, page by page."""
        try:
            pages = await self._messages.stream_async(limit=limit, page_size=PAGE, **filters)
            async for message in pages:
                yield message
        except (NotSent, NoAnswer, TwilioException, ValueError) as error:
            raise OutOfReach(type(error).__name__) from error


def _may_pass(error: TwilioException) -> bool:
    """Whether asking again may do: not about a text that is gone there."""
    status = int(getattr(error, "status", 0))
    code = str(getattr(error, "code", None) or status)
    return status >= 500 or status in (0, 401, 403) or code in TOO_MANY


def _report(message: Any, channel: ChannelName) -> DeliveryReport:
    price = str(message.price or "")
    return DeliveryReport(
        channel=channel,
        provider_id=str(message.sid),
        status=str(message.status or ""),
        segments=whole(str(message.num_segments or "")) or None,
        price=f"{price} {message.price_unit or ''}".strip() if price else "",
    )


def failure(error: TwilioException) -> Sent:
    """What an error of Twilio's means for what was to be sent."""
    status = int(getattr(error, "status", 0))
    code = str(getattr(error, "code", None) or status)
    if code in TOO_MANY:
        return Busy(1.0)
    if status >= 500 or status < 400:
        return Uncertain(f"HTTP {status}" if status else type(error).__name__)
    if status in (401, 403) and refusal(code).meaning == "unknown":
        return refusal("20003")
    return refusal(code)


def _accepted(message: Any) -> Accepted | None:
    if not message.sid:
        return None
    # A messaging service says 0 until it has chosen a sender.
    segments = whole(str(message.num_segments or "")) or None
    return Accepted(str(message.sid), str(message.status or "queued"), segments)


def _content(outgoing: Outgoing) -> dict[str, str]:
    """The words, or the template that stands for them with what fills its numbered places."""
    template = outgoing.template
    if template is None:
        return {"body": outgoing.text}
    places = {str(place): value for place, value in enumerate(template.values, 1)}
    filled = {"content_variables": json.dumps(places, ensure_ascii=False)} if places else {}
    return {"content_sid": template.sid, **filled}


def _is_of(message: Any, outgoing: Outgoing, since: datetime) -> bool:
    """Whether a message to that number has these words and was made since then."""
    made_at = aware(message.date_created)
    if made_at is not None and made_at < since:
        return False
    if outgoing.template is not None:
        # Its words are the provider's: what left for this number in time is it.
        return str(message.direction or "").startswith("outbound")
    return _same_words(message.body or "", outgoing.text)


def _same_words(kept: str, sent: str) -> bool:
    """Whether Twilio keeps this text: spaces and typography may have been changed on the way."""
    # A trial account puts a sentence of its own before each text.
    letters = _letters(sent)
    return kept == sent or (letters != "" and _letters(kept).endswith(letters))


def _letters(text: str) -> str:
    return "".join(letter for letter in text.casefold() if letter.isalnum())


def _incoming(message: Any, at: datetime | None) -> Incoming:
    sender = without_prefix(message.from_ or "")
    pieces = whole(str(message.num_media or "")) or 0
    return Incoming(
        channel=channel_of(message.from_ or ""),
        provider_id=str(message.sid),
        sender=sender,
        recipient=without_prefix(message.to or ""),
        text=message.body or "",
        media=("unknown",) * pieces,
        answerable=is_answerable(sender),
        sent_at=at,
    )


def aware(at: object) -> datetime | None:
    """A moment of the package's as an aware one."""
    # The package hands back what it could not read as the text that it was.
    if not isinstance(at, datetime):
        return None
    return at.replace(tzinfo=UTC) if at.tzinfo is None else at


def _day(at: datetime) -> datetime:
    """Midnight before an instant: Twilio's filter is by day."""
    return (at.astimezone(UTC) - SKEW).replace(hour=0, minute=0, second=0, microsecond=0)
