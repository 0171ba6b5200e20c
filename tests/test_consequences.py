"""What the record learns from a text that will never arrive, and who must look."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.consequences import reviews_after, silence_after
from flows.rules import shipped_packs
from flows.vocabulary import Address, Link, Message, Person, PersonHere, Review, ReviewWanted, Scene

NOW = datetime(2026, 11, 23, 11, 0, tzinfo=UTC)
ADDRESS = Address(2, "sms", "+33639980001")
MARIE = PersonHere(Person(3), Link(3, 2))


def wanted(kind: str, meaning: str, *open_reviews: Review) -> list[ReviewWanted]:
    message = Message(1, 2, "out", "…", NOW, "claimed", kind, person_id=3)
    scene = Scene(ADDRESS, (MARIE,), (), open_reviews)
    pack = shipped_packs().named("demonstration")
    return list(reviews_after(scene, message, meaning, "21610", pack, NOW))


def review(reason: str, priority: str) -> Review:
    return Review(9, reason, priority, 2, f"{reason}:3", NOW, NOW, person_id=3)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("before", "meaning", "after"),
    [
        ("", "opted_out", "stopped"),
        ("", "bad_number", "bad"),
        ("", "landline", "bad"),
        ("bad", "opted_out", "stopped"),
        ("stopped", "bad_number", "stopped"),
        ("violence", "opted_out", "violence"),
        ("wrong", "opted_out", "wrong"),
        ("", "unreachable", ""),
        ("", "configuration", ""),
        ("", "uncertain", ""),
    ],
)
def test_a_number_is_silenced_by_what_its_provider_knows(
    before: str, meaning: str, after: str
) -> None:
    address = Address(2, "sms", "+33639980001", silence=before)
    assert silence_after(address, meaning).silence == after


@pytest.mark.parametrize(
    ("meaning", "reason"),
    [
        ("opted_out", "undeliverable"),
        ("bad_number", "number_bad"),
        ("landline", "number_bad"),
        ("filtered", "undeliverable"),
        ("uncertain", "send_uncertain"),
    ],
)
def test_somebody_looks_at_what_did_not_arrive(meaning: str, reason: str) -> None:
    (one,) = wanted("question", meaning)
    assert (one.reason, one.key, one.person_id) == (reason, f"{reason}:3", 3)
    assert one.detail == {"undelivered": meaning, "code": "21610", "message_id": 1}


def test_the_alert_of_a_person_in_danger_says_that_the_safety_text_did_not_arrive() -> None:
    alerts = (review("danger", "P1"), review("rights", "P4"))
    (one,) = wanted("safety", "opted_out", *alerts)
    assert (one.key, one.priority) == ("danger:3", "P1")
    assert one.detail["undelivered"] == "opted_out"


def test_a_safety_text_that_is_lost_after_its_alert_was_closed_is_an_alert_again() -> None:
    (one,) = wanted("safety", "bad_number")
    assert (one.reason, one.priority) == ("safety_undelivered", "P1")


def test_a_refused_confirmation_of_stop_is_no_alarm() -> None:
    (one,) = wanted("safety", "opted_out")
    assert (one.reason, one.priority) == ("undeliverable", "P3")
