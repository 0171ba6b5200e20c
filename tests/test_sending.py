"""What may still be sent at the moment of sending, case by case."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.sending import Cancel, Postpone, Send, Standing, Verdict, recheck
from flows.rules import Pack, shipped_packs
from flows.vocabulary import Address, Conversation, Frame, Link, Message, Person

NOON = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
MORNING = datetime(2026, 11, 24, 8, 0, tzinfo=UTC)
KINDS = ("safety", "reply", "question", "reminder", "agent", "notice")


def pack() -> Pack:
    return shipped_packs().named("demonstration")


def standing(kind: str, at: datetime = NOON - timedelta(minutes=1), **changes: Any) -> Standing:
    message = Message(1, 2, "out", "Bonjour", at, "claimed", kind, person_id=3, conversation_id=4)
    talk = Conversation(4, 2, 3, (Frame("check_in", "danger"),), "open")
    whole = Standing(message, Address(2, "sms", "+33639980001"), Person(3), Link(3, 2), talk)
    return replace(whole, **changes)


def verdict(kind: str, now: datetime = NOON, **changes: Any) -> Verdict:
    return recheck(standing(kind, now - timedelta(minutes=1), **changes), pack(), now)


def silent(why: str) -> Address:
    return Address(2, "sms", "+33639980001", silence=why)


@pytest.mark.parametrize("kind", KINDS)
def test_what_nothing_holds_back_goes_out(kind: str) -> None:
    assert verdict(kind) == Send()


@pytest.mark.parametrize(
    "changes",
    [
        {"address": silent("stopped")},
        {"address": silent("violence")},
        {"address": silent("wrong")},
        {"address": silent("bad")},
        {"person": Person(3, condition="deceased")},
        {"link": Link(3, 2, dropped=True)},
        {"do_not_write": True},
        {"held": True},
    ],
)
def test_a_safety_text_always_goes_out(changes: dict[str, Any]) -> None:
    assert verdict("safety", NIGHT, **changes) == Send()


@pytest.mark.parametrize(
    ("silence", "reason", "stays"),
    [
        ("stopped", "stopped", ()),
        ("violence", "violence", ("agent",)),
        ("wrong", "wrong_number", ("reply",)),
        ("bad", "bad_number", ("reply",)),
    ],
)
def test_a_silent_number_is_left_alone(silence: str, reason: str, stays: tuple[str, ...]) -> None:
    for kind in KINDS[1:]:
        expected = Send() if kind in stays else Cancel(reason)
        assert verdict(kind, address=silent(silence)) == expected, kind


@pytest.mark.parametrize(
    ("changes", "reason", "stays"),
    [
        ({"person": Person(3, condition="deceased")}, "deceased", ("reply", "agent")),
        ({"person": Person(3, condition="hospital")}, "hospital", ("reply", "agent")),
        ({"link": Link(3, 2, stopped=True)}, "stopped", ("reply",)),
        ({"link": Link(3, 2, dropped=True)}, "wrong_number", ("reply",)),
        ({"link": None}, "wrong_number", ("reply",)),
        ({"do_not_write": True}, "do_not_write", ("reply",)),
    ],
)
def test_who_must_not_be_written_to_is_not(
    changes: dict[str, Any], reason: str, stays: tuple[str, ...]
) -> None:
    for kind in KINDS[1:]:
        expected = Send() if kind in stays else Cancel(reason)
        assert verdict(kind, **changes) == expected, kind


@pytest.mark.parametrize("kind", ["question", "reminder"])
def test_who_wrote_meanwhile_is_not_asked_again(kind: str) -> None:
    address = Address(2, "sms", "+33639980001", last_heard_at=NOON)
    assert verdict(kind, address=address) == Cancel("answered")


def test_a_reply_to_what_was_just_heard_goes_out() -> None:
    heard = Address(2, "sms", "+33639980001", last_heard_at=NOON - timedelta(minutes=1))
    assert verdict("reply", address=heard) == Send()
    assert verdict("question", address=heard) == Send()


def test_a_reminder_about_a_talk_that_is_over_is_dropped() -> None:
    over = Conversation(4, 2, 3, (), "ended")
    assert verdict("reminder", conversation=over) == Cancel("ended")
    held = Conversation(4, 2, 3, (Frame("check_in", "danger"),), "held")
    assert verdict("question", conversation=held) == Cancel("held")


def test_a_reminder_of_yesterday_is_dropped_after_a_long_sleep() -> None:
    old = standing("reminder", NOON - timedelta(hours=25))
    assert recheck(old, pack(), NOON) == Cancel("too_late")


@pytest.mark.parametrize("kind", ["question", "reminder", "notice"])
def test_nobody_is_woken_by_what_is_routine(kind: str) -> None:
    assert verdict(kind, NIGHT) == Postpone(MORNING, "quiet_hours")


@pytest.mark.parametrize("kind", ["reply", "agent", "safety"])
def test_a_reply_goes_at_any_hour(kind: str) -> None:
    assert verdict(kind, NIGHT) == Send()


def test_the_night_is_that_of_the_persons_own_zone() -> None:
    far = Person(3, zone="America/Martinique")
    assert verdict("question", NIGHT, person=far) == Send()
    assert isinstance(verdict("question", NOON, person=far), Postpone)


def test_in_spring_the_morning_comes_an_hour_earlier() -> None:
    before = datetime(2027, 3, 27, 22, 0, tzinfo=UTC)
    assert verdict("question", before) == Postpone(
        datetime(2027, 3, 28, 7, 0, tzinfo=UTC), "quiet_hours"
    )


def test_while_an_agent_works_what_is_routine_waits() -> None:
    for kind in ("question", "reminder", "notice"):
        assert verdict(kind, held=True) == Postpone(NOON + timedelta(minutes=2), "agent_at_work")
    for kind in ("reply", "agent"):
        assert verdict(kind, held=True) == Send()


def test_the_question_after_a_danger_waits_for_neither_morning_nor_agent() -> None:
    talk = Conversation(4, 2, 3, (Frame("check_in", "x"), Frame("danger", "reached")), "open")
    assert verdict("question", NIGHT, conversation=talk, held=True) == Send()
    assert verdict("reminder", NIGHT, conversation=talk) == Send()


def test_a_pause_puts_off_and_drops_reminders() -> None:
    until = NOON + timedelta(days=2)
    resting = Person(3, paused_until=until)
    assert verdict("question", person=resting) == Postpone(until, "paused")
    assert verdict("reminder", person=resting) == Cancel("paused")
    assert verdict("reply", person=resting) == Send()
    assert verdict("question", person=Person(3, paused_until=NOON)) == Send()
