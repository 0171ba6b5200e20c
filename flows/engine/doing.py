"""What `do:` names: each turns into deeds, reviews and marks of the step."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from flows.engine import days, naming, roll_call
from flows.engine.grouped import groups
from flows.engine.staying import APART
from flows.engine.weighing import reasons_of, weigh
from flows.engine.work import Work
from flows.rules.ages import ADULT_MONTHS
from flows.spec.nodes import Do
from flows.vocabulary import (
    CallChosen,
    ContactNamed,
    Conversation,
    Enrol,
    HelperAgreed,
    HelpReached,
    Instructed,
    ListClosed,
    MemberNamed,
    Named,
    PersonLearned,
    RelayOpened,
    StateMoved,
)


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


def _learn_apart(work: Work, key: str) -> dict[str, Any]:
    return {"facts.separable": APART[work.conversation.bands[key]]}


def _learn_name(work: Work, key: str) -> dict[str, Any]:
    given, _, family = str(work.answer(key)).partition(" ")
    return {"given_name": given, "family_name": family}


_LEARN: Mapping[str, Callable[[Work, str], dict[str, Any]]] = {
    "birth_year": lambda work, key: {"birth_year": work.answer(key)},
    "name": _learn_name,
    "last_met": lambda work, key: {"relay.last_day": work.answer(key)},
    "onset": _learn_onset,
    "risks": _learn_risks,
    "place": lambda work, key: {"street": work.answer(key)},
    "window": lambda work, key: {"window": work.conversation.bands[key]},
    "isolation": lambda work, key: {"facts.isolation": work.conversation.bands[key]},
    "apart": _learn_apart,
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


def _enrol_members(work: Work, _: str, __: str) -> None:
    """Each for whom the person answers; of themselves what was told; adults only by agreement."""
    conversation, today = work.conversation, work.ground.today
    for row in conversation.named:
        months = roll_call.months_of(row, today)
        if row.role == roll_call.SELF:
            _learn_of_self(work, row)
        elif conversation.contact_id and not row.removed and (months or 0) < ADULT_MONTHS:
            person, address = _person(work), conversation.address_id
            work.deeds.append(MemberNamed(person, conversation.contact_id, address, row))
    told = [v for v in conversation.kept.values() if isinstance(v, Mapping) and v.get("parent")]
    if told:
        work.review("other_guardian", words=told[0]["parent"])


def _learn_of_self(work: Work, row: Named) -> None:
    values: dict[str, Any] = {f"facts.{risk}": "yes" for risk in row.risks.split(",") if risk}
    if row.birth_date and not work.ground.here.person.birth_date:
        values["birth_date"] = row.birth_date
    if values:
        work.deeds.append(PersonLearned(_person(work), values))


def _helper_agreed(work: Work, _: str, __: str) -> None:
    """The person agreed in writing, from their own address."""
    helper = work.conversation.kept.get("helper", {})
    if helper.get("address_id"):
        work.deeds.append(HelperAgreed(_person(work), helper["address_id"], "written"))


def _close_list(work: Work, outcome: str, _: str) -> None:
    conversation = work.conversation
    if conversation.case_id is None:
        return
    found = tuple(groups(conversation))
    work.deeds.append(ListClosed(conversation.case_id, outcome, found))
    work.deeds.append(StateMoved("case", conversation.case_id, "listed"))


def _move(what: str) -> Callable[[Work, str, str], None]:
    def move(work: Work, state: str, _: str) -> None:
        conversation = work.conversation
        row_id = conversation.case_id if what == "case" else conversation.contact_id
        if row_id is not None:
            work.deeds.append(StateMoved(what, row_id, state))

    return move


def _help_reached(work: Work, _: str, __: str) -> None:
    work.deeds.append(HelpReached(_person(work)))


def _instructed(work: Work, _: str, __: str) -> None:
    """Only an answer tells that the instruction was read."""
    conversation = work.conversation
    if conversation.case_id is not None or conversation.contact_id is not None:
        work.deeds.append(Instructed(conversation.case_id, conversation.contact_id))


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


def _keep_word(work: Work, _: str, key: str) -> None:
    """The word goes with the number; the conversation forgets it."""
    work.word = work.answer(key) or ""
    kept = {name: value for name, value in work.conversation.kept.items() if name != key}
    work.conversation = replace(work.conversation, kept=kept)
    work.shared = True


def _note_symptoms(work: Work, _: str, key: str) -> None:
    """Signs told at enrolment are weighed at once, like a first check-in."""
    signs = work.answer(key) or {}
    answers = {"symptoms": list(signs.get("present", ()))}
    found = weigh(work.ground, answers)
    work.dangers.extend(found.dangers)
    told = {"orientation": found.orientation, "reasons": reasons_of(found)}
    work.review("new_symptom", priority=found.priority, answers=answers, **told)


def _book_call(work: Work, _: str, key: str) -> None:
    """The hour that was chosen is asked for; whether it is still free only the store knows."""
    starts = datetime.fromisoformat(str(work.answer(key)))
    work.deeds.append(CallChosen(_person(work), work.conversation.address_id, starts))


def _open_relay(work: Work, _: str, key: str) -> None:
    """The code of this case enrols from now on; how many it is for, once they are counted."""
    case_id = work.conversation.case_id
    if case_id is not None:
        many = work.answer(key)
        work.deeds.append(RelayOpened(case_id, many if isinstance(many, int) else None))


def _identity_proven(work: Work, _: str, __: str) -> None:
    work.proven = True


def _shared_phone(work: Work, _: str, __: str) -> None:
    work.shared = True


def _number_wrong(work: Work, _: str, __: str) -> None:
    work.number_wrong = True


def _lower_danger(work: Work, _: str, __: str) -> None:
    work.danger_lowered = True


_DOINGS: Mapping[str, Callable[[Work, str, str], None]] = {
    "assess": days.assess,
    "assess_all": days.assess_all,
    "book_call": _book_call,
    "close_list": _close_list,
    "date_named": _date_named,
    "enrol": _enrol,
    "help_reached": _help_reached,
    "helper_agreed": _helper_agreed,
    "enrol_members": _enrol_members,
    "identity_proven": _identity_proven,
    "instructed": _instructed,
    "keep_word": _keep_word,
    "learn": _learn,
    "lower_danger": _lower_danger,
    "mark": _mark,
    "mark_others": _mark_others,
    "missed": days.missed,
    "missed_all": days.missed_all,
    "move_case": _move("case"),
    "move_contact": _move("contact"),
    "note_symptoms": _note_symptoms,
    "number_wrong": _number_wrong,
    "open_relay": _open_relay,
    "review": _review,
    "shared_phone": _shared_phone,
}
