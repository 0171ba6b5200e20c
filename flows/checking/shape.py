"""What can be seen of flows without walking them: calls, tables, deeds, danger questions."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from flows.checking.facts import ARGUMENTS, FACTS, READABLE_FACTS
from flows.checking.places import at
from flows.checking.walks import walk_faults
from flows.spec.cues import WALK_BANDS
from flows.spec.faults import Fault
from flows.spec.nodes import (
    COMPUTED_FACTS,
    DANGER_KINDS,
    UNIVERSAL_BANDS,
    Ask,
    Call,
    Decide,
    Do,
    End,
    Flow,
    Node,
    Row,
    Say,
    Walk,
)

Flows = Mapping[str, Flow]


def unwalkable(flows: Flows) -> dict[str, tuple[Fault, ...]]:
    """The faults, by flow, that leave a walk without a way on."""
    faults = {name: (*_calls(flow, flows), *_total(flow)) for name, flow in flows.items()}
    return {name: found for name, found in faults.items() if found}


def shape_faults(flows: Flows, reasons: Collection[str]) -> Iterator[Fault]:
    """The faults of single nodes; `reasons` are those the rules know for reviews (none: any)."""
    for flow in flows.values():
        yield from _facts(flow)
        for node in flow.nodes.values():
            yield from _node(flow, node, reasons)
    yield from _covered(flows)


def reach(flow: str, flows: Flows) -> frozenset[str]:
    """A flow and all that it calls, however deep."""
    found: set[str] = set()
    waiting = [flow]
    while waiting:
        name = waiting.pop()
        if name in flows and name not in found:
            found.add(name)
            waiting.extend(called for _, called in _called(flows[name]))
    return frozenset(found)


def roots(flows: Flows) -> tuple[str, ...]:
    """The flows that nobody calls: they start by themselves."""
    called = {name for flow in flows.values() for _, name in _called(flow)}
    return tuple(name for name in flows if name not in called)


def _called(flow: Flow) -> Iterator[tuple[Call, str]]:
    return ((node, node.flow) for node in flow.nodes.values() if isinstance(node, Call))


def _calls(flow: Flow, flows: Flows) -> Iterator[Fault]:
    for node, name in _called(flow):
        if name not in flows:
            yield at(flow, node.line, node.name, f"calls “{name}”, which is no flow here")
            continue
        if flow.name in reach(name, flows):
            says = f"calls “{name}”, which leads back to “{flow.name}”: flows cannot go in circles"
            yield at(flow, node.line, node.name, says)
        yield from _outcomes(flow, node, flows[name])


def _outcomes(flow: Flow, node: Call, called: Flow) -> Iterator[Fault]:
    missing = [o for o in called.outcomes if o not in node.then]
    if missing and "rest" not in node.then:
        says = f"no way on when “{called.name}” ends with: {', '.join(missing)} (or “rest:”)"
        yield at(flow, node.line, node.name, says)
    for outcome in set(node.then) - {*called.outcomes, "rest"}:
        says = f"“{called.name}” never ends with “{outcome}”"
        yield at(flow, node.line, node.name, says)


def _total(flow: Flow) -> Iterator[Fault]:
    """What the reader of YAML refuses already, for flows that were made otherwise."""
    for node in flow.nodes.values():
        match node:
            case Decide() if not node.rows or node.rows[-1].when or node.rows[-1].least:
                yield at(flow, node.line, node.name, "the last row must hold always: only “go:”")
            case Ask() if "rest" not in node.then:
                lost = [b for b in (*node.own_bands, *UNIVERSAL_BANDS) if b not in node.then]
                if lost:
                    says = f"no way on for: {', '.join(lost)} (or “rest:”)"
                    yield at(flow, node.line, node.name, says)


def _facts(flow: Flow) -> Iterator[Fault]:
    for name, bands in flow.reads.items():
        known = READABLE_FACTS.get(name)
        if known is None:
            says = f"reads “{name}”, which is no fact: {', '.join(READABLE_FACTS)}"
            yield at(flow, 1, "", says)
        elif set(bands) != set(known):
            says = f"“{name}” is {', '.join(known)}; “reads:” must name exactly these"
            yield at(flow, 1, "", says)


def _node(flow: Flow, node: Node, reasons: Collection[str]) -> Iterator[Fault]:
    match node:
        case Ask():
            yield from _question(flow, node)
            dos = tuple(do for listed in node.do.values() for do in listed)
        case Decide():
            for row in node.rows:
                yield from _row(flow, node, row)
            dos = node.do
        case Walk():
            yield from walk_faults(flow, node)
            dos = tuple(do for listed in node.do.values() for do in listed)
        case Say() | End():
            dos = node.do
        case Call():
            return
    for do in dos:
        yield from _deed(flow, node, do, reasons)


def _question(flow: Flow, ask: Ask) -> Iterator[Fault]:
    if ask.kind in ("choice", "several") and not ask.options:
        yield at(flow, ask.line, ask.name, f"a {ask.kind} question needs its “options:”")
    if ask.kind not in DANGER_KINDS:
        return
    for band in ("unclear", "refused"):
        dos = (*ask.do.get("*", ()), *ask.do.get(band, ()))
        if all(do.name != "review" for do in dos):
            says = f"“{band}” at a question about danger needs a person: “do: [review: …]”"
            yield at(flow, ask.line, ask.name, says)
    if ask.target("yes") == ask.name:
        yield at(flow, ask.line, ask.name, "“yes” to danger must lead on, not back to the question")


def _row(flow: Flow, table: Decide, row: Row) -> Iterator[Fault]:
    for key, bands in (*row.when.items(), *row.among.items()):
        possible = _bands(flow, key)
        if not possible:
            says = f"“{key}” is no fact of “reads:” and no question of this flow"
            yield at(flow, row.line, table.name, says)
        for band in set(bands) - possible if possible else ():
            says = f"“{key}” is never “{band}”: {', '.join(sorted(possible))}"
            yield at(flow, row.line, table.name, says)
    if row.least > len(row.among):
        says = f"“at_least” wants {row.least} of {len(row.among)}: it never holds"
        yield at(flow, row.line, table.name, says)


def _bands(flow: Flow, key: str) -> set[str]:
    known: set[str] = set()
    if key in flow.reads or key in COMPUTED_FACTS:
        known |= set(FACTS.get(key) or flow.reads[key])
    node = flow.nodes.get(key)
    if isinstance(node, Ask):
        known |= {*node.own_bands, *UNIVERSAL_BANDS}
    if isinstance(node, Walk):
        known |= set(WALK_BANDS)
    return known


def _deed(flow: Flow, node: Node, do: Do, reasons: Collection[str]) -> Iterator[Fault]:
    possible = ARGUMENTS.get(do.name)
    if do.name == "review" and reasons and do.argument not in reasons:
        says = f"“review: {do.argument}” has no row in the rules' table of reviews"
        yield at(flow, node.line, node.name, says)
    elif possible is not None and do.argument not in possible:
        says = f"“{do.name}: {do.argument}” is not known: {', '.join(sorted(possible))}"
        yield at(flow, node.line, node.name, says)


def _covered(flows: Flows) -> Iterator[Fault]:
    """Danger is answered in every state: the flow that waits after it must be there."""
    for flow in flows.values():
        asks = [node for node in flow.nodes.values() if isinstance(node, Ask | Walk)]
        if asks and "danger" not in flows:
            says = "a question can be answered with a danger, but no flow is called “danger”"
            yield at(flow, asks[0].line, asks[0].name, says)
