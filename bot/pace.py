"""How fast people are written to: so many texts a second by each sender, so many to one place."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from bot.settings import Settings
from flows.vocabulary import ChannelName

# Texts a second to one number or chat. Telegram: about 1 (domain 4.6).
THERE: Final[Mapping[ChannelName, float]] = {
    "sms": 2.0,
    "whatsapp": 2.0,
    "telegram": 1.0,
    "web": 10.0,
    "voice": 1.0,
    "email": 10.0,
}
# Telegram takes about 30 a second in all, and may shut out who minds no limit.
TELEGRAM_PER_SECOND: Final = 25.0
REMEMBERED: Final = 10_000


def rates_of(settings: Settings) -> dict[str, float]:
    """Texts a second of each sender that has a limit: kept in the database, by all processes."""
    if settings.demonstration:
        return {}
    rates = {"telegram": TELEGRAM_PER_SECOND}
    if settings.twilio and settings.twilio.per_second:
        rates |= dict.fromkeys(("sms", "whatsapp"), settings.twilio.per_second)
    return rates


@dataclass(slots=True)
class Pace:
    """Turns to each place, evenly; `rate` is how many a second, None for no limit."""

    rate: float | None
    _places: dict[str, float] = field(default_factory=dict)

    async def turn(self, place: str) -> None:
        """Wait until it is this text's turn."""
        if self.rate is not None:
            now = asyncio.get_running_loop().time()
            await asyncio.sleep(max(0.0, self.slot(place, now) - now))

    def slot(self, place: str, now: float) -> float:
        """The moment at which a text to this place may go, kept for it."""
        assert self.rate is not None  # noqa: S101
        at = max(now, self._places.get(place, 0.0))
        if len(self._places) >= REMEMBERED:
            self._places = {name: free for name, free in self._places.items() if free > now}
        self._places[place] = at + 1 / self.rate
        return at
