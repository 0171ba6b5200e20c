"""Until when somebody stays at home, and whether they keep apart from a case who lives there."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from flows.engine.ground import Ground
from flows.rules import (
    CaseFacts,
    Met,
    PersonFacts,
    case_until,
    contact_tests,
    contact_until,
    person_facts,
)
from flows.rules.decision import Decision
from flows.vocabulary import Case, Conversation, Exposure, Person

# How the answer to "can you keep apart from somebody ill at home?" counts.
APART = {"alone": "yes", "apart": "yes", "together": "no"}


def until(ground: Ground, conversation: Conversation | None = None) -> str:
    """Whether the rules give an end date, lack a fact for it, or ask for no isolation."""
    found = isolation_end(ground, conversation)
    if found.value:
        return "known"
    return "unknown" if found.missing else "none"


def isolation_end(
    ground: Ground, conversation: Conversation | None = None
) -> Decision[date | None]:
    """Until when a case stays at home, or a contact, by the latest exposure.

    What was told in this conversation counts at once, before the record has learned it.
    """
    here, today = ground.here, ground.today
    if here.case is not None:
        return case_until(ground.pack, case_facts(here.case, here.person, today), today)
    return contact_until(ground.pack, _met(ground), _contact_facts(ground, conversation), today)


def case_facts(case: Case, person: Person, today: date) -> CaseFacts:
    """What the rules of isolation need of a case."""
    return CaseFacts(
        onset=case.onset,
        test=case.test_date,
        no_symptoms=case.no_symptoms,
        person=person_facts(person, "case", today, case.onset),
    )


def met(exposure: Exposure) -> Met:
    """An exposure as the rules of isolation see it."""
    return Met(exposure.last_day, exposure.kind, exposure.case_until)


def test_days(ground: Ground) -> tuple[date, ...]:
    """The days on which the rules ask a contact for a test, in order."""
    facts = _contact_facts(ground)
    known = [(e.last_day, e.kind, e.case_until) for e in ground.here.exposures if e.last_day]
    found = (contact_tests(ground.pack, day, kind, facts, end) for day, kind, end in known)
    return tuple(sorted({day for decision in found for day in decision.value}))


def apart(ground: Ground, conversation: Conversation) -> str:
    """Whether it is to be asked if somebody ill at home can be kept apart: where it is not known,
    and the rules count otherwise where they cannot."""
    facts = _contact_facts(ground, conversation)
    at_home = any(exposure.kind == "home" for exposure in ground.here.exposures)
    if ground.here.case or not at_home or facts.separable is not None:
        return "settled"
    ends = (
        contact_until(ground.pack, _met(ground), replace(facts, separable=said), ground.today)
        for said in (True, False)
    )
    return "ask" if len({(end.row, end.value) for end in ends}) > 1 else "settled"


def _met(ground: Ground) -> list[Met]:
    return [met(exposure) for exposure in ground.here.exposures]


def _contact_facts(ground: Ground, conversation: Conversation | None = None) -> PersonFacts:
    facts = person_facts(ground.here.person, "contact", ground.today)
    told = conversation.bands.get("contact.apart", "") if conversation else ""
    return replace(facts, separable=APART[told] == "yes") if told in APART else facts
