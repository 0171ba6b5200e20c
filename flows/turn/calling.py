"""An hour for a call is asked on top of whatever stands open, and asked again where one failed."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from flows.engine import running
from flows.rules import two_of
from flows.turn.desk import Desk
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import Conversation, Frame, PersonHere, Scene, Turn

CALL_TIME = "call_time"
# Nothing is laid over an alarm, and an hour is asked once.
_ALONE = frozenset(("danger", CALL_TIME))


def human(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """A person is wanted: the hours that are free, or no promise at all; a review either way."""
    new_id = int(making.cause.removeprefix("m:"))
    free = here is not None and bool(two_of(making.ground(here).free_slots))
    if not (here and free and ask_hour(making, here, CALL_TIME, new_id)):
        making.say(voice, "human")
    making.review("human_wanted", here)


def call_again(
    scene: Scene, desk: Desk, now: datetime, cause: str, person_id: int, flow: str, new_id: int
) -> Turn:
    """An hour came to nothing: the person is told (`flow`), and offered others."""
    making = Making(desk, scene, now, cause, reply=False)
    here = making.here(person_id)
    if here and not here.link.dropped and not ask_hour(making, here, flow, new_id):
        making.review("human_wanted", here, call=flow)
    return making.turn()


def ask_hour(making: Making, here: PersonHere, flow: str, new_id: int) -> bool:
    """Begin the flow over the open conversation, or as one of its own; False where it may not."""
    standing = [c for c in making.open_ones() if c.status in ("open", "held")]
    first = standing[0] if standing else None
    if making.address.silence or (first and not _may_wait(first, here)):
        return False
    frame = Frame(flow, making.desk.library[flow].start, making.desk.library[flow].structure)
    if first is None:
        first = Conversation(new_id, making.address.id, here.person.id, frames=())
    laid = replace(first, frames=(*first.frames, frame), pending=None)
    step = running.begin(laid, making.ground(here))
    opened_at = first.opened_at or making.now
    making.take(replace(step, conversation=replace(step.conversation, opened_at=opened_at)), here)
    return True


def _may_wait(conversation: Conversation, here: PersonHere) -> bool:
    own = conversation.person_id == here.person.id
    return own and conversation.status == "open" and conversation.frames[-1].flow not in _ALONE
