"""Telegram as a channel: texts with buttons out, updates in by webhook or by polling."""

from __future__ import annotations

import logging
import os
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from telegram import Bot, LinkPreviewOptions, ReplyKeyboardMarkup, ReplyKeyboardRemove
from telegram.error import (
    BadRequest,
    ChatMigrated,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
)
from telegram.request import HTTPXRequest

from flows.vocabulary import (
    Accepted,
    Busy,
    ChannelName,
    Incoming,
    Outgoing,
    Refused,
    Sent,
    Uncertain,
)
from integrations.channels.connecting import NOT_SENT
from integrations.channels.telegram.reading import ALLOWED, WEBHOOK, from_update, readable

# The package warns on every use of a duration unless asked for its future form.
os.environ.setdefault("PTB_TIMEDELTA", "true")
# The package logs whole updates, people's words and names, when it cannot read one.
logging.getLogger("telegram").setLevel(logging.CRITICAL + 1)

# A row of buttons on a narrow telephone.
ROW_LETTERS: Final = 24

GONE: Final = ("chat not found", "user not found", "chat_id is empty", "peer_id_invalid")


@dataclass(frozen=True, slots=True)
class Polled:
    """What one call for updates brought; `offset` is for the next, once these are filed."""

    incoming: tuple[Incoming, ...]
    offset: int


class Telegram:
    """One bot. Nothing here is called when it is made: the start never depends on Telegram."""

    def __init__(
        self, token: str, api_url: str = "https://api.telegram.org", timeout_s: float = 10.0
    ) -> None:
        self._requests = (_request(HTTPXRequest, timeout_s), _request(UpdatesRequest, timeout_s))
        base = api_url.rstrip("/")
        self._bot = Bot(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            request=self._requests[0],
            get_updates_request=self._requests[1],
        )
        self._username = ""

    @property
    def name(self) -> ChannelName:
        """`telegram`."""
        return "telegram"

    async def send(self, outgoing: Outgoing) -> Sent:
        """One message to one chat; options become buttons, and words are taken all the same."""
        try:
            message = await self._bot.send_message(
                outgoing.to,
                outgoing.text,
                reply_markup=_keyboard(outgoing.options),
                link_preview_options=LinkPreviewOptions(is_disabled=True),
            )
        except TelegramError as error:
            return _failure(error)
        except (TypeError, ValueError, KeyError, AttributeError):
            # It was answered, and the package cannot read how: nobody knows whether it went.
            return Uncertain("unreadable answer")
        return Accepted(f"message-{message.message_id}-{int(message.date.timestamp())}", "sent")

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Never known: Telegram does not tell a bot what it sent."""
        return None

    async def recent(self, since: datetime) -> list[Incoming]:
        """Nothing to sweep: Telegram keeps an update for a day until it is taken."""
        return []

    async def poll(self, offset: int, wait_s: int = 25) -> Polled | Busy:
        """Updates from `offset` on, waited for that long. Calling with an offset forgets those
        before it: move it only once they are filed. Busy: when to ask again."""
        try:
            updates = await self._bot.get_updates(
                offset=offset, timeout=wait_s, allowed_updates=ALLOWED
            )
        except TelegramError as error:
            return Busy(_pause(error))
        read = (from_update(update) for update in updates)
        following = max((update.update_id + 1 for update in updates), default=offset)
        return Polled(tuple(one for one in read if one is not None), following)

    async def use_webhook(self, public_url: str, secret: str) -> Busy | None:
        """Ask for updates at our webhook; Busy: it did not work now."""
        url = public_url.rstrip("/") + WEBHOOK
        try:
            await self._bot.set_webhook(url, secret_token=secret, allowed_updates=ALLOWED)
        except TelegramError as error:
            return Busy(_pause(error))
        return None

    async def use_polling(self) -> Busy | None:
        """Give the webhook up, keeping what waits: Telegram allows one way at a time."""
        try:
            await self._bot.delete_webhook(drop_pending_updates=False)
        except TelegramError as error:
            return Busy(_pause(error))
        return None

    async def username(self) -> str:
        """What our bot is called in links to it; "" where that is not known now."""
        try:
            self._username = self._username or (await self._bot.get_me()).username or ""
        except (TelegramError, TypeError, ValueError, KeyError, AttributeError):
            return ""
        return self._username

    async def close(self) -> None:
        """Close the connections."""
        for request in self._requests:
            await request.shutdown()


class UpdatesRequest(HTTPXRequest):
    """The way updates come in by polling: one that the package cannot read stops no other."""

    @staticmethod
    def parse_json_payload(payload: bytes) -> dict[str, Any]:
        """What Telegram answered, its updates made readable."""
        answer = HTTPXRequest.parse_json_payload(payload)
        updates = answer.get("result")
        if isinstance(updates, list):
            answer["result"] = [readable(one) for one in updates if "update_id" in one]
        return answer


def _request(kind: type[HTTPXRequest], timeout_s: float) -> HTTPXRequest:
    return kind(
        connection_pool_size=32,
        connect_timeout=min(5.0, timeout_s),
        read_timeout=timeout_s,
        write_timeout=timeout_s,
        pool_timeout=timeout_s,
    )


def _keyboard(options: tuple[str, ...]) -> ReplyKeyboardMarkup | ReplyKeyboardRemove:
    if not options:
        return ReplyKeyboardRemove()
    in_a_row = sum(map(len, options)) <= ROW_LETTERS and len(options) <= 4
    rows = [list(options)] if in_a_row else [[option] for option in options]
    return ReplyKeyboardMarkup(rows, resize_keyboard=True, one_time_keyboard=True)


def _failure(error: TelegramError) -> Sent:
    match error:
        case RetryAfter():
            return Busy(_pause(error))
        case Forbidden():
            blocked = "blocked by the user" in error.message.lower()
            return Refused("blocked", "opted_out" if blocked else "blocked", True)
        case InvalidToken():
            return Refused("token", "configuration", False)
        case ChatMigrated():
            return Refused("migrated", "bad_number", True)
        case BadRequest():
            return _bad_request(error)
        case NetworkError() if isinstance(error.__cause__, NOT_SENT):
            return Busy(_pause(error))
        case _ if error.message.startswith("Too Many Requests"):
            return Busy(_pause(error))
        case _:
            return Uncertain(type(error.__cause__ or error).__name__)


def _bad_request(error: BadRequest) -> Refused:
    words = error.message.lower()
    if any(gone in words for gone in GONE):
        return Refused("chat_not_found", "bad_number", True)
    return Refused("bad_request", "configuration", True)


def _pause(error: TelegramError) -> float:
    """Seconds until asking again makes sense."""
    match error:
        case RetryAfter():
            after = error.retry_after
            return after.total_seconds() if isinstance(after, timedelta) else float(after)
        case InvalidToken():
            return 60.0
        case _:
            return 5.0
