"""The tables a pack may hold: what their rows may ask, what they may give, what they must."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Form = Literal["words", "number", "clock", "day", "text", "list", "numbers"]


@dataclass(frozen=True, slots=True)
class Kind:
    """The form of a value and, for words and lists, the words allowed (none: any)."""

    form: Form
    choices: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Table:
    """A table's columns: `asks` stand under `when:`, `gives` beside the row's id."""

    asks: Mapping[str, Kind] = field(default_factory=dict)
    gives: Mapping[str, Kind] = field(default_factory=dict)
    needs: tuple[str, ...] = ()


def _words(*choices: str) -> Kind:
    return Kind("words", frozenset(choices))


NUMBER, CLOCK, DAY, TEXT = Kind("number"), Kind("clock"), Kind("day"), Kind("text")
NUMBERS, WORDS, LIST = Kind("numbers"), Kind("words"), Kind("list")
FLAG = _words("yes", "no")
PRIORITY = _words("P1", "P2", "P3", "P4")
WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAYS_OF_WEEK = Kind("list", frozenset(WEEKDAYS))
EXPOSURE = _words("home", "face_to_face", "care", "closed_space", "class", "other", "unknown")
PROTECTION = _words("none", "mask_one", "mask_both", "screen", "unknown")
VACCINATION = _words("complete", "incomplete", "none")

TABLES: Mapping[str, Table] = {
    "territories": Table(
        gives={"code": WORDS, "name": TEXT, "postcodes": LIST}, needs=("code", "name")
    ),
    "window": Table(
        asks={"symptoms": FLAG},
        gives={"hours_before": NUMBER, "oldest_days": NUMBER},
        needs=("hours_before",),
    ),
    "exposure": Table(
        asks={
            "kind": EXPOSURE,
            "protection": PROTECTION,
            "minutes": NUMBER,
            "minutes_known": FLAG,
        },
        gives={"at_risk": _words("yes", "no", "doubtful")},
        needs=("at_risk",),
    ),
    "contact_isolation": Table(
        asks={
            "kind": EXPOSURE,
            "separable": FLAG,
            "separable_known": FLAG,
            "vaccination": VACCINATION,
            "weak_defences": FLAG,
            "recovered_lately": FLAG,
            "age": NUMBER,
        },
        gives={
            "quarantine": FLAG,
            "ongoing": FLAG,
            "days": NUMBER,
            "tests": NUMBERS,
            "negative_test": FLAG,
            "masks_days": NUMBER,
            "because": WORDS,
            "because_dated": WORDS,
        },
        needs=("quarantine",),
    ),
    "case_isolation": Table(
        asks={"symptoms": FLAG, "vaccination": VACCINATION, "age": NUMBER, "negative_test": FLAG},
        gives={
            "isolation": FLAG,
            "days": NUMBER,
            "counted_from": _words("onset", "test"),
            "because": WORDS,
        },
        needs=("isolation",),
    ),
    "case_closing": Table(
        gives={
            "fever_free_hours": NUMBER,
            "stable_hours": NUMBER,
            "check_ins": NUMBER,
            "spread_hours": NUMBER,
            "slack_hours": NUMBER,
        },
        needs=("fever_free_hours", "stable_hours", "check_ins", "spread_hours"),
    ),
    "calls": Table(
        gives={"most_a_day": NUMBER, "busy_minutes": NUMBER}, needs=("most_a_day", "busy_minutes")
    ),
    "machine_calls": Table(
        gives={"tries": NUMBER, "elder_age": NUMBER, "letter_days": NUMBER},
        needs=("tries", "elder_age", "letter_days"),
    ),
    "contact_closing": Table(gives={"check_in_hours": NUMBER}, needs=("check_in_hours",)),
    "fragile": Table(
        asks={
            "age": NUMBER,
            "over_65": FLAG,
            "pregnant": FLAG,
            "long_illness": FLAG,
            "weak_defences": FLAG,
            "bmi": NUMBER,
        },
        gives={"why": WORDS},
        needs=("why",),
    ),
    "triage": Table(
        asks={
            "danger": WORDS,
            "any_danger": FLAG,
            "any_doubt": FLAG,
            "danger_answer": _words("yes", "no", "unclear", "refused", "silent"),
            "symptom": WORDS,
            "any_symptom": FLAG,
            "new_symptom": FLAG,
            "fever": FLAG,
            "relieved": FLAG,
            "breathing": _words("none", "better", "stable", "worse", "much_worse"),
            "state": _words("better", "stable", "worse", "much_worse"),
            "effort": _words("rest", "small", "big"),
            "temperature": NUMBER,
            "oxygen": NUMBER,
            "pulse": NUMBER,
            "worse_times": NUMBER,
            "gravity": NUMBER,
            "orientation": WORDS,
            "illness_day": NUMBER,
            "role": _words("case", "contact"),
            "age": NUMBER,
            "age_months": NUMBER,
            "age_known": FLAG,
            "minor": FLAG,
            "pregnant": FLAG,
            "weak_defences": FLAG,
            "fragile": FLAG,
        },
        gives={"reason": WORDS, "priority": PRIORITY, "danger": WORDS, "gravity": NUMBER},
        needs=("reason",),
    ),
    "course": Table(
        asks={
            "breathing": _words("none", "better", "stable", "worse", "much_worse"),
            "state": _words("better", "stable", "worse", "much_worse"),
            "worse": FLAG,
            "worse_times": NUMBER,
            "any_symptom": FLAG,
            "new_symptoms": NUMBER,
            "fever": FLAG,
            "fever_days": NUMBER,
            "fever_back": FLAG,
            "fever_rises": NUMBER,
            "oxygen_falls": NUMBER,
            "gravity": NUMBER,
            "illness_day": NUMBER,
            "role": _words("case", "contact"),
            "fragile": FLAG,
        },
        gives={"points": NUMBER, "reason": WORDS},
        needs=("points", "reason"),
    ),
    "course_levels": Table(
        asks={"score": NUMBER}, gives={"priority": PRIORITY, "gravity": NUMBER}, needs=("priority",)
    ),
    "watch": Table(asks={"illness_day": NUMBER}, gives={"watchful": FLAG}, needs=("watchful",)),
    "priorities": Table(
        asks={"priority": PRIORITY, "fragile": FLAG},
        gives={
            "minutes": NUMBER,
            "closed": _words("opening", "clock", "staffed"),
            "escalate_minutes": NUMBER,
        },
        needs=("minutes", "closed"),
    ),
    "reviews": Table(
        gives={"priority": PRIORITY, "minutes": NUMBER, "words": TEXT, "may_wait": FLAG},
        needs=("priority", "words"),
    ),
    "hours": Table(
        gives={"weekdays": DAYS_OF_WEEK, "opens": CLOCK, "closes": CLOCK, "phone": TEXT},
        needs=("weekdays", "opens", "closes"),
    ),
    "holidays": Table(gives={"day": DAY, "name": TEXT}, needs=("day",)),
    "on_call": Table(
        gives={
            "weekdays": DAYS_OF_WEEK,
            "starts": CLOCK,
            "ends": CLOCK,
            "who": TEXT,
            "phone": TEXT,
        },
        needs=("weekdays", "starts", "ends", "who"),
    ),
    "call_hours": Table(
        gives={
            "weekdays": DAYS_OF_WEEK,
            "starts": CLOCK,
            "ends": CLOCK,
            "minutes": NUMBER,
            "seats": NUMBER,
        },
        needs=("weekdays", "starts", "ends", "minutes", "seats"),
    ),
    "prices": Table(
        # A decimal fraction, as the provider bills one part of a text.
        gives={"channel": _words("sms", "whatsapp"), "per_segment": TEXT, "currency": WORDS},
        needs=("channel", "per_segment", "currency"),
    ),
    "quiet": Table(gives={"starts": CLOCK, "ends": CLOCK}, needs=("starts", "ends")),
    "walking": Table(
        gives={"late_from": CLOCK, "late_until": CLOCK, "resumes": CLOCK},
        needs=("late_from", "late_until", "resumes"),
    ),
    "relay": Table(
        gives={"places": NUMBER, "days": NUMBER, "tries": NUMBER},
        needs=("places", "days", "tries"),
    ),
    "windows": Table(
        gives={"name": WORDS, "starts": CLOCK, "ends": CLOCK, "at": CLOCK, "spread": NUMBER},
        needs=("name", "starts", "ends", "at"),
    ),
    "reminders": Table(
        asks={
            "kind": WORDS,
            "fragile": FLAG,
            "alert": FLAG,
            "silent_days": NUMBER,
            "window": WORDS,
        },
        gives={
            "step": NUMBER,
            "minutes": NUMBER,
            "soonest": NUMBER,
            "action": _words("remind", "second_channel", "second_contact", "review", "stop"),
            "reason": WORDS,
        },
        needs=("step", "minutes", "action"),
    ),
    "household": Table(gives={"own_phone_age": NUMBER}, needs=("own_phone_age",)),
    "habits": Table(
        gives={
            "answers": NUMBER,
            "step_minutes": NUMBER,
            "spread_minutes": NUMBER,
            "half_life_days": NUMBER,
            "share_percent": NUMBER,
            "lead_minutes": NUMBER,
        },
        needs=("answers", "step_minutes", "spread_minutes", "half_life_days", "share_percent"),
    ),
    "channel_alarms": Table(
        asks={"channel": WORDS},
        gives={"failures": NUMBER, "minutes": NUMBER},
        needs=("failures", "minutes"),
    ),
    "duty_alarms": Table(
        asks={"priority": PRIORITY},
        gives={"level": NUMBER, "minutes": NUMBER},
        needs=("level", "minutes"),
    ),
    "spot_checks": Table(gives={"one_in": NUMBER, "most": NUMBER}, needs=("one_in", "most")),
    "rerouting": Table(
        asks={"meaning": WORDS},
        gives={"elsewhere": FLAG, "review": FLAG},
        needs=("elsewhere", "review"),
    ),
    "second_contact": Table(
        asks={"role": _words("case", "contact"), "minor": FLAG, "fragile": FLAG},
        gives={"allowed": FLAG, "again_days": NUMBER},
        needs=("allowed",),
    ),
    "delays": Table(
        gives={"seconds": NUMBER, "minutes": NUMBER, "hours": NUMBER, "days": NUMBER},
    ),
    "identity": Table(
        asks={"who": _words("case", "contact")},
        gives={
            "proof": _words("birth_year", "typed_name", "call_only"),
            "tries": NUMBER,
            "reproof_hours": NUMBER,
        },
        needs=("proof", "tries", "reproof_hours"),
    ),
    "countries": Table(
        gives={
            "countries": LIST,
            "emergency": TEXT,
            "emergency_eu": TEXT,
            "sms_line": TEXT,
            "crisis": TEXT,
            "violence_line": TEXT,
            "child_line": TEXT,
        },
        needs=("countries", "emergency"),
    ),
    "safety": Table(
        asks={
            "kind": _words("medical", "doubtful", "reached", "self_harm", "violence"),
            "alerted": FLAG,
            "reopens": FLAG,
            "lines": _words("sms", "plain", "none"),
            "crisis": FLAG,
            "neutral_line": FLAG,
            "named": FLAG,
            "simple": FLAG,
            "infant": FLAG,
        },
        gives={"key": WORDS},
        needs=("key",),
    ),
    "texts": Table(gives={"text": TEXT}, needs=("text",)),
    "explanations": Table(gives={"text": TEXT}, needs=("text",)),
    "call_words": Table(gives={"language": WORDS, "words": LIST}, needs=("language", "words")),
    "answers": Table(
        gives={"question": WORDS, "signed_by": TEXT, "signed_on": DAY},
        needs=("question", "signed_by", "signed_on"),
    ),
}
