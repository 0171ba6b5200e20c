"""Twilio: request → Incoming, Outgoing → request, and what each answer of the provider means."""

import hashlib
import json
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from urllib.parse import urlencode, urlsplit

import pytest
from aiohttp import web
from hypothesis import given
from hypothesis import strategies as st
from multidict import CIMultiDict
from twilio.request_validator import RequestValidator

from flows.vocabulary import (
    Accepted,
    Busy,
    DeliveryReport,
    Incoming,
    Outgoing,
    Refused,
    Uncertain,
)
from integrations.channels import twilio
from integrations.channels.twilio.signing import is_signed
from integrations.protocols import Denied, OutOfReach
from tests.standins.serving import Served
from tests.standins.twilio import (
    SENDER,
    SID,
    TOKEN,
    Cut,
    Fail,
    Hang,
    Kept,
    Refuse,
    TwilioStandin,
    message_form,
)

PUBLIC = "https://vigie.example"
NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TO = "+33639980001"
SERVICE = "MG" + "1" * 32
HELLO = Outgoing("reply-1", "sms", TO, "Bonjour, c'est le service de suivi.")


# --- request → Incoming -------------------------------------------------------------------------


def request(
    form: dict[str, str],
    target: str = twilio.MESSAGES,
    signed_url: str = "",
    token: str = TOKEN,
    kind: str = "application/x-www-form-urlencoded; charset=UTF-8",
) -> twilio.Request:
    """A form as Twilio posts it, signed by the package's own validator."""
    signature = RequestValidator(token).compute_signature(signed_url or PUBLIC + target, form)
    headers = CIMultiDict({"x-twilio-signature": signature, "content-type": kind})
    return twilio.Request("POST", target, headers, urlencode(form).encode())


def read(asked: twilio.Request, public_url: str = PUBLIC) -> Incoming | DeliveryReport | Denied:
    return twilio.read(asked, account_sid=SID, token=TOKEN, public_url=public_url)


def form(**changes: str) -> dict[str, str]:
    return message_form(Kept("SM1", "inbound", TO, SENDER, "38,5 et je tousse", NOW)) | changes


HEARD = Incoming("sms", "SM1", TO, SENDER, "38,5 et je tousse")


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({}, HEARD),
        ({"Body": ""}, replace(HEARD, text="")),
        ({"Body": "déjà 39° 🤒 l’été"}, replace(HEARD, text="déjà 39° 🤒 l’été")),
        ({"Body": "مش قادر اتنفس"}, replace(HEARD, text="مش قادر اتنفس")),
        ({"Body": "a+b&c=d%20e"}, replace(HEARD, text="a+b&c=d%20e")),
        ({"OptOutType": "STOP", "Body": "Stop"}, replace(HEARD, opt_out="STOP", text="Stop")),
        ({"OptOutType": "START"}, replace(HEARD, opt_out="START")),
        ({"OptOutType": "HELP"}, replace(HEARD, opt_out="HELP")),
        ({"OptOutType": "other"}, HEARD),
        ({"From": "38600"}, replace(HEARD, sender="38600", answerable=False)),
        ({"From": "AMELI"}, replace(HEARD, sender="AMELI", answerable=False)),
        (
            {"From": f"whatsapp:{TO}", "To": f"whatsapp:{SENDER}"},
            replace(HEARD, channel="whatsapp"),
        ),
        (
            {
                "Body": "",
                "NumMedia": "2",
                "MediaContentType0": "image/jpeg",
                "MediaUrl0": "https://api.twilio.com/m/ME1",
            },
            replace(HEARD, text="", media=("image/jpeg https://api.twilio.com/m/ME1", "unknown")),
        ),
        (
            {"Latitude": "48.85", "Longitude": "2.35", "Body": ""},
            replace(HEARD, text="", media=("location 48.85,2.35",)),
        ),
        ({"ErrorCode": "11200", "ErrorUrl": PUBLIC + twilio.MESSAGES}, HEARD),
    ],
)
def test_a_signed_form_is_read_as_the_message_it_carries(
    changes: dict[str, str], wanted: Incoming
) -> None:
    assert read(request(form(**changes))) == wanted


