"""Territories: whose people are whose, and which postcodes begin theirs."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from flows.rules.packs import Pack
from flows.rules.rows import in_force


@dataclass(frozen=True, slots=True)
class Territory:
    """A region with a code of its own; `postcodes` are what its postcodes begin with."""

    code: str
    name: str
    postcodes: tuple[str, ...] = ()


def territories(pack: Pack, on: date) -> tuple[Territory, ...]:
    """All that there are, as written; none where one agency has the whole country."""
    rows = in_force(pack.table("territories"), on)
    return tuple(Territory(r.text("code"), r.text("name"), r.words("postcodes")) for r in rows)


def territory_of(pack: Pack, country: str, postcode: str, on: date) -> str:
    """The code of a postcode's territory; "" where none is known, or the country is another."""
    if pack.country and country != pack.country:
        return ""
    plain = "".join(postcode.split()).upper()
    found = max(_beginnings(pack, plain, on), default=(0, ""))
    return found[1]


def _beginnings(pack: Pack, postcode: str, on: date) -> Iterator[tuple[int, str]]:
    """The longest beginning goes before a shorter one."""
    for one in territories(pack, on):
        for begins in one.postcodes:
            if postcode.startswith(begins):
                yield len(begins), one.code
