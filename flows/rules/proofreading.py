"""What a pack lacks or contradicts as a whole, once each of its rows can be read."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from flows.rules.packs import Pack
from flows.rules.rows import Row
from flows.rules.tables import TABLES
from flows.spec.yaml_loader import MarkedDict, YamlFault

_OPTIONAL = frozenset(
    (
        *("answers", "holidays", "on_call", "prices", "watch", "course", "course_levels"),
        *("habits", "second_contact", "rerouting", "channel_alarms", "call_hours"),
        *("duty_alarms", "spot_checks"),
    )
)
# Which column of a table names a row of which other table.
_POINTERS = (
    ("triage", "reason", "reviews"),
    ("course", "reason", "reviews"),
    ("reminders", "reason", "reviews"),
    ("safety", "key", "texts"),
    ("contact_isolation", "because", "explanations"),
    ("contact_isolation", "because_dated", "explanations"),
    ("case_isolation", "because", "explanations"),
)


def gaps(pack: Pack, document: MarkedDict) -> Iterator[YamlFault]:
    """Tables without rows, ids given twice, and names that lead nowhere."""
    for table in TABLES:
        if table not in _OPTIONAL and not pack.table(table):
            message = f"the pack `{pack.name}` has no rows for the table `{table}`"
            yield YamlFault(document.file, document.line, message)
    yield from _twins(pack)
    for table, column, other in _POINTERS:
        yield from _strays(pack, table, column, other)
    yield from _backward(pack)


def overlaps(packs: Sequence[Pack], heads: Sequence[MarkedDict]) -> Iterator[YamlFault]:
    """Two packs that would both decide on the same days, and packs of one name."""
    documents = {str(head["pack"]): head for head in heads}
    for pack, other in combinations(packs, 2):
        head = documents[other.name]
        if pack.name == other.name:
            yield YamlFault(head.file, head.line, f"two packs are called `{pack.name}`")
        elif _both_hold(pack, other):
            place = f"{pack.illness} in {pack.territory}"
            message = f"`{pack.name}` and `{other.name}` hold on the same days for {place}"
            yield YamlFault(head.file, head.line, message)


def _both_hold(pack: Pack, other: Pack) -> bool:
    same = (pack.illness, pack.territory) == (other.illness, other.territory)
    return same and pack.starts <= other.ends and other.starts <= pack.ends


def _twins(pack: Pack) -> Iterator[YamlFault]:
    seen: dict[str, Row] = {}
    for row in pack.rows():
        if row.id in seen:
            place = f"{seen[row.id].file}:{seen[row.id].line}"
            yield _fault(row, f"two rows are called `{row.id}` (the first: {place})")
        seen.setdefault(row.id, row)


def _strays(pack: Pack, table: str, column: str, other: str) -> Iterator[YamlFault]:
    known = {row.id for row in pack.table(other)}
    for row in pack.table(table):
        name = row.text(column)
        if name and name not in known:
            yield _fault(row, f"{table}, row `{row.id}`: `{other}` has no row called `{name}`")


def _backward(pack: Pack) -> Iterator[YamlFault]:
    """Opening hours that end before they begin: on-call nights may, opening hours do not."""
    for row in pack.table("hours"):
        opens, closes = row.clock("opens"), row.clock("closes")
        if opens is not None and closes is not None and closes <= opens:
            yield _fault(row, f"hours, row `{row.id}`: it closes before it opens")


def _fault(row: Row, message: str) -> YamlFault:
    return YamlFault(row.file, row.line, message)
