"""Danger, before everything else: the safety text of its kind, and a person at once."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

from flows.engine import running
from flows.engine.household import ANSWERED_FOR
from flows.engine.replies import name_of
from flows.rules import About, person_facts, safety_text
from flows.rules.safety import NOBODY, SafetyText
from flows.turn.making import Making
from flows.turn.slots import Voice, country_of
from flows.turn.strangers import ground_of, prefix_country
from flows.understanding import says_all_is_well
from flows.vocabulary import Conversation, Frame, PersonHere

# Under this age a fever is an emergency (domain brief, S77).
INFANT_MONTHS = 3


def answer_danger(
    making: Making,
    here: PersonHere | None,
    dangers: Collection[str],
    words: str,
    doubts: Collection[str] = (),
    about: Mapping[str, str | None] | None = None,
    voice: Voice | None = None,
    members: Mapping[int, Collection[str]] | None = None,
) -> None:
    """The safety text(s) first of all this turn says, and a P1 for each of those in danger.

    `about` says of whom the words speak, `members` whose dangers the answer itself told.
    """
    making.alerted = True
    speaker = voice or Voice(making.desk, ground_of(making, here))
    whose = _by_person(making, here, dangers, about or {}, members or {})
    every = {code for codes in whose.values() for code in codes}
    texts = safety_text(
        making.desk.pack(making.now.date()),
        tuple(every),
        country_of(speaker.person, prefix_country(making.address.value)),
        making.duty,
        making.now,
        doubtful=bool(every) and every <= set(doubts),
        spoken=making.address.channel == "voice",
        about=_about(making, whose, speaker),
    )
    sent = _safety_first(making, speaker, texts, every)
    for person_id, codes in whose.items():
        detail = {
            "words": words,
            "dangers": sorted(codes),
            "doubts": sorted(set(doubts) & codes),
            "about": {code: who for code, who in (about or {}).items() if code in codes},
            "sent": sent,
            "on_duty": making.duty.alerted,
        }
        making.review(_reason(codes), making.here(person_id) or here, "P1", **detail)
    making.trail("danger", here, dangers=sorted(every), sent=sent)
    if "violence" in every:
        silence_for_violence(making)


def _safety_first(
    making: Making, speaker: Voice, texts: Sequence[SafetyText], every: Collection[str]
) -> list[str]:
    """Nothing that was to be said goes before the safety texts; beside violence nothing at all."""
    earlier, making.drafts = making.drafts, []
    for text in texts:
        making.draft(speaker.say(text.key, values=text.numbers), "safety")
    kept = () if "violence" in every else earlier
    making.drafts += [
        replace(d, key=f"{making.cause}:{len(texts) + n}") for n, d in enumerate(kept)
    ]
    return [text.key for text in texts]


def _by_person(
    making: Making,
    here: PersonHere | None,
    dangers: Collection[str],
    about: Mapping[str, str | None],
    members: Mapping[int, Collection[str]],
) -> dict[int, set[str]]:
    """The dangers by person: what is said of nobody here is the matter of the one who answers."""
    whose = {person_id: set(codes) for person_id, codes in members.items()}
    asker = here.person.id if here else 0
    for code in dangers:
        who = about.get(code) or ""
        told = int(who) if who.isdigit() and making.here(int(who)) else asker
        whose.setdefault(told, set()).add(code)
    return whose


def _about(making: Making, whose: Mapping[int, set[str]], speaker: Voice) -> About:
    """Of whom the text may speak: of others by name, where only those read who may know."""
    ground = speaker.ground
    if making.child:
        return About(simple=True)
    found = [one for one in map(making.here, whose) if one]
    others = [one for one in found if one.link.role in ANSWERED_FOR]
    if len(others) != len(whose) or ground.closed or (ground.address.shared and not ground.proven):
        return NOBODY
    ages = [person_facts(one.person, "contact", ground.today).age_months for one in others]
    fever = all(codes == {"very_high_fever"} for codes in whose.values())
    infant = fever and all(age is not None and age < INFANT_MONTHS for age in ages)
    return About(name=", ".join(name_of(one) for one in others), infant=infant)


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


def calmed(making: Making, words: str, talk: Conversation | None, here: PersonHere) -> bool:
    """Whether a conversation held since a danger goes on: the person says that all is well."""
    if talk is None or making.address.silence:
        return False
    ground = making.ground(here)
    if not says_all_is_well(words, ground.lang):
        return False
    step = running.lower(talk, ground)
    if step is None:
        return False
    making.take(step, here)
    return True


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
