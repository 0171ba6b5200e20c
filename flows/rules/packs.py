"""Rule packs: who signed them, where and when they hold, and their tables of dated rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from zoneinfo import ZoneInfo

from flows.rules.rows import Row

OPEN = date.max


class NoPack(LookupError):
    """No pack holds for that illness, territory and day."""


# A pack is itself and no other, so that what follows from it can be remembered.
@dataclass(frozen=True, slots=True, eq=False)
class Pack:
    """The rules of one illness in one territory from one day to another.

    `agency` says who writes: name, public_phone, sender, call_line. `fictional` packs serve
    demonstrations and say so wherever they are shown.
    """

    name: str
    illness: str
    territory: str
    zone: ZoneInfo
    starts: date
    ends: date
    source: str
    signed_by: str
    fictional: bool
    language: str = ""
    country: str = ""
    agency: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows of a table, none where the pack has no such table."""
        return self.tables.get(name, ())

    def row(self, row_id: str) -> Row | None:
        """The row of that id, to show which rule decided."""
        return next((row for row in self.rows() if row.id == row_id), None)

    def rows(self) -> Iterator[Row]:
        """All rows of all tables."""
        for rows in self.tables.values():
            yield from rows


@dataclass(frozen=True, slots=True)
class Packs:
    """The packs of a service."""

    packs: tuple[Pack, ...]

    def for_(self, illness: str, territory: str, on: date) -> Pack:
        """The pack that holds on a day; NoPack where there is none."""
        for pack in self.packs:
            same = (pack.illness, pack.territory) == (illness, territory)
            if same and pack.starts <= on <= pack.ends:
                return pack
        raise NoPack(f"no rules for {illness} in {territory} on {on}")

    def last(self, illness: str, territory: str, on: date) -> Pack | None:
        """The pack that ended last before a day, if any did."""
        there = [p for p in self.packs if (p.illness, p.territory) == (illness, territory)]
        return max((p for p in there if p.ends < on), key=lambda pack: pack.ends, default=None)

    def named(self, name: str) -> Pack:
        """The pack of that name; NoPack where there is none."""
        for pack in self.packs:
            if pack.name == name:
                return pack
        raise NoPack(f"no rule pack is called {name}")
