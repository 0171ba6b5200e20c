"""The ladder of reminders: its rows, its moments, and the hour at which somebody answers."""

from datetime import date, datetime, time, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as some

from flows.rules import (
    Silence,
    is_quiet,
    next_check_in,
    planned,
    reminders,
    second_contact_again,
    shipped_packs,
    usual_hour,
)
from flows.rules.reminders import TEXTS

PACK = shipped_packs().named("demonstration")
TODAY = date(2026, 11, 23)
PARIS = ZoneInfo("Europe/Paris")
HOUR = timedelta(hours=1)

silences = some.builds(
    Silence,
    fragile=some.booleans(),
    alert=some.booleans(),
    silent_days=some.integers(0, 3),
    window=some.sampled_from(("", "morning", "noon", "evening")),
)
minutes = some.integers(0, 24 * 60 - 1)


def actions(**how: object) -> list[str]:
    return [s.action for s in reminders(PACK, "check_in", TODAY, Silence(**how))]  # type: ignore[arg-type]


def clock(minute: int, day: int = 23) -> datetime:
    return datetime(2026, 11, day, minute // 60, minute % 60, tzinfo=PARIS)


def test_each_silence_has_a_ladder_of_its_own() -> None:
    assert actions() == ["remind", "second_channel", "review"]
    assert actions(silent_days=1) == ["remind", "second_channel", "second_contact", "review"]
    whole = ["remind", "second_channel", "second_contact", "review", "stop"]
    assert actions(fragile=True) == whole
    assert sorted(actions(alert=True)) == sorted(whole)
    assert reminders(PACK, "anything", TODAY) == reminders(PACK, "routine", TODAY)


@given(silences, minutes, some.none() | minutes)
def test_texts_keep_out_of_quiet_hours_and_apart_and_a_person_always_looks(
    who: Silence, asked: int, habit: int | None
) -> None:
    ladder = reminders(PACK, "check_in", TODAY, who)
    usual = None if habit is None else time(habit // 60, habit % 60)
    due = planned(PACK, ladder, clock(asked), usual)
    texts = [at for at, step in due if step.action in TEXTS]
    assert not any(is_quiet(PACK, at) for at in texts)
    assert all(later - at >= HOUR / 2 for at, later in pairwise(texts))
    assert min(at for at, _ in due) >= clock(asked)
    looked = [at for at, step in due if step.action == "review"]
    assert looked and min(looked) - clock(asked) <= 21 * HOUR
    if who.fragile:
        assert min(looked) - clock(asked) <= 10 * HOUR
    if who.alert:
        assert min(looked) - clock(asked) == 2 * HOUR
    # Only a text that the night has put off may come after the end of the rows.
    ends = due[-1][1].action in ("review", "stop")
    assert ends or due[-1][0] - clock(asked) > due[-1][1].after


def test_the_first_reminder_comes_at_the_usual_hour_where_that_is_today() -> None:
    ladder = reminders(PACK, "check_in", TODAY)
    for usual, wanted in ((time(12, 30), 12.5), (time(9, 30), 14), (time(17, 30), 17.5)):
        first = planned(PACK, ladder, clock(9 * 60), usual)[0][0]
        assert first == clock(int(wanted * 60))
    evening = planned(PACK, ladder, clock(9 * 60), time(18, 30))
    assert [at for at, _ in evening][:2] == [clock(14 * 60), clock(18 * 60 + 30)]


def test_the_usual_hour_needs_days_and_agreement() -> None:
    noon = [clock(12 * 60 + 40 + n, day) for n, day in enumerate((19, 20, 21, 22))]
    assert usual_hour(PACK, noon[:2], TODAY) is None
    assert usual_hour(PACK, noon, TODAY) == time(12)
    assert usual_hour(PACK, [*noon, clock(8 * 60, 18)], TODAY) == time(12)
    spread = [clock(h * 60, day) for h, day in ((7, 18), (11, 19), (15, 20), (19, 21), (22, 22))]
    assert usual_hour(PACK, spread, TODAY) is None


def test_a_new_habit_goes_before_an_old_one() -> None:
    old = [clock(10 * 60, day) for day in range(1, 11)]
    new = [clock(18 * 60, day) for day in range(15, 23)]
    assert usual_hour(PACK, [*old, *new], TODAY) == time(17, 30)


@given(some.lists(some.tuples(some.integers(1, 22), minutes), max_size=40), some.randoms())
def test_the_usual_hour_hangs_neither_on_order_nor_on_how_much_is_written_a_day(
    wrote: list[tuple[int, int]], dice: object
) -> None:
    heard = [clock(minute, day) for day, minute in wrote]
    found = usual_hour(PACK, heard, TODAY)
    shuffled = [*heard]
    dice.shuffle(shuffled)  # type: ignore[attr-defined]
    assert usual_hour(PACK, shuffled, TODAY) == found
    later = [at.replace(hour=23, minute=59) for at in heard]
    assert usual_hour(PACK, [*heard, *later], TODAY) == found


@given(minutes, some.sampled_from(("morning", "noon", "evening")))
def test_the_check_in_keeps_to_the_window_whatever_the_habit(habit: int, window: str) -> None:
    usual = time(habit // 60, habit % 60)
    plain = next_check_in(PACK, clock(600), window)
    found = next_check_in(PACK, clock(600), window, usual=usual)
    assert found.date() == plain.date() and not is_quiet(PACK, found)
    hours = {"morning": (9, 12), "noon": (12, 16), "evening": (16, 20)}[window]
    assert hours[0] <= found.hour < hours[1]
    assert found.time() == (usual if hours[0] <= usual.hour < hours[1] else plain.time())


def test_whether_a_second_contact_is_asked_is_a_row() -> None:
    again = second_contact_again(PACK, "case", TODAY, minor=False, fragile=True)
    assert again == timedelta(days=3)
