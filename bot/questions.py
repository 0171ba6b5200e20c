"""A question and its reply as one JSON line: the contract of `vigie understand`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any

from bot.json_lines import Line, text_of
from flows.understanding import Member, Option, Question, Reading, read
from flows.understanding.reading import EXPECTED
from flows.vocabulary import LANGUAGES

_COUNTRY = re.compile(r"[A-Za-z]{2}\Z")
_OLDEST_MONTHS = 130 * 12


def understood(line: Line, today: datetime) -> Line:
    """The answer to one line; ValueError, in words for its author, where it cannot be read."""
    text = text_of(line)
    question = question_of(line, today)
    return {"expect": question.expect} | as_line(read(text, question), question.expect)


def as_line(reading: Reading, expect: str) -> dict[str, Any]:
    """A reading as the keys of the contract; groups stand beside contacts alone."""
    line = {**reading.told(), "spans": [asdict(span) for span in reading.spans]}
    if expect == "contacts":
        line["groups"] = [dict(group) for group in reading.groups]
    return line


def question_of(line: Line, today: datetime) -> Question:
    """The question of a line: every key of the contract checked."""
    return Question(
        expect=_known(line, "expect", EXPECTED),
        options=tuple(_option(one) for one in _list(line, "options")),
        lang=_known(line, "lang", LANGUAGES),
        country=_country(line.get("country")),
        now=_now(line.get("now"), today),
        about=tuple(_member(one) for one in _list(line, "about")),
    )


def _known(line: Line, key: str, allowed: tuple[str, ...]) -> str:
    given = line.get(key)
    if given is None:
        raise ValueError(f'"{key}" is missing: one of {", ".join(allowed)}')
    if given not in allowed:
        raise ValueError(f'"{key}" must be one of {", ".join(allowed)}')
    return str(given)


def _country(given: Any) -> str:
    if given is None:
        return "FR"
    if not isinstance(given, str) or not _COUNTRY.match(given):
        raise ValueError('"country" must be two letters (ISO 3166): "FR"')
    return given.upper()


def _now(given: Any, today: datetime) -> datetime:
    if given is None:
        return today
    try:
        return datetime.fromisoformat(given)
    except (TypeError, ValueError):
        raise ValueError('"now" must be ISO 8601: "2026-11-23T18:30:00"') from None


def _list(line: Line, key: str) -> list[Mapping[str, Any]]:
    given = line.get(key) or []
    if not isinstance(given, list) or not all(isinstance(one, dict) for one in given):
        raise ValueError(f'"{key}" must be a list of objects')
    return given


def _words(one: Mapping[str, Any], key: str, of: str) -> str:
    given = one.get(key, "")
    given = str(given) if isinstance(given, int) else given
    if not isinstance(given, str) or (key == "code" and not given):
        raise ValueError(f'"{key}" in "{of}" must be a string')
    if any(0xD800 <= ord(char) <= 0xDFFF for char in given):
        raise ValueError(f'"{key}" in "{of}" holds half a character (a lone surrogate)')
    return given


def _option(one: Mapping[str, Any]) -> Option:
    return Option(_words(one, "code", "options"), _words(one, "label", "options"))


def _member(one: Mapping[str, Any]) -> Member:
    months = one.get("age_months")
    if months is not None and (
        isinstance(months, bool) or not isinstance(months, int) or not 0 <= months <= _OLDEST_MONTHS
    ):
        raise ValueError('"age_months" in "about" must be a whole number of months, or null')
    name = "" if one.get("name") is None else _words(one, "name", "about")
    return Member(_words(one, "code", "about"), name, months, one.get("fragile") is True)
