"""A call: what waits is said in it, what is answered is a message, silence is tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from bot.consequences import undelivered
from bot.inbox import InboxFull, Unavailable
from bot.reaching import person_of
from bot.sending import TRY, number_of
from bot.service import Service
from bot.store import (
    addresses,
    alarms,
    conversations,
    messages,
    outbox,
    scenes,
    speaking,
    timers,
    turns,
)
from bot.store.engines import Tx
from flows.rules import duty, duty_phone, machine_calls, next_try
from flows.turn import Desk, ask_again, is_proof_alone, keys_wanted, language, pick_up, say_aloud
from flows.vocabulary import Address, Conversation, Draft, Message, Scene, Turn
from integrations.channels.twilio import Call, Speech

# So often nothing was heard: then the call ends, and another is made at another hour.
MOST_QUIET: Final = 2
# Said in a call: what answers, asks or warns.
_SAID: Final = frozenset({"safety", "reply", "question"})
# What makes the telephone ring to tell something: said once somebody has proved who they are.
_NEWS: Final = frozenset({"notice", "reply"})
# The keys of what answers somebody in the very call.
_IN_CALL: Final = ("m:", "v:")
# A call that was put through, in the provider's word.
_SPOKE: Final = "completed"
_TELEPHONES: Final = frozenset({"sms", "voice"})
# What is noted of a text that made the telephone ring, and was not said.
RANG: Final = "rang"
# Where no hour is in sight.
_A_DAY: Final = timedelta(days=1)


async def answered(service: Service, call: Call) -> Speech:
    """Somebody picked up, or calls us: who is it?"""
    now = service.clock.now()
    async with service.store.writing() as tx:
        scene = await _scene(tx, call, now)
        await speaking.go_on(tx, scene.address.id, now)
        if call.machine:
            return _last_words(service, scene, now, "call_machine")
        cause = f"v:{call.sid}:{call.step}"
        if not await speaking.said(tx, _step(call)):
            await _set_aside(tx, scene, now)
            news = await _keep_news(tx, service.desk, call, now)
            turn = pick_up(scene, service.desk, now, cause, tx.ids.new(now) if news else None)
            await _save(tx, scene, turn, now)
        return await _speech(tx, service, scene.address, call, now)


async def heard(service: Service, call: Call) -> Speech:
    """What was typed or said is a message like any other; silence is none."""
    now = service.clock.now()
    if call.put_through:
        return await _put_through(service, call, now)
    if call.heard is not None:
        try:
            await service.inbox.take(call.heard)
        except (InboxFull, Unavailable):
            return await _broken_off(service, call, now)
    async with service.store.writing() as tx:
        scene = await _scene(tx, call, now)
        await speaking.go_on(tx, scene.address.id, now)
        if call.heard is None and call.quiet > MOST_QUIET:
            return _last_words(service, scene, now, "call_later")
        if call.heard is None and not await speaking.said(tx, _step(call)):
            turn = ask_again(scene, service.desk, now, f"v:{call.sid}:{call.step}")
            await _save(tx, scene, turn, now)
        return await _speech(tx, service, scene.address, call, now)


async def _put_through(service: Service, call: Call, now: datetime) -> Speech:
    """They spoke with whoever is on duty; or nobody was there, and the number is said again."""
    async with service.store.writing() as tx:
        scene = await _scene(tx, call, now)
        await speaking.go_on(tx, scene.address.id, now)
        if call.put_through == _SPOKE:
            return _last_words(service, scene, now, "call_bye")
        before = replace(call, step=call.step - 1)
        texts = [*await _rung_for(tx, before), *await speaking.said(tx, _step(before))]
        lang, keys = language(scene, service.desk, now), keys_wanted(scene, service.desk, now)
        return Speech(lang, tuple(text.text for text in texts), urgent=True, keys=keys)


async def ended(service: Service, call: Call) -> None:
    """The call is over: what was not answered is asked at another hour, or by somebody."""
    now = service.clock.now()
    if call.ended is None:
        return
    async with service.store.writing() as tx:
        [address] = await addresses.lock_many(tx, [("voice", call.number)], now)
        await speaking.end(tx, address.id, now)
        await _let_go(tx, address, now)
        placed = (await outbox.sent(tx, [call.sid])).get(("voice", call.sid))
        if placed is None:
            return
        told = await _was_told(tx, call, placed)
        said = call.ended if told else replace(call.ended, status="undelivered")
        code = call.ended.error_code
        if await outbox.report(tx, replace(said, error_code=code or ("" if told else RANG)), now):
            await _after(tx, service.desk, placed, code, now)
    service.outbox.wake()


async def _was_told(tx: Tx, call: Call, placed: Message) -> bool:
    """Whether the text that made the telephone ring was said: a call that is over proves that it
    rang, and a machine may have answered. News is said as a text of its own, after the proof."""
    if placed.kind == "safety":
        return not call.machine
    return placed.kind not in _NEWS and bool(await speaking.said(tx, f"{call.sid}:0"))


async def _scene(tx: Tx, call: Call, now: datetime) -> Scene:
    [address] = await addresses.lock_many(tx, [("voice", call.number)], now)
    return await scenes.scene(tx, address, now)


def _step(call: Call) -> str:
    return f"{call.sid}:{call.step}"


async def _save(tx: Tx, scene: Scene, turn: Turn, now: datetime) -> None:
    await turns.save_turns(tx, [(scene, turn, None)], now)


async def _set_aside(tx: Tx, scene: Scene, now: datetime) -> None:
    """What waited to be asked is asked anew by the turn of this call."""
    for text in await speaking.waiting(tx, scene.address.id):
        if text.kind in ("question", "reminder", "reply"):
            await outbox.cancel(tx, text.id, "answered", now)


async def _keep_news(tx: Tx, desk: Desk, call: Call, now: datetime) -> bool:
    """What made the telephone ring waits once more: for who proves themselves, or another call."""
    placed = (await outbox.sent(tx, [call.sid])).get(("voice", call.sid))
    if placed is None or placed.kind not in _NEWS:
        return False
    return await _call_again(tx, desk, placed, "", now, kind="notice")


async def _let_go(tx: Tx, address: Address, now: datetime) -> None:
    """Whoever hung up is not rung for an answer to what they said, nor asked for proof alone."""
    for text in await speaking.waiting(tx, address.id):
        if text.kind == "reply" and text.key.startswith(_IN_CALL):
            await outbox.cancel(tx, text.id, "voice", now)
    scene = await scenes.scene(tx, address, now)
    left = [talk for talk in scene.conversations if talk.status == "open" and is_proof_alone(talk)]
    await conversations.save_many(
        tx, [replace(talk, status="ended", outcome="unproven") for talk in left]
    )
    await timers.drop(tx, [f"{kind}:{talk.id}" for talk in left for kind in ("prompt", "silence")])


async def _speech(tx: Tx, service: Service, address: Address, call: Call, now: datetime) -> Speech:
    """Take what waits for this address, and say it."""
    scene = await scenes.scene(tx, address, now)
    texts = await speaking.said(tx, _step(call))
    if not texts:
        waits = await speaking.waiting(tx, address.id)
        texts = [text for text in waits if text.kind in _SAID or _may_hear(scene, text)]
        await speaking.say(tx, texts, _step(call), now)
    texts = [*await _rung_for(tx, call), *texts]
    desk, keys = service.desk, keys_wanted(scene, service.desk, now)
    if keys is None and call.inbound and call.step == 0:
        # Whoever calls us is heard, asked or not: they may be in danger.
        keys = 0
    urgent = any(text.kind == "safety" for text in texts) and scene.address.silence != "stopped"
    words = tuple(text.text for text in texts)
    if keys is None and not urgent:
        words += (say_aloud(scene, desk, now, "call_bye"),)
    return Speech(
        lang=language(scene, desk, now),
        texts=words,
        urgent=urgent,
        connect=await _on_duty(tx, desk, now) if urgent else "",
        keys=keys,
    )


async def _on_duty(tx: Tx, desk: Desk, now: datetime) -> str:
    """The telephone of whoever is there: by the rules, else the first on call who has one."""
    pack = desk.pack(now.date())
    if (phone := duty_phone(pack, now)) or not duty(pack, now).alerted:
        return phone
    there = await alarms.everybody(tx)
    return next((one.place for one in there if one.channel in _TELEPHONES), "")


def _may_hear(scene: Scene, text: Message) -> bool:
    """Whether a notice waits for somebody who proved themselves in this call."""
    proven = {here.person.id for here in scene.people if here.link.proven_at}
    return text.kind == "notice" and text.person_id in proven


async def _rung_for(tx: Tx, call: Call) -> list[Message]:
    """The safety text that made the telephone ring: it tells nothing, and is said first of all."""
    placed = (
        (await outbox.sent(tx, [call.sid])).get(("voice", call.sid)) if call.step == 0 else None
    )
    return [placed] if placed is not None and placed.kind == "safety" else []


async def _broken_off(service: Service, call: Call, now: datetime) -> Speech:
    async with service.store.reading() as tx:
        known = await addresses.find(tx, "voice", call.number)
        scene = await scenes.scene(tx, known, now) if known else None
    if scene is None:
        return Speech("en", ())
    return _last_words(service, scene, now, "call_later")


def _last_words(service: Service, scene: Scene, now: datetime, name: str) -> Speech:
    desk = service.desk
    return Speech(language(scene, desk, now), (say_aloud(scene, desk, now, name),))


async def _after(tx: Tx, desk: Desk, placed: Message, code: str, now: datetime) -> None:
    if placed.kind in _NEWS:
        await _call_again(tx, desk, placed, code, now, kind="notice")
        return
    talk = await conversations.get(tx, placed.conversation_id or 0)
    if talk is None or not _still_asks(talk, placed):
        return
    most = machine_calls(desk.pack(now.date()), now.date()).tries
    if number_of(placed) >= most or not await _call_again(tx, desk, placed, code, now):
        await undelivered(tx, desk, placed, "unanswered", code, now)


async def _call_again(
    tx: Tx, desk: Desk, placed: Message, code: str, now: datetime, kind: str = ""
) -> bool:
    """Let the same text make the telephone ring at another hour; False where none is in sight.

    What asks nothing (`kind` is given) waits all the same. Done twice it is one call.
    """
    if placed.person_id is None:
        return False
    person = await person_of(tx, placed.person_id)
    local = now.astimezone(ZoneInfo(person.zone))
    again = next_try(desk.pack(now.date()), "busy" if code == "busy" else "", [now], local)
    if again is None and not kind:
        return False
    at = again.astimezone(now.tzinfo) if again else now + _A_DAY
    key = f"{placed.key.partition(TRY)[0]}{TRY}{number_of(placed) + 1}"
    draft = Draft(
        key, kind or "question", placed.text, person.id, placed.conversation_id, not_before=at
    )
    for address in await addresses.lock_ids(tx, [placed.address_id]):
        await messages.queue_drafts(tx, [(address, draft)], now)
    return True


def _still_asks(talk: Conversation, placed: Message) -> bool:
    """Whether the question stands open there; after a danger its own timer asks."""
    here = talk.status == "open" and talk.address_id == placed.address_id
    return here and bool(talk.frames) and talk.frames[-1].asked
