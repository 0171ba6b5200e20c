"""“We can keep apart now”: who shares a home with somebody ill tells later that this changed."""

from __future__ import annotations

from dataclasses import replace

from flows.engine import facts
from flows.engine.keywords import says
from flows.turn.answering import answer_back
from flows.turn.making import Making
from flows.turn.questions import AskedBack
from flows.turn.slots import Voice
from flows.vocabulary import PersonHere, PersonLearned

APART_NOW, TOGETHER_NOW = "apart_now", "together_now"
# The answer of the contact flow that counts beside the record (`flows.engine.staying`).
_ANSWER = "contact.apart"


def told(making: Making, words: str) -> str | None:
    """Which of the two is said, where it changes what is known of a contact who has proved who
    they are, on a phone of their own. A question, a condition or a doubt says neither."""
    here = _whose(making)
    if (
        here is None
        or _is_asked(making)
        or "?" in words
        or "؟" in words
        or says(words, "apart_not_yet")
    ):
        return None
    separable = here.person.facts.get("separable")
    if separable != "no" and says(words, TOGETHER_NOW):
        return TOGETHER_NOW
    denied = says(words, "apart_denied") or says(words, TOGETHER_NOW)
    return APART_NOW if separable != "yes" and not denied and says(words, APART_NOW) else None


def settle(making: Making, here: PersonHere, name: str, voice: Voice) -> None:
    """Keep it, say until when they stay at home now, and ask the open question again."""
    parted = name == APART_NOW
    since = making.ground(here).today.isoformat() if parted else ""
    values = {"separable": "yes" if parted else "no", "apart_since": since}
    making.deeds.append(
        PersonLearned(here.person.id, {f"facts.{key}": value for key, value in values.items()})
    )
    person = replace(here.person, facts={**here.person.facts, **values})
    here, talk = replace(here, person=person), voice.conversation
    if talk is not None and _ANSWER in talk.bands:
        answer = "apart" if parted else "together"
        talk = replace(talk, bands={**talk.bands, _ANSWER: answer})
    said = Voice(making.desk, making.ground(here), talk)
    answer_back(making, AskedBack("until"), here, talk, said)


def _is_asked(making: Making) -> bool:
    """Whether the question itself stands open: it hears its own answer."""
    tops = (talk.frames[-1] for talk in making.open_ones() if talk.status == "open" and talk.frames)
    return any(f"{top.flow}.{top.node}" == _ANSWER for top in tops)


def _whose(making: Making) -> PersonHere | None:
    """The contact who lives with a case and is the only one to read this phone."""
    if making.address.shared or making.address.word:
        return None
    for here in making.scene.people:
        at_home = any(one.kind == "home" for one in here.exposures)
        if here.case is None and at_home and here.link.proven_at:
            # As it stood before this message: to write is no proof.
            ground = replace(making.ground(here), address=making.scene.address)
            proven = facts.identity(ground) == "proven"
            return here if proven and here.link.role not in ("guardian", "proxy") else None
    return None
