"""Staffed hours, quiet hours, windows, deadlines and ladders, on days when clocks change too."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from flows.rules import (
    deadline,
    delay,
    duty,
    escalates_at,
    is_quiet,
    next_allowed,
    next_check_in,
    review_rule,
    shipped_packs,
    windows,
)

PACK = shipped_packs().named("demonstration")
PARIS = ZoneInfo("Europe/Paris")
NEW_YORK = ZoneInfo("America/New_York")
TODAY = date(2026, 11, 23)  # a Monday


def paris(day: int, hour: int, minute: int = 0, month: int = 11) -> datetime:
    return datetime(2026, month, day, hour, minute, tzinfo=PARIS)


DUTIES = [
    (paris(23, 7, 59), False, False, paris(23, 8)),
    (paris(23, 8), True, False, None),
    (paris(23, 18, 59), True, False, None),
    (paris(23, 19), False, True, paris(24, 8)),
    (paris(23, 22), False, False, paris(24, 8)),
    (paris(28, 18), False, True, paris(29, 10)),
    (paris(29, 3), False, False, paris(29, 10)),
    (paris(25, 12, month=12), False, False, paris(26, 9, month=12)),
    (paris(25, 20, month=12), False, True, paris(26, 9, month=12)),
]


@pytest.mark.parametrize(("now", "staffed", "on_call", "opens"), DUTIES)
def test_duty_follows_hours_holidays_and_roster(
    now: datetime, staffed: bool, on_call: bool, opens: datetime | None
) -> None:
    found = duty(PACK, now.astimezone(UTC))
    assert (found.staffed, found.on_call, found.opens_at) == (staffed, on_call, opens)
    assert found.alerted is (staffed or on_call)


def test_the_next_opening_keeps_its_wall_time_when_the_clocks_change() -> None:
    france = shipped_packs().named("france")
    night = datetime(2021, 3, 28, 1, 0, tzinfo=UTC)
    assert duty(france, night).opens_at == datetime(2021, 3, 28, 8, tzinfo=PARIS)


QUIET = [
    (paris(23, 20), True),
    (paris(23, 19, 59), False),
    (paris(23, 0), True),
    (paris(23, 8, 59), True),
    (paris(23, 9), False),
]


@pytest.mark.parametrize(("local", "quiet"), QUIET)
def test_nights_are_quiet_on_the_clock_of_the_person(local: datetime, quiet: bool) -> None:
    assert is_quiet(PACK, local) is quiet
    assert is_quiet(PACK, local.replace(tzinfo=NEW_YORK)) is quiet


ALLOWED = [
    (paris(23, 10), "", paris(23, 10)),
    (paris(23, 22), "", paris(24, 9)),
    (paris(23, 3), "", paris(23, 9)),
    (paris(23, 10), "evening", paris(23, 16)),
    (paris(23, 13), "morning", paris(24, 9)),
    (paris(23, 21), "noon", paris(24, 12)),
    (paris(23, 10), "unheard of", paris(23, 10)),
    (paris(28, 23, month=3), "morning", paris(29, 9, month=3)),
    (paris(24, 23, month=10), "", paris(25, 9, month=10)),
]


@pytest.mark.parametrize(("local", "window", "wanted"), ALLOWED)
def test_the_next_allowed_moment_is_awake_and_within_the_window(
    local: datetime, window: str, wanted: datetime
) -> None:
    assert next_allowed(PACK, local, window) == wanted


def test_the_next_check_in_is_tomorrow_at_the_hour_of_the_window() -> None:
    assert next_check_in(PACK, paris(23, 21), "evening") == paris(24, 18)
    assert next_check_in(PACK, paris(23, 21)) == paris(24, 9)
    assert windows(PACK, TODAY) == ("morning", "noon", "evening")


def test_check_ins_are_spread_over_the_hour_each_at_its_own_moment_every_day() -> None:
    asked = [next_check_in(PACK, paris(23, 21), "evening", one) for one in range(1, 3601)]
    assert all(paris(24, 18) <= moment < paris(24, 19) for moment in asked)
    minutes = [sum(moment.minute == m for moment in asked) for m in range(60)]
    assert max(minutes) <= 66
    again = next_check_in(PACK, paris(24, 21), "evening", 7)
    assert again == asked[6] + timedelta(days=1)


def test_a_check_in_keeps_its_wall_time_when_the_clocks_change() -> None:
    spring = next_check_in(PACK, paris(28, 18, month=3), "evening")
    assert (spring.hour, spring - paris(28, 18, month=3).astimezone(UTC)) == (
        18,
        timedelta(hours=23),
    )
    autumn = next_check_in(PACK, paris(24, 18, month=10), "evening")
    assert (autumn.hour, autumn - paris(24, 18, month=10).astimezone(UTC)) == (
        18,
        timedelta(hours=25),
    )


DEADLINES = [
    ("P1", paris(23, 3), paris(23, 3, 5)),
    ("P1", paris(23, 10), paris(23, 10, 5)),
    ("P2", paris(23, 10), paris(23, 11)),
    ("P2", paris(23, 18, 30), paris(24, 8)),
    ("P2", paris(23, 23), paris(24, 8)),
    ("P3", paris(23, 10), paris(23, 14)),
    ("P3", paris(23, 17), paris(24, 10)),
    ("P3", paris(27, 18), paris(28, 12)),
    ("P4", paris(23, 10), paris(25, 10)),
]


@pytest.mark.parametrize(("priority", "now", "due"), DEADLINES)
def test_deadlines_know_when_somebody_is_there(priority: str, now: datetime, due: datetime) -> None:
    found = deadline(PACK, priority, now.astimezone(UTC))  # type: ignore[arg-type]
    assert found == due
    assert found.tzinfo is UTC


def test_the_fragile_are_looked_for_sooner() -> None:
    now = paris(23, 10)
    assert deadline(PACK, "P4", now, fragile=True) == paris(24, 10)


def test_a_review_that_nobody_takes_goes_up() -> None:
    now = paris(23, 10)
    assert escalates_at(PACK, "P1", now, deadline(PACK, "P1", now)) == paris(23, 10, 10)
    assert escalates_at(PACK, "P2", now, deadline(PACK, "P2", now)) == paris(23, 12)


def test_a_reason_that_the_rules_do_not_know_is_looked_at_all_the_same() -> None:
    assert review_rule(PACK, "danger", TODAY).priority == "P1"
    assert review_rule(PACK, "never_heard_of", TODAY).priority == "P2"


def test_delays_are_rows() -> None:
    assert delay(PACK, "reach_help", TODAY) == timedelta(minutes=5)
    assert delay(PACK, "do_not_write", TODAY) == timedelta(days=90)
    with pytest.raises(LookupError, match="no delay called `tea`"):
        delay(PACK, "tea", TODAY)
