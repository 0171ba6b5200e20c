"""How fast a provider is written to: so many a second in all, so many a second to one place."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from typing import Final

from flows.vocabulary import ChannelName

# Messages a second: in all, and to one number or chat.
# Telegram: about 30 and 1 (domain 4.6). Twilio queues by itself; this keeps its queue short.
RATES: Final[dict[ChannelName, tuple[float, float]]] = {
    "sms": (100.0, 2.0),
    "whatsapp": (80.0, 2.0),
    "telegram": (25.0, 1.0),
    "web": (1000.0, 10.0),
}
REMEMBERED: Final = 10_000


@dataclass(slots=True)
class Pace:
    """Turns handed out evenly; `rates` are (in all, to one place) a second, None for no limit."""

    rates: tuple[float, float] | None
    _next: float = 0.0
    _places: dict[str, float] = field(default_factory=dict)

    async def turn(self, place: str) -> None:
        """Wait until it is this text's turn."""
        if self.rates is not None:
            now = asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, self.slot(place, now) - now))

    def slot(self, place: str, now: float) -> float:
        """The moment at which a text to this place may go, kept for it."""
        assert self.rates is not None  # noqa: S101
        every, every_there = (1 / rate for rate in self.rates)
        at = max(now, self._next, self._places.get(place, 0.0))
        self._next = max(now, self._next) + every
        if len(self._places) >= REMEMBERED:
            self._places = {name: free for name, free in self._places.items() if free > now}
        self._places[place] = at + every_there
        return at
