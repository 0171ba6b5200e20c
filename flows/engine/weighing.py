"""Weighs a day's answers by the rules' table: what they amount to for this person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.engine.ground import Ground
from flows.rules import assess, check_in_facts, person_facts
from flows.rules.triage import Assessment
from flows.vocabulary import Conversation, PersonHere

# How an answer about yesterday stands in the record of a day.
_SINCE = {"same": "stable"}


def answers_of(conversation: Conversation) -> dict[str, Any]:
    """A check-in's answers as `CheckIn.answers` keeps them."""
    bands, kept = conversation.bands, conversation.kept
    signs = kept.get("check_in.others") or kept.get("contact.why") or {}
    figure = kept.get("check_in.measured") or kept.get("check_in.fever")
    answers = {
        "danger": bands.get("check_in.danger"),
        "dangers": sorted(kept.get("dangers", ())),
        "fever": bands.get("check_in.measured") or bands.get("check_in.fever"),
        "temperature": figure,
        "symptoms": sorted(_symptoms(conversation)),
        "absent": sorted(signs.get("absent", ())),
        "oxygen": kept.get("oxygen"),
        "none": bands.get("check_in.others") == "none",
        "state": _since_yesterday(conversation, "since"),
        "breathing": _since_yesterday(conversation, "breath"),
    }
    return {key: value for key, value in answers.items() if value not in (None, [], False)}


def _symptoms(conversation: Conversation) -> set[str]:
    bands, kept = conversation.bands, conversation.kept
    signs = kept.get("check_in.others") or kept.get("contact.why") or {}
    which = kept.get("check_in.which_sign") or {}
    said = kept.get("check_in.danger") or ()
    rests = {"bedridden"} if bands.get("check_in.rest") == "yes" else set()
    return {*signs.get("present", ()), *which.get("present", ()), *said, *rests}


def _since_yesterday(conversation: Conversation, node: str) -> str | None:
    said = conversation.bands.get(f"check_in.{node}", "")
    found = _SINCE.get(said, said)
    return found if found in ("better", "stable", "worse", "much_worse") else None


def signs_of(ground: Ground, conversation: Conversation) -> str:
    """Whether today's answers tell of signs: none, the first ones, or again.

    A case had theirs before this follow-up began.
    """
    today = check_in_facts(answers_of(conversation))
    if not (today.all_symptoms or today.dangers):
        return "none"
    case = ground.here.case
    known = [check_in_facts(day.answers) for day in ground.here.history if day.answers]
    ill_before = bool(case and case.onset) or any(day.all_symptoms for day in known)
    return "again" if ill_before else "first"


def reasons_of(found: Assessment) -> list[dict[str, Any]]:
    """The reasons with their rows, JSON-ready; those across days with their points."""
    rows = []
    for reason in found.reasons:
        points = {"points": reason.points} if reason.points else {}
        rows.append({"code": reason.code, "row": reason.row, **points})
    return rows


def weigh(ground: Ground, answers: Mapping[str, Any]) -> Assessment:
    """What the triage rows make of these answers."""
    here = ground.here
    onset = here.case.onset if here.case else None
    role = "case" if here.case else "contact"
    history = [check_in_facts(c.answers, c.answered_at) for c in here.history if c.answers]
    return assess(
        ground.pack,
        person_facts(here.person, role, ground.today, onset),
        check_in_facts(answers, ground.now),
        history,
        ground.today,
    )


def told_signs(here: PersonHere, conversation: Conversation | None) -> bool:
    """Whether this person told of signs during the follow-up, a measured fever included."""
    days = [day.answers for day in here.history if day.answers]
    days += [answers_of(conversation)] if conversation else []
    return any(check_in_facts(answers).all_symptoms for answers in days)
