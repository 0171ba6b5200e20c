"""What a person told of themselves, how a case or contact moved on, a day's answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from bot.closing import close
from bot.deeds.relaying import SETTING
from bot.following_up import mind_silence, plan_next, refresh
from bot.households import household_of, others_than
from bot.reaching import person_of
from bot.store import cases, contacts, following, people, reached
from bot.store.engines import Tx
from bot.territories import placed
from flows.rules import Pack
from flows.turn import Desk
from flows.vocabulary import CheckedIn, CheckIn, Instructed, PersonLearned, StateMoved

_CASE_ORDER = ("reported", "notifying", "interviewing", "listed", "following", "closed")
_CONTACT_ORDER = ("declared", "contacting", "reached", "following", "closed")


async def learn(tx: Tx, desk: Desk, deed: PersonLearned, now: datetime) -> None:
    """Keep what was learned; a death, a date or a window also changes the follow-up."""
    own = {k: v for k, v in deed.values.items() if not k.startswith(("case.", "relay."))}
    of_case = {k.removeprefix("case."): v for k, v in deed.values.items() if k.startswith("case.")}
    if "postcode" in own:
        today = now.date()
        own = placed(desk.pack(today), await person_of(tx, deed.person_id), own, today)
    if own:
        await people.learn(tx, deed.person_id, own, now)
    if of_case:
        await _learn_of_case(tx, deed.person_id, of_case)
    if last_day := deed.values.get("relay.last_day"):
        await _learn_of_relay(tx, deed.person_id, date.fromisoformat(last_day))
    follow_up = await following.active_of_person(tx, deed.person_id)
    if follow_up is None:
        return
    pack = desk.pack(now.date())
    if own.get("condition") == "deceased":
        await close(tx, follow_up, "deceased")
        return
    if of_case or "facts.separable" in own:
        await refresh(tx, pack, follow_up, now)
    if "window" in own:
        await plan_next(tx, pack, follow_up, await person_of(tx, deed.person_id), now)
        await _plan_household(tx, pack, deed.person_id, now)


async def _plan_household(tx: Tx, pack: Pack, person_id: int, now: datetime) -> None:
    """The hour that somebody chooses is that of all for whom they answer."""
    home = await household_of(tx, person_id)
    if home and home.responder.id == person_id:
        for person, follow_up in others_than(home, person_id):
            await plan_next(tx, pack, follow_up, person, now)


async def _learn_of_case(tx: Tx, person_id: int, values: dict[str, Any]) -> None:
    case = await cases.of_person(tx, person_id)
    if case is None:
        return
    if "onset" in values:
        case = replace(case, onset=date.fromisoformat(values["onset"]), no_symptoms=False)
    if values.get("no_symptoms") and case.onset is None:
        case = replace(case, no_symptoms=True)
    await cases.save(tx, case)


async def _learn_of_relay(tx: Tx, person_id: int, last_day: date) -> None:
    """The day that somebody told of the one who passed them a code."""
    contact = await contacts.of_person(tx, person_id)
    for tie in await contacts.exposures_of_contact(tx, contact.id) if contact else ():
        if tie.setting == SETTING and tie.last_day is None:
            await contacts.save_exposure(tx, replace(tie, last_day=last_day))


async def move(tx: Tx, deed: StateMoved) -> None:
    """Move a case or contact on; never back, and never out of closed."""
    if deed.what == "case":
        case = await cases.get(tx, deed.id)
        if case and _CASE_ORDER.index(deed.state) > _CASE_ORDER.index(case.state):
            outcome = deed.outcome or case.outcome
            await cases.save(tx, replace(case, state=deed.state, outcome=outcome))
        return
    contact = await contacts.get(tx, deed.id)
    if contact and _CONTACT_ORDER.index(deed.state) > _CONTACT_ORDER.index(contact.state):
        outcome = deed.outcome or contact.outcome
        await contacts.save(tx, replace(contact, state=deed.state, outcome=outcome))


async def instructed(tx: Tx, deed: Instructed, now: datetime) -> None:
    """Somebody answered what they were told; the first time counts."""
    await reached.note(tx, deed.case_id, deed.contact_id, now)


async def check_in(tx: Tx, desk: Desk, deed: CheckedIn, now: datetime) -> None:
    """Keep a day's answers with the rule that fired; partial answers are kept too."""
    earlier = await following.of_day(tx, deed.follow_up_id, deed.day)
    # What an agent put right stands over what was read.
    corrected = earlier is not None and bool(earlier.assessment.get("corrected"))
    done = deed.complete or (earlier is not None and earlier.state == "answered")
    row = CheckIn(
        id=earlier.id if earlier else tx.ids.new(now),
        follow_up_id=deed.follow_up_id,
        person_id=deed.person_id,
        day=deed.day,
        state="answered" if done else "missed",
        answers=_answers(deed, earlier, corrected),
        assessment=earlier.assessment
        if earlier and (corrected or not deed.assessment)
        else deed.assessment,
        answered_at=now if deed.complete else (earlier.answered_at if earlier else None),
    )
    await following.save_check_in(tx, row)
    follow_up = await following.get(tx, deed.follow_up_id)
    if follow_up and row.state == "missed":
        await mind_silence(tx, desk.pack(now.date()), follow_up, now)


def _answers(deed: CheckedIn, earlier: CheckIn | None, corrected: bool) -> Mapping[str, Any]:
    if earlier is None:
        return deed.answers
    if corrected:
        return {**deed.answers, **earlier.answers}
    # Whole answers stand for themselves: what was corrected must not come back.
    return deed.answers if deed.complete else {**earlier.answers, **deed.answers}
