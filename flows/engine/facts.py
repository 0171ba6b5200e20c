"""The finite facts that flows branch on, and the texts' values, from what is known now."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, timedelta

from flows.engine import naming
from flows.engine.ground import Ground
from flows.engine.weighing import signs_of
from flows.rules import (
    contact_until,
    contagious_window,
    needs_proof,
    person_facts,
    proof,
)
from flows.rules.decision import Decision
from flows.vocabulary import Conversation, Named, PersonHere

_DAYS_PER_ROUND = 2
_ROUNDS_OF_DAYS = 5
_NAMES_PER_ROUND = 3
_JUST_PROVEN = timedelta(hours=1)


def fact(name: str, ground: Ground, conversation: Conversation) -> str:
    """The band of a fact now."""
    return _FACTS[name](ground, conversation)


def window_of(ground: Ground, conversation: Conversation | None = None) -> tuple[date, date]:
    """The contagious window of the case up to today; the last seven days while dates lack.

    First signs told in this conversation count at once, before the record has learned them.
    """
    case = ground.here.case
    if case is None:
        return ground.today - timedelta(days=7), ground.today
    told = conversation.bands.get("case.onset") if conversation else None
    given = conversation.kept.get("case.onset") if conversation and told == "given" else None
    found = contagious_window(
        ground.pack,
        date.fromisoformat(given) if given else case.onset,
        case.test_date,
        ground.today,
        symptoms=False if case.no_symptoms or told == "none" else None,
    )
    if found.value is None:
        return ground.today - timedelta(days=7), ground.today
    return found.value


def rounds(over: str, ground: Ground, conversation: Conversation) -> int:
    """How many rounds a `collect` has."""
    if over == "days":
        return len(rounds_of_days(ground, conversation))
    return -(-len(naming.without_day(conversation.named)) // _NAMES_PER_ROUND)


def rounds_of_days(ground: Ground, conversation: Conversation) -> tuple[tuple[date, ...], ...]:
    """The days of the window, the latest first, two to a round."""
    first, last = window_of(ground, conversation)
    count = (last - first).days + 1
    days = [last - timedelta(days=back) for back in range(max(count, 1))]
    chunks = [tuple(days[i : i + _DAYS_PER_ROUND]) for i in range(0, len(days), _DAYS_PER_ROUND)]
    return tuple(chunks[:_ROUNDS_OF_DAYS])


def people_of_round(conversation: Conversation) -> tuple[Named, ...]:
    """The people without a last day whom this round is about: always the next few."""
    return naming.without_day(conversation.named)[:_NAMES_PER_ROUND]


def isolation_end(ground: Ground) -> Decision[date | None]:
    """Until when a contact stays at home, by the latest exposure."""
    here = ground.here
    exposures = [(e.last_day, e.kind) for e in here.exposures]
    facts = person_facts(here.person, "contact", ground.today)
    return contact_until(ground.pack, exposures, facts, ground.today)


def _proof(ground: Ground, _: Conversation) -> str:
    """How this person proves who they are, by the rules and by what the record holds."""
    person, role = ground.here.person, _role(ground, _)
    way = proof(ground.pack, role, ground.today).way
    if way == "birth_year":
        known = person.birth_date or person.birth_year
        return "birth_year" if known else "call_only"
    if way == "typed_name":
        return "typed_name" if (person.given_name or person.family_name) else "call_only"
    return "call_only"


def _role(ground: Ground, _: Conversation) -> str:
    return "case" if ground.here.case else "contact"


def _minor(ground: Ground, _: Conversation) -> str:
    person = ground.here.person
    months = person_facts(person, "contact", ground.today).age_months
    return "yes" if person.minor or (months is not None and months < 18 * 12) else "no"


def _identity(ground: Ground, _: Conversation) -> str:
    """Whether a fresh proof is needed: never given, too long ago, or others read this phone."""
    proven_at = ground.here.link.proven_at
    if proven_at is not None and ground.now - proven_at < _JUST_PROVEN:
        return "proven"
    if ground.about_other and proven_at is not None and not ground.address.shared:
        return "proven"
    rule = proof(ground.pack, _role(ground, _), ground.today)
    asked = needs_proof(proven_at, ground.address.last_heard_at, rule, ground.now)
    return "needed" if asked or ground.address.shared else "proven"


def _told(ground: Ground, _: Conversation) -> str:
    return "yes" if ground.here.case and ground.here.case.told_by else "no"


def _onset(ground: Ground, conversation: Conversation) -> str:
    case = ground.here.case
    if case and case.onset:
        return "known"
    return "none" if case and case.no_symptoms else "unknown"


def _alone(ground: Ground, conversation: Conversation) -> str:
    """Nobody named by somebody with signs or a household is an incomplete case."""
    home = conversation.kept.get("case.home") or {}
    signs = (
        conversation.bands.get("case.onset") == "given" or _onset(ground, conversation) == "known"
    )
    return "unlikely" if signs or home.get("groups") else "likely"


def _may_name(ground: Ground, _: Conversation) -> str:
    return "yes" if any(e.may_name for e in ground.here.exposures) else "no"


def _may_date(ground: Ground, _: Conversation) -> str:
    return "yes" if any(e.may_date for e in ground.here.exposures) else "no"


def _until(ground: Ground, _: Conversation) -> str:
    found = isolation_end(ground)
    if found.value:
        return "known"
    return "unknown" if found.missing else "none"


def _named(_: Ground, conversation: Conversation) -> str:
    groups = any(
        isinstance(kept, Mapping) and kept.get("groups") for kept in conversation.kept.values()
    )
    return "some" if naming.present(conversation.named) or groups else "none"


def _nameless(_: Ground, conversation: Conversation) -> str:
    return "some" if naming.nameless(conversation.named) else "none"


def _minors(_: Ground, conversation: Conversation) -> str:
    return "doubtful" if naming.doubtful_minors(conversation.named) else "clear"


def _last_days(_: Ground, conversation: Conversation) -> str:
    return "missing" if naming.without_day(conversation.named) else "clear"


def _danger_named(_: Ground, conversation: Conversation) -> str:
    """Whether the words themselves said which danger it is: then it is not asked."""
    return "yes" if conversation.kept.get("dangers") else "no"


def _assessment(_: Ground, conversation: Conversation) -> str:
    return conversation.bands.get("assessment", "calm")


_FACTS: Mapping[str, Callable[[Ground, Conversation], str]] = {
    "proof": _proof,
    "role": _role,
    "minor": _minor,
    "identity": _identity,
    "told": _told,
    "onset": _onset,
    "alone": _alone,
    "may_name": _may_name,
    "may_date": _may_date,
    "until": _until,
    "named": _named,
    "nameless": _nameless,
    "minors": _minors,
    "last_days": _last_days,
    "danger_named": _danger_named,
    "assessment": _assessment,
    "signs": signs_of,
}


def exposures_named_by(here: PersonHere) -> str:
    """The name of the case who allowed it, "" where none did."""
    return next((here.case_names.get(e.case_id, "") for e in here.exposures if e.may_name), "")
