"""What Twilio posts when people in mid-check-in answer: signed, whole, as on the wire."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Final
from urllib.parse import urlencode

from bot.benches.crowd import number_of
from bot.benches.servers import PUBLIC_URL, SENDER, SID, TOKEN
from integrations.channels.twilio import MESSAGES
from integrations.channels.twilio.signing import SIGNATURE, signature

# To each question of the check-in, how people answer: danger signs, fever, its figure, the rest.
ANSWERS: Final = (
    ("2", "non", "Non merci", "non pas du tout", "2 rien de tout ça"),
    ("oui un peu", "oui", "oui je crois", "je me sens chaud", "Oui de la fièvre"),
    ("37,8", "38.1", "37,9 ce matin", "38", "37.6"),
    ("0", "je tousse un peu", "un peu fatiguée", "mal à la gorge", "rien d'autre"),
)


def requests(people: int) -> Iterator[bytes]:
    """Everybody's answer to the first question, then everybody's to the second, and so on."""
    for turn, words in enumerate(ANSWERS):
        for one in range(people):
            yield _request(number_of(one), words[one % len(words)], f"SM{turn:02x}{one:030x}")


def _request(sender: str, words: str, sid: str) -> bytes:
    form = {
        "ToCountry": "FR",
        "SmsMessageSid": sid,
        "NumMedia": "0",
        "SmsSid": sid,
        "SmsStatus": "received",
        "Body": words,
        "FromCountry": "FR",
        "To": SENDER,
        "NumSegments": "1",
        "MessageSid": sid,
        "AccountSid": SID,
        "From": sender,
        "ApiVersion": "2010-04-01",
    }
    signed = PUBLIC_URL + MESSAGES + "".join(name + form[name] for name in sorted(form))
    body = urlencode(form).encode()
    head = (
        f"POST {MESSAGES} HTTP/1.1\r\nHost: vigie.example.org\r\n"
        "Content-Type: application/x-www-form-urlencoded; charset=UTF-8\r\n"
        f"Content-Length: {len(body)}\r\n{SIGNATURE}: {signature(TOKEN, signed)}\r\n"
        "User-Agent: TwilioProxy/1.1\r\nAccept: */*\r\n\r\n"
    )
    return head.encode() + body
