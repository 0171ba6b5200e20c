"""What texts cost as SMS, told to who writes them."""

from __future__ import annotations

from collections.abc import Iterable

from admin.visits import Visit
from flows.costing import price_of
from flows.wording.rendering import for_channel
from flows.wording.segments import measure


def cost(visit: Visit, texts: Iterable[tuple[str, str]]) -> str:
    """The parts and the price of these texts, each with its channel; only SMS cost."""
    parts = sum(measure(for_channel(text, at)).segments for text, at in texts if at == "sms")
    said = visit.speech.count(parts, "{n} SMS", "{n} SMS")
    price, currency = price_of(visit.pack, visit.today)
    if price is None or not parts:
        return said
    return f"{said} · {visit.speech.money(price * parts, currency)}"
