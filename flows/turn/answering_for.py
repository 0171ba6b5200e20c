"""Words about who answers, and by which word: for oneself again, a family word anew."""

from __future__ import annotations

from flows.turn.doorway import ask_for_new_word
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import HelperEnded, PersonHere


def answers_for_oneself(making: Making) -> bool:
    """Whether somebody writes from their own address, who may end that another answers for them."""
    return any(one.link.role == "self" and not one.link.dropped for one in making.scene.people)


def end_help(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """The person ends that somebody else answers for them."""
    if here:
        making.deeds.append(HelperEnded(here.person.id))
        making.trail("helper_ended", here)
    making.say(voice, "helper_ended")


def change_word(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """The word is forgotten, or who has it wants another."""
    if here:
        standing = next((c for c in making.open_ones() if c.status in ("open", "lapsed")), None)
        ask_for_new_word(making, here, standing)
