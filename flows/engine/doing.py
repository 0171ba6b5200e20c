"""What `do:` names: each turns into deeds, reviews and marks of the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flows.engine import naming
from flows.engine.ground import Asked, Ground
from flows.engine.weighing import answers_of, reasons_of, weigh
from flows.spec.nodes import Do
from flows.vocabulary import (
    CheckedIn,
    ContactNamed,
    Conversation,
    Deed,
    Enrol,
    ListClosed,
    Named,
    PersonLearned,
    StateMoved,
)

_BANDS = {"P1": "danger", "P2": "urgent", "P3": "watch", "P4": "watch"}


@dataclass(slots=True)
class Work:
    """A step in the making."""

    ground: Ground
    conversation: Conversation
    deeds: list[Deed] = field(default_factory=list)
    reviews: list[Asked] = field(default_factory=list)
    dangers: list[str] = field(default_factory=list)
    proven: bool = False
    shared: bool = False
    number_wrong: bool = False
    danger_lowered: bool = False
    assessment: dict[str, Any] = field(default_factory=dict)

    def answer(self, key: str) -> Any:
        """The payload kept under `flow.node`, None where there is none."""
        return self.conversation.kept.get(key)

    def review(self, reason: str, **detail: Any) -> None:
        """Wants a review, once a step for each reason."""
        if all(asked.reason != reason for asked in self.reviews):
            self.reviews.append(Asked(reason, detail))


def carry_out(work: Work, do: Do, key: str) -> None:
    """Do it; `key` is the `flow.node` at which it stands."""
    _DOINGS[do.name](work, do.argument, key)


def note_named(work: Work, before: Conversation) -> None:
    """Everybody named or changed since `before` becomes a deed at once: nothing waits."""
    known = {row.number: row for row in before.named}
    case_id = work.conversation.case_id
    if case_id is None:
        return
    for row in work.conversation.named:
        if known.get(row.number) != row:
            named = ContactNamed(case_id, work.conversation.address_id, row)
            work.deeds.append(named)


def _person(work: Work) -> int:
    return work.ground.here.person.id


def _learn(work: Work, what: str, key: str) -> None:
    values = _LEARN[what](work, key)
    if values:
        work.deeds.append(PersonLearned(_person(work), values))


def _learn_risks(work: Work, key: str) -> dict[str, Any]:
    chosen = work.answer(key) or ()
    risks = ("pregnant", "over_65", "long_illness", "weak_defences")
    return {f"facts.{risk}": "yes" if risk in chosen else "no" for risk in risks}


def _learn_onset(work: Work, key: str) -> dict[str, Any]:
    if work.conversation.bands.get(key) == "given":
        return {"case.onset": work.answer(key)}
    return {"case.no_symptoms": True}


_LEARN: Mapping[str, Callable[[Work, str], dict[str, Any]]] = {
    "birth_year": lambda work, key: {"birth_year": work.answer(key)},
    "onset": _learn_onset,
    "risks": _learn_risks,
    "place": lambda work, key: {"street": work.answer(key)},
    "window": lambda work, key: {"window": work.conversation.bands[key]},
    "isolation": lambda work, key: {"facts.isolation": work.conversation.bands[key]},
    "support": lambda work, key: {"facts.support": ",".join(work.answer(key) or ())},
}


def _review(work: Work, reason: str, key: str) -> None:
    answer = work.answer(key)
    words = work.answer(f"{key}.words")
    work.review(reason, at=key, answer=words if answer is None else answer)
    if reason == "support_needed" and "safety" in (answer or ()):
        # Feeling unsafe at home is read as violence: doubt goes to a person, and quietly.
        work.dangers.append("violence")


def _enrol(work: Work, _: str, __: str) -> None:
    conversation = work.conversation
    role = "case" if conversation.case_id else "contact"
    work.deeds.append(
        Enrol(
            _person(work),
            role,
            conversation.address_id,
            case_id=conversation.case_id,
            contact_id=conversation.contact_id,
        )
    )


def _close_list(work: Work, outcome: str, _: str) -> None:
    conversation = work.conversation
    if conversation.case_id is None:
        return
    groups = [
        group
        for kept in conversation.kept.values()
        if isinstance(kept, Mapping)
        for group in kept.get("groups", ())
    ]
    work.deeds.append(ListClosed(conversation.case_id, outcome, tuple(groups)))
    work.deeds.append(StateMoved("case", conversation.case_id, "listed"))


def _move(what: str) -> Callable[[Work, str, str], None]:
    def move(work: Work, state: str, _: str) -> None:
        conversation = work.conversation
        row_id = conversation.case_id if what == "case" else conversation.contact_id
        if row_id is not None:
            work.deeds.append(StateMoved(what, row_id, state))

    return move


def _mark(work: Work, mark: str, key: str) -> None:
    _mark_rows(work, mark, set(work.answer(key) or ()))


def _mark_others(work: Work, mark: str, _: str) -> None:
    _mark_rows(work, mark, {row.number for row in naming.doubtful_minors(work.conversation.named)})


def _mark_rows(work: Work, mark: str, numbers: set[int]) -> None:
    named = tuple(
        _MARKS[mark](row) if row.number in numbers else row for row in work.conversation.named
    )
    work.conversation = replace(work.conversation, named=named)


_MARKS: Mapping[str, Callable[[Named], Named]] = {
    "minor": lambda row: replace(row, minor=True),
    "adult": lambda row: replace(row, minor=False),
    "may_name": lambda row: replace(row, may_name=True),
}


def _date_named(work: Work, _: str, key: str) -> None:
    day = date.fromisoformat(work.answer(key))
    numbers = set(work.conversation.kept.get(f"{key}.about", ()))
    named = tuple(
        replace(row, last_day=day) if row.number in numbers else row
        for row in work.conversation.named
    )
    work.conversation = replace(work.conversation, named=named)


def _assess(work: Work, _: str, __: str) -> None:
    """Weigh the day's answers: band `assessment`, reviews, dangers, and the check-in kept."""
    answers = answers_of(work.conversation)
    found = weigh(work.ground, answers)
    known = set(work.conversation.kept.get("dangers", ()))
    work.dangers.extend(code for code in found.dangers if code not in known)
    in_danger = bool(found.dangers) or found.priority == "P1"
    band = "danger" if in_danger else _BANDS.get(found.priority or "", "calm")
    bands = {**work.conversation.bands, "assessment": band}
    work.conversation = replace(work.conversation, bands=bands)
    work.assessment = {
        "band": band,
        "priority": found.priority,
        "gravity": found.gravity,
        "orientation": found.orientation,
        "score": found.score,
        "trend": found.trend,
        "reasons": reasons_of(found),
        "dangers": list(found.dangers),
    }
    if found.priority and not found.dangers:
        work.review("check_in", **work.assessment)
    _check_in(work, answers, complete=True)


