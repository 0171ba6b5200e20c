"""Pieces of one thought, sent within seconds: each is read at once, and all of them as one."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime

from flows.engine import running
from flows.engine.asking import question
from flows.engine.ground import Ground
from flows.engine.pausing import open_ask
from flows.spec.nodes import Ask
from flows.turn.hearing import (
    PROOFS,
    moved,
    pause,
    stood_before,
    take_back,
    take_heard,
    without_lost,
)
from flows.turn.making import Making
from flows.understanding import Question, Reading, read
from flows.vocabulary import Conversation, PersonHere, Scene

_SINGLE = ("yes_no", "choice", "fever", "date", "onset", "count")
_URGENT = ("stop", "wrong_person", "human")


def read_joined(scene: Scene, text: str, reading: Reading, asked: Question) -> Reading:
    """The reading of a text with the danger, or the urgent command, that only all pieces hold."""
    if not scene.lately:
        return reading
    earlier = [read(piece, asked) for piece in scene.lately]
    whole = read(" ".join((*scene.lately, text)), asked)
    known = {code for one in (*earlier, reading) for code in one.danger}
    new = [code for code in whole.danger if code not in known]
    danger = tuple(sorted({*reading.danger, *new}))
    doubt = {*reading.danger_doubt, *(code for code in new if code in whole.danger_doubt)}
    about = {**{code: whole.danger_about.get(code) for code in new}, **reading.danger_about}
    obeyed = whole.command in (one.command for one in earlier)
    urgent = whole.command in _URGENT and not obeyed
    command = reading.command or (whole.command if urgent else None)
    return replace(
        reading,
        danger=danger,
        danger_doubt=tuple(sorted(doubt)),
        danger_about=about,
        command=command,
    )


def going_on(making: Making, conversation: Conversation | None) -> bool:
    """Whether the last answer was heard a moment ago, and nothing that answers it went out yet."""
    hearing = conversation.hearing if conversation else None
    if not hearing or not hearing["drafts"]:
        return False
    fresh = making.now - datetime.fromisoformat(hearing["at"]) <= pause(making)
    return fresh and set(hearing["drafts"]) <= making.scene.waiting


def hear_together(making: Making, text: str, conversation: Conversation, here: PersonHere) -> bool:
    """Read the question anew over all pieces. False where they are not pieces of one answer."""
    before, hearing = stood_before(conversation), conversation.hearing
    if before is None or hearing is None or not going_on(making, conversation):
        return False
    ground = making.ground(here)
    ask = open_ask(before, ground)
    if ask is None:
        return False
    texts = [*hearing["texts"], text]
    settled = next(_settled(ask, texts, before, ground), None)
    if settled is None and moved(before, conversation):
        # The first piece stands, and its reply waits: what came after adds nothing to it.
        making.put(replace(conversation, hearing={**hearing, "texts": texts}))
        return True
    raw, reading = settled or _as_one(ask, "\n".join(texts), ground)
    step = without_lost(running.hear(before, raw, reading, ground, ()), conversation)
    take_back(making)
    take_heard(making, step, here, before, texts)
    return True


def _settled(
    ask: Ask, texts: list[str], before: Conversation, ground: Ground
) -> Iterator[tuple[str, Reading]]:
    """The ways of reading the pieces that answer the question: as lines, as a phrase, the last."""
    ways = ["\n".join(texts), " ".join(texts), texts[-1]]
    if ask.kind in _SINGLE:
        # Of two figures or two answers the later one is meant.
        ways.insert(0, ways.pop())
    for raw in ways[:1] if ask.kind in PROOFS else ways:
        reading = _as_one(ask, raw, ground)[1]
        if running.would_settle(before, raw, reading, ground):
            yield raw, reading


def _as_one(ask: Ask, raw: str, ground: Ground) -> tuple[str, Reading]:
    return raw, read(raw, question(ask, ground))
