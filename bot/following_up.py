"""Follow-ups: how long, which check-in next, and when they close, by the dated rules."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from bot.closing import case_of, close, closes
from bot.households import Household, answers_for, ask_together, household_of
from bot.reaching import (
    best_address,
    new_conversation,
    person_of,
    queue_conversation,
    take_up_others,
)
from bot.reviewing import ask_about
from bot.store import contacts, conversations, following, messages, people, timers
from bot.store.engines import Tx
from flows.engine.staying import case_facts, met
from flows.rules import (
    Decision,
    Pack,
    case_until,
    contact_until,
    delay,
    is_fragile,
    next_check_in,
    person_facts,
    usual_hour,
)
from flows.turn import Desk
from flows.vocabulary import Conversation, FollowUp, Person, Timer


async def decide_until(
    tx: Tx, pack: Pack, follow_up: FollowUp, person: Person, today: date
) -> Decision[date | None]:
    """The last day of a follow-up, and the row of the rules that says so."""
    if follow_up.role == "case":
        case = await case_of(tx, follow_up)
        return case_until(pack, case_facts(case, person, today), today)
    exposures = await contacts.exposures_of_contact(tx, follow_up.contact_id or 0)
    return contact_until(
        pack, [*map(met, exposures)], person_facts(person, "contact", today), today
    )


async def refresh(tx: Tx, pack: Pack, follow_up: FollowUp, now: datetime) -> FollowUp:
    """Decide the last day anew; with a fact missing no date is said and a review is made."""
    person = await person_of(tx, follow_up.person_id)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    found = await decide_until(tx, pack, follow_up, person, today)
    decided = replace(follow_up, until=found.value, rule=found.row)
    if decided != follow_up:
        await following.save(tx, decided)
    if found.value is None and found.missing:
        await ask_about(
            tx, pack, follow_up, now, "rule_lacks_fact", detail={"missing": list(found.missing)}
        )
    return decided


async def plan_next(tx: Tx, pack: Pack, follow_up: FollowUp, person: Person, now: datetime) -> None:
    """The next day's check-in, in the person's own window and zone."""
    local = now.astimezone(ZoneInfo(person.zone))
    asked = await answers_for(tx, person)
    usual = asked.facts.get("usual_hour")
    hour = time.fromisoformat(usual) if usual else None
    await timers.set_timer(
        tx,
        Timer(
            key=f"check_in:{follow_up.id}",
            kind="check_in",
            due_at=next_check_in(pack, local, asked.window, asked.id, hour),
            person_id=person.id,
            follow_up_id=follow_up.id,
        ),
    )


async def learn_hour(tx: Tx, pack: Pack, person: Person, now: datetime) -> Person:
    """Note at which hour this person usually answers, where that has changed."""
    zone = ZoneInfo(person.zone)
    heard = [at.astimezone(zone) for at in await messages.heard_at(tx, person.id)]
    found = usual_hour(pack, heard, now.astimezone(zone).date())
    said = f"{found:%H:%M}" if found else ""
    if person.facts.get("usual_hour", "") == said:
        return person
    return await people.learn(tx, person.id, {"facts.usual_hour": said}, now) or person


async def check_in_due(tx: Tx, desk: Desk, timer: Timer, now: datetime) -> None:
    """A day's check-in is due: close if the rules allow, else ask, and plan the next day."""
    follow_up = await following.get(tx, timer.follow_up_id or 0)
    if follow_up is None or follow_up.state == "closed":
        return
    pack = desk.pack(now.date())
    person = await person_of(tx, follow_up.person_id)
    if not await _goes_on(tx, desk, pack, follow_up, person, now):
        return
    home = await household_of(tx, person.id)
    if home is None:
        await _ask(tx, desk, pack, follow_up, person, now)
    else:
        await _ask_household(tx, desk, pack, home, person, now)


