"""Voice notes, pictures, stickers, places: kept for a person, and answered kindly at once."""

from __future__ import annotations

from flows.engine import running
from flows.engine.asking import question
from flows.engine.ground import Ground
from flows.engine.pausing import open_ask
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.understanding import read
from flows.vocabulary import Conversation, Incoming, PersonHere, PersonLearned

_PLACE = "location "


def keep_media(making: Making, incoming: Incoming, here: PersonHere | None) -> None:
    """A person looks: within the hour while somebody is followed. A place is added to any alert."""
    followed = here is not None and here.follow_up is not None
    reason = "media_received" if followed else "media_kept"
    making.review(reason, here, media=list(incoming.media), words=incoming.text or None)
    where = place(incoming)
    if where and here is not None:
        _tell_alerts(making, here, where)
        if here.link.proven_at is not None:
            making.deeds.append(PersonLearned(here.person.id, {"street": where}))


def place(incoming: Incoming) -> str:
    """The coordinates that were sent, "" where none were."""
    sent = (one.removeprefix(_PLACE) for one in incoming.media if one.startswith(_PLACE))
    return next(sent, "").replace(",", ", ")


def answer_media(
    making: Making,
    incoming: Incoming,
    here: PersonHere | None,
    conversation: Conversation | None,
    voice: Voice,
) -> None:
    """Media alone: a place may answer the question for it; all else asks for a few words."""
    keep_media(making, incoming, here)
    where = place(incoming)
    if where and here and conversation and _asks_where(making.ground(here), conversation):
        ground = making.ground(here)
        reading = read(where, question(open_ask(conversation, ground), ground))
        making.take(running.hear(conversation, where, reading, ground, ()), here)
        return
    making.say(voice, "place" if where and here else "media")


def _asks_where(ground: Ground, conversation: Conversation) -> bool:
    ask = open_ask(conversation, ground) if conversation.status == "open" else None
    return ask is not None and any(do.argument == "place" for do in ask.do.get("given", ()))


def _tell_alerts(making: Making, here: PersonHere, where: str) -> None:
    """Whoever reads an open alert must see where the person is."""
    for review in making.scene.reviews:
        if review.priority == "P1" and review.person_id == here.person.id:
            making.add_to(review, place=where)
