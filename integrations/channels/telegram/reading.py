"""An update of Telegram's, read: a message from a private chat, or nothing to file."""

from __future__ import annotations

import hmac
import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from telegram import Chat, ChatMember, ChatMemberUpdated, Contact, Location, Message, Update, Venue

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
    """An update as Telegram posts it."""
    return from_update(Update.de_json(readable(update), None))


def readable(update: dict[str, Any]) -> dict[str, Any]:
    """The update if the package can read it, else as much of it as it surely can.

    One part that is new or odd must cost neither the words nor the updates that follow.
    """
    try:
        from_update(Update.de_json(dict(update), None))
    except Exception:  # whatever the package raises for what it does not expect
        return _reduced(update)
    return update


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
        provider_id=_id(update_id, message.date),
        sender=str(message.chat.id),
        recipient="",
        text="\n".join(part for part in (text, _card(message.contact)) if part),
        media=_media(message),
        opt_out=command,
        link_code=code,
        sent_at=message.edit_date or message.date,
    )


def _id(update_id: int, at: datetime) -> str:
    # Another bot, or a bot after a quiet week, counts its updates from anywhere: with the moment
    # of writing a new message is never taken for an old one.
    return f"update-{update_id}-{int(at.timestamp())}"


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
        provider_id=_id(update_id, change.date),
        sender=str(change.chat.id),
        recipient="",
        text="",
        opt_out="STOP",
        sent_at=change.date,
    )


def _reduced(update: dict[str, Any]) -> dict[str, Any]:
    """Who wrote what in private, and nothing else."""
    nothing = {"update_id": update.get("update_id", 0)}
    message = update.get("message") or update.get("edited_message")
    chat = message.get("chat") if isinstance(message, dict) else None
    if not isinstance(message, dict) or not isinstance(chat, dict):
        return nothing
    if chat.get("type") != Chat.PRIVATE or not isinstance(chat.get("id"), int):
        return nothing
    date, words = message.get("date"), message.get("text") or message.get("caption")
    kept: dict[str, Any] = {
        "message_id": 0,
        "date": date if isinstance(date, int) else 0,
        "chat": {"id": chat["id"], "type": Chat.PRIVATE},
    }
    return nothing | {"message": kept | ({"text": words} if isinstance(words, str) else {})}
