"""An update of Telegram's, read: a message from a private chat, or nothing to file."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from typing import Any, Final

from telegram import Chat, ChatMember, ChatMemberUpdated, Contact, Location, Message, Update, Venue
from telegram.error import TelegramError

from flows.vocabulary import Incoming
from integrations.protocols import Denied

WEBHOOK: Final = "/channels/telegram"
HEADER: Final = "X-Telegram-Bot-Api-Secret-Token"

# What we ask Telegram for. `my_chat_member` says that somebody blocked the bot.
ALLOWED: Final = ("message", "edited_message", "my_chat_member")

COMMANDS: Final = {"/start": "START", "/stop": "STOP", "/help": "HELP"}

# Notices of the chat that nobody wrote.
NOTICES: Final = (
    "pinned_message",
    "message_auto_delete_timer_changed",
    "write_access_allowed",
    "chat_background_set",
)


def read(headers: Mapping[str, str], body: bytes, secret: str) -> Incoming | Denied | None:
    """What a webhook request says; None for what is not a person writing to us in private."""
    if not hmac.compare_digest(headers.get(HEADER, "").encode(), secret.encode()):
        return Denied(403, "the secret is wrong")
    try:
        update = json.loads(body)
        return from_json(update) if isinstance(update, dict) else Denied(400, "no update")
    except ValueError:
        return Denied(400, "the body is not JSON")


def from_json(update: dict[str, Any]) -> Incoming | None:
    """An update as Telegram posts it. What the package cannot read is kept without its words."""
    try:
        return from_update(Update.de_json(update, None))
    except (TelegramError, KeyError, TypeError, ValueError, AttributeError):
        return _unreadable(update)


def from_update(update: Update) -> Incoming | None:
    """A message, an edited message, or a bot blocked; edits count as written anew."""
    if update.my_chat_member is not None:
        return _blocked(update.update_id, update.my_chat_member)
    message = update.message or update.edited_message
    if message is None or message.chat.type != Chat.PRIVATE or _is_notice(message):
        return None
    return _message(update.update_id, message)


def _message(update_id: int, message: Message) -> Incoming:
    text, command, code = _split(message.text or message.caption or "")
    return Incoming(
        channel="telegram",
        provider_id=_id(update_id, message.date.timestamp()),
        sender=str(message.chat.id),
        recipient="",
        text="\n".join(part for part in (text, _card(message.contact)) if part),
        media=_media(message),
        opt_out=command,
        link_code=code,
        sent_at=message.edit_date or message.date,
    )


def _id(update_id: object, at: object) -> str:
    # Another bot, or a bot after a quiet week, counts its updates from anywhere: with the moment
    # of writing a new message is never taken for an old one.
    moment = int(at) if isinstance(at, (int, float)) else 0
    return f"update-{update_id}-{moment}"


def _split(text: str) -> tuple[str, str, str]:
    """Words, command and link code: `/start CODE` is a code, a lone `/stop` a command."""
    first, _, rest = text.strip().partition(" ")
    name = first.partition("@")[0].lower()
    if name == "/start" and rest.strip():
        return "", "", rest.strip()
    return text, COMMANDS.get(name, "") if not rest.strip() else "", ""


def _card(contact: Contact | None) -> str:
    """A shared contact as the line that somebody would have typed: name and number."""
    if contact is None:
        return ""
    name = " ".join(part for part in (contact.first_name, contact.last_name) if part)
    return f"{name} {_number(contact)}".strip()


def _number(contact: Contact) -> str:
    number = contact.phone_number or ""
    # Telegram writes the numbers of its own users, and long ones, without their plus.
    international = contact.user_id is not None or len(number) > 10
    return f"+{number}" if number.isdecimal() and number[0] != "0" and international else number


def _media(message: Message) -> tuple[str, ...]:
    """The attachment as "kind reference"; a message of a kind unknown to us is kept as one."""
    match message.effective_attachment:
        case Contact():
            return ()
        case Location() as place:
            return (f"location {place.latitude},{place.longitude}",)
        case Venue() as venue:
            return (f"location {venue.location.latitude},{venue.location.longitude}",)
        case list() | tuple() as sizes if sizes:
            return (f"photo {getattr(sizes[-1], 'file_id', '')}".strip(),)
        case None:
            return () if message.text or message.caption else ("unknown",)
        case other:
            return (f"{type(other).__name__.lower()} {getattr(other, 'file_id', '')}".strip(),)


def _is_notice(message: Message) -> bool:
    return any(getattr(message, name, None) for name in NOTICES)


def _blocked(update_id: int, change: ChatMemberUpdated) -> Incoming | None:
    """Somebody who blocks the bot has opted out; who comes back presses Start again."""
    if change.chat.type != Chat.PRIVATE or change.new_chat_member.status != ChatMember.BANNED:
        return None
    return Incoming(
        channel="telegram",
        provider_id=_id(update_id, change.date.timestamp()),
        sender=str(change.chat.id),
        recipient="",
        text="",
        opt_out="STOP",
        sent_at=change.date,
    )


def _unreadable(update: dict[str, Any]) -> Incoming | None:
    message = update.get("message") or update.get("edited_message")
    message = message if isinstance(message, dict) else {}
    chat = message.get("chat")
    if not isinstance(chat, dict) or chat.get("type") != Chat.PRIVATE:
        return None
    return Incoming(
        channel="telegram",
        provider_id=_id(update.get("update_id"), message.get("date", 0)),
        sender=str(chat.get("id", "")),
        recipient="",
        text=str(message.get("text", "")),
        media=("unknown",),
    )
