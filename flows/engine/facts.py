"""The finite facts that flows branch on, and the texts' values, from what is known now."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date, timedelta

from flows.engine import household, naming, roll_call, staying
from flows.engine.ground import Ground
from flows.engine.grouped import groups
from flows.engine.walking import trail_in
from flows.engine.weighing import signs_of
from flows.rules import (
    contagious_window,
    delay,
    needs_proof,
    proof,
    relay,
    two_of,
)
from flows.rules.ages import ADULT_MONTHS
from flows.rules.rows import in_force
from flows.vocabulary import Conversation, Named, PersonHere

_Fact = Callable[[Ground, Conversation], str]
_DAYS_PER_ROUND = 2
_ROUNDS_OF_DAYS = 5
_NAMES_PER_ROUND = 3


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
    if over == "missing":
        return len(household.missing(ground, conversation))
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


def _proof(ground: Ground, _: Conversation) -> str:
    """How this person proves who they are, by the rules and by what the record holds."""
    person = ground.here.person
    way = proof(ground.pack, role(ground), ground.today).way
    if way == "birth_year":
        known = person.birth_date or person.birth_year
        return "birth_year" if known else "call_only"
    if way == "typed_name":
        return "typed_name" if (person.given_name or person.family_name) else "call_only"
    return "call_only"


def role(ground: Ground) -> str:
    """Whether we talk with a case or a contact."""
    return "case" if ground.here.case else "contact"


def _minor(ground: Ground, _: Conversation) -> str:
    return "yes" if ground.is_minor else "no"


def identity(ground: Ground) -> str:
    """Whether a fresh proof is needed: never given, too long ago, or others read this phone."""
    proven_at = ground.here.link.proven_at
    if ground.proven:
        return "proven"
    if ground.about_other and proven_at is not None and not ground.address.shared:
        return "proven"
    rule = proof(ground.pack, role(ground), ground.today)
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
    """Nobody named by somebody with signs, and with a job or a household on file, is unlikely."""
    signs = (
        conversation.bands.get("case.onset") == "given" or _onset(ground, conversation) == "known"
    )
    week = trail_in(conversation).week
    case = ground.here.case
    on_file = bool(case and case.setting) or {"work", "school", "care"} & set(week)
    return "unlikely" if signs and on_file else "likely"


def _relay(ground: Ground, _: Conversation) -> str:
    """Whether the case has a code to pass on, and the rules let somebody use it."""
    case = ground.here.case
    open_to = relay(ground.pack, ground.today).places
    return "offered" if case and case.relay_code and open_to else "none"


def _may_name(ground: Ground, _: Conversation) -> str:
    return "yes" if any(e.may_name for e in ground.here.exposures) else "no"


def _may_date(ground: Ground, _: Conversation) -> str:
    return "yes" if any(e.may_date for e in ground.here.exposures) else "no"


def _halfway(ground: Ground, conversation: Conversation) -> str:
    """Whether this is the day of the follow-up on which one asks how it is going."""
    follow_up, day = ground.here.follow_up, conversation.day
    if follow_up is None or day is None:
        return "no"
    return "yes" if day - follow_up.starts_on == delay(ground.pack, "halfway", day) else "no"


def _named(_: Ground, conversation: Conversation) -> str:
    return "some" if naming.present(conversation.named) or groups(conversation) else "none"


def _unnumbered(_: Ground, conversation: Conversation) -> str:
    grown = (row for row in naming.present(conversation.named) if not row.minor)
    return "some" if any(not row.phone for row in grown) else "none"


def _pace(_: Ground, conversation: Conversation) -> str:
    return "short" if trail_in(conversation).short else "full"


def _lives_alone(_: Ground, conversation: Conversation) -> str:
    return "yes" if trail_in(conversation).home == "nobody" else "no"


def _nameless(_: Ground, conversation: Conversation) -> str:
    return "some" if naming.nameless(conversation.named) else "none"


def _minors(_: Ground, conversation: Conversation) -> str:
    return "doubtful" if naming.doubtful_minors(conversation.named) else "clear"


def _last_days(_: Ground, conversation: Conversation) -> str:
    return "missing" if naming.without_day(conversation.named) else "clear"


def _danger_named(_: Ground, conversation: Conversation) -> str:
    """Whether the words themselves said which danger it is: then it is not asked."""
    told = conversation.kept.get("dangers") or household.in_danger(conversation)
    return "yes" if told else "no"


def _phone(ground: Ground, _: Conversation) -> str:
    """Who reads this phone: its holder alone, others too, others who lack the family word."""
    if ground.address.word:
        return "worded"
    return "shared" if ground.address.shared else "own"


def _proof_year(ground: Ground, _: Conversation) -> str:
    person = ground.here.person
    return "known" if person.birth_date or person.birth_year else "unknown"


def _at_home(ground: Ground, _: Conversation) -> str:
    """Whether the case lives with this person: then those of their home were exposed too."""
    return "yes" if any(e.kind == "home" for e in ground.here.exposures) else "no"


def own_phone_months(ground: Ground) -> int:
    """From which age a teenager may be followed on a phone of their own, by the rules."""
    rows = in_force(ground.pack.table("household"), ground.today)
    return 12 * next((int(row.number("own_phone_age")) for row in rows), ADULT_MONTHS // 12)


def teenagers(ground: Ground, conversation: Conversation) -> tuple[Named, ...]:
    """Those named who may have a follow-up of their own."""
    least = own_phone_months(ground)
    return roll_call.aged(conversation.named, ground.today, least, ADULT_MONTHS)


def infants(ground: Ground, conversation: Conversation) -> tuple[Named, ...]:
    """Those named for whom a fever is an emergency."""
    return roll_call.aged(conversation.named, ground.today, below=roll_call.INFANT_MONTHS)


def other_adults(ground: Ground, conversation: Conversation) -> tuple[Named, ...]:
    """Adults named: they are answered for only by their own agreement."""
    return roll_call.aged(conversation.named, ground.today, ADULT_MONTHS)


def _some(found: Callable[[Ground, Conversation], Sequence[Named]]) -> _Fact:
    return lambda ground, conversation: "some" if found(ground, conversation) else "none"


def _children(ground: Ground, conversation: Conversation) -> Sequence[Named]:
    return roll_call.aged(conversation.named, ground.today, below=ADULT_MONTHS)


def _member_ages(_: Ground, conversation: Conversation) -> str:
    return "missing" if roll_call.ageless(conversation.named) else "clear"


def _members(ground: Ground, conversation: Conversation) -> str:
    return "missing" if household.missing(ground, conversation) else "all"


def _assessment(_: Ground, conversation: Conversation) -> str:
    return conversation.bands.get("assessment", "calm")


_FACTS: Mapping[str, _Fact] = {
    "proof": _proof,
    "role": lambda ground, _: role(ground),
    "minor": _minor,
    "identity": lambda ground, _: identity(ground),
    "told": _told,
    "phone": _phone,
    "members": _members,
    "at_home": _at_home,
    "member_ages": _member_ages,
    "teenagers": _some(teenagers),
    "other_adults": _some(other_adults),
    "children": _some(_children),
    "infants": _some(infants),
    "proof_year": _proof_year,
    "onset": _onset,
    "alone": _alone,
    "relay": _relay,
    "may_name": _may_name,
    "may_date": _may_date,
    "until": staying.until,
    "apart": staying.apart,
    "halfway": _halfway,
    "named": _named,
    "nameless": _nameless,
    "pace": _pace,
    "unnumbered": _unnumbered,
    "lives_alone": _lives_alone,
    "minors": _minors,
    "last_days": _last_days,
    "danger_named": _danger_named,
    "assessment": _assessment,
    "signs": signs_of,
    "calls": lambda ground, _: "free" if two_of(ground.free_slots) else "full",
}


def exposures_named_by(here: PersonHere) -> str:
    """The name of the case who allowed it, "" where none did."""
    return next((here.case_names.get(e.case_id, "") for e in here.exposures if e.may_name), "")
