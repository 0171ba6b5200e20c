"""Insults and confusion: a neutral word and the question once more; the second time, a person."""

from __future__ import annotations

import re
from dataclasses import replace

from flows.engine import running
from flows.engine.asking import question
from flows.engine.ground import Ground
from flows.engine.keywords import says, says_only, without
from flows.engine.pausing import open_ask
from flows.spec.nodes import Ask
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.understanding import Reading, read
from flows.vocabulary import Conversation, PersonHere

_CLAUSES = re.compile(r"[,;.!?؟،\n]")
_KEPT = "upset"
_TWICE = 2


def is_upset(words: str) -> str:
    """What a message is beside an answer: an insult, confused, or neither ("")."""
    if says(words, "insult"):
        return "insult"
    return "confused" if says(words, "confused") or says_only(words, "confused") else ""


def _answers_beside(
    words: str, kind: str, conversation: Conversation, ask: Ask, ground: Ground
) -> bool:
    """Whether the message answers as well: its words but for the insult, or its other clauses."""
    if kind == "insult":
        rest = without(words, kind)
    else:
        rest = ", ".join(one for one in _CLAUSES.split(words) if is_upset(one) != kind)
    reading = read(rest, question(ask, ground))
    return bool(rest.strip()) and running.would_settle(conversation, rest, reading, ground)


def answer_upset(
    making: Making,
    words: str,
    reading: Reading,
    conversation: Conversation,
    here: PersonHere,
    voice: Voice,
) -> bool:
    """Answer somebody who insults us or is lost. False where the words answer the question."""
    kind = is_upset(words)
    ground = making.ground(here)
    ask = open_ask(conversation, ground) if conversation.status == "open" else None
    if not kind or ask is None or reading.danger:
        return False
    if ask.kind != "text" and _answers_beside(words, kind, conversation, ask, ground):
        return False
    times = int(conversation.kept.get(_KEPT, 0)) + 1
    counted = replace(conversation, kept={**conversation.kept, _KEPT: times})
    if times >= _TWICE:
        making.review("upset", here, words=words)
        making.say(voice, "to_person")
        making.put(counted)
        return True
    making.say(voice, kind)
    making.take(running.prompt(replace(counted, pending=None), ground), here)
    return True
