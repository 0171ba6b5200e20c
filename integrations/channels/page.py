"""The web page as a channel: a text is there as soon as it is written, for whoever looks."""

from __future__ import annotations

import hashlib
from datetime import datetime

from flows.vocabulary import Accepted, ChannelName, Incoming, Outgoing, Sent


class Page:
    """Takes every text. Whether somebody saw it is known only to the page that shows it."""

    @property
    def name(self) -> ChannelName:
        """The channel that it serves."""
        return "web"

    async def send(self, outgoing: Outgoing) -> Sent:
        """It stands on the page; one that nobody looks at goes to a telephone later."""
        return _accepted(outgoing)

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """What was handed over is there."""
        return _accepted(outgoing)

    async def recent(self, since: datetime) -> list[Incoming]:
        """Nothing waits elsewhere: a page files what is written on it itself."""
        return []

    async def close(self) -> None:
        """Nothing to give back."""


def _accepted(outgoing: Outgoing) -> Accepted:
    digest = hashlib.sha256(outgoing.key.encode()).hexdigest()
    return Accepted(f"page-{digest[:24]}", "sent")
