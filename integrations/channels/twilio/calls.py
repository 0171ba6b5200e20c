"""Telephone calls through Twilio: placed over its API, carried on by what its webhooks are told."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final
from urllib.parse import urlsplit
from xml.etree.ElementTree import Element, SubElement, tostring  # it writes, alone

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
from integrations.channels.twilio.reading import OVERRIDES, Request, is_answerable, signed_fields
from integrations.channels.twilio.sending import SKEW, Account, aware, failure
from integrations.protocols import Denied, OutOfReach

ANSWERED: Final = "/channels/twilio/voice"
HEARD: Final = "/channels/twilio/voice/heard"
ENDED: Final = "/channels/twilio/voice/status"

RING_S: Final = 25
# So long whoever is on duty is rung for.
DIAL_S: Final = "20"
LOOKED_THROUGH: Final = 50
# Speech as Twilio names it: the voice that speaks, the language that is listened for.
_SPEECH: Final = {
    "fr": ("fr-FR", "Polly.Lea"),
    "en": ("en-GB", "Polly.Amy"),
    "es": ("es-ES", "Polly.Lucia"),
    "pt": ("pt-PT", "Polly.Ines"),
    "tr": ("tr-TR", "Polly.Filiz"),
    "ar": ("ar-AE", "Polly.Hala-Neural"),
}
# What became of a call, in the words of a text's delivery report.
_ENDS: Final = {
    "completed": "delivered",
    "no-answer": "undelivered",
    "busy": "undelivered",
    "failed": "failed",
    "canceled": "canceled",
}


@dataclass(frozen=True, slots=True)
class Call:
    """What a webhook says of a call. `number` is the person's; `step` counts what was said in it,
    `quiet` how often in a row nothing was heard.

    `machine`: an answering machine or a fax picked up. `put_through`: what came of connecting them
    to somebody ("" where nobody was dialled). `ended` is the last word on it.
    """

    sid: str
    number: str
    step: int
    inbound: bool
    quiet: int = 0
    heard: Incoming | None = None
    machine: bool = False
    put_through: str = ""
    ended: DeliveryReport | None = None


@dataclass(frozen=True, slots=True)
class Speech:
    """What to answer a call: texts to say, then what to listen for.

    `keys`: how many keys answer (0: any number until a pause), None hangs up. `urgent`: the texts
    are said slowly, and `connect`, a telephone number, is dialled; without one, said twice.
    """

    lang: str
    texts: tuple[str, ...]
    urgent: bool = False
    connect: str = ""
    keys: int | None = None


class Calls:
    """Places calls. What is said in them is not its matter: a text makes the telephone ring."""

    def __init__(self, account: Account, timeout_s: float = 10.0) -> None:
        self._account = account
        self._http = TimedHttpClient(timeout_s)
        made = client(account.sid, account.token, account.api_url, self._http)
        self._calls = made.api.v2010.account.calls

    @property
    def name(self) -> ChannelName:
        """The channel that it serves."""
        return "voice"

    async def send(self, outgoing: Outgoing) -> Sent:
        """Let the telephone ring, once."""
        public = self._account.public_url.rstrip("/")
        try:
            made = await self._calls.create_async(
                to=outgoing.to,
                from_=self._account.voice,
                url=f"{public}{ANSWERED}#{OVERRIDES}",
                status_callback=f"{public}{ENDED}#{OVERRIDES}",
                machine_detection="DetectMessageEnd",
                timeout=RING_S,
            )
        except NotSent as error:
            return Busy(error.retry_after_s)
        except NoAnswer as error:
            return Uncertain(str(error))
        except TwilioException as error:
            return failure(error)
        except (ValueError, TypeError, AttributeError):
            return Uncertain("unreadable answer")
        return Accepted(str(made.sid), "queued") if made.sid else Uncertain("no call")

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """The call to that number since then, if Twilio has one."""
        try:
            found = await self._calls.list_async(to=outgoing.to, limit=LOOKED_THROUGH)
        except (NotSent, NoAnswer, TwilioException, ValueError) as error:
            raise OutOfReach(type(error).__name__) from error
        lately = [one for one in found if _is_since(one, since)]
        return Accepted(str(lately[-1].sid), "queued") if lately else None

    async def recent(self, since: datetime) -> list[Incoming]:
        """Nothing waits: who is not answered hangs up."""
        return []

    async def close(self) -> None:
        """Close the connections."""
        await self._http.close()


def _is_since(call: Any, since: datetime) -> bool:
    at = aware(call.date_created)
    return at is None or at >= since - SKEW


def read_call(request: Request, account: Account) -> Call | Denied:
    """What Twilio says of a call, if Twilio says it."""
    fields = signed_fields(request, account.sid, account.token, account.public_url)
    if isinstance(fields, Denied):
        return fields
    sid, inbound = fields.get("CallSid", ""), fields.get("Direction", "") == "inbound"
    number = fields.get("From" if inbound else "To", "")
    if not sid or not is_answerable(number):
        return Denied(400, "no call of a telephone")
    step, quiet = fields.get("step", "0"), fields.get("quiet", "0")
    path = urlsplit(request.target).path
    return Call(
        sid=sid,
        number=number,
        step=_count(step),
        inbound=inbound,
        quiet=_count(quiet),
        heard=_heard(fields, sid, number, step) if path == HEARD else None,
        machine=fields.get("AnsweredBy", "").startswith(("machine", "fax")),
        put_through=fields.get("DialCallStatus", ""),
        ended=_ended(fields, sid) if path == ENDED else None,
    )


def _count(digits: str) -> int:
    return int(digits) if digits.isdecimal() and len(digits) < 4 else 0


def _heard(fields: dict[str, str], sid: str, number: str, step: str) -> Incoming | None:
    """What was typed or said; None where nothing was."""
    # A star stands for the point of a figure.
    typed = fields.get("Digits", "").replace("*", ".").strip("#.")
    words = typed or fields.get("SpeechResult", "").strip()
    if not words:
        return None
    recipient = fields.get("From", "") if fields.get("To") == number else fields.get("To", "")
    return Incoming("voice", f"{sid}:{step}", number, recipient, words)


def _ended(fields: dict[str, str], sid: str) -> DeliveryReport | None:
    status = fields.get("CallStatus", "")
    if status not in _ENDS:
        return None
    code = "" if status == "completed" else status
    return DeliveryReport("voice", sid, _ENDS[status], code)


def twiml(speech: Speech, step: int = 0, quiet: int = 0) -> str:
    """The answer to Twilio; `step` is the next one. Silence comes back too: no key is no answer."""
    top = Element("Response")
    listening = speech.keys is not None
    again = f"{HEARD}?step={step}"
    silence = f"{again}&quiet={quiet + 1}"
    if speech.urgent:
        _say(top, speech, slow=True)
    if speech.connect:
        # What comes of it is posted, and answered in its turn.
        dial = SubElement(top, "Dial", action=again, timeout=DIAL_S, answerOnBridge="true")
        dial.text = speech.connect
        return _written(top)
    if speech.urgent:
        _say(top, speech, slow=True)
    if not listening:
        if not speech.urgent:
            _say(top, speech)
        SubElement(top, "Hangup")
        return _written(top)
    gather = SubElement(top, "Gather", action=again, **_listening(speech))
    if not speech.urgent:
        _say(gather, speech)
    SubElement(top, "Redirect").text = silence
    return _written(top)


def _listening(speech: Speech) -> dict[str, Any]:
    wanted = {"numDigits": str(speech.keys)} if speech.keys else {"finishOnKey": "#"}
    language = _SPEECH[speech.lang][0]
    return {
        "input": "dtmf speech",
        "method": "POST",
        "language": language,
        "timeout": "8",
        "speechTimeout": "auto",
        **wanted,
    }


def _say(into: Element, speech: Speech, *, slow: bool = False) -> None:
    language, voice = _SPEECH[speech.lang]
    for text in speech.texts:
        said = SubElement(into, "Say", language=language, voice=voice)
        if slow:
            SubElement(said, "prosody", rate="slow").text = text
        else:
            said.text = text
        SubElement(into, "Pause", length="1")


def _written(top: Element) -> str:
    return '<?xml version="1.0" encoding="UTF-8"?>' + tostring(top, encoding="unicode")
