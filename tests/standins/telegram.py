"""A stand-in of Telegram's Bot API: takes messages, gives updates, posts to the webhook."""

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from aiohttp import web

from tests.standins.serving import Served

TOKEN = "123456:the-token-of-the-stand-in"


@dataclass(frozen=True)
class Refuse:
    """Answer with an error of Telegram's."""

    status: int
    description: str
    retry_after: int = 0


@dataclass(frozen=True)
class Hang:
    """Never answer."""


@dataclass(frozen=True)
class Cut:
    """Break the connection instead of answering."""


@dataclass(frozen=True)
class Garble:
    """Answer what no description of the Bot API allows."""


Behaviour = Refuse | Hang | Cut | Garble

BLOCKED = Refuse(403, "Forbidden: bot was blocked by the user")
NO_CHAT = Refuse(400, "Bad Request: chat not found")


def too_many(seconds: int) -> Refuse:
    return Refuse(429, f"Too Many Requests: retry after {seconds}", seconds)


class TelegramStandin(Served):
    """`sent` is what it took; `next` and `to_chat` make it misbehave; updates wait in `updates`.

    `asked` is set once somebody waits for updates. Where a webhook is set, `write` posts to it.
    """

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[dict[str, Any]] = []
        self.updates: list[dict[str, Any]] = []
        self.next: list[Behaviour] = []
        self.to_chat: dict[str, Behaviour] = {}
        self.calls: list[str] = []
        self.webhook: dict[str, Any] = {}
        self.deliver_to = ""
        self.now: Callable[[], datetime] = lambda: datetime.now(UTC)
        self._update = 700
        self._message = 0
        self.asked = asyncio.Event()
        self._arrived = asyncio.Event()

    def routes(self) -> list[web.RouteDef]:
        return [web.post("/bot{token}/{method}", self._call)]

    # --- as the Bot API -----------------------------------------------------------------------

    async def _call(self, request: web.Request) -> web.StreamResponse:
        if request.match_info["token"] != TOKEN:
            return _answer(Refuse(401, "Unauthorized"))
        method = request.match_info["method"]
        self.calls.append(method)
        data = await _parameters(request)
        behaviour = self.next.pop(0) if self.next else self.to_chat.get(str(data.get("chat_id")))
        match behaviour:
            case Refuse():
                return _answer(behaviour)
            case Garble():
                return web.json_response({"ok": True, "result": {"chat": 7}})
            case Hang():
                await self.hang()
            case Cut():
                assert request.transport is not None
                request.transport.close()
        if method == "getUpdates" and self.webhook.get("url"):
            return _answer(Refuse(409, "Conflict: can't use getUpdates while webhook is active"))
        answer = await getattr(self, f"_{method}")(data)
        return web.json_response({"ok": True, "result": answer})

    async def _getMe(self, _: dict[str, Any]) -> dict[str, Any]:
        return {"id": 123456, "is_bot": True, "first_name": "Vigie", "username": "vigie_test_bot"}

    async def _sendMessage(self, data: dict[str, Any]) -> dict[str, Any]:
        self.sent.append(data)
        return self._written(str(data["chat_id"]), {"text": data["text"]})

    async def _getUpdates(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(data.get("offset", 0))
        self.updates = [one for one in self.updates if one["update_id"] >= offset]
        if not self.updates and (wait := float(data.get("timeout", 0))):
            self._arrived.clear()
            self.asked.set()
            waiting = (self._arrived.wait(), self.released.wait())
            tasks = [asyncio.ensure_future(one) for one in waiting]
            await asyncio.wait(tasks, timeout=wait, return_when=asyncio.FIRST_COMPLETED)
            for task in tasks:
                task.cancel()
        return self.updates[:100]

    async def _setWebhook(self, data: dict[str, Any]) -> bool:
        self.webhook = data
        return True

    async def _deleteWebhook(self, _: dict[str, Any]) -> bool:
        self.webhook = {}
        return True

    # --- as people ----------------------------------------------------------------------------

    async def write(self, chat: int, text: str = "", **parts: Any) -> int | None:
        """A person writes in private: posted where there is a webhook, else kept for polling.

        The HTTP status that the service answered, None where it was not posted.
        """
        content = ({"text": text} if text else {}) | parts
        return await self.give({"message": self._written(str(chat), content)})

    async def give(self, update: dict[str, Any]) -> int | None:
        """An update of any kind; without `update_id` it gets the next one."""
        self._update += 1
        made = {"update_id": self._update} | update
        if self.webhook.get("url"):
            return await self.post(made)
        self.updates.append(made)
        self._arrived.set()
        return None

    async def post(self, update: dict[str, Any], secret: str | None = None) -> int:
        """Post an update to the webhook (or to `deliver_to` in its place)."""
        token = self.webhook.get("secret_token", "") if secret is None else secret
        async with self.session.post(
            self.deliver_to or self.webhook["url"],
            json=update,
            headers={"X-Telegram-Bot-Api-Secret-Token": token},
        ) as answer:
            await answer.read()
            return answer.status

    def _written(self, chat: str, content: dict[str, Any]) -> dict[str, Any]:
        self._message += 1
        return {
            "message_id": self._message,
            "date": int(self.now().timestamp()),
            "chat": {"id": int(chat), "type": "private", "first_name": "Nadia"},
            "from": {"id": int(chat), "is_bot": False, "first_name": "Nadia"},
        } | content


async def _parameters(request: web.Request) -> dict[str, Any]:
    """Parameters as the Bot API takes them: a form whose structured values are JSON."""
    return {name: _value(str(value)) for name, value in (await request.post()).items()}


def _value(text: str) -> Any:
    return json.loads(text) if text[:1] in ("{", "[") else text


def _answer(refused: Refuse) -> web.Response:
    body: dict[str, Any] = {
        "ok": False,
        "error_code": refused.status,
        "description": refused.description,
    }
    if refused.retry_after:
        body["parameters"] = {"retry_after": refused.retry_after}
    return web.json_response(body, status=refused.status)
