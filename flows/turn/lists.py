"""Who was named, on demand: by name to its holder alone, as a count where others read."""

from __future__ import annotations

from dataclasses import replace

from flows.engine import facts, naming, running
from flows.engine.keywords import says_only
from flows.engine.pausing import open_ask
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import Conversation, PersonHere


def wants_list(words: str) -> bool:
    """Whether a message asks who was named so far."""
    return says_only(words, "list")


def is_there(making: Making) -> bool:
    """Whether there is a list to say: one that grows, or that of a case within its days."""
    return _growing(making) is not None or _owner(making) is not None


def _growing(making: Making) -> Conversation | None:
    """The open list of a case; none before they proved who they are, nor once it is over."""
    for talk in making.open_ones():
        if talk.status == "open" and talk.named and talk.frames[-1].flow == "case":
            return talk
    return None


def _owner(making: Making) -> PersonHere | None:
    """The case whose list is over and kept, once they proved at this address who they are."""
    owners = (here for here in making.scene.people if here.case and here.link.proven_at)
    return next(owners, None) if making.scene.listed else None


def say_list(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """The list as it stands, then the open question again."""
    talk, owner = _growing(making), _owner(making)
    if talk is not None and here is not None:
        ground = making.ground(here)
        said = Voice(making.desk, ground, talk)
        _draft(making, said, "list", naming.said(talk.named, ground))
    elif owner is not None:
        _say_kept(making, owner)
        talk = next((one for one in making.open_ones() if one.status == "open"), None)
    if talk and here and open_ask(talk, making.ground(here)):
        making.take(running.prompt(talk, making.ground(here)), here)


def _say_kept(making: Making, owner: PersonHere) -> None:
    """By name to whoever proved themselves lately; to anybody later, how many they are."""
    # As it stood before this message: to write is no proof.
    ground = replace(making.ground(owner), address=making.scene.address)
    proven = facts.identity(ground) == "proven"
    names = naming.said(making.scene.listed, ground) if proven else ""
    guess = names or naming.counted(making.scene.listed, ground)
    _draft(making, Voice(making.desk, ground), "list_kept", guess)


def _draft(making: Making, voice: Voice, name: str, guess: str) -> None:
    making.draft(voice.say(f"always.{name}", values={"guess": guess}), "reply")
