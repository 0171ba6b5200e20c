"""Local clocks and instants: a wall time skipped or repeated is settled here."""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo


def at(day: date, clock: time, zone: ZoneInfo) -> datetime:
    """The instant of a wall time, in its zone. An hour that does not exist in spring is the hour
    after; one that comes twice in autumn is its first."""
    local = datetime.combine(day, clock, tzinfo=zone)
    return local.astimezone(UTC).astimezone(zone)


def zone_of(local: datetime) -> ZoneInfo:
    """The zone of a local time; only real zones know when their clocks change."""
    if not isinstance(local.tzinfo, ZoneInfo):
        raise TypeError("a local time needs a ZoneInfo")
    return local.tzinfo
