"""A request of Twilio's, read: a message, a delivery report, or denied."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final
from urllib.parse import parse_qsl

from flows.vocabulary import ChannelName, DeliveryReport, Incoming
from integrations.channels.twilio.signing import has_body_hash, is_body_hashed, is_signed
from integrations.protocols import Denied

MESSAGES: Final = "/channels/twilio/messages"
STATUS: Final = "/channels/twilio/status"
FALLBACK: Final = "/channels/twilio/fallback"

# Twilio by default repeats only a failed connection, once. This asks for five more tries after
# any failure. All tries share 15 seconds, which a single hanging one would use up without `rt`.
# https://www.twilio.com/docs/usage/webhooks/webhooks-connection-overrides
OVERRIDES: Final = "rc=5&rp=all&ct=2000&rt=4000"

EMPTY_TWIML: Final = '<?xml version="1.0" encoding="UTF-8"?><Response/>'

_TELEPHONE = re.compile(r"\+[1-9]\d{6,14}")
_FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Request:
    """One request at a webhook. `target` is its raw path and query, as they stood on the wire."""

    method: str
    target: str
    headers: Mapping[str, str]
    body: bytes = b""


def webhook_address(public_url: str) -> str:
    """The address to enter at Twilio for incoming messages."""
    return f"{public_url.rstrip('/')}{MESSAGES}#{OVERRIDES}"


def fallback_address(public_url: str) -> str:
    """The address to enter at Twilio for when the first does not take a message."""
    return f"{public_url.rstrip('/')}{FALLBACK}#{OVERRIDES}"


def read(
    request: Request, *, account_sid: str, token: str, public_url: str
) -> Incoming | DeliveryReport | Denied:
    """What Twilio says, if Twilio says it. `headers` are looked up as aiohttp's, in any case.

    What is signed and yet unreadable comes back as a message without sender: nothing is lost.
    """
    fields = signed_fields(request, account_sid, token, public_url)
    if isinstance(fields, Denied):
        return fields
    return _report(fields) or _message(fields, request)


def signed_fields(
    request: Request, account_sid: str, token: str, public_url: str
) -> dict[str, str] | Denied:
    """The fields of a request that Twilio signed for this account."""
    url = public_url.rstrip("/") + request.target
    hashed = not _is_form(request)
    if hashed and not has_body_hash(url):
        return Denied(415, "the body is not a form")
    posted = [] if hashed else _pairs(request.body)
    signed = is_signed(token, url, posted, request.headers, OVERRIDES)
    if not signed or (hashed and not is_body_hashed(url, request.body)):
        return Denied(403, "the signature is wrong")
    fields = _fields(request, posted, hashed)
    if fields.get("AccountSid", account_sid) != account_sid:
        return Denied(403, "another account")
    return fields


def _is_form(request: Request) -> bool:
    kind = request.headers.get("Content-Type", "").partition(";")[0].strip().lower()
    return kind == _FORM or (request.method == "GET" and not request.body)


def _pairs(form: bytes | str) -> list[tuple[str, str]]:
    text = form.decode("utf-8", "replace") if isinstance(form, bytes) else form
    return parse_qsl(text, keep_blank_values=True)


def _fields(request: Request, posted: list[tuple[str, str]], hashed: bool) -> dict[str, str]:
    fields = dict(_pairs(request.target.partition("?")[2]))
    return fields | (_json_fields(request.body) if hashed else dict(posted))


def _json_fields(body: bytes) -> dict[str, str]:
    try:
        read = json.loads(body)
    except ValueError:
        return {}
    return {name: str(value) for name, value in read.items()} if isinstance(read, dict) else {}


def _report(fields: Mapping[str, str]) -> DeliveryReport | None:
    sid = fields.get("MessageSid") or fields.get("SmsSid", "")
    status = fields.get("MessageStatus", "").lower()
    if not sid or status in ("", "received", "receiving"):
        return None
    return DeliveryReport(
        channel=channel_of(fields.get("To", "")),
        provider_id=sid,
        status=status,
        error_code=fields.get("ErrorCode", ""),
        segments=whole(fields.get("NumSegments")),
        price=fields.get("Price", ""),
    )


def _message(fields: Mapping[str, str], request: Request) -> Incoming:
    sender = without_prefix(fields.get("From", ""))
    sid = fields.get("MessageSid") or fields.get("SmsSid") or _made_id(request)
    return Incoming(
        channel=channel_of(fields.get("From", "")),
        provider_id=sid,
        sender=sender,
        recipient=without_prefix(fields.get("To", "")),
        text=_words(fields, "" if sender else request.body.decode("utf-8", "replace")),
        media=_media(fields),
        opt_out=_opt_out(fields.get("OptOutType", "")),
        answerable=is_answerable(sender),
    )


def _words(fields: Mapping[str, str], otherwise: str) -> str:
    """What was written, or what stood on the quick reply that was chosen."""
    return fields.get("Body") or fields.get("ButtonText") or fields.get("Body", otherwise)


def _made_id(request: Request) -> str:
    """A name for a message without one: the same request again has the same name."""
    parts = request.target.encode() + b"\n" + request.body
    return f"unread-{hashlib.sha256(parts).hexdigest()[:32]}"


def _media(fields: Mapping[str, str]) -> tuple[str, ...]:
    """Each piece as "type address"; a piece that is counted but not described is kept too."""
    pieces = range(whole(fields.get("NumMedia")) or 0)
    media = [
        f"{fields.get(f'MediaContentType{n}', 'unknown')} {fields.get(f'MediaUrl{n}', '')}".strip()
        for n in pieces[:10]
    ]
    if "Latitude" in fields and "Longitude" in fields:
        media.append(f"location {fields['Latitude']},{fields['Longitude']}")
    return tuple(media)


def _opt_out(kind: str) -> str:
    return kind.upper() if kind.upper() in ("STOP", "START", "HELP") else ""


def is_answerable(sender: str) -> bool:
    """Whether a sender is a telephone: short codes and letters are never written to."""
    return _TELEPHONE.fullmatch(sender) is not None


def channel_of(address: str) -> ChannelName:
    """The channel of an address as Twilio writes it."""
    return "whatsapp" if address.startswith("whatsapp:") else "sms"


def without_prefix(address: str) -> str:
    """An address as we keep it: the telephone alone."""
    return address.removeprefix("whatsapp:").strip()


def whole(digits: str | None) -> int | None:
    """A count as Twilio writes it, None where it is not known yet."""
    return int(digits) if digits and digits.isdecimal() else None
