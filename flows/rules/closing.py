"""Whether a follow-up may end: never by the calendar alone."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from flows.rules.decision import Decision
from flows.rules.facts import CaseFacts, CheckInFacts
from flows.rules.isolation import case_until
from flows.rules.packs import Pack
from flows.rules.rows import Row, first

STEADY = frozenset({"none", "better", "stable"})
BREATHING = frozenset({"breathlessness", "severe_breathlessness", "blue_lips"})


def may_close_case(
    pack: Pack,
    case: CaseFacts,
    check_ins: Sequence[CheckInFacts],
    now: datetime,
    zone: ZoneInfo | None = None,
) -> Decision[bool]:
    """True when the length is over, fever and breathing were quiet for the hours that the rule
    asks, and the check-ins in that time bear witness. `now` is aware; days are those of `zone`.

    False says why: case.missing (a fact: make a review), case.too_early, case.fever,
    case.breathing, case.danger, case.check_ins.
    Source: end of isolation of mesconseilscovid (deconfinement.js), a full day each way.
    """
    today = now.astimezone(zone or pack.zone).date()
    until = case_until(pack, case, today)
    if until.missing:
        return Decision(False, why="case.missing", missing=until.missing)
    if until.value is not None and today < until.value:
        return Decision(False, until.row, "case.too_early")
    row = first(pack.table("case_closing"), {}, today).row
    if row is None:
        return Decision(False, why="case.missing", missing=("rule",))
    trouble = next(_troubles(row, check_ins, now), None)
    return Decision(trouble is None, row.id, trouble or "case.over")


def may_close_contact(
    pack: Pack,
    until: date | None,
    check_ins: Sequence[CheckInFacts],
    now: datetime,
    *,
    negative_test: bool | None = None,
    test_needed: bool = False,
    zone: ZoneInfo | None = None,
) -> Decision[bool]:
    """True when the last day is past, the last check-in is fresh and without any symptom, and
    the test that the rule asks is negative.

    False says why: contact.missing, contact.too_early, contact.silent, contact.symptom,
    contact.unanswered (the danger question), contact.test; all but too_early call for a review.
    """
    today = now.astimezone(zone or pack.zone).date()
    row = first(pack.table("contact_closing"), {}, today).row
    if until is None or row is None:
        return Decision(False, why="contact.missing", missing=("until",))
    if today < until:
        return Decision(False, row.id, "contact.too_early")
    fresh = _within(check_ins, now, row.number("check_in_hours"))
    if not fresh:
        return Decision(False, row.id, "contact.silent")
    if _ill(fresh[-1]):
        return Decision(False, row.id, "contact.symptom")
    if fresh[-1].danger_answer != "no":
        return Decision(False, row.id, "contact.unanswered")
    if test_needed and not negative_test:
        return Decision(False, row.id, "contact.test")
    return Decision(True, row.id, "contact.over")


def _troubles(row: Row, check_ins: Sequence[CheckInFacts], now: datetime) -> Iterator[str]:
    recent = _within(check_ins, now, row.number("fever_free_hours"))
    # Fever must be denied, not merely unmentioned.
    if any(each.feverish is not False for each in recent):
        yield "case.fever"
    steady = _within(check_ins, now, row.number("stable_hours"))
    if any(_in_danger(each) for each in steady):
        yield "case.danger"
    if any(not _breathes_steadily(each) for each in steady):
        yield "case.breathing"
    if not _witnessed(row, check_ins, now):
        yield "case.check_ins"


def _witnessed(row: Row, check_ins: Sequence[CheckInFacts], now: datetime) -> bool:
    """A check-in in each part of the time: two in an hour prove nothing of yesterday. People
    answer earlier or later from day to day, so that a part begins some hours early."""
    wanted, slack = row.number("check_ins"), timedelta(hours=row.number("slack_hours"))
    part = timedelta(hours=row.number("spread_hours")) / max(1, wanted)
    ages = sorted(now - each.at for each in check_ins if each.at is not None and each.at <= now)
    for number in range(wanted):
        begins, ends = part * number - slack * (number > 0), part * (number + 1)
        found = next((age for age in ages if begins <= age < ends), None)
        if found is None:
            return False
        ages.remove(found)
    return True


def _within(check_ins: Sequence[CheckInFacts], now: datetime, hours: int) -> list[CheckInFacts]:
    since = now - timedelta(hours=hours)
    dated = [each for each in check_ins if each.at is not None and since < each.at <= now]
    return sorted(dated, key=lambda each: each.at or now)


def _breathes_steadily(answer: CheckInFacts) -> bool:
    """Said to be steady, or trouble denied: what was never answered is no witness."""
    if answer.breathing is not None:
        return answer.breathing in STEADY
    trouble = (answer.symptoms | answer.dangers | answer.doubts) & BREATHING
    return answer.danger_answer == "no" and not trouble


def _in_danger(answer: CheckInFacts) -> bool:
    return bool(answer.dangers or answer.doubts or answer.danger_answer == "yes")


def _ill(answer: CheckInFacts) -> bool:
    return bool(answer.all_symptoms) or answer.worse or _in_danger(answer)
