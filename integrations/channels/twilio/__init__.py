"""Twilio, which carries SMS and WhatsApp."""

from integrations.channels.twilio.calls import (
    ANSWERED,
    ENDED,
    HEARD,
    Call,
    Calls,
    Speech,
    read_call,
    twiml,
)
from integrations.channels.twilio.codes import refusal
from integrations.channels.twilio.reading import (
    EMPTY_TWIML,
    FALLBACK,
    MESSAGES,
    STATUS,
    Request,
    fallback_address,
    read,
    webhook_address,
)
from integrations.channels.twilio.sending import Account, Twilio

__all__ = [
    "ANSWERED",
    "EMPTY_TWIML",
    "ENDED",
    "FALLBACK",
    "HEARD",
    "MESSAGES",
    "STATUS",
    "Account",
    "Call",
    "Calls",
    "Request",
    "Speech",
    "Twilio",
    "fallback_address",
    "read",
    "read_call",
    "refusal",
    "twiml",
    "webhook_address",
]
