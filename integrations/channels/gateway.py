"""E-mail by the deployment's own gateway: each text is one HTTP POST, with a key against twins."""

from __future__ import annotations

import hashlib
from datetime import datetime
from typing import Final

import httpx

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

BUSY_S: Final = 30.0


class Gateway:
    """Posts `{"key", "to", "subject", "text"}` as JSON to `url`; any 2xx answer takes it.

    `Idempotency-Key` is the text's own key. With a `key` the request bears it.
    """

    def __init__(self, url: str, key: str = "", timeout_s: float = 10.0) -> None:
        self._url = url
        headers = {"Authorization": f"Bearer {key}"} if key else {}
        self._client = httpx.AsyncClient(headers=headers, timeout=timeout_s)

    @property
    def name(self) -> ChannelName:
        """`email`."""
        return "email"

    async def send(self, outgoing: Outgoing) -> Sent:
        """One request, once. What never left is tried again, what may have arrived is not."""
        said = {
            "key": outgoing.key,
            "to": outgoing.to,
            "subject": outgoing.text.partition(".")[0],
            "text": outgoing.text,
        }
        try:
            answer = await self._client.post(
                self._url, json=said, headers={"Idempotency-Key": outgoing.key}
            )
        except NOT_SENT:
            return Refused("", "unreachable", permanent=False)
        except httpx.HTTPError as error:
            return Uncertain(type(error).__name__)
        return _read(answer.status_code, outgoing.key)

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Never known: a gateway is not asked."""
        return None

    async def recent(self, since: datetime) -> list[Incoming]:
        """Nobody answers by e-mail."""
        return []

    async def close(self) -> None:
        """Give connections back."""
        await self._client.aclose()


def _read(status: int, key: str) -> Sent:
    if 200 <= status < 300:
        return Accepted(f"mail-{hashlib.sha256(key.encode()).hexdigest()[:24]}", "sent")
    if status in (429, 503):
        return Busy(BUSY_S)
    if status >= 500:
        return Uncertain(f"status {status}")
    return Refused(str(status), "configuration", permanent=False)
