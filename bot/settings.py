"""What the environment says of how to run: one frozen value, with every default and rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

from bot.development_keys import development_keys
from bot.provider_settings import (
    PER_SECOND,
    TELEGRAM_API,
    TWILIO_API,
    GatewaySettings,
    TelegramSettings,
    TwilioSettings,
)
from bot.setting_faults import SettingFault
from bot.store.secrets import KEY, Keyring
from bot.store.urls import read_url
from bot.wrapping_keys import read_keys
from flows.rules import NoPack, Pack, shipped_packs

__all__ = [
    "GatewaySettings",
    "SettingFault",
    "Settings",
    "TelegramSettings",
    "TwilioSettings",
    "read_pack",
    "read_settings",
]

Mode = Literal["demonstration", "production"]

VAR = Path("var")
PACK = "demonstration"
SHORTEST_KEY = 32
_SECRETS = ("VIGIE_SECRET_KEY", "VIGIE_DATA_KEYS", "VIGIE_INDEX_KEY")
_PROVIDERS = (
    "TWILIO_ACCOUNT_SID",
    "TWILIO_AUTH_TOKEN",
    "TWILIO_FROM",
    "TWILIO_MESSAGING_SERVICE_SID",
    "TWILIO_WHATSAPP_FROM",
    "TWILIO_VOICE_FROM",
    "TELEGRAM_TOKEN",
    "TELEGRAM_WEBHOOK_SECRET",
    "ALARM_WEBHOOK",
    "ALARM_WEBHOOK_KEY",
)
_FICTIONAL = (
    "WARNING: VIGIE_PACK is {}, whose rules are FICTIONAL: nobody may be advised by them. "
    "Have your doctor sign a pack and name it in VIGIE_PACK"
)
_ELSEWHERE = "belongs to VIGIE_MODE=production, and nothing leaves the machine in demonstration"


@dataclass(frozen=True, slots=True)
class Settings:
    """How this process runs. `warnings` are for whoever started it."""

    mode: Mode
    host: str
    port: int
    public_url: str
    database_url: str = field(repr=False)
    secret_key: bytes = field(repr=False)
    data_keys: Mapping[str, bytes] = field(repr=False)
    index_key: bytes = field(repr=False)
    twilio: TwilioSettings | None = None
    telegram: TelegramSettings | None = None
    gateway: GatewaySettings | None = None
    now_offset: timedelta = timedelta(0)
    pack: str = PACK
    warnings: tuple[str, ...] = ()

    @property
    def demonstration(self) -> bool:
        """Whether everything stays on this machine and everybody is made up."""
        return self.mode == "demonstration"

    def keyring(self) -> Keyring:
        """A keyring with these keys, for `open_store`."""
        return Keyring(self.data_keys, self.index_key)


def read_settings(environ: Mapping[str, str], var: Path = VAR) -> Settings:
    """The settings; `SettingFault` names the first one that is wrong and says what it wants.

    In demonstration, keys that are not given are kept in `var`, and made there the first time.
    """
    given = {name: value.strip() for name, value in environ.items() if value.strip()}
    mode = _mode(given)
    warnings: tuple[str, ...] = ()
    if mode == "demonstration":
        _refuse_the_world(given)
        if not given.keys() >= set(_SECRETS):
            given = development_keys(var) | given
            warnings = (f"keys for development alone, kept in {var}: never for people's data",)
    pack = read_pack(given)
    if pack.fictional and mode == "production":
        warnings += (_FICTIONAL.format(pack.name),)
    settings = Settings(
        mode=mode,
        host=given.get("HOST", "127.0.0.1"),
        port=_port(given),
        public_url=_web_address(given, "PUBLIC_URL", required=mode == "production"),
        database_url=_database(given, var),
        secret_key=_long(given, "VIGIE_SECRET_KEY"),
        data_keys=_data_keys(given),
        index_key=_long(given, "VIGIE_INDEX_KEY"),
        twilio=_twilio(given),
        telegram=_telegram(given),
        gateway=_gateway(given),
        now_offset=_offset(given),
        pack=pack.name,
        warnings=warnings,
    )
    _refuse_wrong_time(settings)
    return settings


def read_pack(environ: Mapping[str, str]) -> Pack:
    """The pack of rules that the service works by; `SettingFault` where none has that name."""
    packs = shipped_packs()
    try:
        return packs.named(environ.get("VIGIE_PACK", "").strip() or PACK)
    except NoPack:
        known = " or ".join(pack.name for pack in packs.packs)
        raise SettingFault("VIGIE_PACK", f"wants the name of a rule pack: {known}") from None


def _mode(given: Mapping[str, str]) -> Mode:
    match given.get("VIGIE_MODE", "demonstration"):
        case "demonstration":
            return "demonstration"
        case "production":
            return "production"
    raise SettingFault("VIGIE_MODE", "wants demonstration or production")


def _refuse_the_world(given: Mapping[str, str]) -> None:
    for name in (*_PROVIDERS, "PUBLIC_URL"):
        if name in given:
            raise SettingFault(name, _ELSEWHERE)
    if not _is_loopback(given.get("HOST", "127.0.0.1")):
        raise SettingFault("HOST", "wants this machine alone (127.0.0.1) in demonstration")


def _is_loopback(host: str) -> bool:
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False


def _port(given: Mapping[str, str]) -> int:
    text = given.get("PORT", "8080")
    if not (text.isascii() and text.isdigit() and int(text) < 65536):
        raise SettingFault("PORT", "wants a number from 0 to 65535")
    return int(text)


def _web_address(
    given: Mapping[str, str], name: str, default: str = "", *, required: bool = False
) -> str:
    text = given.get(name, default)
    if not text and not required:
        return ""
    parts = urlsplit(text)
    odd = parts.query or parts.fragment or parts.username
    if parts.scheme not in ("http", "https") or not parts.hostname or odd:
        raise SettingFault(name, "wants a web address such as https://vigie.example.org")
    return text.rstrip("/")


def _database(given: Mapping[str, str], var: Path) -> str:
    try:
        url = read_url(given.get("DATABASE_URL", f"sqlite:///{var / 'vigie.db'}"))
    except ValueError as fault:
        raise SettingFault("DATABASE_URL", str(fault)) from None
    return url.render_as_string(hide_password=False)


def _long(given: Mapping[str, str], name: str) -> bytes:
    if name not in given:
        raise SettingFault(name, "is needed in production: at least 32 random characters")
    if len(given[name]) < SHORTEST_KEY:
        raise SettingFault(name, "is too short: at least 32 random characters")
    return given[name].encode()


def _data_keys(given: Mapping[str, str]) -> dict[str, bytes]:
    wants = f"wants id:base64,… with {KEY} random bytes each, the first encrypts"
    try:
        return read_keys(given.get("VIGIE_DATA_KEYS", ""))
    except ValueError as fault:
        raise SettingFault("VIGIE_DATA_KEYS", f"{fault}: {wants}") from None


def _twilio(given: Mapping[str, str]) -> TwilioSettings | None:
    senders = [name for name in ("TWILIO_FROM", "TWILIO_MESSAGING_SERVICE_SID") if name in given]
    pair = [name for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN") if name in given]
    if not senders and not pair:
        return None
    for name in ("TWILIO_ACCOUNT_SID", "TWILIO_AUTH_TOKEN"):
        if name not in given:
            raise SettingFault(name, f"is missing beside {(pair + senders)[0]}")
    if len(senders) != 1:
        fault = "is missing" if not senders else "cannot stand"
        raise SettingFault("TWILIO_FROM", f"{fault} beside TWILIO_MESSAGING_SERVICE_SID: give one")
    return TwilioSettings(
        account_sid=given["TWILIO_ACCOUNT_SID"],
        auth_token=given["TWILIO_AUTH_TOKEN"],
        sender=given.get("TWILIO_FROM", ""),
        messaging_service_sid=given.get("TWILIO_MESSAGING_SERVICE_SID", ""),
        whatsapp=_telephone(given, "TWILIO_WHATSAPP_FROM"),
        voice=_telephone(given, "TWILIO_VOICE_FROM"),
        templates=given.get("TWILIO_TEMPLATES", ""),
        redact=_yes(given, "TWILIO_REDACT"),
        api_url=_web_address(given, "TWILIO_API_URL", TWILIO_API),
        per_second=_per_second(given),
    )


def _yes(given: Mapping[str, str], name: str) -> bool:
    if given.get(name, "no") not in ("yes", "no"):
        raise SettingFault(name, "wants yes or no")
    return given.get(name) == "yes"


def _telephone(given: Mapping[str, str], name: str) -> str:
    number = given.get(name, "")
    if number and not (number[0] == "+" and number[1:].isdecimal() and len(number) > 7):
        raise SettingFault(name, "wants a telephone number such as +33123456789")
    return number


def _per_second(given: Mapping[str, str]) -> float:
    text = given.get("TWILIO_PER_SECOND", f"{PER_SECOND:g}")
    try:
        rate = float(text)
    except ValueError:
        rate = -1.0
    if not (rate == 0 or 0.01 <= rate <= 10_000):
        wants = "wants texts a second that your sender may send, such as 10; 0 is no limit"
        raise SettingFault("TWILIO_PER_SECOND", wants)
    return rate


def _telegram(given: Mapping[str, str]) -> TelegramSettings | None:
    if "TELEGRAM_TOKEN" not in given:
        if "TELEGRAM_WEBHOOK_SECRET" in given:
            raise SettingFault("TELEGRAM_TOKEN", "is missing beside TELEGRAM_WEBHOOK_SECRET")
        return None
    return TelegramSettings(
        token=given["TELEGRAM_TOKEN"],
        webhook_secret=given.get("TELEGRAM_WEBHOOK_SECRET", ""),
        api_url=_web_address(given, "TELEGRAM_API_URL", TELEGRAM_API),
    )


def _gateway(given: Mapping[str, str]) -> GatewaySettings | None:
    url = _web_address(given, "ALARM_WEBHOOK", required="ALARM_WEBHOOK_KEY" in given)
    return GatewaySettings(url, given.get("ALARM_WEBHOOK_KEY", "")) if url else None


def _offset(given: Mapping[str, str]) -> timedelta:
    try:
        return timedelta(seconds=float(given.get("VIGIE_NOW_OFFSET", "0")))
    except (ValueError, OverflowError):
        raise SettingFault("VIGIE_NOW_OFFSET", "wants a number of seconds") from None


def _refuse_wrong_time(settings: Settings) -> None:
    urls = [one.api_url for one in (settings.twilio, settings.telegram) if one]
    real = [url for url in urls if not _is_loopback(urlsplit(url).hostname or "")]
    if settings.now_offset and real:
        raise SettingFault("VIGIE_NOW_OFFSET", f"is for tests, and refused with {real[0]}")
