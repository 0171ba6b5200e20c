"""How long an open question waits: its own time, else the rules' ladder of reminders."""

from __future__ import annotations

from datetime import timedelta

from flows.engine import recalling
from flows.engine.ground import Ground
from flows.rules import is_fragile, person_facts, reminders, resumes_at
from flows.rules.reminders import Step as Rung
from flows.spec.nodes import Ask, Walk
from flows.vocabulary import Conversation

_LADDERS = {
    "check_in": "check_in",
    "household": "check_in",
    "reproof": "check_in",
    "identity": "identity",
    "case": "contacts",
}
_LAST_WAIT = timedelta(hours=12)
REMINDS = ("remind", "second_channel")


def open_ask(conversation: Conversation, ground: Ground) -> Ask | None:
    """The question now open, None where there is none."""
    if not conversation.frames:
        return None
    frame = conversation.frames[-1]
    node = ground.library[frame.flow].nodes.get(frame.node)
    if isinstance(node, Walk):
        return recalling.question(node, conversation)
    return node if isinstance(node, Ask) else None


def rung(conversation: Conversation, ground: Ground) -> Rung | None:
    """The next step of the ladder of reminders for the open question."""
    frame = conversation.frames[-1]
    facts_of = person_facts(ground.here.person, "contact", ground.today)
    ladder = reminders(
        ground.pack,
        _LADDERS.get(frame.flow, "routine"),
        ground.today,
        fragile=is_fragile(ground.pack, facts_of, ground.today).value,
    )
    return ladder[frame.silences] if frame.silences < len(ladder) else None


def waits(conversation: Conversation, ground: Ground) -> tuple[timedelta | None, timedelta | None]:
    """After how long a held-back prompt goes out, and after how long silence is minded."""
    ask = open_ask(conversation, ground) if conversation.status == "open" else None
    if ask is None:
        return None, None
    frame = conversation.frames[-1]
    if not frame.asked and ask.delay is not None:
        return ask.delay, None
    if not frame.asked and ask.cue:
        return resumes_at(ground.pack, ground.local) - ground.local, None
    if ask.wait is not None:
        return None, ask.wait
    step = rung(conversation, ground)
    asked = conversation.asked_at or ground.now
    return None, asked + step.after - ground.now if step else _LAST_WAIT
