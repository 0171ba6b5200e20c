"""Who is there: staffed hours, holidays and the on-call roster."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

from flows.rules.moments import at, zone_of
from flows.rules.packs import Pack
from flows.rules.rows import in_force
from flows.rules.tables import WEEKDAYS

_HORIZON = 45  # days looked ahead for the next opening


@dataclass(frozen=True, slots=True)
class Duty:
    """Who is there at a moment. `opens_at` is the next opening, None while staffed (or where no
    opening is in sight); it is local to the zone of the staff."""

    staffed: bool
    on_call: bool
    opens_at: datetime | None
    row: str = ""

    @property
    def alerted(self) -> bool:
        """Whether "an agent is alerted" is true."""
        return self.staffed or self.on_call


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of staffed or on-call time and the row that says so."""

    starts: datetime
    ends: datetime
    row: str


def duty(pack: Pack, now: datetime, zone: ZoneInfo | None = None) -> Duty:
    """Who is there at `now` (aware). `zone` is the staff's own, the pack's unless given."""
    local = now.astimezone(zone or pack.zone)
    open_now = _holding(staffed_spans(pack, local), local)
    called = _holding(_on_call(pack, local.date(), zone_of(local)), local)
    row = open_now or called
    return Duty(
        staffed=open_now is not None,
        on_call=called is not None,
        opens_at=None if open_now else _next_opening(pack, local),
        row=row.row if row else "",
    )


def staffed_spans(pack: Pack, local: datetime, days: int = 1) -> Iterator[Span]:
    """Staffed time from the day of `local` on; a holiday has none."""
    for offset in range(days):
        yield from _staffed(pack, local.date() + timedelta(days=offset), zone_of(local))


@lru_cache(maxsize=1024)
def _staffed(pack: Pack, day: date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The staffed time of one day, in order."""
    if any(row.day("day") == day for row in pack.table("holidays")):
        return ()
    spans = _spans(pack, "hours", ("opens", "closes"), day, zone)
    return tuple(sorted(spans, key=lambda span: span.starts))


@lru_cache(maxsize=64)
def _on_call(pack: Pack, day: date, zone: ZoneInfo) -> tuple[Span, ...]:
    """The time on call of one day and of the night before."""
    return tuple(
        span
        for on in (day - timedelta(days=1), day)
        for span in _spans(pack, "on_call", ("starts", "ends"), on, zone)
    )


def _spans(
    pack: Pack, table: str, columns: tuple[str, str], day: date, zone: ZoneInfo
) -> Iterator[Span]:
    for row in in_force(pack.table(table), day):
        starts, ends = row.clock(columns[0]), row.clock(columns[1])
        if WEEKDAYS[day.weekday()] in row.words("weekdays") and starts is not None:
            yield _span(row.id, day, starts, ends or time.min, zone)


def _span(row: str, day: date, starts: time, ends: time, zone: ZoneInfo) -> Span:
    """Hours that end before they start, or at 00:00, end the next day."""
    last = day + timedelta(days=ends <= starts)
    return Span(at(day, starts, zone), at(last, ends, zone), row)


def _holding(spans: Iterable[Span], local: datetime) -> Span | None:
    return next((span for span in spans if span.starts <= local < span.ends), None)


def _next_opening(pack: Pack, local: datetime) -> datetime | None:
    spans = staffed_spans(pack, local, _HORIZON)
    return next((span.starts for span in spans if span.starts > local), None)
