"""A death or a stay in hospital told here: whose it is, and how the talk goes on beside it."""

from __future__ import annotations

from dataclasses import replace

from flows.engine import naming, running
from flows.engine.keywords import says, says_only
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.understanding import Reading
from flows.vocabulary import Conversation, Named, PersonHere, PersonLearned


def may_be_followed(here: PersonHere | None, words: str) -> bool:
    """Whether "my son is in hospital" may tell of the very person whom we follow here.

    So where a parent or a proxy answers, where it is their name, and as long as nobody proved
    who writes.
    """
    if here is None or here.link.proven_at is None:
        return True
    named = naming.find([Named(here.person.id, name=here.person.given_name)], words)
    return here.link.role in ("guardian", "proxy") or bool(here.person.given_name and named)


def is_back(words: str, here: PersonHere | None) -> bool:
    """ "I'm home" is a return where somebody was away; else it answers what was asked."""
    return here is not None and here.person.condition == "hospital" and says_only(words, "back")


def is_alive(words: str, here: PersonHere | None) -> bool:
    """Whether one whom we took for dead says that they live."""
    return here is not None and here.person.condition == "deceased" and says(words, "alive")


def alive(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """We had misread: the talk opens again where it stood, and a person looks."""
    making.say(voice, "back")
    if here is None:
        return
    making.deeds.append(PersonLearned(here.person.id, {"condition": ""}))
    making.review("deceased", here, returned=True)
    ended = making.scene.ended
    if ended and ended.outcome == "deceased" and ended.person_id == here.person.id:
        opened = replace(ended, status="open", outcome="")
        making.take(running.prompt(opened, making.ground(here)), here)


def bereaved(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """A word of sympathy, a person who may call, and what was asked once more."""
    _condole(making, here, voice)
    talk = _standing(making)
    again = running.ask_again(talk, making.ground(here)) if here and talk else None
    if here and again:
        making.take(again, here)


def goes_on(
    making: Making, words: str, reading: Reading, here: PersonHere | None, voice: Voice
) -> bool:
    """Whether an answer stands beside the death: it is taken after a word of sympathy."""
    talk = _standing(making)
    if here is None or talk is None:
        return False
    if not running.would_settle(talk, words, reading, making.ground(here)):
        return False
    _condole(making, here, voice)
    return True


def _condole(making: Making, here: PersonHere | None, voice: Voice) -> None:
    making.say(voice, "bereaved" if here else "stranger")
    making.review("bereaved", here)


def _standing(making: Making) -> Conversation | None:
    return next((c for c in making.open_ones() if c.status == "open" and c.frames), None)
