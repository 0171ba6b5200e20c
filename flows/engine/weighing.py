"""Weighs a day's answers by the rules' table: what they amount to for this person."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.engine.ground import Ground
from flows.rules import assess, check_in_facts, person_facts
from flows.rules.triage import Assessment
from flows.vocabulary import Conversation


def answers_of(conversation: Conversation) -> dict[str, Any]:
    """A check-in's answers as `CheckIn.answers` keeps them."""
    bands, kept = conversation.bands, conversation.kept
    signs = kept.get("check_in.others") or kept.get("contact.why") or {}
    which = kept.get("check_in.which_sign") or {}
    said = kept.get("check_in.danger") or ()
    symptoms = {*signs.get("present", ()), *which.get("present", ()), *said}
    figure = kept.get("check_in.measured") or kept.get("check_in.fever")
    answers = {
        "danger": bands.get("check_in.danger"),
        "dangers": sorted(kept.get("dangers", ())),
        "fever": bands.get("check_in.measured") or bands.get("check_in.fever"),
        "temperature": figure,
        "symptoms": sorted(symptoms),
        "absent": sorted(signs.get("absent", ())),
        "oxygen": kept.get("oxygen"),
        "none": bands.get("check_in.others") == "none",
    }
    return {key: value for key, value in answers.items() if value not in (None, [], False)}


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
