"""What the environment says of providers: each one's account, or none at all."""

from __future__ import annotations

from dataclasses import dataclass, field

TWILIO_API = "https://api.twilio.com"
PER_SECOND = 100.0
TELEGRAM_API = "https://api.telegram.org"


@dataclass(frozen=True, slots=True)
class TwilioSettings:
    """One of `sender` (E.164) and `messaging_service_sid` is given; `per_second` 0 is no limit.

    `whatsapp` is the number that WhatsApp leaves from where it is another, `voice` the one that
    calls people ("" calls nobody), `templates` the file of
    approved templates. `redact`: words are taken from Twilio an hour after a text is done.
    """

    account_sid: str
    auth_token: str = field(repr=False)
    sender: str = ""
    messaging_service_sid: str = ""
    whatsapp: str = ""
    voice: str = ""
    templates: str = ""
    redact: bool = False
    api_url: str = TWILIO_API
    per_second: float = PER_SECOND


@dataclass(frozen=True, slots=True)
class TelegramSettings:
    """With a `webhook_secret` Telegram calls us; without, one worker polls."""

    token: str = field(repr=False)
    webhook_secret: str = field(default="", repr=False)
    api_url: str = TELEGRAM_API


@dataclass(frozen=True, slots=True)
class GatewaySettings:
    """Where e-mail to those on call is posted; `key` is borne with it, "" for none."""

    url: str
    key: str = field(default="", repr=False)
