"""Turns of a telephone call: who picks up is asked who they are, whatever was asked before."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Final

from flows.engine import household, running
from flows.engine.pausing import open_ask
from flows.turn.desk import Desk
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.turn.strangers import ground_of
from flows.vocabulary import Conversation, Frame, PersonHere, Scene, Turn

# How many keys answer a kind of question; any other is answered until a pause.
_KEYS: Final = {"yes_no": 1, "choice": 1, "danger_signs": 1, "consent": 1, "birth_year": 4}
_MOST_CHOICES: Final = 9
PROOF: Final = "reproof"


def pick_up(
    scene: Scene, desk: Desk, now: datetime, cause: str, news_id: int | None = None
) -> Turn:
    """Somebody picked up, or calls: nobody is proven, and the open question is asked after that.

    `news_id`, of a conversation that may be new: something is to be told, to who proves themselves.
    """
    making = Making(desk, scene, now, cause, reply=True)
    for here in scene.people:
        making.links[here.person.id] = replace(here.link, proven_at=None)
    standing = _standing(making)
    if standing is None:
        if news_id is None or not _prove_first(making, news_id):
            _nothing_open(making)
        return making.turn()
    talk, here = standing
    making.take(running.go_on_elsewhere(talk, making.ground(here)), here)
    return making.turn()


def ask_again(scene: Scene, desk: Desk, now: datetime, cause: str) -> Turn:
    """Nothing was heard: the open question once more. Silence answers nothing."""
    making = Making(desk, scene, now, cause, reply=True)
    standing = _standing(making)
    if standing is not None:
        talk, here = standing
        making.say(_voice(making, here), "call_silent")
        step = running.prompt(talk, making.ground(here))
        making.take(replace(step, conversation=talk), here)
    return making.turn()


def keys_wanted(scene: Scene, desk: Desk, now: datetime) -> int | None:
    """How many keys answer what is asked now: 0 for any number, None where nothing is asked."""
    making = Making(desk, scene, now, "", reply=True)
    standing = _standing(making)
    if standing is None:
        return None
    talk, here = standing
    ask = open_ask(talk, making.ground(here))
    if ask is None or not talk.frames[-1].asked:
        return None
    return _KEYS.get(ask.kind, 0) if len(ask.options) <= _MOST_CHOICES else 0


def say_aloud(scene: Scene, desk: Desk, now: datetime, name: str) -> str:
    """A text about the call itself, in the language of whoever is there."""
    making = Making(desk, scene, now, "", reply=True)
    return _voice(making, household.responder(scene.people)).say(f"always.{name}")


def language(scene: Scene, desk: Desk, now: datetime) -> str:
    """The language to speak in."""
    making = Making(desk, scene, now, "", reply=True)
    return ground_of(making, household.responder(scene.people)).lang


def _standing(making: Making) -> tuple[Conversation, PersonHere] | None:
    for talk in making.scene.conversations:
        here = making.here(talk.person_id)
        if talk.status == "open" and talk.frames and here is not None:
            return talk, here
    return None


def _nothing_open(making: Making) -> None:
    """Somebody calls whom nothing was asked: how to reach a person."""
    here = household.responder(making.scene.people)
    making.say(_voice(making, here), "call_nothing")


def _prove_first(making: Making, new_id: int) -> bool:
    """Ask who it is, and nothing else; False where nobody could prove it."""
    here = household.responder(making.scene.people)
    if here is None or not (here.person.birth_date or here.person.birth_year):
        return False
    flow = making.desk.library[PROOF]
    frame = Frame(flow.name, flow.start, flow.structure)
    talk = Conversation(new_id, making.address.id, here.person.id, frames=(frame,))
    making.take(running.begin(talk, making.ground(here)), here)
    return True


def is_proof_alone(talk: Conversation) -> bool:
    """Whether a conversation asks who somebody is, and nothing after that."""
    return [frame.flow for frame in talk.frames] == [PROOF]


def _voice(making: Making, here: PersonHere | None) -> Voice:
    return Voice(making.desk, ground_of(making, here))
