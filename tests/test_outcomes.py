"""What follows from each answer of a provider."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.outcomes import (
    LONGEST_WAIT_S,
    Again,
    GivenUp,
    InDoubt,
    Taken,
    backoff,
    looked_up,
    out_of_reach,
    outcome,
)
from flows.vocabulary import Accepted, Busy, Message, Refused, Uncertain

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)


def message(kind: str = "question", tries: int = 1, age: timedelta = timedelta()) -> Message:
    return Message(1, 2, "out", "Bonjour", NOW - age, "claimed", kind, tries=tries)


def test_what_is_taken_is_done() -> None:
    accepted = Accepted("SM1", "queued", 1)
    assert outcome(accepted, message(), NOW, 0.5) == Taken(accepted)


@pytest.mark.parametrize("meaning", ["opted_out", "bad_number", "landline", "blocked"])
@pytest.mark.parametrize("kind", ["question", "safety"])
def test_what_is_refused_for_good_is_given_up_at_once(meaning: str, kind: str) -> None:
    refused = Refused("1", meaning, permanent=True)
    assert outcome(refused, message(kind), NOW, 0.5) == GivenUp("1", meaning)


@pytest.mark.parametrize(
    ("meaning", "tries"), [("unreachable", 4), ("unknown", 2), ("configuration", 8)]
)
def test_what_may_pass_is_tried_again_so_often(meaning: str, tries: int) -> None:
    refused = Refused("30003", meaning, permanent=False)
    for n in range(1, tries):
        assert isinstance(outcome(refused, message(tries=n), NOW, 0.5), Again)
    assert outcome(refused, message(tries=tries), NOW, 0.5) == GivenUp("30003", meaning)


def test_a_busy_provider_is_left_alone_for_as_long_as_it_says() -> None:
    got = outcome(Busy(7), message(), NOW, 0)
    assert got == Again(NOW + timedelta(seconds=7), "busy")


def test_pauses_grow_and_stay_apart() -> None:
    pauses = [backoff(message(tries=n), 0.5).total_seconds() for n in range(1, 12)]
    assert pauses == sorted(pauses)
    assert pauses[0] == 30
    assert pauses[-1] == LONGEST_WAIT_S
    assert backoff(message(), 0.0) != backoff(message(), 0.9)
    assert backoff(message(tries=5000), 0.5).total_seconds() == LONGEST_WAIT_S


def test_a_busy_day_ends() -> None:
    old = message(tries=50, age=timedelta(hours=25))
    assert outcome(Busy(1), old, NOW, 0.5) == GivenUp("429", "unreachable")


def test_nobody_knows_then_it_is_looked_up_and_not_sent_again() -> None:
    got = outcome(Uncertain("time-out"), message(), NOW, 0.5)
    assert got == InDoubt(NOW + timedelta(seconds=30), "time-out")


def test_a_safety_text_nobody_knows_of_is_sent_again_soon() -> None:
    got = outcome(Uncertain("time-out"), message("safety"), NOW, 0.5)
    assert got == Again(NOW + timedelta(seconds=5), "time-out")
    last = message("safety", tries=6)
    assert outcome(Uncertain("time-out"), last, NOW, 0.5) == GivenUp("", "uncertain")


def test_looking_up_ends_after_ten_minutes() -> None:
    assert looked_up(Accepted("SM1"), message(), NOW, NOW) == Taken(Accepted("SM1"))
    nine = NOW + timedelta(minutes=9)
    assert isinstance(looked_up(None, message(), NOW, nine), InDoubt)
    assert looked_up(None, message(), NOW, NOW + timedelta(minutes=10)) == GivenUp("", "uncertain")


def test_while_the_provider_cannot_be_asked_nothing_is_given_up_for_a_day() -> None:
    hour = NOW + timedelta(hours=1)
    assert isinstance(out_of_reach(message(), NOW, hour), InDoubt)
    day = NOW + timedelta(hours=24)
    assert out_of_reach(message(), NOW, day) == GivenUp("", "uncertain")
