"""Reads a flow from YAML into nodes, collecting every fault with its line."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import Any

from flows.spec.faults import Fault, FlowFaults
from flows.spec.nodes import (
    DEEDS,
    KIND_BANDS,
    UNIVERSAL_BANDS,
    Ask,
    Brings,
    Call,
    Decide,
    Do,
    End,
    Flow,
    Node,
    Row,
    Say,
    Words,
)
from flows.spec.shapes import shape_faults
from flows.spec.structure import fingerprint, targets
from flows.spec.walks import WALK_KEYS, read_walk
from flows.spec.yaml_loader import MarkedDict, YamlFault, load

_KINDS = ("say", "ask", "collect", "walk", "decide", "call", "end")
_KEYS: Mapping[str, frozenset[str]] = {
    "say": frozenset({"say", "say_other", "then", "do"}),
    "ask": frozenset(
        (
            *("ask", "text", "text_other", "retry", "reminder", "options", "then"),
            *("do", "brings", "tries", "delay", "wait"),
        )
    ),
    "collect": frozenset(
        (
            *("collect", "over", "text", "text_other", "retry", "reminder", "options", "then"),
            *("do", "brings", "tries", "wait"),
        )
    ),
    "walk": WALK_KEYS,
    "decide": frozenset({"decide", "do"}),
    "call": frozenset({"call", "then"}),
    "end": frozenset({"end", "text", "text_other", "do"}),
}
_TOP = frozenset({"spec", "flow", "title", "start", "nodes", "reads", "before_identity"})
_DURATION = re.compile(r"(\d+) ?(s|min|h|d)")
_UNITS = {"s": "seconds", "min": "minutes", "h": "hours", "d": "days"}


def read_flow(text: str, file: str) -> Flow:
    """The flow in `text`; raises `FlowFaults` with every fault found."""
    try:
        top = load(text, file)
    except YamlFault as fault:
        raise FlowFaults((Fault(file, fault.line, "", fault.message),)) from None
    if not isinstance(top, MarkedDict):
        raise FlowFaults((Fault(file, top.line, "", "a flow is a list of “word: value” lines"),))
    misshapen = shape_faults(top, file)
    if misshapen:
        raise FlowFaults(tuple(sorted(misshapen)))
    reader = _Reader(file)
    flow = reader.flow(top)
    if reader.faults:
        raise FlowFaults(tuple(sorted(reader.faults)))
    return flow


class _Reader:
    """One reading of one file, gathering faults on the way."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.faults: list[Fault] = []
        self.node = ""
        self.name = ""

    def fault(self, line: int, says: str) -> None:
        self.faults.append(Fault(self.file, line, self.node, says))

    def flow(self, top: MarkedDict) -> Flow:
        if str(top.get("spec", "")) != "1":
            self.fault(top.line, "the first line must be “spec: 1”")
        self.no_strangers(top, _TOP, "a flow")
        for key in ("flow", "start", "nodes"):
            if key not in top:
                self.fault(top.line, f"“{key}:” is missing")
        self.name = str(top.get("flow", ""))
        body = top.get("nodes", {})
        nodes = {str(name): self._node(str(name), part) for name, part in body.items()}
        known = {name: node for name, node in nodes.items() if node is not None}
        self.node = ""
        self._targets_stand(known, top)
        return Flow(
            name=str(top.get("flow", "")),
            title=str(top.get("title", "")),
            start=str(top.get("start", "")),
            nodes=known,
            reads={str(k): _strings(v) for k, v in top.get("reads", {}).items()},
            file=self.file,
            structure=fingerprint(known),
            before_identity=str(top.get("before_identity", "")) == "yes",
        )

    def no_strangers(self, part: MarkedDict, allowed: Iterable[str], what: str) -> None:
        for key in part:
            if str(key) not in allowed:
                line = getattr(key, "line", part.line)
                self.fault(line, f"“{key}:” is not a word for {what}")

    def _node(self, name: str, part: Any) -> Node | None:
        self.node = name
        if not isinstance(part, MarkedDict):
            self.fault(getattr(part, "line", 0), "a node is a list of “word: value” lines")
            return None
        kinds = [kind for kind in _KINDS if kind in part]
        if len(kinds) != 1:
            self.fault(part.line, f"a node has exactly one of {', '.join(_KINDS)}")
            return None
        self.no_strangers(part, _KEYS[kinds[0]], f"“{kinds[0]}”")
        build = getattr(self, f"_{kinds[0]}")
        node: Node | None = build(name, part)
        return node

    def _say(self, name: str, part: MarkedDict) -> Node:
        words = {"text": str(part["say"])}
        if "say_other" in part:
            words["text_other"] = str(part["say_other"])
        then = self._required(part, "then")
        return Say(name, part.line, Words(words), then, self._dos(part.get("do", [])))

    def _ask(self, name: str, part: MarkedDict) -> Node:
        kind = str(part.get("ask", part.get("collect", "")))
        if kind not in KIND_BANDS:
            self.fault(part.line, f"“{kind}” is no kind of question: {', '.join(KIND_BANDS)}")
            kind = "text"
        options = {str(k): str(v) for k, v in part.get("options", {}).items()}
        words = _words(part) | {f"option.{code}": label for code, label in options.items()}
        if "text" not in words:
            self.fault(part.line, "a question needs its “text:”")
        ask = Ask(
            name=name,
            line=part.line,
            kind=kind,
            words=Words(words),
            then=self.then(part),
            options=tuple(options),
            do=self.dos_by_band(part.get("do", [])),
            brings=self.brings(part.get("brings")),
            tries=int(str(part.get("tries", "1"))),
            delay=self._duration(part, "delay"),
            wait=self._duration(part, "wait"),
            over=str(part.get("over", "")),
            flow=self.name,
        )
        self._bands_stand(ask)
        return ask

    def _collect(self, name: str, part: MarkedDict) -> Node:
        if str(part.get("over", "")) not in ("days", "doubtful", "missing"):
            self.fault(part.line, "“collect” needs “over: days”, “doubtful” or “missing”")
        return self._ask(name, part)

    def _walk(self, name: str, part: MarkedDict) -> Node:
        return read_walk(self, name, part)

    def _decide(self, name: str, part: MarkedDict) -> Node:
        rows = tuple(self._row(row) for row in part["decide"])
        if not rows or rows[-1].when or rows[-1].least:
            self.fault(part.line, "the last row must hold always: only “go:”")
        return Decide(name, part.line, rows, self._dos(part.get("do", [])))

    def _row(self, row: MarkedDict) -> Row:
        self.no_strangers(row, ("when", "at_least", "go"), "a row")
        least = row.get("at_least", {})
        return Row(
            go=self._required(row, "go"),
            line=row.line,
            when={str(k): _strings(v) for k, v in row.get("when", {}).items()},
            least=int(str(least.get("n", "0"))) if least else 0,
            among={str(k): _strings(v) for k, v in least.get("of", {}).items()} if least else {},
        )

    def _call(self, name: str, part: MarkedDict) -> Node:
        return Call(name, part.line, str(part["call"]), self.then(part))

    def _end(self, name: str, part: MarkedDict) -> Node:
        words = Words(_words(part))
        return End(name, part.line, str(part["end"]), words, self._dos(part.get("do", [])))

    def _required(self, part: MarkedDict, key: str) -> str:
        if key not in part:
            self.fault(part.line, f"“{key}:” is missing")
        return str(part.get(key, ""))

    def then(self, part: MarkedDict) -> dict[str, str]:
        then = part.get("then", {})
        if isinstance(then, str):
            return {"rest": str(then)}
        return {str(band): str(target) for band, target in then.items()}

    def _dos(self, items: Any) -> tuple[Do, ...]:
        listed = items if isinstance(items, list) else [items]
        return tuple(self._do(item) for item in listed)

    def _do(self, item: Any) -> Do:
        if isinstance(item, dict):
            ((name, argument),) = item.items()
            done = Do(str(name), str(argument))
        else:
            done = Do(str(item))
        if DEEDS.get(done.name) is not bool(done.argument):
            self.fault(getattr(item, "line", 0), f"“do: {done.name}” is no deed of this form")
        return done

    def dos_by_band(self, items: Any) -> dict[str, tuple[Do, ...]]:
        if isinstance(items, dict):
            return {str(band): self._dos(dos) for band, dos in items.items()}
        return {"*": self._dos(items)} if items else {}

    def brings(self, part: MarkedDict | None) -> Brings | None:
        if part is None:
            return None
        words = ("kind", "setting", "day", "completes")
        self.no_strangers(part, words, "“brings”")
        return Brings(**{word: str(part[word]) for word in words if word in part})

    def _duration(self, part: MarkedDict, key: str) -> timedelta | None:
        if key not in part:
            return None
        found = _DURATION.fullmatch(str(part[key]))
        if not found:
            self.fault(part.line, f"“{key}: {part[key]}” is no duration: write 5 min, 3 h or 2 d")
            return None
        return timedelta(**{_UNITS[found[2]]: int(found[1])})

    def _bands_stand(self, ask: Ask) -> None:
        possible = {*ask.own_bands, *UNIVERSAL_BANDS, "rest"}
        for band in {*ask.then, *ask.do} - possible - {"*"}:
            self.fault(ask.line, f"“{band}” never comes out of a {ask.kind} question")
        if "rest" not in ask.then:
            missing = [b for b in (*ask.own_bands, *UNIVERSAL_BANDS) if b not in ask.then]
            if missing:
                self.fault(ask.line, f"no way on for: {', '.join(missing)} (or “rest:”)")

    def _targets_stand(self, nodes: Mapping[str, Node], top: MarkedDict) -> None:
        if str(top.get("start", "")) not in nodes:
            self.fault(top.line, f"the start “{top.get('start', '')}” is not a node")
        for node in nodes.values():
            self.node = node.name
            for target in targets(node):
                if target not in nodes:
                    self.fault(node.line, f"leads to “{target}”, which is not a node")


def _strings(value: Any) -> tuple[str, ...]:
    return tuple(str(v) for v in value) if isinstance(value, list) else (str(value),)


def _words(part: MarkedDict) -> dict[str, str]:
    keys = ("text", "text_other", "retry", "reminder")
    return {key: str(part[key]) for key in keys if key in part}
