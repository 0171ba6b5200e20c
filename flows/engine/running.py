"""Runs a conversation: begin, hear, fall silent, be interrupted; from values to values."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from flows.engine import facts
from flows.engine.asking import Heard
from flows.engine.doing import carry_out
from flows.engine.entering import AFTER_DANGER
from flows.engine.ground import Ground, Step
from flows.engine.pausing import open_ask, rung
from flows.engine.speaking import OPEN_FLOWS
from flows.engine.stepping import FlowLost, Run
from flows.rules.reminders import TEXTS
from flows.rules.reminders import Step as Rung
from flows.spec.nodes import Ask, Do, End
from flows.understanding import Reading
from flows.vocabulary import Conversation, Frame, ReachElsewhere

__all__ = [
    "OPEN_FLOWS",
    "FlowLost",
    "ask_again",
    "begin",
    "go_on_elsewhere",
    "hear",
    "lower",
    "prompt",
    "prove",
    "remind",
    "resume",
    "silence",
    "wait_after_danger",
    "would_settle",
]
# What is asked before anything is known of who answers.
_OF_IDENTITY = frozenset({"identity", "reproof", "wrong_person"})


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
    ask = run.ask
    found = None if ask.wait else rung(conversation, ground)
    if found is None:
        run.settle(ask, Heard("silent"))
        return run.step()
    step = found.step
    run.put(replace(run.frame, climbed=(*run.frame.climbed, step.number)))
    _climb(run, step)
    if step.action in TEXTS or not (found.last or step.action == "stop"):
        return run.step(asked_at=conversation.asked_at)
    run.settle(ask, Heard("silent"))
    if found.reviewed:
        # The ladder has said it, and perhaps more urgently.
        run.work.reviews = [
            one for one in run.work.reviews if one.reason != "silent" or one.detail.get("rule")
        ]
    return run.step()


def _climb(run: Run, step: Rung) -> None:
    """Take one step of the ladder."""
    if step.action == "remind":
        _remind(run)
    elif step.action in TEXTS:
        talk = run.conversation
        run.work.deeds.append(ReachElsewhere(talk.person_id, talk.address_id, talk.id, step.action))
    elif step.reason:
        run.work.review(step.reason, rule=step.row)


def _remind(run: Run) -> None:
    part = "reminder" if "reminder" in run.ask.words.parts else "text"
    run.say_part(run.ask, part, "reminder")


def remind(conversation: Conversation, ground: Ground) -> Step:
    """Remind of the open question here: there was no other way to the person."""
    run = Run(conversation, ground)
    _remind(run)
    return run.step(asked_at=conversation.asked_at)


def go_on_elsewhere(conversation: Conversation, ground: Ground) -> Step:
    """The conversation was moved to the address of `ground`: its open question is asked there.

    Where the person has not proved themselves there, that comes first, and the question after.
    The question after a danger waits for no proof: it tells nothing.
    """
    run = Run(replace(conversation, status="open"), ground)
    climbed = run.frame.climbed
    if needs_proof_here(conversation, ground):
        _lay_proof(run)
    if run.frame.flow == "reproof" and not isinstance(run.node(run.frame.node), Ask):
        run.enter(run.frame.node)
    else:
        run.say_part(run.ask, "text", "question")
    run.put(replace(run.frame, asked=True, climbed=climbed))
    return run.step(asked_at=conversation.asked_at)


def _lay_proof(run: Run) -> None:
    """The short proof over the open question, but under what waits after a danger."""
    proof = run.ground.library["reproof"]
    frames = run.conversation.frames
    above = [frame for frame in frames if frame.flow == "danger"]
    below = [frame for frame in frames if frame.flow != "danger"]
    laid = (*below, Frame("reproof", proof.start, proof.structure), *above)
    run.work.conversation = replace(run.conversation, frames=laid)


def needs_proof_here(conversation: Conversation, ground: Ground) -> bool:
    """Whether going on would tell of health to somebody who has not proved who they are here."""
    if any(frame.flow in _OF_IDENTITY for frame in conversation.frames):
        return False
    return facts.fact("identity", ground, conversation) == "needed"


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


def lower(conversation: Conversation, ground: Ground) -> Step | None:
    """All is well after a danger: thanks, and the open question; None where an agent holds it."""
    if conversation.status != "held" or conversation.outcome != AFTER_DANGER:
        return None
    flow = ground.library["danger"]
    frames = (*conversation.frames, Frame("danger", "lowered", flow.structure))
    run = Run(replace(conversation, frames=frames, status="open", outcome=""), ground)
    carry_out(run.work, Do("lower_danger"), run.key("lowered"))
    run.enter("lowered")
    return run.step()


def resume(conversation: Conversation, ground: Ground) -> Step:
    """An agent hands back: what lay on top is over, the open question is asked again."""
    frames = tuple(f for f in conversation.frames if f.flow != "danger")
    if not frames:
        return Step(replace(conversation, status="ended", frames=(), outcome="handed_back"))
    run = Run(replace(conversation, frames=frames, status="open"), ground)
    run.enter(run.frame.node)
    return run.step()
