"""Will they be written to today, and why (not): by the rules of the outbox, without it."""

from dataclasses import replace
from datetime import datetime, timedelta

from bot.outlook import Known, outlook
from flows.vocabulary import Address, FollowUp, Link, Person, Timer
from tests.services import NOON, desk

HERE = (Address(7, "sms", "+33639980001"), Link(1, 7))
SOON = NOON + timedelta(hours=2)


def known(*due: Timer, **more: object) -> Known:
    return replace(Known(Person(1), (HERE,), due), **more)  # type: ignore[arg-type]


def timer(at: datetime, kind: str = "check_in") -> Timer:
    return Timer(f"{kind}:1", kind, at, person_id=1)


def said(one: Known, now: datetime = NOON) -> tuple[bool, str, str]:
    found = outlook(one, desk().pack(NOON.date()), now)
    return found.will, found.why, found.delay


def test_a_check_in_due_this_afternoon_will_be_written() -> None:
    assert said(known(timer(SOON))) == (True, "check_in", "")


def test_tomorrows_check_in_is_not_todays() -> None:
    assert said(known(timer(NOON + timedelta(days=1)))) == (False, "check_in", "")


def test_what_is_due_at_night_waits_for_the_morning() -> None:
    found = outlook(known(timer(NOON + timedelta(hours=11))), desk().pack(NOON.date()), NOON)
    assert (found.will, found.delay) == (False, "quiet_hours")
    assert found.at is not None and found.at.date() > NOON.date()


def test_a_pause_puts_it_off_until_it_ends() -> None:
    rests = Person(1, paused_until=NOON + timedelta(days=2))
    assert said(known(timer(SOON), person=rests)) == (False, "check_in", "paused")


def test_who_died_or_is_in_hospital_is_not_written_to() -> None:
    for condition in ("deceased", "hospital"):
        one = known(timer(SOON), person=Person(1, condition=condition))
        assert said(one) == (False, condition, "")


def test_without_a_number_or_after_stop_nothing_goes() -> None:
    address, link = HERE
    assert said(known(timer(SOON), places=())) == (False, "no_number", "")
    silent = ((replace(address, silence="violence"), link),)
    assert said(known(timer(SOON), places=silent)) == (False, "violence", "")
    stopped = ((address, replace(link, stopped=True)),)
    assert said(known(timer(SOON), places=stopped)) == (False, "stopped", "")


def test_one_silent_number_of_two_silences_nobody() -> None:
    address, link = HERE
    places = (HERE, (replace(address, id=8, silence="stopped"), replace(link, address_id=8)))
    assert said(known(timer(SOON), places=places)) == (True, "check_in", "")


def test_a_held_conversation_waits_for_its_agent() -> None:
    assert said(known(timer(SOON, "prompt"), held=True)) == (False, "held", "")


def test_nothing_due_says_whether_a_follow_up_goes_on() -> None:
    assert said(known()) == (False, "not_followed", "")
    followed = FollowUp(1, 1, "case", NOON.date(), None)
    assert said(known(follow_up=followed)) == (False, "nothing_due", "")


def test_an_agent_at_work_makes_routine_wait() -> None:
    assert said(known(timer(SOON), leased=True)) == (True, "check_in", "agent_at_work")
