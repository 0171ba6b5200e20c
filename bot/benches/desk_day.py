"""A database as agents find it after months: people, open reviews, talks, chains, a long trail."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

from bot.benches.crowd import Settled, a_person, settle
from bot.store import assigning, bundles, contacts, events, messages, reviews, state, users
from bot.store.engines import Store, Tx
from flows.rules import Pack, review_reasons
from flows.turn import Desk
from flows.vocabulary import (
    Contact,
    Draft,
    Event,
    Exposure,
    Incoming,
    Lang,
    Person,
    Priority,
    ReviewWanted,
)

FILLED: Final = "bench_admin"
AGENTS: Final = 40
TEAMS: Final = ("Nord", "Sud", "Est", "Ouest")
# Of a thousand open reviews, and of a thousand people.
PRIORITIES: Final[dict[Priority, int]] = {"P1": 2, "P2": 98, "P3": 500, "P4": 400}
SPOKEN: Final[dict[Lang, int]] = {"fr": 850, "ar": 60, "en": 40, "pt": 25, "es": 15, "tr": 10}
# So many have chains and talks too: theirs are the pages that are looked at.
LOOKED_AT: Final = 60
LEASE_MINUTES: Final = 60 * 24 * 30
MET: Final = 8
SAID: Final = 10
# One in so many reviews is set aside for somebody; each agent works on one household.
ASIDE: Final = 10
GIVEN: Final = 300
FAMILY: Final = 4000
_SYLLABLES: Final = (
    "ba",
    "co",
    "di",
    "fe",
    "gou",
    "ka",
    "lan",
    "mor",
    "ne",
    "pi",
    "ro",
    "san",
    "ty",
)


@dataclass(frozen=True, slots=True)
class Filled:
    """How much is in it, and whom pages are looked at about."""

    size: int
    waiting: int
    people: Sequence[int]
    bundles: Sequence[int]
    cases: Sequence[int]
    names: Sequence[str]


async def filled(store: Store) -> Filled | None:
    """What `fill` left in this database; None if it never filled it."""
    async with store.reading() as tx:
        kept = await state.get(tx, FILLED)
    return Filled(**json.loads(kept)) if kept else None


async def fill(store: Store, desk: Desk, now: datetime, size: int, waiting: int) -> Filled:
    """Fill a new database."""
    agents = await _agents(store, now)
    dice = Random(size)  # noqa: S311 - the same day each time
    known: list[Settled] = []
    left = waiting
    async for settled in settle(store, desk, now, size, days=2, made=_person):
        async with store.writing() as tx:
            await _trail(tx, settled, agents, now)
            await _wait(tx, desk.pack(now.date()), settled[:left], agents, now, dice)
            if not known:
                known = settled[:LOOKED_AT]
                await _told(tx, known, settled[LOOKED_AT:], now)
                for agent, one in zip(agents, settled, strict=False):
                    await bundles.lease(tx, one.address.id, agent, now, LEASE_MINUTES)
        left -= min(left, len(settled))
    done = Filled(
        size,
        waiting,
        [one.person.id for one in known],
        [one.address.id for one in known],
        [one.case.id for one in known],
        [f"{one.person.given_name}+{one.person.family_name}" for one in known],
    )
    async with store.writing() as tx:
        await state.put(tx, FILLED, json.dumps(asdict(done)), now)
    return done


def _person(dice: Random) -> Person:
    (lang,) = dice.choices(list(SPOKEN), list(SPOKEN.values()))
    given, family = _name(dice, GIVEN, 2), _name(dice, FAMILY, 3)
    return replace(a_person(dice), given_name=given, family_name=family, language=lang)


def _name(dice: Random, many: int, syllables: int) -> str:
    """A few names are borne by many, most by few: the first by some in a hundred."""
    place = int(many ** dice.random()) + int(dice.random() * 5)
    parts = []
    for _ in range(syllables):
        place, part = divmod(place, len(_SYLLABLES))
        parts.append(_SYLLABLES[part])
    return "".join(parts).capitalize()


async def _agents(store: Store, now: datetime) -> list[int]:
    async with store.writing() as tx:
        found = []
        for n in range(AGENTS):
            mail = f"agent{n}@bench.example.org"
            user = await users.add(tx, mail, "agent", "", f"Agent {n}", now=now)
            await users.set_desk(tx, user.id, TEAMS[n % len(TEAMS)], ["fr"])
            found.append(user.id)
        return found


async def _trail(tx: Tx, settled: Sequence[Settled], agents: Sequence[int], now: datetime) -> None:
    lines = [
        Event("read", now, f"user:{agents[n % AGENTS]}", one.person.id, data={"what": "page"})
        for n, one in enumerate(settled)
    ]
    await events.append_many(tx, lines, now)


async def _wait(
    tx: Tx,
    pack: Pack,
    settled: Sequence[Settled],
    agents: Sequence[int],
    now: datetime,
    dice: Random,
) -> None:
    reasons = sorted(review_reasons(pack))
    levels = dice.choices(list(PRIORITIES), list(PRIORITIES.values()), k=len(settled))
    wanted = [
        ReviewWanted(
            dice.choice(reasons),
            level,
            now + timedelta(minutes=dice.randrange(-300, 2000)),
            f"bench:{one.person.id}",
            person_id=one.person.id,
        )
        for one, level in zip(settled, levels, strict=True)
    ]
    at = [one.address.id for one in settled]
    await reviews.open_many(tx, list(zip(wanted, at, strict=True)), now)
    for n, address_id in enumerate(at[::ASIDE]):
        if n % 2:
            await assigning.assign(tx, address_id, agents[n % AGENTS])
        else:
            await assigning.assign(tx, address_id, team=TEAMS[n % len(TEAMS)])


async def _told(tx: Tx, known: Sequence[Settled], others: Sequence[Settled], now: datetime) -> None:
    """Those looked at named others, and were written to."""
    for n, one in enumerate(known):
        for number, met in enumerate((list(others) or list(known))[n : n + MET]):
            contact = await contacts.add(tx, Contact(tx.ids.new(now), met.person.id))
            exposure = Exposure(
                tx.ids.new(now), one.case.id, contact.id, number, met.person.given_name
            )
            await contacts.add_exposure(tx, exposure)
        for turn in range(SAID):
            heard = Incoming("sms", f"B{n}-{turn}", one.address.value, "", "ca va, merci")
            await messages.file_incoming(tx, one.address, heard, now)
            draft = Draft(f"bench:{n}:{turn}", "reply", "Merci, c'est noté.", one.person.id)
            await messages.queue_drafts(tx, [(one.address, draft)], now)
