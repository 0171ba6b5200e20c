"""Contacts told in a call: rows of a table, or pasted from a spreadsheet, read into values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import Final

from admin.forms import KINDS, day_of, phone_of
from flows.understanding import Question, read
from flows.vocabulary import Lang, Named

CELLS: Final = ("name", "phone", "relation", "day", "kind")
_SPLIT: Final = re.compile(r"\t|;")
_LONGEST: Final = 120
_MOST: Final = 200


@dataclass(frozen=True, slots=True)
class BadRow:
    """A row that was not kept: its line, its cells as they were, and why (a fault's name)."""

    line: int
    cells: tuple[str, ...]
    why: str

    @property
    def pasted(self) -> str:
        """The row as it can be pasted again."""
        return "\t".join(self.cells)


@dataclass(frozen=True, slots=True)
class Reader:
    """How cells are read: whose language and country, on which day; `names` are what relations and
    kinds are called on the page, by folded name."""

    lang: Lang
    country: str
    now: datetime
    relations: Mapping[str, str]
    kinds: Mapping[str, str]


def pasted(text: str) -> list[tuple[str, ...]]:
    """Rows of a spreadsheet: cells by tab or semicolon; by comma where there is neither."""
    lines = [line.strip() for line in text.splitlines()[:_MOST]]
    return [_cells(line) for line in lines]


def read_rows(rows: Sequence[tuple[str, ...]], reader: Reader) -> tuple[list[Named], list[BadRow]]:
    """Those that could be read, and those that could not; empty rows and a header are neither."""
    good: list[Named] = []
    bad: list[BadRow] = []
    for line, cells in enumerate(rows, start=1):
        if not any(cells) or (line == 1 and _is_header(cells)):
            continue
        found = _row(cells, reader)
        if isinstance(found, str):
            bad.append(BadRow(line, cells, found))
        else:
            good.append(found)
    return good, bad


def _cells(line: str) -> tuple[str, ...]:
    parts = _SPLIT.split(line) if _SPLIT.search(line) else line.split(",")
    cells = [" ".join(part.split())[:_LONGEST] for part in parts]
    return tuple((cells + [""] * len(CELLS))[: len(CELLS)])


def _is_header(cells: Sequence[str]) -> bool:
    return cells[0].casefold() in ("name", "nom", "nombre", "nome", "prénom", "first name")


def _row(cells: Sequence[str], reader: Reader) -> Named | str:
    """The contact of a row, or the name of its fault."""
    said = dict(zip(CELLS, cells, strict=False))
    if not said["name"] and not said["phone"]:
        return "no_name"
    named = Named(0, said["name"])
    for fault, put in (
        ("bad_phone", _phone(named, said["phone"], reader)),
        ("bad_day", _day(said["day"], reader)),
        ("bad_relation", _relation(said["relation"], reader)),
        ("bad_kind", _kind(said["kind"], reader)),
    ):
        if put is None:
            return fault
        named = replace(named, **put)  # type: ignore[arg-type]
    return named


Put = Mapping[str, object] | None


def _phone(_: Named, text: str, reader: Reader) -> Put:
    if not text:
        return {}
    number = phone_of(text, reader.country)
    return {"phone": number} if number else None


def _day(text: str, reader: Reader) -> Put:
    if not text:
        return {}
    day = day_of(text) or _said_day(text, reader)
    return {"last_day": day} if day and day <= reader.now.date() else None


def _said_day(text: str, reader: Reader) -> date | None:
    """A day in words or figures, as a reply would be understood."""
    question = Question("date", lang=reader.lang, country=reader.country, now=reader.now)
    found = read(text, question)
    return day_of(str(found.value)) if found.status == "understood" else None


def _relation(text: str, reader: Reader) -> Put:
    if not text:
        return {}
    code = reader.relations.get(text.casefold()) or next(_told(text, reader), "")
    return {"relation": code} if code else None


def _told(text: str, reader: Reader) -> Iterator[str]:
    question = Question("contacts", lang=reader.lang, country=reader.country, now=reader.now)
    value = read(text, question).value
    for row in value if isinstance(value, list) else ():
        if row.get("relation"):
            yield str(row["relation"])


def _kind(text: str, reader: Reader) -> Put:
    if not text:
        return {}
    code = reader.kinds.get(text.casefold(), "")
    return {"kind": code} if code in KINDS else None
