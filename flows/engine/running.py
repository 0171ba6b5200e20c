"""Runs a conversation: begin, hear, fall silent, be interrupted; from values to values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.engine.asking import Heard
from flows.engine.ground import Ground, Step
from flows.engine.pausing import REMINDS, open_ask, rung
from flows.engine.speaking import OPEN_FLOWS
from flows.engine.stepping import FlowLost, Run
from flows.spec.nodes import End
from flows.understanding import Reading
from flows.vocabulary import Conversation

__all__ = [
    "OPEN_FLOWS",
    "FlowLost",
    "ask_again",
    "begin",
    "hear",
    "prompt",
    "prove",
    "resume",
    "silence",
    "wait_after_danger",
    "would_settle",
]


def begin(conversation: Conversation, ground: Ground) -> Step:
    """The first step of a conversation whose frames name its flow."""
    run = Run(replace(conversation, status="open", opened_at=ground.now), ground)
    run.enter(run.frame.node)
    return run.step()


def hear(
    conversation: Conversation, raw: str, reading: Reading, ground: Ground, dangers: Sequence[str]
) -> Step:
    """A reply to the open question. `dangers` were read in its words: the flow then waits."""
    run = Run(replace(conversation, status="open"), ground)
    run.dangers_in_words = tuple(dangers)
    run.hear(raw, reading)
    return run.step()


def silence(conversation: Conversation, ground: Ground) -> Step:
    """Nobody answered in time: a reminder by the rules' ladder, then the way of silence."""
    run = Run(conversation, ground)
    ask, frame = run.ask, run.frame
    step = None if ask.wait else rung(conversation, ground)
    if step is not None and step.action in REMINDS:
        run.put(replace(frame, silences=frame.silences + 1))
        run.say_part(ask, "reminder" if "reminder" in ask.words.parts else "text", "reminder")
        return run.step(asked_at=conversation.asked_at)
    run.settle(ask, Heard("silent"))
    return run.step()


def prompt(conversation: Conversation, ground: Ground) -> Step:
    """Ask the open question (again): a delayed prompt is due, or something came between."""
    run = Run(replace(conversation, status="open"), ground)
    run.put(replace(run.frame, asked=True))
    run.say_part(run.ask, "text", "question")
    return run.step()


def ask_again(conversation: Conversation, ground: Ground) -> Step | None:
    """The open question once more, after an aside; None where none is open."""
    if conversation.status != "open" or open_ask(conversation, ground) is None:
        return None
    return prompt(replace(conversation, pending=None), ground)


def would_settle(conversation: Conversation, raw: str, reading: Reading, ground: Ground) -> bool:
    """Whether these words answer the open question outright."""
    if open_ask(conversation, ground) is None:
        return False
    return Run(replace(conversation, pending=None), ground).judged(raw, reading).band is not None


def prove(conversation: Conversation, ground: Ground) -> Step:
    """Identity was proven elsewhere: a flow that asks for it ends so; else the question again."""
    nodes = ground.library[conversation.frames[-1].flow].nodes.values()
    proven = [node for node in nodes if isinstance(node, End) and node.outcome == "proven"]
    if not proven:
        return prompt(conversation, ground)
    run = Run(replace(conversation, status="open", pending=None), ground)
    run.enter(proven[0].name)
    return run.step()


def wait_after_danger(conversation: Conversation, ground: Ground) -> Step:
    """A danger was heard beside a command: the flow waits for an answer about help."""
    run = Run(replace(conversation, status="open", pending=None), ground)
    run.wait_after_danger()
    return run.step()


def resume(conversation: Conversation, ground: Ground) -> Step:
    """An agent hands back: what lay on top is over, the open question is asked again."""
    frames = tuple(f for f in conversation.frames if f.flow != "danger")
    if not frames:
        return Step(replace(conversation, status="ended", frames=(), outcome="handed_back"))
    run = Run(replace(conversation, frames=frames, status="open"), ground)
    run.enter(run.frame.node)
    return run.step()
