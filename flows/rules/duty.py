"""Who is there: staffed hours, holidays and the on-call roster."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from flows.rules.moments import at
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
    called = _holding(_on_call_spans(pack, local), local)
    row = open_now or called
    return Duty(
        staffed=open_now is not None,
        on_call=called is not None,
        opens_at=None if open_now else _next_opening(pack, local),
        row=row.row if row else "",
    )


def staffed_spans(pack: Pack, local: datetime, days: int = 1) -> Iterator[Span]:
    """Staffed time from the day of `local` on; a holiday has none."""
    holidays = {row.day("day") for row in pack.table("holidays")}
    for offset in range(days):
        day = local.date() + timedelta(days=offset)
        if day not in holidays:
            yield from _spans(pack, "hours", ("opens", "closes"), day, local)


def _on_call_spans(pack: Pack, local: datetime) -> Iterator[Span]:
    for day in (local.date() - timedelta(days=1), local.date()):
        yield from _spans(pack, "on_call", ("starts", "ends"), day, local)


def _spans(
    pack: Pack, table: str, columns: tuple[str, str], day: date, local: datetime
) -> Iterator[Span]:
    zone = local.tzinfo
    for row in in_force(pack.table(table), day):
        starts, ends = row.clock(columns[0]), row.clock(columns[1])
        if WEEKDAYS[day.weekday()] in row.words("weekdays") and starts is not None:
            yield _span(row.id, day, starts, ends or time.min, zone)  # type: ignore[arg-type]


def _span(row: str, day: date, starts: time, ends: time, zone: ZoneInfo) -> Span:
    """Hours that end before they start, or at 00:00, end the next day."""
    last = day + timedelta(days=ends <= starts)
    return Span(at(day, starts, zone), at(last, ends, zone), row)


def _holding(spans: Iterator[Span], local: datetime) -> Span | None:
    return next((span for span in spans if span.starts <= local < span.ends), None)


def _next_opening(pack: Pack, local: datetime) -> datetime | None:
    spans = staffed_spans(pack, local, _HORIZON)
    return min((span.starts for span in spans if span.starts > local), default=None)
