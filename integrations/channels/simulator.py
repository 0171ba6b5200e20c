"""A channel that reaches nobody: the phones of the simulator show what the store keeps."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from datetime import datetime

from flows.vocabulary import Accepted, ChannelName, Incoming, Outgoing, Refused, Sent

# A number that ends so is unknown to the network, to show what then happens.
UNKNOWN = "99"


class Simulator:
    """Takes every text. `heard` is told of each one taken: a page may then look anew."""

    def __init__(
        self, name: ChannelName = "sms", heard: Callable[[Outgoing], None] | None = None
    ) -> None:
        self._name: ChannelName = name
        self._heard = heard

    @property
    def name(self) -> ChannelName:
        """The channel that it stands for."""
        return self._name

    async def send(self, outgoing: Outgoing) -> Sent:
        """Delivered at once, but to a number that ends in 99."""
        if outgoing.to.endswith(UNKNOWN):
            return Refused("30005", "bad_number", True)
        if self._heard is not None:
            self._heard(outgoing)
        return _accepted(outgoing)

    async def look_up(self, outgoing: Outgoing, since: datetime) -> Accepted | None:
        """Whatever was sent was taken."""
        return None if outgoing.to.endswith(UNKNOWN) else _accepted(outgoing)

    async def recent(self, since: datetime) -> list[Incoming]:
        """Nothing waits: the phones file what they send themselves."""
        return []

    async def close(self) -> None:
        """Nothing to give back."""


def _accepted(outgoing: Outgoing) -> Accepted:
    # The same text has the same id at every try, as at a provider that knows its key.
    digest = hashlib.sha256(outgoing.key.encode()).hexdigest()
    return Accepted(f"simulated-{digest[:24]}", "delivered")