def test_the_query_form_of_a_message_is_read_too() -> None:
    target = f"{twilio.MESSAGES}?{urlencode(form(Body='oui, merci'))}"
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + target, {})
    headers = CIMultiDict({"X-Twilio-Signature": signature})
    assert read(twilio.Request("GET", target, headers)) == replace(HEARD, text="oui, merci")


def test_an_apostrophe_signed_before_it_was_escaped_is_taken() -> None:
    query = urlencode(form(Body="j'ai mal"))
    target = f"{twilio.MESSAGES}?{query}"
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + target.replace("%27", "'"), {})
    headers = CIMultiDict({"X-Twilio-Signature": signature})
    assert read(twilio.Request("GET", target, headers)) == replace(HEARD, text="j'ai mal")


@pytest.mark.parametrize(
    ("public_url", "signed_url"),
    [
        (PUBLIC, f"https://vigie.example:443{twilio.MESSAGES}"),
        (f"{PUBLIC}:443", PUBLIC + twilio.MESSAGES),
        (f"{PUBLIC}:8443", PUBLIC + twilio.MESSAGES),
        ("http://vigie.example", f"http://vigie.example:80{twilio.MESSAGES}"),
        (f"{PUBLIC}/", PUBLIC + twilio.MESSAGES),
        (f"{PUBLIC}/behind/proxy", f"{PUBLIC}/behind/proxy{twilio.MESSAGES}"),
        (PUBLIC, twilio.webhook_address(PUBLIC)),
    ],
)
def test_the_signature_holds_whatever_port_proxy_or_fragment_was_signed(
    public_url: str, signed_url: str
) -> None:
    assert read(request(form(), signed_url=signed_url), public_url) == HEARD


@pytest.mark.parametrize(
    ("asked", "status"),
    [
        (request(form(), token="another token"), 403),
        (request(form(), signed_url="https://elsewhere.example/channels/twilio/messages"), 403),
        (request(form(AccountSid="AC" + "9" * 32)), 403),
        (replace(request(form()), body=b"Body=forged&From=%2B33639980001"), 403),
        (replace(request(form()), headers=CIMultiDict(request(form(), kind="").headers)), 415),
        (request(form(), kind="application/json"), 415),
        (request(form(), kind="multipart/form-data; boundary=x"), 415),
        (
            replace(request(form()), headers={"Content-Type": "application/x-www-form-urlencoded"}),
            403,
        ),
    ],
)
def test_what_twilio_did_not_sign_is_denied(asked: twilio.Request, status: int) -> None:
    denied = read(asked)
    assert isinstance(denied, Denied)
    assert denied.status == status


def test_letters_beyond_ascii_in_a_signature_are_denied_not_a_crash() -> None:
    headers = {"X-Twilio-Signature": "é", "Content-Type": "application/x-www-form-urlencoded"}
    assert read(replace(request(form()), headers=headers)) == Denied(403, "the signature is wrong")


def hashed(body: bytes, of: bytes) -> twilio.Request:
    target = f"{twilio.MESSAGES}?bodySHA256={hashlib.sha256(of).hexdigest()}"
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + target, {})
    headers = CIMultiDict({"X-Twilio-Signature": signature, "Content-Type": "application/json"})
    return twilio.Request("POST", target, headers, body)


def test_a_body_signed_by_its_hash_is_read_and_another_body_denied() -> None:
    body = json.dumps(form()).encode()
    assert read(hashed(body, body)) == HEARD
    assert isinstance(read(hashed(body.replace(b"38", b"36"), body)), Denied)


def test_the_scheme_with_a_managed_key_is_understood() -> None:
    signature = RequestValidator(TOKEN).compute_signature(
        PUBLIC + twilio.MESSAGES, form(), "HMAC_SHA256"
    )
    settings = {"X-Twilio-Webhooks-Signature-Settings": "key=k,algorithm=HMAC_SHA256"}
    plain = request(form())
    signed = CIMultiDict(plain.headers)
    signed["X-Twilio-Signature"] = signature
    assert isinstance(read(replace(plain, headers=signed)), Denied)
    signed.update(settings)
    assert read(replace(plain, headers=signed)) == HEARD
    signed["X-Twilio-Webhooks-Signature-Settings"] = "algorithm=ROT13"
    assert isinstance(read(replace(plain, headers=signed)), Denied)


