"""Walks every conversation that flows allow, from situation to situation."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import NamedTuple

from flows.checking.facts import FACTS
from flows.checking.states import (
    MATCHED,
    MAY_DATE,
    MAY_NAME,
    OTHERS_READ,
    PROVEN,
    Live,
    Standing,
    State,
    live_in,
)
from flows.spec.cues import WALK_BANDS
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

# Lies on top of any flow after a danger in somebody's words, and gives the flow back as it stood.
INTERRUPT = "danger"
# The answers that prove who writes, by the kind of question.
_PROOFS: Mapping[str, tuple[str, ...]] = {
    "birth_year": ("match",),
    "full_name": ("match",),
    "family_word": ("match", "nothing", "told"),
    "own_name": ("given", "match"),
}
# The facts whose value gives or takes what a path has earned.
_EARNED_BY = {"identity": (PROVEN, "proven"), "may_name": (MAY_NAME, "yes")}
_EARNED_BY |= {"may_date": (MAY_DATE, "yes")}

Known = Mapping[str, str]


class TooMany(Exception):
    """The conversations of a flow are more than the budget."""


class Move(NamedTuple):
    """One way on. `asked`: a reply was waited for; `why` is the band, outcome or row taken."""

    why: str
    to: State
    asked: bool = False


class Flaw(NamedTuple):
    """What a walk finds wrong at a place; `state` tells how it was reached."""

    flow: str
    line: int
    node: str
    says: str
    state: State


@dataclass(slots=True)
class Map:
    """All situations found from one start, how each was first reached, and what was wrong."""

    moves: dict[State, tuple[Move, ...]] = field(default_factory=dict)
    reached_by: dict[State, tuple[State, str] | None] = field(default_factory=dict)
    rows: set[tuple[str, str, int]] = field(default_factory=set)
    flaws: dict[tuple[str, str, str], Flaw] = field(default_factory=dict)

    def way_to(self, state: State, most: int = 5) -> str:
        """The last nodes before this situation, each with what was answered there."""
        steps: list[str] = []
        origin = self.reached_by[state]
        while origin is not None and len(steps) < most:
            before, why = origin
            steps.append(f"{before.top.flow}.{before.top.node} ({why})")
            origin = self.reached_by[before]
        return ", ".join(reversed(steps))


def walk(flows: Mapping[str, Flow], starts: Iterable[State], budget: int) -> Map:
    """Every situation that can follow from `starts`; `TooMany` past the budget."""
    found = Map()
    stepper = _Stepper(flows, found, budget)
    waiting = deque(starts)
    found.reached_by.update((state, None) for state in waiting)
    while waiting:
        state = waiting.popleft()
        moves = tuple(stepper.moves(state)) if state.frames else ()
        found.moves[state] = moves
        for move in moves:
            if move.to not in found.reached_by:
                found.reached_by[move.to] = (state, move.why)
                waiting.append(move.to)
    return found


def beginning(flow: Flow) -> State:
    """The first situation of a flow that starts by itself: nobody has proved anything."""
    return State((Standing(flow.name, flow.start),))


class _Stepper:
    """Makes the moves of one walk, and counts what they cost."""

    def __init__(self, flows: Mapping[str, Flow], found: Map, budget: int) -> None:
        self.flows = flows
        self.live: Mapping[str, Live] = live_in(flows)
        self.found = found
        self.left = budget
        self.here = State(())

    def spend(self) -> None:
        self.left -= 1
        if self.left < 0:
            raise TooMany

    def moves(self, state: State) -> Iterator[Move]:
        self.spend()
        self.here = state
        node = self.flows[state.top.flow].nodes[state.top.node]
        match node:
            case Say():
                yield self._to("", self._done(state, node.do, node), node.then)
            case Ask():
                yield from self._answers(state, node)
            case Walk():
                yield from self._outcomes(state, node)
            case Decide():
                yield from self._rows(self._done(state, node.do, node), node)
            case Call():
                called = self.flows[node.flow]
                standing = Standing(called.name, called.start)
                yield Move("call", state._replace(frames=(*state.frames, standing)))
            case End():
                yield self._end(self._done(state, node.do, node), node)

    def _to(self, why: str, state: State, target: str, asked: bool = False) -> Move:
        kept = self.live[state.top.flow].kept(target, state.top.answers)
        return Move(why, state.at(target, kept), asked)

    def _answers(self, state: State, ask: Ask) -> Iterator[Move]:
        if ask.over:
            nobody = ask.after_no_round
            yield self._to("no round", state, nobody)
        for band in (*ask.own_bands, *UNIVERSAL_BANDS):
            self.spend()
            after = self._heard(state, ask, band)
            answered = self._to(band, after, ask.target(band), asked=True)
            yield answered
            yield from self._interrupted(answered)
        yield from self._interrupted(Move("not understood", state, asked=True))

    def _outcomes(self, state: State, node: Walk) -> Iterator[Move]:
        """A walk is one node here: that it ends, and within its prompts, is proven elsewhere."""
        for outcome in WALK_BANDS:
            self.spend()
            others = {answer for answer in state.top.answers if answer[0] != node.name}
            after = state.at(node.name, frozenset({*others, (node.name, outcome)}))
            after = after._replace(facts=frozenset())
            after = self._done(after, (*node.do.get("*", ()), *node.do.get(outcome, ())), node)
            answered = self._to(outcome, after, node.target(outcome), asked=True)
            yield answered
            yield from self._interrupted(answered)
        yield from self._interrupted(Move("a cue", state, asked=True))

    def _interrupted(self, move: Move) -> Iterator[Move]:
        """The same reply with a danger in it: nothing routine before somebody has answered."""
        danger = self.flows.get(INTERRUPT)
        if danger and all(standing.flow != INTERRUPT for standing in move.to.frames):
            on_top = (*move.to.frames, Standing(danger.name, danger.start))
            yield Move(f"{move.why}, danger", move.to._replace(frames=on_top), asked=True)

    def _heard(self, state: State, ask: Ask, band: str) -> State:
        others = {answer for answer in state.top.answers if answer[0] != ask.name}
        after = state.at(ask.name, frozenset({*others, (ask.name, band)}))
        after = after._replace(facts=frozenset())
        if ask.kind in _PROOFS:
            matched = band in _PROOFS[ask.kind]
            after = after.earning(MATCHED) if matched else after.losing(MATCHED)
        if ask.kind in DANGER_KINDS and band == "silent":
            after = after._replace(owes=(state.top.flow, ask.name))
        return self._done(after, (*ask.do.get("*", ()), *ask.do.get(band, ())), ask)

    def _rows(self, state: State, table: Decide) -> Iterator[Move]:
        for row, known in self._branches(state, table, table.rows, {}):
            self.found.rows.add((state.top.flow, table.name, row.line))
            yield self._to(f"row {row.line}", _remembering(state, known), row.go)

    def _branches(
        self, state: State, table: Decide, rows: tuple[Row, ...], known: Known
    ) -> Iterator[tuple[Row, Known]]:
        """Each row that can hold, with what must be so for it; splits only on what it reads."""
        for index, row in enumerate(rows):
            if any(known.get(key, bands[0]) not in bands for key, bands in row.when.items()):
                continue
            unknown = next((key for key in (*row.when, *row.among) if key not in known), None)
            if unknown is not None:
                for band in self._bands(state, table, row, unknown):
                    self.spend()
                    yield from self._branches(state, table, rows[index:], {**known, unknown: band})
                return
            if sum(known[key] in bands for key, bands in row.among.items()) >= row.least:
                yield row, known
                return

    def _bands(self, state: State, table: Decide, row: Row, key: str) -> tuple[str, ...]:
        """What a fact or answer may be here."""
        for name, band in (*state.top.answers, *state.facts):
            if name == key:
                return (band,)
        flow = self.flows[state.top.flow]
        if key in flow.reads or key in COMPUTED_FACTS:
            return FACTS.get(key) or flow.reads[key]
        self.flaw(row.line, table, f"“{key}” is read before it is known")
        asked = flow.nodes.get(key)
        if isinstance(asked, Walk):
            return WALK_BANDS
        return (*asked.own_bands, *UNIVERSAL_BANDS) if isinstance(asked, Ask) else ("",)

    def _end(self, state: State, end: End) -> Move:
        below = state.frames[:-1]
        back = state._replace(frames=below)
        if not below:
            if state.owes is not None:
                self._unpaid(state.owes)
            return Move(end.outcome, State(()))
        if state.top.flow == INTERRUPT:
            return Move(end.outcome, back)
        caller = self.flows[below[-1].flow].nodes[below[-1].node]
        if not isinstance(caller, Call):
            raise TypeError(f"{below[-1].flow}.{below[-1].node} calls nothing")
        return self._to(end.outcome, back, caller.target(end.outcome))

    def _unpaid(self, owed: tuple[str, str]) -> None:
        flow, name = owed
        says = "silence at a question about danger can end without a review: “do: [review: …]”"
        line = self.flows[flow].nodes[name].line
        self.found.flaws.setdefault((flow, name, says), Flaw(flow, line, name, says, self.here))

    def _done(self, state: State, dos: tuple[Do, ...], node: Node) -> State:
        """What the deeds change: facts computed anew, a review paid, identity proven."""
        if not dos:
            return state
        names = {do.name for do in dos}
        stable = frozenset(fact for fact in state.facts if fact[0] not in COMPUTED_FACTS)
        state = state._replace(facts=stable)
        if "review" in names:
            state = state._replace(owes=None)
        if "keep_word" in names and PROVEN not in state.earned:
            says = "says “keep_word” though nobody has proved who they are on this way"
            self.flaw(node.line, node, says)
        if names & {"keep_word", "shared_phone"}:
            state = state.earning(OTHERS_READ)
        if "identity_proven" in names:
            if MATCHED not in state.earned:
                says = "says “identity_proven” though no answer matched the record on this way"
                self.flaw(node.line, node, says)
            state = state.earning(PROVEN)
        return state

    def flaw(self, line: int, node: Node, says: str) -> None:
        flow = self.here.top.flow
        key = (flow, node.name, says)
        self.found.flaws.setdefault(key, Flaw(flow, line, node.name, says, self.here))


def _remembering(state: State, known: Known) -> State:
    """The state with the facts that a table has just read, and what they give or take."""
    answered = {name for name, _ in state.top.answers}
    for name, band in known.items():
        if name in answered:
            continue
        state = state._replace(facts=state.facts | {(name, band)})
        earned, wanted = _EARNED_BY.get(name, ("", ""))
        if earned:
            state = state.earning(earned) if band == wanted else state.losing(earned)
        if name == "phone":
            state = state.losing(OTHERS_READ) if band == "own" else state.earning(OTHERS_READ)
        if (name, band) == ("identity", "needed"):
            state = state.losing(MATCHED)
    return state
