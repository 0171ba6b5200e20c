"""Who was named so far, on demand: by name to its holder alone, as a count where others read."""

from __future__ import annotations

from flows.engine import naming, running
from flows.engine.pausing import open_ask
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import Conversation, PersonHere


def standing(making: Making) -> Conversation | None:
    """The open list of a case; none before they proved who they are, nor once it is over."""
    for talk in making.open_ones():
        if talk.status == "open" and talk.named and talk.frames[-1].flow == "case":
            return talk
    return None


def say_list(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """The list as it stands, then the open question again."""
    talk = standing(making)
    if talk is None or here is None:
        return
    ground = making.ground(here)
    said = Voice(making.desk, ground, talk)
    text = said.say("always.list", values={"guess": naming.said(talk.named, ground)})
    making.draft(text, "reply")
    if open_ask(talk, ground):
        making.take(running.prompt(talk, ground), here)
