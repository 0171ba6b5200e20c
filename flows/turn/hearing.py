"""An answer is heard: its reply waits a moment, and what stood before it is kept."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

from flows.engine.ground import Step
from flows.engine.snapshots import restored, snapshot
from flows.rules import delay
from flows.turn.making import Making
from flows.vocabulary import ContactNamed, Conversation, PersonHere

# A second guess at who one is would be a second chance: these are heard once.
PROOFS = ("full_name", "birth_year", "year")
# How many answers before the last one can still be corrected.
EARLIER = 2


def pause(making: Making) -> timedelta:
    """How long a routine reply waits for a further piece of the same thought."""
    return delay(making.desk.pack(making.now.date()), "routine_reply", making.now.date())


def take_heard(
    making: Making, step: Step, here: PersonHere, before: Conversation, texts: Sequence[str]
) -> None:
    """What an answer leads to. `before` is the conversation as it stood when it was asked."""
    said = len(making.drafts)
    making.take(step, here)
    if step.word:
        # A family word stands nowhere but with its number; who wants another one says so.
        making.put(replace(making.conversations[step.conversation.id], hearing=None))
        return
    later = making.now + pause(making)
    making.drafts[said:] = [replace(one, not_before=later) for one in making.drafts[said:]]
    hearing: dict[str, Any] = {
        "at": making.now.isoformat(),
        "texts": list(texts),
        "before": snapshot(before),
        "drafts": [draft.key for draft in making.drafts[said:]],
        "shared": making.scene.address.shared,
        "earlier": _shallow(before.hearing),
    }
    making.put(replace(making.conversations[step.conversation.id], hearing=hearing))


def _shallow(hearing: Mapping[str, Any] | None, deep: int = EARLIER) -> dict[str, Any] | None:
    """An earlier answer as it is kept beside a later one: a few, and without their replies."""
    if not hearing or not deep:
        return None
    return {**hearing, "drafts": [], "earlier": _shallow(hearing.get("earlier"), deep - 1)}


def stood_before(conversation: Conversation) -> Conversation | None:
    """The conversation as it stood before its last answer, with the answers before that one."""
    hearing = conversation.hearing
    if not hearing:
        return None
    return replace(restored(conversation, hearing["before"]), hearing=hearing.get("earlier"))


def moved(before: Conversation, now: Conversation) -> bool:
    """Whether the answer led on: another question, another round, or the end."""
    if not now.frames or len(before.frames) != len(now.frames):
        return True
    was, stands = before.frames[-1], now.frames[-1]
    return (was.flow, was.node, was.item) != (stands.flow, stands.node, stands.item)


def take_back(making: Making) -> None:
    """The replies that wait are no longer right."""
    making.taken_back += sorted(making.scene.waiting - set(making.taken_back))


def without_lost(step: Step, earlier: Conversation) -> Step:
    """The step with those removed whom only the earlier reading named: numbers stay theirs."""
    conversation = step.conversation
    there = {row.number for row in conversation.named}
    lost = tuple(replace(row, removed=True) for row in earlier.named if row.number not in there)
    if not lost or conversation.case_id is None:
        return step
    gone = [ContactNamed(conversation.case_id, conversation.address_id, row) for row in lost]
    kept = replace(conversation, named=(*conversation.named, *lost))
    return replace(step, conversation=kept, deeds=(*step.deeds, *gone))