def test_a_signed_form_without_its_fields_is_kept_and_has_the_same_id_again() -> None:
    odd = {"Unknown": "x", "AccountSid": SID}
    first, again = read(request(odd)), read(request(odd))
    assert isinstance(first, Incoming)
    assert first == again
    assert (first.sender, first.answerable, first.text) == ("", False, urlencode(odd))
    assert first.provider_id.startswith("unread-")
    other = read(request(odd | {"Unknown": "y"}))
    assert isinstance(other, Incoming)
    assert other.provider_id != first.provider_id


words = st.text(st.characters(exclude_categories=["Cs"]), max_size=20)


@given(
    fields=st.dictionaries(words, words, max_size=6),
    query=st.dictionaries(words, words, max_size=2),
    port=st.sampled_from(["", ":443", ":8080"]),
    secret=words,
)
def test_our_signature_agrees_with_the_packages_own_validator(
    fields: dict[str, str], query: dict[str, str], port: str, secret: str
) -> None:
    # The package loses a bare question mark, so there is none.
    url = f"https://vigie.example{port}/channels{'?' if query else ''}{urlencode(query)}"
    validator = RequestValidator(secret)
    signature = validator.compute_signature(url, fields)
    for token, signed in ((secret, fields), (secret + "x", fields), (secret, {**fields, "k": "v"})):
        ours = is_signed(token, url, signed.items(), {"X-Twilio-Signature": signature})
        assert ours == RequestValidator(token).validate(url, signed, signature)


@pytest.mark.parametrize(
    ("changes", "wanted"),
    [
        ({"MessageStatus": "delivered"}, DeliveryReport("sms", "SM9", "delivered")),
        (
            {"MessageStatus": "undelivered", "ErrorCode": "30003"},
            DeliveryReport("sms", "SM9", "undelivered", "30003"),
        ),
        (
            {"MessageStatus": "read", "To": f"whatsapp:{TO}"},
            DeliveryReport("whatsapp", "SM9", "read"),
        ),
        (
            {"MessageStatus": "sent", "NumSegments": "2", "Price": "-0.08"},
            DeliveryReport("sms", "SM9", "sent", segments=2, price="-0.08"),
        ),
    ],
)
def test_a_status_callback_is_a_delivery_report(
    changes: dict[str, str], wanted: DeliveryReport
) -> None:
    fields = {"MessageSid": "SM9", "AccountSid": SID, "From": SENDER, "To": TO} | changes
    assert read(request(fields, twilio.STATUS)) == wanted


def test_the_printed_addresses_ask_twilio_for_retries_within_its_fifteen_seconds() -> None:
    first = urlsplit(twilio.webhook_address("https://vigie.example/"))
    second = urlsplit(twilio.fallback_address("https://vigie.example"))
    assert first.path == "/channels/twilio/messages"
    assert second.path == "/channels/twilio/fallback"
    assert first.fragment == second.fragment
    assert first.fragment.startswith("rc=5&rp=all")


# --- Outgoing → request -------------------------------------------------------------------------


def account(standin: TwilioStandin) -> twilio.Account:
    return twilio.Account(SID, TOKEN, SENDER, api_url=standin.url, public_url=PUBLIC)


@pytest.fixture
async def sms(twilio_standin: TwilioStandin) -> AsyncIterator[twilio.Twilio]:
    channel = twilio.Twilio(account(twilio_standin), timeout_s=0.4)
    yield channel
    await channel.close()


