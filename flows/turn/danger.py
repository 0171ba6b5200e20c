"""Danger, before everything else: the safety text of its kind, and a person at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import replace

from flows.engine import running
from flows.rules import safety_text
from flows.turn.making import Making
from flows.turn.slots import Voice, country_of
from flows.turn.strangers import ground_of, prefix_country
from flows.vocabulary import Conversation, Frame, PersonHere


def answer_danger(
    making: Making,
    here: PersonHere | None,
    dangers: Collection[str],
    words: str,
    doubts: Collection[str] = (),
    about: Mapping[str, str | None] | None = None,
    voice: Voice | None = None,
) -> None:
    """The safety text(s) first of all this turn says, and the P1 that goes with them."""
    speaker = voice or Voice(making.desk, ground_of(making, here))
    country = country_of(speaker.person, prefix_country(making.address.value))
    texts = safety_text(
        making.desk.pack(making.now.date()),
        tuple(dangers),
        country,
        making.duty,
        making.now,
        doubtful=bool(dangers) and set(dangers) <= set(doubts),
    )
    earlier, making.drafts = making.drafts, []
    sent = []
    for text in texts:
        making.draft(speaker.say(text.key, values=text.numbers), "safety")
        sent.append(text.key)
    kept = () if "violence" in dangers else earlier
    making.drafts += [replace(d, key=f"{making.cause}:{len(sent) + n}") for n, d in enumerate(kept)]
    detail = {
        "words": words,
        "dangers": sorted(dangers),
        "doubts": sorted(doubts),
        "about": dict(about or {}),
        "sent": sent,
        "on_duty": making.duty.alerted,
    }
    making.review(_reason(dangers), here, "P1", **detail)
    making.trail("danger", here, dangers=sorted(dangers), sent=sent)
    if "violence" in dangers:
        silence_for_violence(making)


def _reason(dangers: Collection[str]) -> str:
    """The kind of review: one matter for each, so that the same danger adds to the same."""
    if set(dangers) == {"self_harm"}:
        return "self_harm"
    return "violence" if "violence" in dangers else "danger"


def silence_for_violence(making: Making) -> None:
    """No automatic word more to that number: anybody at home may read it."""
    making.address = replace(making.address, silence="violence")
    for conversation in making.open_ones():
        if conversation.status in ("open", "queued"):
            making.put(replace(conversation, status="held"))


def lay_danger_on_top(making: Making, here: PersonHere, conversation_id: int) -> None:
    """Somebody with no open question is in danger: the flow waits for their answer too."""
    conversation = Conversation(
        id=conversation_id,
        address_id=making.address.id,
        person_id=here.person.id,
        frames=(Frame("danger", making.desk.library["danger"].start),),
        follow_up_id=here.follow_up.id if here.follow_up else None,
    )
    making.take(running.begin(conversation, making.ground(here)), here)
