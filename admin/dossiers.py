"""All that the one page stands on: a household's reviews, people, talk and trail, read at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Final

from admin import talk
from admin.elsewhere import veil, veil_portrait
from admin.portraits import At, Portrait, Veiled, portrait
from admin.talk import Reader
from admin.visits import Visit
from bot.handling import Held, held_back
from bot.store import addresses, bundles, events, messages, people, reviews, surges, users
from bot.store.bundles import Bundle
from bot.store.engines import Tx
from bot.store.surges import Surge
from flows.vocabulary import Event, Link, Message, Person, Review

# So many messages back a page looks whether something changed.
LATEST: Final = 10


@dataclass(frozen=True, slots=True)
class Dossier:
    """All that the page stands on, read in one state of the database."""

    bundle: Bundle
    open: list[Review]
    closed: list[Review]
    portrait: Portrait | None
    addresses: list[At]
    household: list[Person]
    lines: list[talk.Line]
    mark: str
    trail: list[Event]
    names: Mapping[int, str]
    held: Mapping[int, Held | None]
    surge: Surge | None = None


def mark_of(said: Sequence[Message], found: Sequence[Review]) -> str:
    """Changes whenever a message comes, goes or arrives, or a review opens or closes."""
    latest = [f"{one.id}{one.state}" for one in said[-LATEST:]]
    opened = sorted(f"{one.id}{one.priority}" for one in found if one.state == "open")
    return sha256(" ".join([*latest, "|", *opened]).encode()).hexdigest()[:16]


async def mark_now(tx: Tx, bundle_id: int, person_id: int | None) -> str:
    """The mark of a page as it would be now."""
    links = await people.links_of(tx, person_id) if person_id else []
    at = {bundle_id, *(link.address_id for link in links if not link.dropped)}
    found = {one.id: one for one in await reviews.of_bundle(tx, bundle_id)}
    if person_id:
        found |= {one.id: one for one in await reviews.of_person(tx, person_id)}
    return mark_of(await messages.transcript(tx, at, LATEST), list(found.values()))


async def bundle_of(tx: Tx, person_id: int) -> int:
    """The bundle in which a person's reviews stand, or would stand."""
    for review in await reviews.of_person(tx, person_id):
        if review.state == "open":
            return review.bundle_id
    links = [link for link in await people.links_of(tx, person_id) if not link.dropped]
    return links[0].address_id if links else person_id


async def gather(tx: Tx, visit: Visit, bundle_id: int, person_id: int | None) -> Dossier:
    """The dossier of a bundle, about one person of the household."""
    found = await reviews.of_bundle(tx, bundle_id)
    household = [person for person, _ in await people.people_at(tx, bundle_id)]
    known = await veil(tx, visit, await people.get_many(tx, _concerned(found, household)))
    household = [known[one.id] for one in household if not isinstance(known[one.id], Veiled)]
    found = [one for one in found if not isinstance(known.get(one.person_id or 0), Veiled)]
    shown = person_id if person_id in {bundle_id, *_concerned(found, household)} else None
    shown = shown or _first_person(found, household)
    seen = await portrait(tx, visit.pack, shown, visit.now) if shown else None
    if seen:
        seen = await veil_portrait(tx, visit, seen)
        others = await reviews.of_person(tx, seen.person.id)
        found += [one for one in others if one.id not in {known.id for known in found}]
    at = list(seen.at) if seen else []
    if all(one.address.id != bundle_id for one in at):
        at += await _bare(tx, bundle_id, household)
    names = {user.id: user.name or user.email for user in await users.list_all(tx)}
    said = await messages.transcript(tx, [one.address.id for one in at])
    held = {
        one.address.id: await held_back(
            tx, visit.service.desk, one.address.id, seen.person.id if seen else None, visit.now
        )
        for one in at
    }
    standing = await bundles.standing(tx, [bundle_id], visit.now)
    return Dossier(
        bundle=standing.get(bundle_id, Bundle(bundle_id)),
        open=[review for review in found if review.state == "open"],
        closed=[review for review in found if review.state != "open"],
        portrait=seen,
        addresses=at,
        household=_near(household, seen),
        lines=talk.lines(
            visit.speech, said, names, Reader(visit.service.desk, tuple(visit.agent.speaks))
        ),
        mark=mark_of(said, found),
        trail=await events.trail(
            tx, person_id=seen.person.id if seen else None, address_id=None if seen else bundle_id
        ),
        names=names,
        held=held,
        surge=await surges.current(tx, visit.now),
    )


def _concerned(found: Sequence[Review], household: Sequence[Person]) -> set[int]:
    """Of whom this page may speak: those reached at the number, those its reviews are about."""
    about = {review.person_id for review in found if review.person_id}
    return about | {person.id for person in household}


def _first_person(found: Sequence[Review], household: Sequence[Person]) -> int | None:
    about = [review.person_id for review in found if review.person_id and review.state == "open"]
    about += [review.person_id for review in found if review.person_id]
    about += [person.id for person in household]
    return about[0] if about else None


async def _bare(tx: Tx, address_id: int, household: Sequence[Person]) -> list[At]:
    """The number itself, where the person shown is not, or no longer, reached at it."""
    address = await addresses.get(tx, address_id)
    return [At(address, Link(0, address_id), tuple(household))] if address else []


def _near(household: Sequence[Person], seen: Portrait | None) -> list[Person]:
    every = {person.id: person for person in household}
    if seen:
        every |= {person.id: person for person in seen.household}
        every.pop(seen.person.id, None)
    return list(every.values())
