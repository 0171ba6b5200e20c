"""A text that will never arrive: what the record learns from it, and who must look."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.moving import is_asked_in, next_address, proven_address
from bot.store import addresses, alarms, conversations, deed_rows, messages, reviews, scenes
from bot.store.engines import Tx
from flows.rules import Pack, deadline, rerouting, review_rule
from flows.turn import Desk, is_landline
from flows.vocabulary import (
    Address,
    Draft,
    Message,
    ReachElsewhere,
    Review,
    ReviewWanted,
    Scene,
)

# The provider's own words for "write there no more", and for "nobody is there".
SILENCES: Final = {
    "opted_out": "stopped",
    "bad_number": "bad",
    "landline": "bad",
    "not_there": "bad",
}
# Silences that say more than a provider can.
STRONGER: Final = frozenset({"violence", "wrong", "stopped"})
# What is asked again at another address; agents' words are for agents to send again.
MOVED: Final = frozenset({"question", "reminder", "reply", "safety"})
# What fails by WhatsApp's own rules: the same telephone takes SMS.
WHATSAPP_ALONE: Final = frozenset({"window", "not_there"})
# What asks nothing goes again as it is, where its person is proven; agents' words only where it was
# WhatsApp's own rules that kept them back.
CARRIED: Final = frozenset({"notice", "agent"})
# A telephone that was out of reach is tried once more after so long (domain 4.5: 30003, 30008).
AGAIN: Final = ":again"
PAUSE: Final = timedelta(minutes=15)
SAFETY_PAUSE: Final = timedelta(seconds=30)
REASONS: Final = {
    "bad_number": "number_bad",
    "landline": "number_bad",
    "unanswered": "voice_unanswered",
    "uncertain": "send_uncertain",
}


async def undelivered(
    tx: Tx, desk: Desk, message: Message, meaning: str, code: str, now: datetime
) -> None:
    """Record what a text's failure means; its address is locked here."""
    if message.kind == "alarm":
        # It says nothing of a person: those of the next level are alarmed at once.
        await alarms.failed(tx, message.key, now)
        return
    pack = desk.pack(now.date())
    for address in await addresses.lock_ids(tx, [message.address_id]):
        scene = await scenes.scene(tx, address, now)
        silenced = silence_after(address, meaning)
        if silenced != address:
            await addresses.save(tx, silenced)
        meaning = _of_landline(address, meaning)
        if await _goes_on(tx, desk, message, meaning, now):
            continue
        for wanted in reviews_after(scene, message, meaning, code, pack, now):
            await reviews.open_review(tx, wanted, address.id, now)


async def _goes_on(tx: Tx, desk: Desk, message: Message, meaning: str, now: datetime) -> bool:
    """Let the conversation go on at the person's next address; True if nobody need look.

    A deed does it: the other address may not be locked beside this one.
    """
    pack = desk.pack(now.date())
    plan = rerouting(pack, meaning, now.astimezone(pack.zone).date())
    if plan.elsewhere and message.kind in CARRIED:
        return await _is_carried(tx, message, meaning, now) and not plan.review
    if not plan.elsewhere or message.kind not in MOVED:
        return False
    talk = await conversations.get(tx, message.conversation_id or 0)
    if talk is None or not is_asked_in(message, talk):
        return False
    # The same telephone may be reached another way: the deed finds it, or tells a person.
    same = meaning in WHATSAPP_ALONE or (meaning == "landline" and desk.calls)
    if not same and await next_address(tx, talk) is None:
        return False
    deed = ReachElsewhere(talk.person_id, message.address_id, talk.id, "failed", message.id)
    await deed_rows.ask(tx, [(f"failed:{message.id}", deed, message.address_id)], now)
    return not plan.review and message.kind != "safety"


async def _is_carried(tx: Tx, message: Message, meaning: str, now: datetime) -> bool:
    """Ask for a text that asks nothing to be sent to a proven address; False where none is."""
    if message.person_id is None or (message.kind == "agent" and meaning not in WHATSAPP_ALONE):
        return False
    if await proven_address(tx, message.person_id, message.address_id) is None:
        return False
    deed = ReachElsewhere(
        message.person_id,
        message.address_id,
        message.conversation_id or 0,
        "carried",
        message.id,
    )
    await deed_rows.ask(tx, [(f"carried:{message.id}", deed, message.address_id)], now)
    return True


def _of_landline(address: Address, meaning: str) -> str:
    """Providers call a landline no mobile number, or no number at all."""
    fixed = meaning == "bad_number" and address.channel == "sms" and is_landline(address.value)
    return "landline" if fixed else meaning


async def send_again(tx: Tx, text: Message, now: datetime) -> bool:
    """Put a text that was lost on its way into the outbox once more; False if it was already."""
    if text.key.endswith(AGAIN):
        return False
    pause = SAFETY_PAUSE if text.kind == "safety" else PAUSE
    draft = Draft(
        key=text.key + AGAIN,
        kind=text.kind,
        text=text.text,
        person_id=text.person_id,
        conversation_id=text.conversation_id,
        options=text.options,
        not_before=now + pause,
    )
    places = await addresses.lock_ids(tx, [text.address_id])
    await messages.queue_drafts(tx, [(place, draft) for place in places], now, text.author_id)
    return True


def silence_after(address: Address, meaning: str) -> Address:
    """The address as it is after a failure with this meaning."""
    silence = SILENCES.get(meaning, "")
    if not silence or address.silence in STRONGER:
        return address
    return replace(address, silence=silence)


def reviews_after(
    scene: Scene, message: Message, meaning: str, code: str, pack: Pack, now: datetime
) -> Iterator[ReviewWanted]:
    """The reviews that a failure calls for. Where somebody is in danger, their own P1 says so."""
    detail = {"undelivered": meaning, "code": code, "message_id": message.id}
    alerts = [review for review in scene.reviews if review.priority == "P1"]
    if message.kind == "safety" and alerts:
        for alert in alerts:
            yield _more(alert, detail, pack, now)
        return
    # A confirmation of STOP is a safety text too: its refusal is no alarm.
    if message.kind == "safety" and meaning != "opted_out":
        reason = "safety_undelivered"
    else:
        reason = REASONS.get(meaning, "undeliverable")
    yield _new(reason, scene, message, detail, pack, now)


def _more(alert: Review, detail: dict[str, object], pack: Pack, now: datetime) -> ReviewWanted:
    return ReviewWanted(
        reason=alert.reason,
        priority="P1",
        deadline=deadline(pack, "P1", now),
        key=alert.key,
        person_id=alert.person_id,
        case_id=alert.case_id,
        contact_id=alert.contact_id,
        conversation_id=alert.conversation_id,
        follow_up_id=alert.follow_up_id,
        detail=detail,
    )


def _new(
    reason: str,
    scene: Scene,
    message: Message,
    detail: dict[str, object],
    pack: Pack,
    now: datetime,
) -> ReviewWanted:
    rule = review_rule(pack, reason, now.astimezone(pack.zone).date())
    here = next((h for h in scene.people if h.person.id == message.person_id), None)
    about = str(here.person.id) if here else f"address-{scene.address.id}"
    return ReviewWanted(
        reason=reason,
        priority=rule.priority,
        deadline=deadline(pack, rule.priority, now, minutes=rule.minutes),
        key=f"{reason}:{about}",
        person_id=here.person.id if here else None,
        case_id=here.case.id if here and here.case else None,
        contact_id=here.contact.id if here and here.contact else None,
        conversation_id=message.conversation_id,
        detail=detail,
    )