async def test_a_text_goes_out_with_our_number_and_where_to_report(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    sent = await sms.send(replace(HELLO, text="Où êtes-vous ? 🙂 a+b&c"))
    assert sent == Accepted(twilio_standin.sent[0].sid, "queued", 1)
    assert twilio_standin.requests == [
        {
            "To": TO,
            "From": SENDER,
            "Body": "Où êtes-vous ? 🙂 a+b&c",
            "StatusCallback": f"{PUBLIC}/channels/twilio/status#rc=5&rp=all&ct=2000&rt=4000",
        }
    ]


async def test_a_messaging_service_stands_for_the_number(twilio_standin: TwilioStandin) -> None:
    service = replace(account(twilio_standin), service_sid=SERVICE, public_url="")
    channel = twilio.Twilio(service)
    assert await channel.send(HELLO) == Accepted(twilio_standin.sent[0].sid, "accepted", None)
    assert twilio_standin.requests == [
        {"To": TO, "MessagingServiceSid": SERVICE, "Body": HELLO.text}
    ]
    await channel.close()


async def test_whatsapp_addresses_carry_their_prefix(twilio_standin: TwilioStandin) -> None:
    channel = twilio.Twilio(account(twilio_standin), "whatsapp")
    await channel.send(replace(HELLO, channel="whatsapp"))
    asked = twilio_standin.requests[0]
    assert (asked["To"], asked["From"]) == (f"whatsapp:{TO}", f"whatsapp:{SENDER}")
    await channel.close()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        (21211, Refused("21211", "bad_number", True)),
        (21614, Refused("21614", "bad_number", True)),
        (21408, Refused("21408", "configuration", False)),
        (21610, Refused("21610", "opted_out", True)),
        (21612, Refused("21612", "configuration", False)),
        (21999, Refused("21999", "unknown", False)),
    ],
)
async def test_a_refusal_says_what_it_means_and_whether_it_is_final(
    sms: twilio.Twilio, twilio_standin: TwilioStandin, code: int, wanted: Refused
) -> None:
    twilio_standin.next = [Refuse(code)]
    assert await sms.send(HELLO) == wanted


@pytest.mark.parametrize(
    ("code", "meaning", "permanent"),
    [
        ("30003", "unreachable", False),
        ("30004", "blocked", True),
        ("30005", "bad_number", True),
        ("30006", "landline", True),
        ("30007", "filtered", True),
        ("30008", "unknown", False),
        ("63016", "window", True),
    ],
)
def test_the_code_of_a_delivery_report_has_its_meaning(
    code: str, meaning: str, permanent: bool
) -> None:
    assert twilio.refusal(code) == Refused(code, meaning, permanent)


