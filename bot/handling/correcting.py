"""An agent says that a reply was misread: the day is put right, and the case kept for study."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.reaching import person_of
from bot.reviewing import ask_review
from bot.store import cases, conversations, events, following
from bot.store.engines import Tx
from flows.engine.days import kept_assessment
from flows.rules import Pack, assess, check_in_facts, person_facts
from flows.turn import Desk
from flows.vocabulary import CheckIn, Event, Message

MISREAD = "misread"
_LEVELS = ("P1", "P2", "P3", "P4")


async def day_of_reply(tx: Tx, message: Message, person_id: int | None) -> CheckIn | None:
    """The day that a reply was about; None where it answered something else."""
    talk = await conversations.get(tx, message.conversation_id or 0)
    if talk is None or talk.day is None:
        return None
    if talk.follow_up_id and talk.person_id == (person_id or talk.person_id):
        return await following.of_day(tx, talk.follow_up_id, talk.day)
    # A household's talk belongs to each of them: the day is that of whose page it is.
    follow_up = await following.active_of_person(tx, person_id or 0)
    return await following.of_day(tx, follow_up.id, talk.day) if follow_up else None


async def correct_day(
    tx: Tx, desk: Desk, day: CheckIn, changed: Mapping[str, Any], now: datetime
) -> CheckIn:
    """The day as it should have been understood, weighed anew; what got worse is reviewed."""
    answers = {**day.answers, **changed}
    answers = {name: value for name, value in answers.items() if value not in (None, [], "")}
    pack = desk.pack(now.date())
    assessment = await _weighed(tx, pack, day, answers)
    corrected = replace(day, state="answered", answers=answers, assessment=assessment)
    corrected = replace(corrected, answered_at=day.answered_at or now)
    await following.save_check_in(tx, corrected)
    if _level(assessment) < _level(day.assessment):
        await _review(tx, pack, corrected, now)
    return corrected


async def file_misread(
    tx: Tx,
    message: Message,
    person_id: int | None,
    user_id: int,
    meant: str,
    now: datetime,
    **more: Any,
) -> None:
    """Keep the message and what was meant, for those who teach the service to understand."""
    data = {"what": MISREAD, "message_id": message.id, "meant": meant, **more}
    line = Event(
        kind=MISREAD,
        at=now,
        actor=f"user:{user_id}",
        person_id=person_id,
        address_id=message.address_id,
        conversation_id=message.conversation_id,
        data=data,
    )
    await events.append_many(tx, [line], now)


async def _weighed(tx: Tx, pack: Pack, day: CheckIn, answers: Mapping[str, Any]) -> dict[str, Any]:
    person = await person_of(tx, day.person_id)
    case = await cases.of_person(tx, day.person_id)
    earlier = [one for one in await following.history(tx, day.follow_up_id) if one.day < day.day]
    found = assess(
        pack,
        person_facts(person, "case" if case else "contact", day.day, case.onset if case else None),
        check_in_facts(answers, day.answered_at),
        [check_in_facts(one.answers, one.answered_at) for one in earlier if one.answers],
        day.day,
    )
    return {**kept_assessment(found), "corrected": True}


def _level(assessment: Mapping[str, Any]) -> int:
    priority = assessment.get("priority")
    return _LEVELS.index(priority) if priority in _LEVELS else len(_LEVELS)


async def _review(tx: Tx, pack: Pack, day: CheckIn, now: datetime) -> None:
    follow_up = await following.get(tx, day.follow_up_id)
    found = day.assessment
    await ask_review(
        tx,
        pack,
        now,
        "danger" if found["dangers"] else "check_in",
        about=str(day.person_id),
        person_id=day.person_id,
        case_id=follow_up.case_id if follow_up else None,
        contact_id=follow_up.contact_id if follow_up else None,
        follow_up_id=day.follow_up_id,
        priority=found["priority"],
        detail={"reasons": found["reasons"], "dangers": found["dangers"], "corrected": True},
    )
