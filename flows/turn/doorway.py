"""Who writes from a phone that others read: the family word alone lets an answer in."""

from __future__ import annotations

from dataclasses import replace

from flows.engine import household, running
from flows.engine.family_word import without_word
from flows.engine.keywords import says
from flows.turn.making import Making
from flows.understanding import Question, Reading, read
from flows.vocabulary import Conversation, Frame, Incoming, PersonHere

NEW_WORD = "new_word"


def knock(making: Making, incoming: Incoming) -> Incoming:
    """The message without its family word, which proves for a while who writes."""
    if not making.address.word:
        return incoming
    rest = without_word(making.address.word, incoming.text)
    if rest is None:
        return incoming
    making.word = True
    for one in making.scene.people:
        if not one.link.dropped and one.link.proven_at is not None:
            making.links[one.person.id] = replace(one.link, proven_at=making.now)
    # Words of danger stay, whatever the word is: they are read with it and without it.
    return incoming if _danger(incoming.text) - _danger(rest) else replace(incoming, text=rest)


def _danger(text: str) -> frozenset[str]:
    return frozenset(read(text, Question("text")).danger)


def is_closed(making: Making, here: PersonHere | None, conversation: Conversation | None) -> bool:
    """Whether this message waits outside: a word was chosen, and was not given lately.

    What was asked of anybody may be answered by anybody: whether help was reached after a danger,
    a new proof for a word forgotten.
    """
    if here is None or making.word:
        return False
    asked = conversation.frames[-1].flow if conversation and conversation.frames else ""
    return making.ground(here).closed and asked not in running.OPEN_FLOWS


def by_a_child(making: Making, here: PersonHere | None, reading: Reading, words: str) -> bool:
    """Whether a child writes: by their own words, by the record, or by whom they call mummy."""
    if reading.detail == "minor":
        return True
    if here is None:
        return False
    ground = making.ground(here)
    if ground.is_minor and here.link.role not in household.ANSWERED_FOR:
        return True
    return ground.closed and not making.word and says(words, "child")


def ask_for_new_word(making: Making, here: PersonHere, conversation: Conversation | None) -> None:
    """The word is forgotten or is to change: the flow of that name lies on top of what stood."""
    flow = making.desk.library[NEW_WORD]
    frame = Frame(flow.name, flow.start, flow.structure)
    new_id = int(making.cause.removeprefix("m:"))
    standing = conversation or Conversation(new_id, making.address.id, here.person.id, ())
    under = tuple(one for one in standing.frames if one.flow != NEW_WORD)
    asked = replace(standing, frames=(*under, frame), pending=None)
    making.take(running.begin(asked, making.ground(here)), here)