async def test_too_many_requests_wait_as_long_as_twilio_says(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.next = [Refuse(20429, 429, "7"), Refuse(20429, 429), Refuse(14107)]
    assert [await sms.send(HELLO) for _ in range(3)] == [Busy(7.0), Busy(1.0), Busy(1.0)]
    assert twilio_standin.sent == []


@pytest.mark.parametrize("behaviour", [Hang(), Cut(), Fail(), Fail(503, kept=False)])
async def test_a_text_without_an_answer_is_uncertain(
    sms: twilio.Twilio, twilio_standin: TwilioStandin, behaviour: Hang | Cut | Fail
) -> None:
    twilio_standin.next = [behaviour]
    assert isinstance(await sms.send(HELLO), Uncertain)
    assert len(twilio_standin.requests) == 1


@pytest.mark.parametrize("url", ["http://127.0.0.1:9", "http://nowhere.invalid", "no address"])
async def test_without_a_connection_nothing_was_sent_and_it_may_be_tried_again(url: str) -> None:
    nowhere = twilio.Account(SID, TOKEN, SENDER, api_url=url)
    channel = twilio.Twilio(nowhere)
    assert await channel.send(HELLO) == Busy(5.0)
    with pytest.raises(OutOfReach):
        await channel.recent(NOW)
    await channel.close()


async def test_wrong_credentials_are_a_matter_of_configuration(
    twilio_standin: TwilioStandin,
) -> None:
    channel = twilio.Twilio(replace(account(twilio_standin), token="wrong"))
    assert await channel.send(HELLO) == Refused("20003", "configuration", False)
    with pytest.raises(OutOfReach):
        await channel.look_up(HELLO, NOW)
    await channel.close()


async def test_the_region_of_the_environment_does_not_move_the_address(
    twilio_standin: TwilioStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TWILIO_REGION", "ie1")
    monkeypatch.setenv("TWILIO_EDGE", "dublin")
    channel = twilio.Twilio(account(twilio_standin))
    assert isinstance(await channel.send(HELLO), Accepted)
    await channel.close()


# --- looking up and sweeping --------------------------------------------------------------------


@pytest.mark.parametrize("behaviour", [Hang(), Cut(), Fail()])
async def test_an_uncertain_text_that_was_taken_is_found(
    sms: twilio.Twilio, twilio_standin: TwilioStandin, behaviour: Hang | Cut | Fail
) -> None:
    twilio_standin.next = [behaviour]
    since = datetime.now(UTC)
    assert isinstance(await sms.send(HELLO), Uncertain)
    assert await sms.look_up(HELLO, since) == Accepted(twilio_standin.sent[0].sid, "queued", 1)


async def test_an_uncertain_text_that_was_not_taken_is_not_found(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.now = lambda: NOW - timedelta(minutes=1)
    await sms.send(HELLO)
    twilio_standin.now = lambda: NOW
    await sms.send(replace(HELLO, text="Autre chose"))
    await sms.send(replace(HELLO, to="+33639980002"))
    twilio_standin.receive(TO, HELLO.text)
    twilio_standin.next = [Hang(kept=False)]
    assert isinstance(await sms.send(HELLO), Uncertain)
    assert await sms.look_up(HELLO, NOW) is None


async def test_a_text_changed_on_the_way_is_still_found(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    await sms.send(replace(HELLO, text="Sent from your Twilio trial account - C'est l'heure ?"))
    found = await sms.look_up(replace(HELLO, text="C’est l’heure ?"), NOW - timedelta(days=900))
    assert found is not None


async def test_emoji_alone_are_matched_as_they_are(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    since = datetime.now(UTC)
    await sms.send(replace(HELLO, text="👍"))
    assert await sms.look_up(replace(HELLO, text="🙏"), since) is None
    assert await sms.look_up(replace(HELLO, text="👍"), since) is not None


async def test_the_sweep_lists_what_reached_us_the_oldest_first_over_all_pages(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    for number in range(450):
        twilio_standin.now = lambda number=number: NOW + timedelta(seconds=number)
        twilio_standin.receive(TO, f"message {number}")
    await sms.send(HELLO)
    twilio_standin.receive(TO, "for another number", to="+33939999999")
    heard = await sms.recent(NOW)
    assert [one.text for one in heard] == [f"message {number}" for number in range(450)]
    assert heard[0] == Incoming(
        "sms", twilio_standin.received[0].sid, TO, SENDER, "message 0", sent_at=NOW
    )


async def test_the_sweep_stops_at_its_moment(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.now = lambda: NOW - timedelta(minutes=10)
    twilio_standin.receive(TO, "long filed")
    twilio_standin.now = lambda: NOW
    twilio_standin.receive("38600", "not yet seen")
    heard = await sms.recent(NOW - timedelta(minutes=5))
    assert [(one.text, one.answerable) for one in heard] == [("not yet seen", False)]


async def test_a_sweep_that_fails_says_so(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.next = [Fail()]
    with pytest.raises(OutOfReach):
        await sms.recent(NOW)


# --- the stand-in itself ------------------------------------------------------------------------


class Inbox(Served):
    """A webhook that reads what the stand-in posts, with what aiohttp really hands over."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[Incoming | DeliveryReport | Denied] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/{path:.*}", self._take)]

    async def _take(self, asked: web.Request) -> web.Response:
        raw = twilio.Request(asked.method, asked.raw_path, asked.headers, await asked.read())
        self.read.append(read(raw))
        return web.Response(text=twilio.EMPTY_TWIML, content_type="text/xml")


async def test_the_stand_in_posts_as_twilio_does_and_reports_in_any_order(
    sms: twilio.Twilio, twilio_standin: TwilioStandin
) -> None:
    async with Inbox() as inbox:
        twilio_standin.public_url, twilio_standin.deliver_to = PUBLIC, inbox.url
        await twilio_standin.text(TO, "j'ai 39 & ça monte, été ?")
        sent = await sms.send(HELLO)
        assert isinstance(sent, Accepted)
        await twilio_standin.report(sent.provider_id, ["delivered", "sent"])
        await twilio_standin.report(sent.provider_id, ["undelivered"], "30005")
    message, *reports = inbox.read
    assert isinstance(message, Incoming)
    assert message.text == "j'ai 39 & ça monte, été ?"
    assert reports == [
        DeliveryReport("sms", sent.provider_id, "delivered"),
        DeliveryReport("sms", sent.provider_id, "sent"),
        DeliveryReport("sms", sent.provider_id, "undelivered", "30005"),
    ]


async def test_a_stolen_address_without_the_token_gets_403(twilio_standin: TwilioStandin) -> None:
    async with Inbox() as inbox:
        twilio_standin.public_url, twilio_standin.deliver_to = PUBLIC, inbox.url
        await twilio_standin.post(twilio.MESSAGES, form(), token="guessed")
    assert inbox.read == [Denied(403, "the signature is wrong")]
