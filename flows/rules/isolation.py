"""Until which day a contact or a case stays at home."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import NamedTuple

from flows.rules.decision import Decision
from flows.rules.facts import CaseFacts, PersonFacts
from flows.rules.packs import Pack
from flows.rules.rows import Match, first


class Met(NamedTuple):
    """An exposure as rules see it: its last day, its kind, and the last day of its case at home."""

    last: date | None
    kind: str
    case_until: date | None = None


Exposed = tuple[date | None, str] | Met


def contact_until(
    pack: Pack, exposures: Sequence[Exposed], facts: PersonFacts, today: date
) -> Decision[date | None]:
    """The last day at home: by the latest end of all exposures.

    None with `missing`: no date may be said, a review is made. None without `missing`: the
    rules ask nothing of this person (`why` is contact.no_quarantine).
    """
    if not exposures:
        return Decision(None, why="contact.missing", missing=("exposure",))
    ends = [_end_of(pack, Met(*one), facts, today) for one in exposures]
    missing = tuple(dict.fromkeys(name for end in ends for name in end.missing))
    if missing:
        return Decision(None, why="contact.missing", missing=missing)
    dated = [end for end in ends if end.value is not None]
    return max(dated, key=_day, default=ends[0])


def contact_tests(
    pack: Pack, last_day: date, kind: str, facts: PersonFacts, case_until: date | None = None
) -> Decision[tuple[date, ...]]:
    """The days on which the rules ask this contact for a test, counted from the last exposure."""
    if kind == "home" and facts.apart_since:
        last_day = max(last_day, facts.apart_since)
    match = _contact_row(pack, last_day, kind, facts)
    if match.row is None:
        return Decision((), why="contact.missing", missing=match.missing or ("rule",))
    if match.row.flag("ongoing"):
        last_day = max(last_day, case_until or last_day)
    days = (last_day + timedelta(days=int(number)) for number in match.row.words("tests"))
    return Decision(tuple(days), match.row.id, "contact.tests")


def needs_negative_test(pack: Pack, exposures: Sequence[Exposed], facts: PersonFacts) -> bool:
    """Whether the end of isolation waits for a negative test."""
    met = (Met(*one) for one in exposures)
    rows = (_contact_row(pack, one.last, one.kind, facts).row for one in met if one.last)
    return any(row is not None and row.flag("negative_test") for row in rows)


def case_until(pack: Pack, case: CaseFacts, today: date) -> Decision[date | None]:
    """The last day at home for a case if all goes well; `may_close_case` says whether it did.

    None with `missing` where a date lacks; None without where no isolation is asked.
    """
    anchor = case.test if case.no_symptoms else (case.onset or case.test)
    if anchor is None or not (case.onset or case.no_symptoms):
        return Decision(None, why="case.missing", missing=_dates_missing(case))
    facts = {
        "symptoms": not case.no_symptoms,
        "vaccination": case.person.vaccination,
        "age": case.person.age,
        "negative_test": case.negative_test,
    }
    match = first(pack.table("case_isolation"), facts, anchor)
    if match.row is None:
        return Decision(None, why="case.missing", missing=match.missing or ("rule",))
    if not match.row.flag("isolation"):
        return Decision(None, match.row.id, "case.no_isolation")
    days = timedelta(days=match.row.number("days"))
    return Decision(anchor + days, match.row.id, "case.counted")


def _dates_missing(case: CaseFacts) -> tuple[str, ...]:
    return ("test",) if case.no_symptoms else ("onset",)


def _end_of(pack: Pack, met: Met, facts: PersonFacts, today: date) -> Decision[date | None]:
    """The end of one exposure. Who keeps apart since some day was exposed until then, and is never
    kept at home for longer than if they had gone on sharing the home."""
    if met.kind != "home" or met.last is None or facts.apart_since is None:
        return _one_exposure(pack, met, facts, today)
    apart = met._replace(last=max(met.last, facts.apart_since))
    ends = [
        _one_exposure(pack, apart, facts, today),
        _one_exposure(pack, met, replace(facts, separable=False), today),
    ]
    return min((end for end in ends if not end.missing), key=_day, default=ends[0])


def _one_exposure(pack: Pack, met: Met, facts: PersonFacts, today: date) -> Decision[date | None]:
    last = met.last
    if last is None or last > today:
        return Decision(None, why="contact.missing", missing=("last_day",))
    match = _contact_row(pack, last, met.kind, facts)
    if match.row is None:
        return Decision(None, why="contact.missing", missing=match.missing or ("rule",))
    if not match.row.flag("quarantine"):
        return Decision(None, match.row.id, "contact.no_quarantine")
    if match.row.flag("ongoing"):
        # Each day under one roof is an exposure, as long as the case stays at home.
        if met.case_until is None:
            return Decision(None, match.row.id, "contact.missing", missing=("case_until",))
        last = max(last, met.case_until)
    days = timedelta(days=match.row.number("days"))
    return Decision(last + days, match.row.id, "contact.counted")


def _contact_row(pack: Pack, last: date, kind: str, facts: PersonFacts) -> Match:
    known = {
        "kind": None if kind in ("", "unknown") else kind,
        "separable": facts.separable,
        "separable_known": facts.separable is not None,
        "vaccination": facts.vaccination,
        "weak_defences": facts.weak_defences,
        "recovered_lately": facts.recovered_lately,
        "age": facts.age,
    }
    return first(pack.table("contact_isolation"), known, last)


def _day(end: Decision[date | None]) -> date:
    return end.value or date.min
