"""People as they are on a busy day, many at once: known, followed, in the middle of a check-in."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from random import Random
from typing import Final
from zoneinfo import ZoneInfo

from bot.store import addresses, cases, conversations, following, people, timers
from bot.store.engines import Store, Tx
from flows.turn import Desk
from flows.vocabulary import Address, Case, CheckIn, Conversation, FollowUp, Frame, Link, Person
from flows.vocabulary import Timer as Due

CHUNK: Final = 1000
GIVEN: Final = ("Anna", "Karim", "Léa", "Yann", "Inès", "Marc", "Zoé", "Paul", "Nour", "Jeanne")
FAMILY: Final = ("Le Goff", "Morvan", "Benali", "Costa", "Yilmaz", "Martin", "Riou", "Petit")
ZONE: Final = ZoneInfo("Europe/Paris")
# What a calm day's answers are kept as.
CALM: Final = {"danger": "no", "temperature": 36.9, "symptoms": ["cough"]}


def number_of(one: int) -> str:
    """The telephone of the one who has this place in the crowd."""
    return f"+336{one:08}"


@dataclass(frozen=True, slots=True)
class Settled:
    """One of the crowd, with where they are reached and why they are followed."""

    person: Person
    address: Address
    case: Case
    follow_up: FollowUp


async def settle(
    store: Store,
    desk: Desk,
    now: datetime,
    size: int,
    days: int = 3,
    made: Callable[[Random], Person] | None = None,
) -> AsyncIterator[list[Settled]]:
    """Fill a new database with `size` cases who were asked so many days and are asked just now.

    It goes on as long as somebody asks for the next thousand. `made` draws a person.
    """
    dice = Random(size)  # noqa: S311 - the same crowd each time
    for start in range(0, size, CHUNK):
        async with store.writing() as tx:
            places = range(start, min(start + CHUNK, size))
            drawn = [(made or a_person)(dice) for _ in places]
            settled = await _settle(tx, desk, now, places, drawn, days)
        yield settled


async def settle_all(store: Store, desk: Desk, now: datetime, size: int, days: int = 3) -> None:
    """All of them at once."""
    async for _ in settle(store, desk, now, size, days):
        pass


async def _settle(
    tx: Tx, desk: Desk, now: datetime, places: Sequence[int], drawn: Sequence[Person], days: int
) -> list[Settled]:
    known = await people.add_many(tx, drawn, now)
    at = await addresses.lock_many(tx, [("sms", number_of(one)) for one in places], now)
    pairs = list(zip(known, at, strict=True))
    links = [Link(one.id, address.id, "self", proven_at=now) for one, address in pairs]
    await people.save_links(tx, links)
    today = now.astimezone(ZONE).date()
    ill = [_case(tx, one, today, now) for one in known]
    await cases.add_many(tx, ill)
    followed = [_follow_up(tx, one, today - timedelta(days=days), now) for one in ill]
    await following.start_many(tx, followed)
    await following.save_check_ins(tx, list(_days(tx, followed, today, days, now)))
    talks = [
        _talk(tx, desk, address, one, today, now)
        for (_, address), one in zip(pairs, followed, strict=True)
    ]
    await conversations.save_many(tx, talks)
    await timers.set_many(tx, [_silence(talk, now) for talk in talks])
    await timers.set_many(tx, [_tomorrow(one, now) for one in followed])
    return [Settled(*four) for four in zip(known, at, ill, followed, strict=True)]


def a_person(dice: Random) -> Person:
    """Somebody."""
    born = date(1940, 1, 1) + timedelta(days=dice.randrange(27_000))
    return Person(0, dice.choice(GIVEN), dice.choice(FAMILY), birth_date=born, town="Rennes")


def _case(tx: Tx, person: Person, today: date, now: datetime) -> Case:
    tested = today - timedelta(days=2)
    return Case(
        tx.ids.new(now), person.id, test_date=tested, onset=tested, told_by="lab", state="following"
    )


def _follow_up(tx: Tx, case: Case, since: date, now: datetime) -> FollowUp:
    until = since + timedelta(days=60)
    return FollowUp(tx.ids.new(now), case.person_id, "case", since, until, case_id=case.id)


def _days(
    tx: Tx, followed: Sequence[FollowUp], today: date, days: int, now: datetime
) -> list[CheckIn]:
    past = [
        CheckIn(
            tx.ids.new(now),
            one.id,
            one.person_id,
            today - timedelta(days=ago),
            "answered",
            CALM,
            {"priority": "P4"},
            now - timedelta(days=ago),
        )
        for one in followed
        for ago in range(days, 0, -1)
    ]
    asked = [CheckIn(tx.ids.new(now), one.id, one.person_id, today) for one in followed]
    return past + asked


def _talk(
    tx: Tx, desk: Desk, address: Address, followed: FollowUp, today: date, now: datetime
) -> Conversation:
    """Asked the first question of the day, an instant ago."""
    flow = desk.library["check_in"]
    return Conversation(
        tx.ids.new(now),
        address.id,
        followed.person_id,
        (Frame("check_in", "danger", flow.structure),),
        "open",
        case_id=followed.case_id,
        follow_up_id=followed.id,
        day=today,
        opened_at=now,
        asked_at=now,
    )


def _silence(talk: Conversation, now: datetime) -> Due:
    key = f"silence:{talk.id}"
    due_at = now + timedelta(hours=3)
    return Due(key, "silence", due_at, talk.address_id, talk.id, talk.person_id)


def _tomorrow(followed: FollowUp, now: datetime) -> Due:
    due_at = now + timedelta(days=1)
    return Due(
        f"check_in:{followed.id}",
        "check_in",
        due_at,
        person_id=followed.person_id,
        follow_up_id=followed.id,
    )
