"""One step in the making: enters nodes, keeps answers, until a question or the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from flows.engine import facts, household, rounds
from flows.engine.asking import Heard, judge, question
from flows.engine.doing import carry_out, note_named
from flows.engine.ground import Ground, Saying, Step
from flows.engine.pausing import waits
from flows.engine.speaking import confirmation, part_of
from flows.engine.work import Work
from flows.spec.nodes import Ask, Call, Decide, End, Node, Row, Say
from flows.understanding import Reading, read
from flows.vocabulary import Conversation, Frame

_MOST_NODES = 200


class FlowLost(Exception):
    """A conversation stands where its flow has no such node; a person takes it."""


class Run:
    """One step being made. Lives only inside `flows.engine.running`."""

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

    # -- hearing

    def hear(self, raw: str, reading: Reading) -> None:
        ask = self.ask
        self._note_dangers(reading)
        if self.conversation.pending is not None:
            settled = self._confirmation(raw)
            if settled is not None:
                return self.settle(ask, settled)
        self._judge(ask, raw, reading)
        return None

    def _note_dangers(self, reading: Reading) -> None:
        """Whose dangers the words told, where somebody answers for several."""
        if self.dangers_in_words and self.ground.members:
            about = {code: reading.danger_about.get(code) for code in self.dangers_in_words}
            self.work.conversation = household.with_dangers(self.conversation, self.ground, about)

    def _confirmation(self, raw: str) -> Heard | None:
        """Yes to "you mean …?" settles the guess; anything else is read as a new answer."""
        pending = self.conversation.pending or {}
        self.work.conversation = replace(self.conversation, pending=None)
        answer = read(raw, question(None, self.ground, "yes_no")).value
        said_yes = answer is True or raw.strip() == "1"
        return Heard(pending["band"], kept=pending["kept"]) if said_yes else None

    def judged(self, raw: str, reading: Reading) -> Heard:
        """How these words would come out for the open question."""
        return judge(rounds.reply_to(self.ask, raw, reading, self.ground, self.conversation))

    def _judge(self, ask: Ask, raw: str, reading: Reading) -> None:
        heard = self.judged(raw, reading)
        if heard.band is not None:
            return self.settle(ask, heard)
        if self.dangers_in_words:
            return self.wait_after_danger()
        if heard.guess:
            return self._confirm(ask, heard)
        if self.frame.tries >= ask.tries:
            return self.settle(ask, Heard("unclear", kept=raw))
        self.put(replace(self.frame, tries=self.frame.tries + 1, asked=True))
        self.say_part(ask, "retry" if "retry" in ask.words.parts else "text", "question")
        return None

    def _confirm(self, ask: Ask, heard: Heard) -> None:
        band = "figure" if ask.kind == "fever" else "given"
        self.work.conversation = replace(
            self.conversation, pending={"band": band, "kept": heard.kept}
        )
        self.sayings.append(confirmation(ask, heard, self.ground))

    # -- going on

    def settle(self, ask: Ask, heard: Heard) -> None:
        """The question is answered (or given up): keep it, do what follows, go on."""
        band = heard.band or "unclear"
        key = self.key(ask.name)
        self._keep(key, ask, band, heard)
        self.work.dangers.extend(heard.dangers if not self.dangers_in_words else ())
        for do in (*ask.do.get("*", ()), *ask.do.get(band, ())):
            carry_out(self.work, do, key)
        next_round = self.frame.item + 1
        more = ask.over and band in ("some", "none", "given", "unclear", "nothing", "told")
        if more and rounds.has_round(ask, next_round, self.ground, self.conversation):
            return self._next(ask.name, item=next_round if ask.over == "days" else 0)
        return self._next(ask.target(band))

    def _keep(self, key: str, ask: Ask, band: str, heard: Heard) -> None:
        conversation = self.conversation
        kept = dict(conversation.kept)
        if band == "unclear":
            # Words that nobody understood have not the shape that readers of this answer expect.
            kept[f"{key}.words"] = heard.kept
        elif heard.kept is not None:
            kept[key] = (
                rounds.with_earlier_groups(kept.get(key), heard.kept) if ask.over else heard.kept
            )
        if ask.over == "doubtful":
            kept[f"{key}.about"] = [row.number for row in facts.people_of_round(conversation)]
        if self.dangers_in_words:
            kept["dangers"] = sorted({*kept.get("dangers", ()), *self.dangers_in_words})
        self.work.conversation = replace(
            conversation,
            bands={**conversation.bands, key: band},
            kept=kept,
            named=conversation.named if heard.named is None else heard.named,
            pending=None,
        )
        self._keep_rows(heard)

    def _keep_rows(self, heard: Heard) -> None:
        told = household.take_in(self.conversation, self.ground, heard.rows)
        self.work.conversation = told
        fresh = household.fresh_dangers(self.before, told, self.dangers_in_words)
        self.work.member_dangers.update(fresh)

    def _next(self, name: str, item: int = 0) -> None:
        """Go to a node, or wait before it where the answer held a danger."""
        if self.work.in_danger or self.dangers_in_words:
            self.put(replace(self.frame, node=name, item=item, tries=0, silences=0, asked=False))
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
        self.put(replace(self.frame, node=name, item=item, tries=0, silences=0, asked=True))
        node = self.node(name)
        match node:
            case Say():
                self._say(node)
            case Ask():
                self._ask(node)
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
        frames = self.conversation.frames[:-1]
        self.work.conversation = replace(self.conversation, frames=frames)
        if not frames:
            ended = replace(self.conversation, status="ended", outcome=node.outcome)
            self.work.conversation = ended
        elif node.outcome == "held":
            self.work.conversation = replace(self.conversation, status="held")
        else:
            self._back_to_caller(node.outcome)

    def _back_to_caller(self, outcome: str) -> None:
        caller = self.node(self.frame.node)
        if isinstance(caller, Call) and self.frame.asked:
            self.enter(caller.target(outcome))
        else:
            self.enter(self.frame.node, self.frame.item)

    def say_part(self, node: Say | Ask | End, part: str, kind: str) -> None:
        """Say one text of a node."""
        self.sayings.append(part_of(node, part, kind, self.ground, self.conversation))

    # -- the outcome

    def step(self, asked_at: datetime | None = None) -> Step:
        work = self.work
        note_named(work, self.before)
        conversation = replace(work.conversation, asked_at=asked_at or self.ground.now)
        prompt_after, silent_after = waits(conversation, self.ground)
        return Step(
            conversation=conversation,
            sayings=tuple(self.sayings),
            deeds=tuple(work.deeds),
            reviews=tuple(work.reviews),
            dangers=tuple(dict.fromkeys(work.dangers)),
            member_dangers=work.member_dangers,
            word=work.word,
            prompt_after=prompt_after,
            silent_after=silent_after,
            proven=work.proven,
            shared=work.shared,
            number_wrong=work.number_wrong,
            danger_lowered=work.danger_lowered,
            assessment=work.assessment,
        )
