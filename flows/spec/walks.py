"""Reads a memory walk and its cues from YAML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Protocol

from flows.spec.cues import CONDITIONS, CUE_KINDS, OUTCOMES, rest_by
from flows.spec.nodes import Brings, Cue, Do, Walk, Words
from flows.spec.yaml_loader import MarkedDict

_NUMBERS = ("least", "most", "per_person", "closing")
_SAID = ("retry", "brief")
_CUE_KEYS = frozenset(("cue", "text", "when", "brings", "family", "most", "needed", "options"))
WALK_KEYS = frozenset(("walk", "cues", "then", "do", *_NUMBERS, *_SAID))


class Reader(Protocol):
    """What the reading of a flow lends to the reading of a walk."""

    name: str

    def fault(self, line: int, says: str) -> None: ...
    def no_strangers(self, part: MarkedDict, allowed: Iterable[str], what: str) -> None: ...
    def then(self, part: MarkedDict) -> dict[str, str]: ...
    def dos_by_band(self, items: Any) -> dict[str, tuple[Do, ...]]: ...
    def brings(self, part: MarkedDict | None) -> Brings | None: ...


def read_walk(reader: Reader, name: str, part: MarkedDict) -> Walk:
    """The walk of this node, its faults told to the reader."""
    rows = part.get("cues", MarkedDict())
    cues = tuple(_cue(reader, cue_name, row) for cue_name, row in rows.items())
    for missing in (word for word in ("retry", "brief", "cues") if word not in part):
        reader.fault(part.line, f"a walk needs its “{missing}:”")
    walk = Walk(
        name=name,
        line=part.line,
        words=Words(dict(_texts(part, rows))),
        cues=cues,
        then=reader.then(part),
        do=reader.dos_by_band(part.get("do", [])),
        flow=reader.name,
        **{key: _whole(part[key]) for key in _NUMBERS if key in part},
    )
    _outcomes_stand(reader, walk)
    return walk


def _whole(value: str) -> int:
    """Prompts for each person are written as 1.2 and kept in hundredths."""
    whole, dot, part = str(value).partition(".")
    return int(whole) * 100 + int(part.ljust(2, "0")[:2]) if dot else int(whole)


def _texts(part: MarkedDict, rows: MarkedDict) -> Iterator[tuple[str, str]]:
    for word in _SAID:
        if word in part:
            yield word, str(part[word])
    for name, row in rows.items():
        if "text" in row:
            yield str(name), str(row["text"])
        for code, label in row.get("options", {}).items():
            yield f"option.{code}", str(label)


def _cue(reader: Reader, name: str, row: MarkedDict) -> Cue:
    reader.no_strangers(row, _CUE_KEYS, f"the cue “{name}”")
    kind = str(row.get("cue", ""))
    if kind not in CUE_KINDS:
        reader.fault(row.line, f"“cue: {kind}” is one of: {', '.join(CUE_KINDS)}")
    if "text" not in row:
        reader.fault(row.line, f"the cue “{name}” needs its “text:”")
    when = _when(reader, name, row)
    ways = rest_by(when)
    if kind == "rest" and tuple(row.get("options", ())) != ways:
        reader.fault(
            row.line, f"the cue “{name}” needs “options:” {', '.join(ways)}, in this order"
        )
    return Cue(
        name=str(name),
        line=row.line,
        kind=kind if kind in CUE_KINDS else "people",
        when=when,
        brings=reader.brings(row.get("brings")),
        family=str(row.get("family", name)),
        most=int(str(row.get("most", "1"))),
        needed=str(row.get("needed", "")) == "yes",
    )


def _when(reader: Reader, name: str, row: MarkedDict) -> Mapping[str, tuple[str, ...]]:
    found: dict[str, tuple[str, ...]] = {}
    for key, value in row.get("when", {}).items():
        bands = tuple(map(str, value)) if isinstance(value, list) else (str(value),)
        found[str(key)] = bands
        possible = CONDITIONS.get(str(key))
        if possible is None:
            says = (
                f"the cue “{name}” asks for “{key}”, which no walk knows: {', '.join(CONDITIONS)}"
            )
            reader.fault(row.line, says)
        for band in bands if possible else ():
            if band not in (possible or ()):
                says = f"“{key}” is never “{band}”: {', '.join(possible or ())}"
                reader.fault(row.line, says)
    return found


def _outcomes_stand(reader: Reader, walk: Walk) -> None:
    possible = (*OUTCOMES, "silent")
    for outcome in {*walk.then, *walk.do} - {*possible, "rest", "*"}:
        reader.fault(walk.line, f"a walk never comes out as “{outcome}”")
    missing = [outcome for outcome in possible if outcome not in walk.then]
    if missing and "rest" not in walk.then:
        reader.fault(walk.line, f"no way on for: {', '.join(missing)} (or “rest:”)")
