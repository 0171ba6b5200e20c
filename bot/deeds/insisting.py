"""Nobody answers: by another channel of the person, or through whom they named to be asked."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.deeds.carrying import carry
from bot.moving import go_on_at, is_asked_in, next_address
from bot.reaching import person_of
from bot.reviewing import ask_review
from bot.store import addresses, conversations, messages, people, scenes, turns
from bot.store.engines import Tx
from bot.twins import same_telephone
from flows.rules import is_fragile, person_facts, second_contact_again
from flows.turn import Desk, for_second_contact, remind_here
from flows.vocabulary import Address, Conversation, Draft, Person, ReachElsewhere

# What an agent writes into a person's facts where their second contact is to be left in peace.
FORBIDDEN = "no"
# Why an SMS failed, where the telephone can ring.
RUNG = frozenset({"landline", "bad_number"})


async def reach_elsewhere(tx: Tx, desk: Desk, deed: ReachElsewhere, now: datetime) -> None:
    """One step of the ladder; nothing at all where the person has answered meanwhile."""
    conversation = await conversations.get(tx, deed.conversation_id)
    if deed.way == "carried":
        await carry(tx, desk, deed, now)
        return
    if deed.way == "failed":
        await _after_failure(tx, desk, deed, conversation, now)
        return
    if conversation is None or not _still_silent(conversation, deed):
        return
    if deed.way == "second_contact":
        await _ask_second(tx, desk, conversation, now)
        return
    other = await next_address(tx, conversation)
    if other is not None:
        await go_on_at(tx, desk, conversation, other, now, lambda one: _still_silent(one, deed))
        return
    for address in await addresses.lock_ids(tx, [deed.address_id]):
        scene = await scenes.scene(tx, address, now)
        cause = f"i:{conversation.id}:{now.timestamp():.0f}"
        turn = remind_here(scene, conversation.id, desk, now, cause)
        await turns.save_turns(tx, [(scene, turn, None)], now)


def _still_silent(conversation: Conversation, deed: ReachElsewhere) -> bool:
    here = conversation.status == "open" and conversation.address_id == deed.address_id
    return here and bool(conversation.frames) and bool(conversation.frames[-1].climbed)


async def _after_failure(
    tx: Tx, desk: Desk, deed: ReachElsewhere, talk: Conversation | None, now: datetime
) -> None:
    """Go on where the person is reached next; a safety text goes there too, where it is theirs."""
    text = await messages.get(tx, deed.message_id)
    if text is None or talk is None or not is_asked_in(text, talk):
        return
    other = await next_address(tx, talk) or await _same_telephone(tx, desk, talk, now)
    if other is None:
        # It was there when the text failed.
        pack = desk.pack(now.date())
        about = str(deed.person_id)
        reason = "voice_first_call" if text.reason in RUNG else "undeliverable"
        await ask_review(tx, pack, now, reason, about=about, person_id=deed.person_id)
        return
    moved = await go_on_at(tx, desk, talk, other, now, lambda one: is_asked_in(text, one))
    if moved and text.kind == "safety" and await _is_theirs(tx, deed.person_id, other):
        draft = Draft(f"{text.key}:at:{other.id}", "safety", text.text, deed.person_id, talk.id)
        await messages.queue_drafts(tx, [(other, draft)], now)


async def _same_telephone(tx: Tx, desk: Desk, talk: Conversation, now: datetime) -> Address | None:
    """Another way to the very telephone that was not reached."""
    here = await addresses.get(tx, talk.address_id)
    return await same_telephone(tx, desk, here, talk.person_id, now) if here else None


async def _is_theirs(tx: Tx, person_id: int, address: Address) -> bool:
    links = await people.at_address(tx, address.id)
    proven = any(link.person_id == person_id and link.proven_at for link in links)
    return proven and not address.shared


async def _ask_second(tx: Tx, desk: Desk, conversation: Conversation, now: datetime) -> None:
    """Ask the second contact to make them call: no word of health, and not every day."""
    person = await person_of(tx, conversation.person_id)
    number = person.second_contact.get("phone", "")
    if not number or not await _may_ask(tx, desk, conversation, person, number, now):
        return
    today = _today(person, now)
    # The person before the address: they are locked in this order everywhere.
    await people.learn(tx, person.id, {"facts.second_contact_on": today.isoformat()}, now)
    address = await addresses.lock(tx, "sms", number, now)
    if address.silence:
        return
    draft = Draft(
        key=f"second:{conversation.id}:{now.timestamp():.0f}",
        kind="go_between",
        text=for_second_contact(desk, person, address.channel, now),
        person_id=person.id,
        conversation_id=conversation.id,
    )
    await messages.queue_drafts(tx, [(address, draft)], now)


async def _may_ask(
    tx: Tx, desk: Desk, conversation: Conversation, person: Person, number: str, now: datetime
) -> bool:
    """By the rules; never where violence was heard, nor at a number of the person's own."""
    if person.condition or person.facts.get("second_contact") == FORBIDDEN:
        return False
    own = await _addresses_of(tx, person)
    if any(one.silence == "violence" or one.value == number for one in own):
        return False
    if await addresses.is_do_not_write(tx, number, now):
        return False
    pack, today = desk.pack(now.date()), _today(person, now)
    role = "case" if conversation.case_id else "contact"
    facts = person_facts(person, role, today)
    fragile = is_fragile(pack, facts, today).value
    again = second_contact_again(pack, role, today, minor=facts.minor, fragile=fragile)
    last = person.facts.get("second_contact_on")
    return again is not None and (not last or today - date.fromisoformat(last) >= again)


async def _addresses_of(tx: Tx, person: Person) -> list[Address]:
    links = await people.links_of(tx, person.id)
    return await addresses.get_many(tx, [link.address_id for link in links])


def _today(person: Person, now: datetime) -> date:
    return now.astimezone(ZoneInfo(person.zone)).date()
