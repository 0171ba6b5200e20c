"""The days on which a case may have infected others."""

from __future__ import annotations

from datetime import date, timedelta

from flows.rules.decision import Decision
from flows.rules.packs import Pack
from flows.rules.rows import first

Window = tuple[date, date]


def contagious_window(
    pack: Pack, onset: date | None, test: date | None, today: date, *, symptoms: bool | None = None
) -> Decision[Window | None]:
    """The first and last day to ask about, both included.

    Counted back from the first signs, or from the test where there were none; from the earlier
    of both where signs came after a positive test, who was positive may already have infected.
    `symptoms=True` without `onset` is a missing fact, never a window that is too short.
    """
    if symptoms and onset is None:
        return Decision(None, why="window.onset_missing", missing=("onset",))
    anchor = min((day for day in (onset, test) if day), default=None)
    if anchor is None:
        return Decision(None, why="window.dates_missing", missing=("onset", "test"))
    match = first(pack.table("window"), {"symptoms": onset is not None}, min(anchor, today))
    if match.row is None:
        return Decision(None, why="window.no_rule", missing=("rule",))
    days = -(-match.row.number("hours_before") // 24)
    oldest = (test or anchor) - timedelta(days=match.row.number("oldest_days", days))
    begins = max(anchor - timedelta(days=days), oldest)
    return Decision((min(begins, today), today), match.row.id, "window.counted")
