"""Which safety text answers which danger, where the person is and whoever is on duty."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime

from flows.rules.conditions import Fact
from flows.rules.duty import Duty
from flows.rules.packs import Pack
from flows.rules.rows import Row, first, in_force

NOT_MEDICAL = frozenset({"self_harm", "violence"})


@dataclass(frozen=True, slots=True)
class About:
    """Of whom a safety text speaks, to whom.

    `name`: the one in danger, where that may be said here; `simple`: a child reads it; `infant`:
    all the danger is the fever of a baby.
    """

    name: str = ""
    simple: bool = False
    infant: bool = False


NOBODY = About()


@dataclass(frozen=True, slots=True)
class SafetyText:
    """A text by its key in the catalogue, and what fills its placeholders."""

    key: str
    numbers: Mapping[str, str]
    row: str


def safety_text(
    pack: Pack,
    dangers: Collection[str],
    country: str,
    duty: Duty,
    now: datetime,
    *,
    doubtful: bool = False,
    spoken: bool = False,
    about: About = NOBODY,
) -> tuple[SafetyText, ...]:
    """The texts to send now, in order; empty where there is no danger.

    Medical first, then self-harm. Violence alone gets a text that reads as routine; beside
    another danger it gets none of its own, for that text already carries the numbers and a second
    one would betray her. `country` is where the person is, ISO alpha-2 or "" for unknown.
    `doubtful`: all medical dangers rest on a doubtful reading. `spoken`: a landline, where no
    number for texts is of use. `about`: of whom it speaks, to whom.
    """
    texts = (
        _text(pack, kind, country, duty, now, spoken, about)
        for kind in _kinds(frozenset(dangers), doubtful)
    )
    return tuple(text for text in texts if text is not None)


def reached_text(
    pack: Pack, country: str, duty: Duty, now: datetime, *, spoken: bool = False
) -> SafetyText | None:
    """The question that follows a medical text after some minutes: could you reach help?"""
    return _text(pack, "reached", country, duty, now, spoken)


def emergency_numbers(pack: Pack, country: str, on: date) -> dict[str, str]:
    """emergency, emergency_eu, sms_line, crisis of a country; emergency alone ("112") where the
    pack does not know the country."""
    row = _country(pack, country, on)
    names = ("emergency", "emergency_eu", "sms_line", "crisis", "violence_line", "child_line")
    numbers = {name: row.text(name) for name in names if row and row.text(name)}
    return numbers or {"emergency": "112"}


def safety_texts(pack: Pack) -> dict[str, str]:
    """Every safety text in English by its key, for catalogues and for `vigie check`."""
    return {row.id: row.text("text") for row in pack.table("texts")}


def _kinds(dangers: frozenset[str], doubtful: bool) -> list[str]:
    kinds: list[str] = []
    if dangers - NOT_MEDICAL:
        kinds.append("doubtful" if doubtful else "medical")
    if "self_harm" in dangers:
        kinds.append("self_harm")
    return kinds or (["violence"] if "violence" in dangers else [])


def _text(
    pack: Pack,
    kind: str,
    country: str,
    duty: Duty,
    now: datetime,
    spoken: bool,
    about: About = NOBODY,
) -> SafetyText | None:
    on = now.astimezone(pack.zone).date()
    numbers = emergency_numbers(pack, country, on)
    if spoken:
        numbers.pop("sms_line", None)
    facts: dict[str, Fact] = {
        "kind": kind,
        "alerted": duty.alerted,
        "reopens": duty.opens_at is not None,
        "lines": _lines(pack, numbers, country, on),
        "crisis": "crisis" in numbers,
        "neutral_line": "violence_line" in numbers and not spoken,
        "named": bool(about.name),
        "simple": about.simple,
        "infant": about.infant,
    }
    row = first(pack.table("safety"), facts, on).row
    if row is None:
        return None
    filled = numbers | {"reopens_at": _reopens(duty, now), "name": about.name}
    return SafetyText(row.text("key"), filled, row.id)


def _lines(pack: Pack, numbers: Mapping[str, str], country: str, on: date) -> str:
    if _country(pack, country, on) is None:
        return "none"
    return "sms" if "sms_line" in numbers and "emergency_eu" in numbers else "plain"


def _country(pack: Pack, country: str, on: date) -> Row | None:
    rows = in_force(pack.table("countries"), on)
    return next((row for row in rows if country.upper() in row.words("countries")), None)


def _reopens(duty: Duty, now: datetime) -> str:
    """HH:MM, with the day where that is not within a day: at 3 in the night 08:00 is plain."""
    if duty.opens_at is None:
        return ""
    soon = (duty.opens_at - now).total_seconds() < 24 * 3600
    return f"{duty.opens_at:%H:%M}" if soon else f"{duty.opens_at:%d/%m %H:%M}"
