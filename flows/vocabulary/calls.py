"""Hours at which agents call: what supervisors keep of them, and what is promised already."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time


@dataclass(frozen=True, slots=True)
class CallShift:
    """Hours of one weekday (0 is Monday) in which a team calls by appointment.

    `minutes`: of one call; `seats`: calls at a time; `languages`: those spoken, none for all.
    """

    weekday: int
    starts: time
    ends: time
    minutes: int
    seats: int
    languages: frozenset[str] = frozenset()
    team: str = ""


@dataclass(frozen=True, slots=True)
class CallWeek:
    """The week that supervisors keep. Until one is `kept`, the rules' own holds.

    `off`: days off by team, "" for everybody's; `stopped`: a surge stops all offers.
    """

    shifts: tuple[CallShift, ...] = ()
    off: frozenset[tuple[str, date]] = frozenset()
    kept: bool = False
    stopped: bool = False


@dataclass(frozen=True, slots=True)
class CallBook:
    """The week, and which seats are taken at each moment (UTC) to come."""

    week: CallWeek = field(default_factory=CallWeek)
    taken: Mapping[datetime, frozenset[int]] = field(default_factory=dict)
