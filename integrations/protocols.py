"""What the service needs of a channel: a few verbs, declared below those who use them."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from flows.vocabulary import Accepted, Incoming, Outgoing, Sent


@dataclass(frozen=True, slots=True)
class Denied:
    """A request at a webhook that is not taken: the HTTP status to answer, and why (for logs)."""

    status: int
    why: str


class Channel(Protocol):
    """A way to reach people. No verb raises for what a provider or a network does to it,
    but for `look_up` and `recent`: they raise `OutOfReach`, and are asked again later."""

    @property
    def name(self) -> str:
        """The `ChannelName` that it serves."""

    async def send(self, outgoing: Outgoing) -> Sent:
        """Hand one text to the provider, once: nothing here tries a second time."""

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """What became of an uncertain text handed over at `since` (aware); None: no trace yet."""

    async def recent(self, since: datetime) -> list[Incoming]:
        """What the provider received for us since then (aware): the sweep files the unknown."""

    async def close(self) -> None:
        """Give connections back. The channel is not used after."""


class OutOfReach(Exception):
    """The provider could not be asked just now; asking again later may do."""
