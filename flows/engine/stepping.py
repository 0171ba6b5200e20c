"""One step in the making: enters nodes, keeps answers, until a question or the end."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.engine import facts, household, recalling, rounds
from flows.engine.asking import Heard, judge, question
from flows.engine.doing import carry_out, note_named
from flows.engine.entering import FlowLost, Way
from flows.engine.ground import Saying, Step
from flows.engine.pausing import waits
from flows.engine.speaking import PAUSE, confirmation
from flows.engine.walk_replies import judge_cue
from flows.spec.nodes import Ask, Walk
from flows.understanding import Reading, read

__all__ = ["FlowLost", "Run"]


class Run(Way):
    """One step being made. Lives only inside `flows.engine.running`."""

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
        reply = rounds.reply_to(self.ask, raw, reading, self.ground, self.conversation)
        node = self.node(self.frame.node)
        if isinstance(node, Walk):
            return judge_cue(reply, recalling.open_cue(node, self.conversation))
        return judge(reply)

    def _judge(self, ask: Ask, raw: str, reading: Reading) -> None:
        heard = self.judged(raw, reading)
        if heard.band == "paused" and not self.dangers_in_words:
            return self.sayings.append(Saying(PAUSE, "", "reply"))
        if heard.band not in (None, "paused"):
            return self.settle(ask, heard, raw)
        if self.dangers_in_words:
            return self.wait_after_danger()
        if heard.guess:
            return self._confirm(ask, heard)
        if self.frame.tries >= ask.tries:
            return self.settle(ask, Heard("unclear", kept=raw), raw)
        if ask.cue:
            self.work.conversation = recalling.asked_again(self.conversation, ask)
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

    def settle(self, ask: Ask, heard: Heard, raw: str = "") -> None:
        """The question is answered (or given up): keep it, do what follows, go on."""
        node = self.node(self.frame.node)
        if isinstance(node, Walk):
            return self._settle_cue(node, heard, raw)
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

    def _settle_cue(self, walk: Walk, heard: Heard, raw: str) -> None:
        """One cue is answered: the walk goes on, or comes out."""
        if heard.band in ("refused", "call", "silent"):
            return self._leave(walk, heard.band)
        self._keep_dangers()
        self.work.conversation = recalling.note(walk, self.conversation, self.ground, heard, raw)
        if heard.band == "tomorrow":
            self.work.conversation = recalling.rested(walk, self.conversation)
            return self._leave(walk, "paused")
        return self._next(walk.name)

    def _keep(self, key: str, ask: Ask, band: str, heard: Heard) -> None:
        conversation = self.conversation
        kept = dict(conversation.kept)
        if band == "unclear":
            # Words that nobody understood have not the shape that readers of this answer expect.
            kept[f"{key}.words"] = heard.kept
            kept["left"] = self.work.count_left(key, heard.kept)
        elif heard.kept is not None:
            kept[key] = (
                rounds.with_earlier_groups(kept.get(key), heard.kept) if ask.over else heard.kept
            )
        if ask.over == "doubtful":
            kept[f"{key}.about"] = [row.number for row in facts.people_of_round(conversation)]
        self.work.conversation = replace(
            conversation,
            bands={**conversation.bands, key: band},
            kept=kept,
            named=conversation.named if heard.named is None else heard.named,
            pending=None,
        )
        self._keep_rows(heard)
        self._keep_dangers()

    def _keep_rows(self, heard: Heard) -> None:
        told = household.take_in(self.conversation, self.ground, heard.rows)
        self.work.conversation = told
        fresh = household.fresh_dangers(self.before, told, self.dangers_in_words)
        self.work.member_dangers.update(fresh)

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
