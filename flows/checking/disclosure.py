"""No health information before the proof, no secret of the case without consent, on any path."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from flows.checking import words
from flows.checking.places import at
from flows.checking.said import Said
from flows.checking.states import MAY_DATE, MAY_NAME, OTHERS_READ, PROVEN, State
from flows.checking.walking import INTERRUPT, Map
from flows.spec.faults import Fault
from flows.spec.nodes import Ask, Flow, Walk
from flows.spec.slots import SLOTS
from flows.wording.rendering import placeholders

_ASKS_HEALTH = (
    *("danger_signs", "fever", "symptoms", "onset"),
    *("household", "household_right", "danger_who"),
)
_ASKS_CASE = ("contacts", "numbers", "consent", "summary", "which")
# Placeholders that say of what somebody is ill, or who was.
_TELLS_WHY = frozenset(("illness", "case_name", "exposure_day"))
_CONSENTS = {"case_name": MAY_NAME, "case_date": MAY_DATE}


class Visit(NamedTuple):
    """A node reached with less earned than it may need, and the last steps before it."""

    earned: frozenset[str]
    way: str


Visits = Mapping[tuple[str, str], list[Visit]]


def visits_of(walks: Iterable[Map]) -> Visits:
    """How each node was reached, one visit for each set of things earned."""
    found: dict[tuple[str, str], dict[frozenset[str], tuple[Map, State]]] = {}
    for walk in walks:
        for state in walk.moves:
            if state.frames:
                place = (state.top.flow, state.top.node)
                found.setdefault(place, {}).setdefault(state.earned, (walk, state))
    return {
        place: [Visit(earned, walk.way_to(state)) for earned, (walk, state) in ways.items()]
        for place, ways in found.items()
    }


def disclosures(
    flows: Mapping[str, Flow], said: Mapping[str, list[Said]], visits: Visits
) -> Iterator[Fault]:
    """What is said or asked where the path has not earned it; `said` by `flow.node`."""
    for (name, node_name), found in visits.items():
        flow, node = flows[name], flows[name].nodes[node_name]
        for visit in found:
            if PROVEN not in visit.earned:
                for says in _too_early(flow, node_name, said.get(f"{name}.{node_name}", [])):
                    yield at(flow, node.line, node_name, says + _by(visit))
            if OTHERS_READ in visit.earned:
                for says in _read_by_others(said.get(f"{name}.{node_name}", [])):
                    yield at(flow, node.line, node_name, says + _by(visit))
        for says in _secrets(said.get(f"{name}.{node_name}", []), found):
            yield at(flow, node.line, node_name, says)


def _by(visit: Visit) -> str:
    return f"; reached by {visit.way}" if visit.way else "; it stands at the very beginning"


def _too_early(flow: Flow, node_name: str, texts: Iterable[Said]) -> Iterator[str]:
    node = flow.nodes[node_name]
    if isinstance(node, Ask):
        if node.kind in _ASKS_HEALTH:
            yield f"asks about health ({node.kind}) before identity is proven"
        if node.kind in _ASKS_CASE:
            yield f"asks what only a case is asked ({node.kind}) before identity is proven"
    if isinstance(node, Walk):
        yield "asks what only a case is asked (walk) before identity is proven"
    # It answers danger in somebody's own words: it may speak of how they are.
    own_danger = flow.name == INTERRUPT
    for text in texts:
        for word in _telling(text, own_danger):
            yield f"“{text.part}” says “{word}” before identity is proven"
        for slot in sorted(placeholders(text.words)):
            if slot in SLOTS and SLOTS[slot].discloses in ("person", "health"):
                yield f"“{text.part}” says {{{slot}}} before identity is proven"


def _read_by_others(texts: Iterable[Said]) -> Iterator[str]:
    """What stays on a phone that others read: neither the illness nor why we write."""
    for text in texts:
        for word in words.found("status", text.words, text.lang):
            yield f"“{text.part}” says “{word}” on a phone that others read"
        for slot in sorted(placeholders(text.words) & _TELLS_WHY):
            yield f"“{text.part}” says {{{slot}}} on a phone that others read"


def _telling(text: Said, own_danger: bool) -> tuple[str, ...]:
    secret = words.found("secret", text.words, text.lang)
    return secret if own_danger else (*secret, *words.found("health", text.words, text.lang))


def _secrets(texts: Iterable[Said], visits: Iterable[Visit]) -> Iterator[str]:
    """The name and the date that a case may have kept for itself."""
    for text in texts:
        for slot in sorted(placeholders(text.words)):
            consent = _CONSENTS.get(SLOTS[slot].discloses) if slot in SLOTS else None
            for visit in visits:
                if consent and {consent, PROVEN} - visit.earned:
                    table = f"a “decide” with “{consent}: yes” after the proof"
                    yield f"“{text.part}” says {{{slot}}} without {table}{_by(visit)}"
