"""Dated rules in packs, and the pure decisions that read them. Time is handed in.

Packs
    shipped_packs() -> Packs                 the packs of this package, read once
    read_packs(folder) -> Packs              raises PackFaults(.faults: YamlFault…)
    faults_in(folder) -> list[YamlFault]     for `vigie check`
    Packs.for_(illness, territory, on), Packs.named(name) -> Pack   (NoPack)
    Pack: name, illness, territory, zone, starts, ends, source, signed_by, fictional, language,
          country, agency (name, public_phone, sender, call_line), table(name), row(id)
    Decision(value, row, why, missing)       `missing` not empty: say nothing, make a review

Facts
    person_facts(person, role, today, onset) -> PersonFacts
    check_in_facts(answers, at) -> CheckInFacts            answers as CheckIn.answers keeps them
    CaseFacts(onset, test, no_symptoms, negative_test, person)

Decisions
    contagious_window(pack, onset, test, today, symptoms=) -> Decision[(first, last) | None]
    is_at_risk(pack, kind, protection, minutes, on) -> Decision["yes" | "no" | "doubtful"]
    contact_until(pack, [(last_day, kind)], facts, today) -> Decision[date | None]
    contact_tests(pack, last_day, kind, facts), needs_negative_test(pack, exposures, facts)
    case_until(pack, case, today) -> Decision[date | None]
    may_close_case(pack, case, check_ins, now) -> Decision[bool]
    may_close_contact(pack, until, check_ins, now, negative_test=, test_needed=) -> Decision[bool]
    is_fragile(pack, facts, on) -> Decision[bool]
    assess(pack, person, answer, history, on) -> Assessment(priority, reasons, dangers, doubts,
        gravity, orientation, fragile, watchful, score, trend)
    review_rule(pack, reason, on) -> ReviewRule(reason, priority, words, minutes)
    deadline(pack, priority, now, fragile=, minutes=), escalates_at(pack, priority, opened, due)
    safety_text(pack, dangers, country, duty, now, doubtful=, spoken=) -> (SafetyText, …)
    reached_text(pack, country, duty, now), emergency_numbers(pack, country, on)
    safety_texts(pack) -> {key: English}
    duty(pack, now) -> Duty(staffed, on_call, opens_at, alerted)
    is_quiet(pack, local), next_allowed(pack, local, window), next_check_in(pack, local, window)
    rerouting(pack, meaning, on) -> Rerouting(elsewhere, review, row)
    windows(pack, on) -> names; is_late(pack, local), resumes_at(pack, local)
    reminders(pack, kind, on, Silence(fragile, alert, silent_days, window))
        -> (Step(number, after, action, reason, row, soonest), …)
    planned(pack, steps, asked, usual) -> ((moment, Step), …)
    usual_hour(pack, moments, on) -> time | None
    second_contact_again(pack, role, on, minor=, fragile=) -> timedelta | None
    delay(pack, name, on) -> timedelta
    relay(pack, on) -> Relay(places, lifetime, tries, row)
    proof(pack, who, on) -> Proof(way, tries, again_after, row); needs_proof(…)
    channel_alarm(pack, channel, on) -> ChannelAlarm | None
    duty_alarms(pack, priority, on) -> (DutyAlarm(level, after, row), …)
    spot_checks(pack, on) -> SpotChecks(one_in, most, row) | None
    machine_calls(pack, on) -> Calling(tries, elder_age, letter_days, row)
    duty_phone(pack, now) -> E.164 or ""
    territories(pack, on) -> (Territory(code, name, postcodes), …)
    territory_of(pack, country, postcode, on) -> code or ""
    signed(pack, question, on) -> Row | None     the signature under an answer
    names_match(typed, given_name, family_name) -> bool
    orientation(Answers) -> str              the official French algorithm
"""

from flows.rules.alarms import ChannelAlarm, DutyAlarm, channel_alarm, duty_alarms
from flows.rules.answers import signed
from flows.rules.call_slots import free_seats, free_slots, seats, shifts_of_rules, two_of
from flows.rules.calling import next_try
from flows.rules.closing import may_close_case, may_close_contact
from flows.rules.decision import Decision
from flows.rules.duty import Duty, duty
from flows.rules.exposure import is_at_risk
from flows.rules.facts import CaseFacts, CheckInFacts, PersonFacts, check_in_facts, person_facts
from flows.rules.fragility import is_fragile
from flows.rules.habits import usual_hour
from flows.rules.hours import (
    is_late,
    is_quiet,
    next_allowed,
    next_check_in,
    resumes_at,
    windows,
)
from flows.rules.identity import Proof, needs_proof, proof
from flows.rules.isolation import Met, case_until, contact_tests, contact_until, needs_negative_test
from flows.rules.names import names_match
from flows.rules.orientation import Answers, orientation
from flows.rules.packs import NoPack, Pack, Packs
from flows.rules.relay import Relay, relay
from flows.rules.reminders import Silence, Step, delay, planned, reminders, second_contact_again
from flows.rules.rerouting import Rerouting, rerouting
from flows.rules.reviews import ReviewRule, deadline, escalates_at, review_reasons, review_rule
from flows.rules.safety import (
    About,
    SafetyText,
    emergency_numbers,
    reached_text,
    safety_text,
    safety_texts,
)
from flows.rules.shelf import PackFaults, faults_in, read_packs, shipped_packs
from flows.rules.spot_checks import SpotChecks, spot_checks
from flows.rules.territories import Territory, territories, territory_of
from flows.rules.triage import Assessment, Reason, assess
from flows.rules.voice import duty_phone, machine_calls
from flows.rules.window import contagious_window

__all__ = [
    "About",
    "Answers",
    "Assessment",
    "CaseFacts",
    "ChannelAlarm",
    "CheckInFacts",
    "Decision",
    "Duty",
    "DutyAlarm",
    "Met",
    "NoPack",
    "Pack",
    "PackFaults",
    "Packs",
    "PersonFacts",
    "Proof",
    "Reason",
    "Relay",
    "Rerouting",
    "ReviewRule",
    "SafetyText",
    "Silence",
    "SpotChecks",
    "Step",
    "Territory",
    "assess",
    "case_until",
    "channel_alarm",
    "check_in_facts",
    "contact_tests",
    "contact_until",
    "contagious_window",
    "deadline",
    "delay",
    "duty",
    "duty_alarms",
    "duty_phone",
    "emergency_numbers",
    "escalates_at",
    "faults_in",
    "free_seats",
    "free_slots",
    "is_at_risk",
    "is_fragile",
    "is_late",
    "is_quiet",
    "machine_calls",
    "may_close_case",
    "may_close_contact",
    "names_match",
    "needs_negative_test",
    "needs_proof",
    "next_allowed",
    "next_check_in",
    "next_try",
    "orientation",
    "person_facts",
    "planned",
    "proof",
    "reached_text",
    "read_packs",
    "relay",
    "reminders",
    "rerouting",
    "resumes_at",
    "review_reasons",
    "review_rule",
    "safety_text",
    "safety_texts",
    "seats",
    "second_contact_again",
    "shifts_of_rules",
    "shipped_packs",
    "signed",
    "spot_checks",
    "territories",
    "territory_of",
    "two_of",
    "usual_hour",
    "windows",
]