def _check_in(work: Work, answers: Mapping[str, Any], complete: bool) -> None:
    conversation = work.conversation
    if conversation.follow_up_id is None or conversation.day is None:
        return
    work.deeds.append(
        CheckedIn(
            conversation.follow_up_id,
            _person(work),
            conversation.day,
            answers,
            work.assessment,
            complete,
        )
    )


def _missed(work: Work, _: str, __: str) -> None:
    _check_in(work, answers_of(work.conversation), complete=False)


def _note_symptoms(work: Work, _: str, key: str) -> None:
    """Signs told at enrolment are weighed at once, like a first check-in."""
    signs = work.answer(key) or {}
    answers = {"symptoms": list(signs.get("present", ()))}
    found = weigh(work.ground, answers)
    work.dangers.extend(found.dangers)
    told = {"orientation": found.orientation, "reasons": reasons_of(found)}
    work.review("new_symptom", priority=found.priority, answers=answers, **told)


def _identity_proven(work: Work, _: str, __: str) -> None:
    work.proven = True


def _shared_phone(work: Work, _: str, __: str) -> None:
    work.shared = True


def _number_wrong(work: Work, _: str, __: str) -> None:
    work.number_wrong = True


def _lower_danger(work: Work, _: str, __: str) -> None:
    work.danger_lowered = True


_DOINGS: Mapping[str, Callable[[Work, str, str], None]] = {
    "assess": _assess,
    "close_list": _close_list,
    "date_named": _date_named,
    "enrol": _enrol,
    "identity_proven": _identity_proven,
    "learn": _learn,
    "lower_danger": _lower_danger,
    "mark": _mark,
    "mark_others": _mark_others,
    "missed": _missed,
    "move_case": _move("case"),
    "move_contact": _move("contact"),
    "note_symptoms": _note_symptoms,
    "number_wrong": _number_wrong,
    "review": _review,
    "shared_phone": _shared_phone,
}
