"""The people whom a case names: one row each, however often and however they are named."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from rapidfuzz import fuzz

from flows.engine.ground import Ground
from flows.engine.grown import TITLES, is_grown
from flows.engine.keywords import plain, says_only
from flows.spec.nodes import Brings
from flows.vocabulary import Named
from flows.wording.rendering import render

_GROWN = frozenset(
    [
        "partner",
        "parent",
        "grandparent",
        "colleague",
        "health_worker",
        "carer",
        "teacher",
        "client",
        "flatmate",
    ]
)
_CARE = frozenset(("health_worker", "carer"))
_ALIKE = 88
# English beside the catalogues, as in `_signs.yaml`.
_COUNTED = {"one_person": "one person", "people": "{how_many} people"}


def merge(
    named: Sequence[Named], found: Iterable[Mapping[str, Any]], brings: Brings, day: date | None
) -> tuple[Named, ...]:
    """`named` with those of `found` added or completed.

    `day` is the last day that the question itself implies, None where it implies none.
    """
    rows = list(named)
    for person in found:
        known = _same(rows, person)
        if known is None and brings.completes:
            known = _unnamed(rows, person)
        if known is None:
            rows.append(_fresh(len(rows) + 1, person, brings, day))
        else:
            rows[known] = _completed(rows[known], person, day, brings)
    return tuple(rows)


def complete(
    named: Sequence[Named],
    found: Sequence[Mapping[str, Any]],
    about: Sequence[Named],
    brings: Brings,
    day: date | None,
) -> tuple[Named, ...]:
    """`named` with first names for those of `about` who lack one; the rest of `found` are new.

    “Mum and my brother”, then “Fatiha and Samir”: where there are names enough, who is called by
    a word of kinship gets one too, in the order in which they were named.
    """
    known = [person for person in found if _same(named, person) is not None]
    unknown = [person for person in found if _same(named, person) is None]
    lacking = [row.number for row in about if not row.name or says_only(row.name, "kin")]
    bare = [person for person in unknown if person.get("name") and not person.get("relation")]
    if len(bare) < len(lacking) or all(row.name for row in about):
        return merge(named, found, brings, day)
    names = dict(zip(lacking, bare, strict=False))
    rows = (_completed(replace(row, name=""), names[row.number], None, brings)
            if row.number in names else row for row in named)  # fmt: skip
    given = list(names.values())
    rest = [person for person in unknown if all(person is not one for one in given)]
    return merge(tuple(rows), [*known, *rest], replace(brings, completes=""), day)


def _same(rows: Sequence[Named], person: Mapping[str, Any]) -> int | None:
    """The row of the same person: the same number, or the same name."""
    phone, name = person.get("phone") or "", plain(person.get("name") or "")
    if not (phone or name) and person.get("relation") == "partner":
        return _partner(rows)
    for index, row in enumerate(rows):
        if row.removed:
            continue
        if phone and row.phone == phone and (not name or _alike(name, plain(row.name))):
            return index
        if name and _alike(name, plain(row.name)):
            return index
    return None


def _partner(rows: Sequence[Named]) -> int | None:
    """Husband or wife, named before: spoken of again they are nobody new."""
    found = [at for at, row in enumerate(rows) if row.relation == "partner" and not row.removed]
    return found[0] if len(found) == 1 and rows[found[0]].name else None


def _unnamed(rows: Sequence[Named], person: Mapping[str, Any]) -> int | None:
    """The first row without a name that this name may belong to."""
    for index, row in enumerate(rows):
        fits = not person.get("relation") or person["relation"] == row.relation
        if not (row.name or row.removed) and fits:
            return index
    return None


def _alike(one: str, other: str) -> bool:
    """Whether two names may be one person's: the same words, or one is the other's beginning."""
    if not one or not other:
        return False
    if one == other or fuzz.ratio(one, other) >= _ALIKE:
        return True
    shorter, longer = sorted((one.split(), other.split()), key=len)
    if len(shorter) < len(longer) and longer[0] in TITLES and shorter[0] not in TITLES:
        longer = longer[1:]  # "Dona Neide" and "Neide".
    return len(shorter) <= len(longer) and longer[: len(shorter)] == shorter


def _fresh(number: int, person: Mapping[str, Any], brings: Brings, day: date | None) -> Named:
    relation = person.get("relation") or ""
    said = person.get("last_seen")
    return Named(
        number=number,
        name=person.get("name") or "",
        phone=person.get("phone") or "",
        relation=relation,
        last_day=date.fromisoformat(said) if said else day,
        kind="care" if relation in _CARE else brings.kind,
        setting=brings.setting,
        minor=False if relation in _GROWN or is_grown(person) else None,
    )


def _completed(row: Named, person: Mapping[str, Any], day: date | None, brings: Brings) -> Named:
    said = person.get("last_seen")
    seen = date.fromisoformat(said) if said else day
    earlier = None if seen and brings.day == "said" else row.last_day
    days = [d for d in (earlier, seen) if d is not None]
    name = person.get("name") or ""
    return replace(
        row,
        name=name if len(name) > len(row.name) else row.name,
        phone=row.phone or person.get("phone") or "",
        relation=row.relation or person.get("relation") or "",
        last_day=max(days) if days else None,
    )


def find(named: Sequence[Named], raw: str) -> tuple[int, ...]:
    """The numbers of those whose name (or its first word) stands in the text."""
    rows = present(named)
    found, rest = _in_full(rows, f" {plain(raw)} ")
    words = rest.split()
    return tuple(row.number for row in rows if row.number in found or _stands_in(row, words))


def _in_full(rows: Sequence[Named], words: str) -> tuple[set[int], str]:
    """Those whose whole name stands in the text, the longest first, and the words left over."""
    found: set[int] = set()
    for name in sorted({plain(row.name) for row in rows} - {""}, key=len, reverse=True):
        if f" {name} " in words:
            found |= {row.number for row in rows if plain(row.name) == name}
            words = words.replace(f" {name} ", " | ")
    return found, words


def _stands_in(row: Named, words: Sequence[str]) -> bool:
    name = plain(row.name).split()
    return bool(name) and any(fuzz.ratio(name[0], word) >= _ALIKE for word in words)


def present(named: Iterable[Named]) -> tuple[Named, ...]:
    """Those not removed."""
    return tuple(row for row in named if not row.removed)


def nameless(named: Iterable[Named]) -> tuple[Named, ...]:
    """Those known by their relation alone: "my two daughters"."""
    return tuple(row for row in present(named) if not row.name)


def doubtful_minors(named: Iterable[Named]) -> tuple[Named, ...]:
    """Those at home of whom nobody knows whether they are grown up, and it changes the rule."""
    near = (row for row in present(named) if row.name and row.kind in ("home", "class"))
    return tuple(row for row in near if row.minor is None)


def minors(named: Iterable[Named]) -> tuple[Named, ...]:
    """Those known to be under 18, by name."""
    return tuple(row for row in present(named) if row.minor and row.name)


def without_day(named: Iterable[Named]) -> tuple[Named, ...]:
    """Those without a last day, which decides until when they stay at home."""
    return tuple(row for row in present(named) if row.last_day is None)


def said(named: Iterable[Named], ground: Ground, most: int = 6) -> str:
    """Who they are, for a text; how many, where others read this phone or none has a name."""
    rows = present(named)
    private = not (ground.address.shared or ground.address.word)
    if private and (not rows or any(row.name for row in rows)):
        return listed(rows, most)
    return counted(rows, ground)


def counted(named: Iterable[Named], ground: Ground) -> str:
    """How many they are, in words."""
    count = len(present(named))
    part = "one_person" if count == 1 else "people"
    words = ground.catalogues.lookup(ground.lang, f"sign.{part}", _COUNTED[part]).text
    return render(words, {"how_many": str(count)})


def listed(named: Iterable[Named], most: int = 6) -> str:
    """Their names for a text: the first few, then how many more, those without a name too."""
    rows = present(named)
    names = [row.name for row in rows if row.name][:most]
    more = [f"+ {len(rows) - len(names)}"] if len(rows) > len(names) else []
    return " ".join([", ".join(names), *more])
