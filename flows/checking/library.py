"""Checks a library of flows with its words: the one door to the checker."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain

from flows.checking.always import uncovered
from flows.checking.circles import circles, endless
from flows.checking.disclosure import disclosures, visits_of
from flows.checking.languages import DECLARED
from flows.checking.places import at
from flows.checking.report import Report
from flows.checking.said import Said, all_said
from flows.checking.shape import reach, roots, shape_faults, unwalkable
from flows.checking.speech import speech_faults
from flows.checking.states import State
from flows.checking.texts import (
    Scales,
    by_place,
    cost,
    in_answer,
    in_danger,
    open_to_all,
    scales,
    text_faults,
)
from flows.checking.walking import Map, TooMany, beginning, walk
from flows.spec.faults import Fault
from flows.spec.library import Library
from flows.spec.nodes import Decide, Flow
from flows.wording.catalogues import Catalogues
from flows.wording.extract import Text, flow_texts

BUDGET = 2_000_000

Flows = Mapping[str, Flow]


def check_library(
    library: Library,
    catalogues: Catalogues,
    others: Iterable[Text] = (),
    *,
    reasons: Collection[str] = (),
    declared: Sequence[str] = DECLARED,
    budget: int = BUDGET,
) -> Report:
    """Everything that is wrong with these flows and their words.

    `others` are the texts outside flows (`always.…`, `safety.…`); `reasons` those that the rules
    know for reviews (none: any); `budget` the most steps of all walks together.
    """
    flows = library.flows
    texts = (*chain.from_iterable(flow_texts(flow) for flow in flows.values()), *others)
    said = tuple(all_said(texts, catalogues, declared))
    by = scales(said, flows, declared)
    walks, faults = _walk_all(flows, budget)
    faults += [*shape_faults(flows, reasons), *_words_faults(said, by), *speech_faults(said)]
    faults += _walked_faults(flows, walks, said)
    costs = (cost(text, by) for text in said)
    return Report(
        findings=tuple(sorted(set(faults))),
        situations=sum(len(found.moves) for found in walks.values()),
        walked=tuple((name, len(found.moves)) for name, found in walks.items()),
        segments=tuple(found for found in costs if found),
    )


def _walk_all(flows: Flows, budget: int) -> tuple[dict[str, Map], list[Fault]]:
    """A walk from each flow that starts by itself; what cannot be walked is refused."""
    broken = unwalkable(flows)
    faults = [fault for found in broken.values() for fault in found]
    walks: dict[str, Map] = {}
    for name in roots(flows):
        if reach(name, flows) & broken.keys():
            continue
        try:
            walks[name] = walk(flows, [beginning(flows[name])], budget)
        except TooMany:
            faults.append(at(flows[name], 1, "", _refused(budget)))
    return walks, faults


def _refused(budget: int) -> str:
    return f"more than {budget} situations: not checked; split the flow or its tables"


def _walked_faults(flows: Flows, walks: Mapping[str, Map], said: Sequence[Said]) -> list[Fault]:
    faults = [fault for found in walks.values() for fault in _flaws(flows, found)]
    faults += [fault for found in walks.values() for fault in _ways(flows, found)]
    faults += disclosures(flows, by_place(said), visits_of(walks.values()))
    # A flow whose walk was refused has its own finding: what it would reach is unknown.
    if set(roots(flows)) == set(walks):
        faults += _unreached(flows, walks.values())
    return faults


def _flaws(flows: Flows, found: Map) -> Iterator[Fault]:
    for flaw in found.flaws.values():
        way = found.way_to(flaw.state)
        says = f"{flaw.says}; reached by {way}" if way else flaw.says
        yield at(flows[flaw.flow], flaw.line, flaw.node, says)


def _ways(flows: Flows, found: Map) -> Iterator[Fault]:
    says = "goes round in a circle without a question"
    yield from (_at_state(flows, state, says) for state in circles(found))
    says = "no end can be reached from here"
    yield from (_at_state(flows, state, says) for state in endless(found))


def _at_state(flows: Flows, state: State, says: str) -> Fault:
    flow = flows[state.top.flow]
    return at(flow, flow.nodes[state.top.node].line, state.top.node, says)


def _unreached(flows: Flows, walks: Iterable[Map]) -> Iterator[Fault]:
    seen: set[tuple[str, str]] = set()
    rows: set[tuple[str, str, int]] = set()
    for found in walks:
        seen |= {state.top[:2] for state in found.moves if state.frames}
        rows |= found.rows
    for flow in flows.values():
        for node in flow.nodes.values():
            if (flow.name, node.name) not in seen:
                yield at(flow, node.line, node.name, "nothing leads here")
            elif isinstance(node, Decide):
                for row in node.rows:
                    if (flow.name, node.name, row.line) not in rows:
                        says = "this row never holds: the rows above it take every case"
                        yield at(flow, row.line, node.name, says)


def _words_faults(said: Iterable[Said], by: Scales) -> Iterator[Fault]:
    always = ""
    keys: set[str] = set()
    for text in said:
        yield from text_faults(text, by)
        if text.text.key.startswith("always."):
            always, keys = text.text.file, keys | {text.node}
            yield from open_to_all(text)
        elif text.text.key.startswith("safety."):
            yield from in_danger(text)
        elif text.text.key.startswith(("question.", "because.")):
            yield from in_answer(text)
    if always:
        yield from uncovered(keys, always)
