"""Enters nodes, one after another, until a question or the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.engine import calling, facts, recalling
from flows.engine.doing import carry_out
from flows.engine.ground import Ground, Saying
from flows.engine.speaking import part_of
from flows.engine.walking import trail_in
from flows.engine.work import Work
from flows.spec.nodes import Ask, Call, Decide, End, Node, Row, Say, Walk
from flows.vocabulary import Conversation, Frame

_MOST_NODES = 200
# Why a conversation is held whose danger nobody has answered for.
AFTER_DANGER = "after_danger"


class FlowLost(Exception):
    """A conversation stands where its flow has no such node; a person takes it."""


class Way:
    """The way of one step through the nodes of its flows."""

    def __init__(self, conversation: Conversation, ground: Ground) -> None:
        self.before = conversation
        self.ground = ground
        self.work = Work(ground, conversation)
        self.sayings: list[Saying] = []
        self.dangers_in_words: tuple[str, ...] = ()
        self.entered = 0

    # -- where it stands

    @property
    def conversation(self) -> Conversation:
        return self.work.conversation

    @property
    def frame(self) -> Frame:
        return self.conversation.frames[-1]

    @property
    def ask(self) -> Ask:
        node = self.node(self.frame.node)
        if isinstance(node, Walk):
            return recalling.question(node, self.conversation)
        if not isinstance(node, Ask):
            raise FlowLost(f"{self.frame.flow}.{self.frame.node} is no question")
        return node

    def node(self, name: str) -> Node:
        node = self.ground.library[self.frame.flow].nodes.get(name)
        if node is None:
            raise FlowLost(f"{self.frame.flow}.{name} is not there")
        return node

    def key(self, name: str) -> str:
        return f"{self.frame.flow}.{name}"

    def put(self, frame: Frame) -> None:
        frames = (*self.conversation.frames[:-1], frame)
        self.work.conversation = replace(self.conversation, frames=frames)

    def push(self, flow: str) -> None:
        called = self.ground.library[flow]
        frame = Frame(flow, called.start, called.structure)
        frames = (*self.conversation.frames, frame)
        self.work.conversation = replace(self.conversation, frames=frames)
        self.enter(called.start)

    # -- going on

    def _next(self, name: str, item: int = 0) -> None:
        """Go to a node, or wait before it where the answer held a danger."""
        if self.work.in_danger or self.dangers_in_words:
            self.put(replace(self.frame, node=name, item=item, tries=0, climbed=(), asked=False))
            return self.wait_after_danger()
        return self.enter(name, item)

    def wait_after_danger(self) -> None:
        """Nothing routine before the person has answered: the flow `danger` lies on top."""
        if "violence" in (*self.work.dangers, *self.dangers_in_words):
            self.work.conversation = replace(self.conversation, status="held")
            return
        frames = tuple(f for f in self.conversation.frames if f.flow != "danger")
        self.work.conversation = replace(self.conversation, frames=frames)
        self.push("danger")

    def enter(self, name: str, item: int = 0) -> None:
        """Enter a node; goes on by itself until a question or the end."""
        self.entered += 1
        if self.entered > _MOST_NODES:
            raise FlowLost(f"{self.frame.flow}.{name} goes round without a question")
        self.put(replace(self.frame, node=name, item=item, tries=0, climbed=(), asked=True))
        node = self.node(name)
        match node:
            case Say():
                self._say(node)
            case Ask():
                self._ask(node)
            case Walk():
                self._walk(node)
            case Decide():
                self._decide(node)
            case Call():
                self.push(node.flow)
            case End():
                self._end(node)

    def _do_all(self, node: Say | Decide | End) -> None:
        for do in node.do:
            carry_out(self.work, do, self.key(node.name))

    def _say(self, node: Say) -> None:
        self.say_part(node, "text", "reply")
        self._do_all(node)
        self._next(node.then)

    def _ask(self, node: Ask) -> None:
        if node.over and not facts.rounds(node.over, self.ground, self.conversation):
            return self.enter(node.after_no_round)
        if node.delay is not None:
            return self.put(replace(self.frame, asked=False))
        self.say_part(node, "text", "question")
        return None

    def _walk(self, walk: Walk) -> None:
        if self.ground.address.channel == "voice":
            # Names are lost in a call with a machine: an agent asks for them.
            return self._leave(walk, "call")
        before = trail_in(self.conversation)
        found, outcome, turns_short = recalling.go_on(walk, self.conversation, self.ground)
        self.work.conversation = found
        if outcome:
            return self._leave(walk, outcome)
        if turns_short:
            key = self.key(walk.name)
            self.sayings.append(Saying(f"{key}.brief", walk.words.parts["brief"], "reply"))
        if before.resting:
            return self.put(replace(self.frame, asked=False))
        return self.say_part(self.ask, "text", "question")

    def _decide(self, node: Decide) -> None:
        self._do_all(node)
        self._next(next(row.go for row in node.rows if self._holds(row)))

    def _holds(self, row: Row) -> bool:
        def stands(name: str, bands: Sequence[str]) -> bool:
            return self._band(name) in bands

        if not all(stands(name, bands) for name, bands in row.when.items()):
            return False
        return sum(stands(name, bands) for name, bands in row.among.items()) >= row.least

    def _band(self, name: str) -> str:
        said = self.conversation.bands.get(self.key(name))
        return said if said is not None else facts.fact(name, self.ground, self.conversation)

    def _end(self, node: End) -> None:
        if node.words and not self.work.in_danger:
            self.say_part(node, "text", "reply")
        self._do_all(node)
        ended, frames = self.frame.flow, self.conversation.frames[:-1]
        self.work.conversation = replace(self.conversation, frames=frames)
        if not frames:
            over = replace(self.conversation, status="ended", outcome=node.outcome)
            self.work.conversation = over
        elif node.outcome == "held":
            # Whoever then writes that all is well goes on; what an agent holds stays theirs.
            why = AFTER_DANGER if ended == "danger" else self.conversation.outcome
            self.work.conversation = replace(self.conversation, status="held", outcome=why)
        elif self._is_unproven(ended, node.outcome):
            self._stop_unproven(node.outcome)
        else:
            self._back_to_caller(node.outcome)

    def _is_unproven(self, flow: str, outcome: str) -> bool:
        """Whether a proof that was laid over an open question (not called by a flow) failed."""
        called = isinstance(self.node(self.frame.node), Call)
        return flow == "reproof" and outcome != "proven" and not called

    def _stop_unproven(self, outcome: str) -> None:
        """Nothing more is asked there. A day's check-in is over, anything longer is a person's."""
        over = self.conversation.frames[0].flow == "check_in" or outcome == "silent"
        status = "ended" if over else "held"
        self.work.conversation = replace(self.conversation, status=status, outcome="unproven")

    def _back_to_caller(self, outcome: str) -> None:
        caller = self.node(self.frame.node)
        if isinstance(caller, Call) and self.frame.asked:
            self.enter(caller.target(outcome))
        else:
            self.enter(self.frame.node, self.frame.item)

    def say_part(self, node: Say | Ask | End, part: str, kind: str) -> None:
        """Say one text of a node."""
        if isinstance(node, Ask) and node.kind == "slot":
            self.work.conversation = calling.offering(self.conversation, self.ground)
        self.sayings.append(part_of(node, part, kind, self.ground, self.conversation))

    def _leave(self, walk: Walk, outcome: str) -> None:
        self._keep_dangers()
        key = self.key(walk.name)
        bands = {**self.conversation.bands, key: outcome}
        self.work.conversation = replace(self.conversation, bands=bands, pending=None)
        for do in (*walk.do.get("*", ()), *walk.do.get(outcome, ())):
            carry_out(self.work, do, key)
        self._next(walk.target(outcome))

    def _keep_dangers(self) -> None:
        if self.dangers_in_words:
            kept = self.conversation.kept
            dangers = sorted({*kept.get("dangers", ()), *self.dangers_in_words})
            self.work.conversation = replace(self.conversation, kept={**kept, "dangers": dangers})
