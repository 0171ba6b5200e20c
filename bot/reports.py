"""What providers say of our texts afterwards: any order, any number of times, never backward."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Final

from bot.consequences import send_again, undelivered
from bot.grouping import Grouping, Work
from bot.store import addresses, outbox
from bot.store.engines import Store, Tx
from flows.turn import Desk
from flows.vocabulary import DeliveryReport, Message, Refused
from integrations.channels.twilio import refusal

SIZE: Final = 5000
PER_STATE: Final = 100
BATCH: Final = 128
# In the provider's words, for a text that will not arrive.
LOST: Final = frozenset({"undelivered", "failed", "canceled"})

Reports = Grouping[DeliveryReport]


def open_reports(store: Store, desk: Desk, clock: Callable[[], datetime]) -> Reports:
    """The line of delivery reports of a process."""

    async def commit(tx: Tx, batch: Sequence[DeliveryReport]) -> Sequence[DeliveryReport]:
        return await _take(tx, batch, desk, clock())

    async def broken(tx: Tx, report: DeliveryReport) -> None:
        """A report that cannot be recorded is dropped: the next one says more."""

    work = Work("reports", _line, commit, broken, lambda: None)
    return Grouping(store, work, size=SIZE, per_place=PER_STATE, batch=BATCH)


async def _take(
    tx: Tx, batch: Sequence[DeliveryReport], desk: Desk, now: datetime
) -> Sequence[DeliveryReport]:
    """Keep the furthest state of each text; one that is lost has consequences, once.

    A report about a text of which we do not know yet that it was taken has come too early.
    """
    about = await outbox.sent(tx, [report.provider_id for report in batch])
    known = [report for report in batch if _place(report) in about]
    lost = {_place(report) for report in known if report.status in LOST}
    if lost:
        await addresses.lock_ids(tx, {about[place].address_id for place in lost})
    for report in known:
        moved = await outbox.report(tx, report, now)
        if moved and report.status in LOST:
            await _lost(tx, desk, about[_place(report)], refusal(report.error_code), now)
    return [report for report in batch if _place(report) not in about]


async def _lost(tx: Tx, desk: Desk, text: Message, why: Refused, now: datetime) -> None:
    """What may pass is sent once more; the alert of somebody in danger hears of it at once."""
    again = not why.permanent and await send_again(tx, text, now)
    if not again or text.kind == "safety":
        await undelivered(tx, desk, text, why.meaning, why.code, now)


def _place(report: DeliveryReport) -> tuple[str, str]:
    return report.channel, report.provider_id


def _line(report: DeliveryReport) -> tuple[str, str]:
    # The same thing said twice needs no second look in one transaction.
    return report.provider_id, report.status
