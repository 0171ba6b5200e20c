"""Twilio, which carries SMS and WhatsApp."""

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
    "EMPTY_TWIML",
    "FALLBACK",
    "MESSAGES",
    "STATUS",
    "Account",
    "Request",
    "Twilio",
    "fallback_address",
    "read",
    "refusal",
    "webhook_address",
]
