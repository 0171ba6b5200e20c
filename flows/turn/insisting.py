"""Turns of the silent: a reminder, the open question at another address, a word to a third."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.engine import running
from flows.turn.desk import Desk
from flows.turn.making import Making
from flows.vocabulary import Conversation, Person, PersonHere, Scene, Turn
from flows.wording.rendering import for_channel, render

_BUSY = ("open", "held")


def remind_here(scene: Scene, conversation_id: int, desk: Desk, now: datetime, cause: str) -> Turn:
    """Remind of the open question at its own address."""
    making = Making(desk, scene, now, cause, reply=False)
    found = _found(making, conversation_id)
    if found and found[0].status == "open":
        conversation, here = found
        making.take(running.remind(conversation, making.ground(here)), here)
    return making.turn()


def go_on_here(scene: Scene, conversation_id: int, desk: Desk, now: datetime, cause: str) -> Turn:
    """A conversation was moved to this address: it goes on here where it stood, after whatever is
    open here already."""
    making = Making(desk, scene, now, cause, reply=False)
    found = _found(making, conversation_id)
    if found is None or found[0].status != "open":
        return making.turn()
    conversation, here = found
    step = running.go_on_elsewhere(conversation, making.ground(here))
    others = (one for one in making.open_ones() if one.id != conversation.id)
    if any(one.status in _BUSY for one in others):
        making.put(replace(step.conversation, status="queued"))
    else:
        making.take(step, here)
    return making.turn()


def _found(making: Making, conversation_id: int) -> tuple[Conversation, PersonHere] | None:
    for conversation in making.scene.conversations:
        here = making.here(conversation.person_id)
        if conversation.id == conversation_id and here is not None:
            return conversation, here
    return None


def for_second_contact(desk: Desk, person: Person, channel: str, now: datetime) -> str:
    """What the second contact of a silent person reads: whom to ask to call, and nothing more."""
    agency = desk.pack(now.date()).agency
    initial = f" {person.family_name[0].upper()}" if person.family_name else ""
    values = {
        "agency": agency.get("name", ""),
        "phone": agency.get("public_phone", ""),
        "sought": f"{person.given_name}{initial}".strip(),
    }
    return for_channel(
        render(desk.words("always.second_contact", person.language), values), channel
    )
