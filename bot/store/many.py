"""One statement for many rows, worked out once: what is left to do for each row is a tuple."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from weakref import WeakKeyDictionary

from sqlalchemy.engine import Dialect
from sqlalchemy.sql.base import Executable

Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Ready:
    """A statement as its driver takes it: each place is a row's value, or a standing one."""

    sql: str
    names: tuple[str, ...]
    standing: Mapping[str, Any]
    processors: tuple[tuple[int, Callable[[Any], Any]], ...]

    def arranged(self, rows: Sequence[Row]) -> list[tuple[Any, ...]]:
        """The rows in the order of the statement's places."""
        if self.standing:
            rows = [{**self.standing, **row} for row in rows]
        names = self.names
        if not self.processors:
            return [tuple([row[name] for name in names]) for row in rows]
        return [self._processed([row[name] for name in names]) for row in rows]

    def _processed(self, values: list[Any]) -> tuple[Any, ...]:
        for place, process in self.processors:
            values[place] = process(values[place])
        return tuple(values)


_READY: WeakKeyDictionary[Executable, dict[tuple[str, ...], Ready]] = WeakKeyDictionary()


def ready(statement: Any, dialect: Dialect, row: Row) -> Ready:
    """The statement for rows of these columns; asked again with the same one it costs nothing."""
    of_statement = _READY.setdefault(statement, {})
    key = (dialect.name, *row)
    if key not in of_statement:
        of_statement[key] = _worked_out(statement, dialect, list(row))
    return of_statement[key]


def _worked_out(statement: Any, dialect: Dialect, columns: list[str]) -> Ready:
    compiled = statement.compile(dialect=dialect, column_keys=columns)
    names = tuple(compiled.positiontup)
    made = [
        compiled.binds[name].type.dialect_impl(dialect).bind_processor(dialect) for name in names
    ]
    return Ready(
        sql=str(compiled),
        names=names,
        standing={n: compiled.binds[n].effective_value for n in names if n not in columns},
        processors=tuple((place, process) for place, process in enumerate(made) if process),
    )
