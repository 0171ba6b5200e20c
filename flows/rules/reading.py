"""From YAML to rows: each fault in words, with file, line and row, for those who write rules."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, time
from typing import Any

from flows.rules.conditions import Condition, OneOf, bounds
from flows.rules.rows import Row, Value
from flows.rules.tables import TABLES, Form, Kind, Table
from flows.spec.yaml_loader import MarkedDict, MarkedList, MarkedStr, YamlFault

_ROW_KEYS = ("id", "from", "to", "source", "weak", "when")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What a row takes from its file where it says nothing itself."""

    starts: date
    source: str


def read_tables(
    tables: MarkedDict, defaults: Defaults, faults: list[YamlFault]
) -> dict[str, tuple[Row, ...]]:
    """The rows of each table; what cannot be read is added to `faults` and left out."""
    read: dict[str, tuple[Row, ...]] = {}
    for name, entries in tables.marked():
        if name not in TABLES:
            known = ", ".join(TABLES)
            faults.append(fault(name, f"no table is called `{name}`; there are: {known}"))
        elif not isinstance(entries, MarkedList):
            faults.append(fault(name, f"the table `{name}` is a list of rows, each begun with `-`"))
        else:
            read[str(name)] = _rows(name, entries, defaults, faults)
    return read


def fault(where: Any, message: str) -> YamlFault:
    """A fault at a value that knows its place."""
    return YamlFault(where.file, where.line, message)


def day(text: Any, what: str) -> date:
    """An ISO date."""
    found: date = _convert(date.fromisoformat, text, f"{what} is a date such as 2020-05-11")
    return found


def word(text: Any, what: str) -> MarkedStr:
    """One scalar, not empty."""
    if not isinstance(text, MarkedStr) or not text.strip():
        raise fault(text, f"{what} is missing its words")
    return text


def _rows(
    table: str, entries: MarkedList, defaults: Defaults, faults: list[YamlFault]
) -> tuple[Row, ...]:
    rows: list[Row] = []
    for entry in entries:
        try:
            rows.append(_row(table, entry, defaults))
        except YamlFault as found:
            faults.append(found)
    return tuple(rows)


def _row(table: str, entry: Any, defaults: Defaults) -> Row:
    if not isinstance(entry, MarkedDict):
        raise fault(entry, f"a row of `{table}` is a mapping that begins with `id:`")
    if "id" not in entry:
        raise fault(entry, f"a row of `{table}` has no `id`")
    name = word(entry["id"], "the id of a row")
    try:
        return _checked(table, name, entry, defaults)
    except YamlFault as found:
        message = f"{table}, row `{name}`: {found.message}"
        raise YamlFault(found.file, found.line, message) from None


def _checked(table: str, name: str, entry: MarkedDict, defaults: Defaults) -> Row:
    shape = TABLES[table]
    starts = day(entry["from"], "`from`") if "from" in entry else defaults.starts
    ends = day(entry["to"], "`to`") if "to" in entry else None
    if ends and ends < starts:
        raise fault(entry["to"], f"it ends ({ends}) before it starts ({starts})")
    return Row(
        id=str(name),
        starts=starts,
        ends=ends,
        source=str(entry.get("source", defaults.source)),
        weak=_weak(entry),
        when=_conditions(entry, shape),
        gives=_given(entry, shape),
        file=entry.file,
        line=entry.line,
    )


def _weak(entry: MarkedDict) -> bool:
    return "weak" in entry and _value(entry["weak"], "weak", TABLES["watch"].gives["watchful"]) == (
        "yes"
    )


def _conditions(entry: MarkedDict, shape: Table) -> dict[str, Condition]:
    asked = entry.get("when", MarkedDict())
    if not isinstance(asked, MarkedDict):
        raise fault(asked, "`when` is a mapping of facts to what they must be")
    return {str(name): _condition(name, value, shape) for name, value in asked.marked()}


def _condition(name: MarkedStr, value: Any, shape: Table) -> Condition:
    kind = shape.asks.get(name)
    if kind is None:
        raise fault(name, _unknown("`when` cannot ask for", name, shape.asks))
    if kind.form == "number":
        found = bounds(value) if isinstance(value, MarkedStr) else None
        if found is None:
            raise fault(value, f"`{name}` is `at least N`, `at most N`, `under N` or `N to M`")
        return found
    words = value if isinstance(value, MarkedList) else MarkedList([value])
    return OneOf(frozenset(_choice(item, name, kind) for item in words))


def _given(entry: MarkedDict, shape: Table) -> dict[str, Value]:
    absent = [key for key in shape.needs if key not in entry]
    if absent:
        raise fault(entry, f"`{absent[0]}` is missing")
    given: dict[str, Value] = {}
    for key, value in entry.marked():
        if key in _ROW_KEYS:
            continue
        if key not in shape.gives:
            raise fault(key, _unknown("a row cannot give", key, shape.gives))
        given[str(key)] = _value(value, key, shape.gives[key])
    return given


def _unknown(what: str, name: str, known: Mapping[str, Kind]) -> str:
    return f"{what} `{name}`; it may: {', '.join(known) or 'nothing'}"


def _choice(value: Any, key: str, kind: Kind) -> str:
    chosen = word(value, f"`{key}`")
    if kind.choices and chosen not in kind.choices:
        raise fault(value, f"`{key}` cannot be `{chosen}`; it is one of: {_listed(kind)}")
    return str(chosen)


def _listed(kind: Kind) -> str:
    return ", ".join(sorted(kind.choices))


def _value(value: Any, key: str, kind: Kind) -> Value:
    if kind.form in ("list", "numbers"):
        items = value if isinstance(value, MarkedList) else MarkedList([value])
        if kind.form == "numbers":
            return tuple(str(_whole(item, key)) for item in items)
        return tuple(_choice(item, key, kind) for item in items)
    return _READERS[kind.form](value, key, kind)


def _whole(value: Any, key: str, kind: Kind | None = None) -> int:
    number: int = _convert(int, value, f"`{key}` is a whole number")
    if number < 0:
        raise fault(value, f"`{key}` cannot be below zero")
    return number


def _clock(value: Any, key: str, kind: Kind) -> time:
    found: time = _convert(time.fromisoformat, value, f"`{key}` is a time of day such as 08:30")
    return found


def _day(value: Any, key: str, kind: Kind) -> date:
    return day(value, f"`{key}`")


def _text(value: Any, key: str, kind: Kind) -> str:
    return str(word(value, f"`{key}`"))


def _convert(convert: Callable[[str], Any], value: Any, wanted: str) -> Any:
    if not isinstance(value, MarkedStr):
        raise fault(value, wanted)
    try:
        return convert(str(value))
    except ValueError:
        raise fault(value, f"{wanted}, not `{value}`") from None


_READERS: Mapping[Form, Callable[[Any, str, Kind], Value]] = {
    "words": _choice,
    "text": _text,
    "number": _whole,
    "clock": _clock,
    "day": _day,
}
