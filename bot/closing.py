"""Closes follow-ups: by the dated rules after the last day, or because of what happened."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from zoneinfo import ZoneInfo

from bot.households import household_of
from bot.reaching import best_address, new_conversation, queue_conversation
from bot.reviewing import ask_about
from bot.store import cases, contacts, following, timers
from bot.store.engines import Tx
from flows.engine.staying import case_facts
from flows.rules import Pack, check_in_facts, may_close_case, may_close_contact
from flows.turn import Desk
from flows.vocabulary import Case, FollowUp, Person

_OVERDUE_DAYS = 3  # after its last day, a follow-up that may not close is looked at by a person


async def closes(
    tx: Tx, desk: Desk, pack: Pack, follow_up: FollowUp, person: Person, now: datetime
) -> bool:
    """Close by rule after the last day; what the rule does not let close goes to a person."""
    today = now.astimezone(ZoneInfo(person.zone)).date()
    if follow_up.until is None or today <= follow_up.until:
        return False
    history = await following.history(tx, follow_up.id)
    answers = [check_in_facts(c.answers, c.answered_at) for c in history if c.answered_at]
    zone = ZoneInfo(person.zone)
    if follow_up.role == "case":
        case = await case_of(tx, follow_up)
        facts = case_facts(case, person, today)
        verdict = may_close_case(pack, facts, answers, now, zone)
    else:
        verdict = may_close_contact(pack, follow_up.until, answers, now, zone=zone)
    if verdict.value:
        await close(tx, follow_up, "completed")
        await _say_goodbye(tx, desk, pack, follow_up, person, now)
        return True
    if (today - follow_up.until).days >= _OVERDUE_DAYS:
        await ask_about(
            tx,
            pack,
            follow_up,
            now,
            "closing_held",
            detail={"why": verdict.why, "missing": list(verdict.missing), "rule": verdict.row},
        )
    return False


async def _say_goodbye(
    tx: Tx, desk: Desk, pack: Pack, follow_up: FollowUp, person: Person, now: datetime
) -> None:
    reached = await best_address(tx, person.id)
    # The last of a household to be followed is told for all.
    if reached is None or person.condition or await household_of(tx, person.id):
        return
    last = new_conversation(tx.ids.new(now), reached[0].id, person.id, "follow_up_end")
    await queue_conversation(
        tx, desk.library, pack, replace(last, follow_up_id=follow_up.id), person, now
    )


async def close(tx: Tx, follow_up: FollowUp, outcome: str) -> None:
    """Close a follow-up with its case or contact: completed, converted, lost, refused, deceased."""
    await following.save(tx, replace(follow_up, state="closed", outcome=outcome))
    await timers.drop(tx, [f"check_in:{follow_up.id}"])
    if follow_up.case_id:
        case = await cases.get(tx, follow_up.case_id)
        if case:
            await cases.save(tx, replace(case, state="closed", outcome=outcome))
    if follow_up.contact_id:
        contact = await contacts.get(tx, follow_up.contact_id)
        if contact:
            await contacts.save(tx, replace(contact, state="closed", outcome=outcome))


async def case_of(tx: Tx, follow_up: FollowUp) -> Case:
    case = await cases.get(tx, follow_up.case_id or 0)
    if case is None:
        raise LookupError(f"follow-up {follow_up.id} belongs to a case that is not there")
    return case
