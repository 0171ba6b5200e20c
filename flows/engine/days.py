"""Keeps the day of each one followed: their answers, weighed by the rules, with what they want."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.engine import household
from flows.engine.ground import Asked
from flows.engine.weighing import answers_of, reasons_of, weigh
from flows.engine.work import Work
from flows.rules.triage import Assessment
from flows.vocabulary import CheckedIn, PersonHere

_WORST = ("danger", "urgent", "watch", "calm")
_BANDS = {"P1": "danger", "P2": "urgent", "P3": "watch", "P4": "watch"}


def kept_assessment(found: Assessment) -> dict[str, Any]:
    """What the rules made of a day's answers, JSON-ready, with the band that flows branch on."""
    in_danger = bool(found.dangers) or found.priority == "P1"
    return {
        "band": "danger" if in_danger else _BANDS.get(found.priority or "", "calm"),
        "priority": found.priority,
        "gravity": found.gravity,
        "orientation": found.orientation,
        "score": found.score,
        "trend": found.trend,
        "reasons": reasons_of(found),
        "dangers": list(found.dangers),
    }


def assess(work: Work, _: str, __: str) -> None:
    """Weigh the day's answers: band `assessment`, reviews, dangers, and the check-in kept."""
    answers = answers_of(work.conversation)
    found = weigh(work.ground, answers)
    known = set(work.conversation.kept.get("dangers", ()))
    work.dangers.extend(code for code in found.dangers if code not in known)
    work.assessment = kept_assessment(found)
    bands = {**work.conversation.bands, "assessment": work.assessment["band"]}
    work.conversation = replace(work.conversation, bands=bands)
    if found.priority and not found.dangers:
        work.review("check_in", **work.assessment)
    _check_in(work, answers, complete=True)


def assess_all(work: Work, _: str, __: str) -> None:
    """Weigh each member's own answers: a check-in, a danger, a review for each of them."""
    worst = "calm"
    for one in work.ground.members:
        answers = household.answers_of(work.ground, work.conversation, one)
        if answers is None:
            _member_day(work, one, {}, {}, complete=False)
            continue
        found = household.weigh_member(work.ground, one, answers)
        kept = kept_assessment(found)
        known = set(household.in_danger(work.conversation).get(one.person.id, ()))
        if new := tuple(code for code in found.dangers if code not in known):
            work.member_dangers[one.person.id] = new
        if found.priority and not (found.dangers or known):
            work.reviews.append(Asked("check_in", kept, one.person.id))
        worst = min(worst, kept["band"], key=_WORST.index)
        _member_day(work, one, answers, kept, complete=True)
    bands = {**work.conversation.bands, "assessment": worst}
    work.conversation = replace(work.conversation, bands=bands)


def missed_all(work: Work, _: str, __: str) -> None:
    """The same for each member of the household."""
    for one in work.ground.members:
        answers = household.answers_of(work.ground, work.conversation, one) or {}
        _member_day(work, one, answers, {}, complete=False)


def _member_day(
    work: Work,
    one: PersonHere,
    answers: Mapping[str, Any],
    assessment: Mapping[str, Any],
    complete: bool,
) -> None:
    day = work.conversation.day
    if one.follow_up is None or day is None:
        return
    row = CheckedIn(one.follow_up.id, one.person.id, day, answers, assessment, complete)
    work.deeds.append(row)


def _check_in(work: Work, answers: Mapping[str, Any], complete: bool) -> None:
    conversation = work.conversation
    if conversation.follow_up_id is None or conversation.day is None:
        return
    work.deeds.append(
        CheckedIn(
            conversation.follow_up_id,
            work.ground.here.person.id,
            conversation.day,
            answers,
            work.assessment,
            complete,
        )
    )


def missed(work: Work, _: str, __: str) -> None:
    """What was answered before somebody fell silent."""
    _check_in(work, answers_of(work.conversation), complete=False)