async def _goes_on(
    tx: Tx, desk: Desk, pack: Pack, follow_up: FollowUp, person: Person, now: datetime
) -> bool:
    """Close if the rules allow, else plan the next day; whether this day is to be asked for."""
    if person.condition == "deceased":
        await close(tx, follow_up, "deceased")
        return False
    follow_up = await refresh(tx, pack, follow_up, now)
    if await closes(tx, desk, pack, follow_up, person, now):
        return False
    person = await learn_hour(tx, pack, person, now)
    await plan_next(tx, pack, follow_up, person, now)
    resting = person.paused_until is not None and person.paused_until > now
    return person.condition != "hospital" and not resting


async def _ask_household(
    tx: Tx, desk: Desk, pack: Pack, home: Household, due: Person, now: datetime
) -> None:
    """One member's day is due: all are asked about with them, and each is planned anew."""
    day = now.astimezone(ZoneInfo(due.zone)).date()
    if not await ask_together(tx, desk, pack, home, day, now):
        return
    for person, follow_up in home.members:
        if person.id == due.id or await _goes_on(tx, desk, pack, follow_up, person, now):
            await _overtake(tx, pack, follow_up, day, now)
            await following.asked(tx, follow_up, day, now)


async def _ask(
    tx: Tx, desk: Desk, pack: Pack, follow_up: FollowUp, person: Person, now: datetime
) -> None:
    day = now.astimezone(ZoneInfo(person.zone)).date()
    reached = await best_address(tx, person.id)
    if await _is_asked(tx, follow_up, day):
        return
    await _overtake(tx, pack, follow_up, day, now)
    await following.asked(tx, follow_up, day, now)
    if reached is None:
        await ask_about(tx, pack, follow_up, now, "contact_unreachable")
        return
    address, _ = reached
    conversation = replace(
        new_conversation(tx.ids.new(now), address.id, person.id, "check_in"),
        case_id=follow_up.case_id,
        contact_id=follow_up.contact_id,
        follow_up_id=follow_up.id,
        day=day,
    )
    await queue_conversation(tx, desk.library, pack, conversation, person, now)


async def _is_asked(tx: Tx, follow_up: FollowUp, day: date) -> bool:
    """Whether an answer that came late has begun this day's check-in already."""
    return any(
        talk.follow_up_id == follow_up.id and talk.day == day
        for talk in await conversations.of_person(tx, follow_up.person_id)
    )


async def _overtake(tx: Tx, pack: Pack, follow_up: FollowUp, day: date, now: datetime) -> None:
    """Yesterday's check-in is over when today's is asked: one question stands, not two."""
    over = []
    for talk in await conversations.of_person(tx, follow_up.person_id):
        earlier = talk.day is not None and talk.day < day and talk.follow_up_id == follow_up.id
        if earlier and talk.status in ("queued", "open", "lapsed") and not _in_danger(talk):
            await conversations.save(tx, replace(talk, status="ended", outcome="overtaken"))
            await timers.drop(tx, [f"silence:{talk.id}", f"prompt:{talk.id}", f"start:{talk.id}"])
            over.append(talk)
    await take_up_others(tx, pack, over, now)
    missed = [
        past
        for past in await following.history(tx, follow_up.id)
        if past.state == "asked" and past.day < day
    ]
    for past in missed:
        await following.save_check_in(tx, replace(past, state="missed"))
    if missed:
        await mind_silence(tx, pack, follow_up, now)


def _in_danger(talk: Conversation) -> bool:
    """Whether an answer about help is awaited: a new day never takes that question away."""
    return bool(talk.frames) and talk.frames[-1].flow == "danger"


async def mind_silence(tx: Tx, pack: Pack, follow_up: FollowUp, now: datetime) -> None:
    """Three silent days in a row: a person decides whether somebody is lost; never the machine."""
    history = await following.history(tx, follow_up.id)
    days = delay(pack, "silent_days", now.date()).days
    latest = history[-days:]
    if len(latest) < days or any(c.state != "missed" for c in latest):
        return
    person = await person_of(tx, follow_up.person_id)
    today = now.astimezone(ZoneInfo(person.zone)).date()
    facts = person_facts(person, follow_up.role, today)
    fragile = is_fragile(pack, facts, today).value
    await ask_about(
        tx,
        pack,
        follow_up,
        now,
        "silent",
        priority="P2" if fragile else "P3",
        detail={"silent_days": days},
    )
