"""One case: whom they met and where that stands, the chain around them, the people of a place."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from admin import chains
from admin.elsewhere import veil
from admin.faces import Flag, name_of, person_flags
from admin.forms import day_of
from admin.labels import label
from admin.links import link
from admin.portraits import Veiled
from admin.trail import looked
from admin.visits import VISIT, Visit, number, page
from bot.handling import fragile_by
from bot.store import cases, contacts, following, people
from bot.store.chains import Tie, Web, around
from bot.store.engines import Tx
from flows.vocabulary import Case, CheckIn, Contact, Exposure, FollowUp, Person

DAYS: Final = 5
# More are not drawn: nobody reads a picture of so many.
MOST: Final = 150
NOWHERE: Final = "unknown"


@dataclass(frozen=True, slots=True)
class Met:
    """One contact of the case as its page shows them."""

    exposure: Exposure
    contact: Contact
    person: Person
    name: str
    flags: list[Flag]
    follow_up: FollowUp | None
    days: list[CheckIn | None]
    reachable: bool


@dataclass(frozen=True, slots=True)
class Event:
    """Those met at one place on one day, and the address that shows them alone."""

    words: str
    count: int
    href: str
    here: bool


@dataclass(frozen=True, slots=True)
class Told:
    """A person of the chain in words, for the picture and the table alike."""

    name: str
    standing: str
    day: date | None


async def show(request: web.Request) -> web.Response:
    """A case with its contacts, all of them or those of one place and day."""
    visit, case_id = request[VISIT], number(request)
    place = request.query.get("place", "")
    day = day_of(request.query.get("day", ""))
    async with visit.service.store.reading() as tx:
        case, person = await _case(tx, case_id)
        met = await _met(tx, visit, case)
    await looked(visit, person.id, "case", met=len(met))
    chosen = [one for one in met if not place or _where(one.exposure) == (place, day)]
    context = {
        "case": case,
        "person": person,
        "name": name_of(visit.speech, person),
        "met": sorted(chosen, key=_by_place),
        "events": _events(visit, case, met, (place, day) if place else None),
        "sums": _sums(visit, met),
        "days": _days(visit.today),
        "all": len(met),
    }
    return page(request, "case.html", context)


async def chain(request: web.Request) -> web.Response:
    """The chain of transmission around a case: a picture, and the same as a table."""
    visit, case_id = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        case, person = await _case(tx, case_id)
        found = await around(tx, case, MOST)
        every = found.cases.keys() | found.contacts.keys()
        known = await veil(tx, visit, await people.get_many(tx, every))
    await looked(visit, person.id, "chain", shown=len(every))
    told = {one: _told(visit, found, one, known.get(one)) for one in every}
    drawing = chains.draw(found)
    ties = {tie.target: tie for tie in reversed(found.ties)}
    context = {
        "case": case,
        "person": person,
        "name": name_of(visit.speech, person),
        "drawing": drawing,
        "told": told,
        "ties": sorted(found.ties, key=lambda tie: (drawing.depth[tie.target], tie.target)),
        "generation": {one: depth + 1 for one, depth in drawing.depth.items()},
        "interval": lambda tie: chains.serial_interval(found, tie),
        "said": lambda node: _said(visit, node, told, ties.get(node.person_id)),
        "case_of": {one: a_case.id for one, a_case in found.cases.items()},
        "cut": found.cut,
        "box": (chains.WIDTH, chains.HEIGHT, chains.STEP_X),
    }
    return page(request, "chain.html", context)


async def place(request: web.Request) -> web.Response:
    """The people of a place or group: its cases, and whom they met away from home."""
    visit, case_id = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        case, person = await _case(tx, case_id)
        found = await cases.of_place(tx, case.setting) or [case]
        ill = await veil(tx, visit, await people.get_many(tx, {c.person_id for c in found}))
        met = [one for each in found for one in await _met(tx, visit, each)]
    away = {one.person.id: one for one in met if one.exposure.kind != "home"}
    exposed = [one for one in away.values() if one.person.id not in ill]
    await looked(visit, person.id, "place", cases=len(found), met=len(exposed))
    context = {
        "case": case,
        "cases": [(one, name_of(visit.speech, ill.get(one.person_id))) for one in found],
        "met": sorted(exposed, key=_by_place),
        "days": _days(visit.today),
        "by_case": {one.id: name_of(visit.speech, ill.get(one.person_id)) for one in found},
    }
    return page(request, "place.html", context)


async def _case(tx: Tx, case_id: int) -> tuple[Case, Person]:
    case = await cases.get(tx, case_id)
    person = await people.get(tx, case.person_id) if case else None
    if case is None or person is None:
        raise web.HTTPNotFound
    return case, person


async def _met(tx: Tx, visit: Visit, case: Case) -> list[Met]:
    found = await contacts.exposures_of_case(tx, case.id)
    of = await contacts.get_many(tx, (one.contact_id for one in found))
    ids = [contact.person_id for contact in of.values()]
    known = await veil(tx, visit, await people.get_many(tx, ids))
    reached = await people.reachable(tx, ids)
    going = await following.active_of_people(tx, ids)
    last = _days(visit.today)
    days = await following.histories(tx, [one.id for one in going.values()], last[0])
    fragile = fragile_by(visit.pack, visit.today)
    made = []
    for one in found:
        contact = of[one.contact_id]
        person = known[contact.person_id]
        follow_up = going.get(person.id)
        said = {day.day: day for day in days.get(follow_up.id, ())} if follow_up else {}
        made.append(
            Met(
                exposure=one,
                contact=contact,
                person=person,
                name=(not isinstance(person, Veiled) and one.said_name)
                or name_of(visit.speech, person),
                flags=person_flags(visit.speech, person, fragile=fragile(person), short=True),
                follow_up=follow_up,
                days=[said.get(day) for day in last],
                reachable=person.id in reached,
            )
        )
    return made


def _days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _where(exposure: Exposure) -> tuple[str, date | None]:
    return exposure.setting or NOWHERE, exposure.last_day


def _by_place(met: Met) -> tuple[str, date, int]:
    setting, day = _where(met.exposure)
    return setting, day or date.max, met.exposure.number


def _events(
    visit: Visit, case: Case, met: Sequence[Met], here: tuple[str, date | None] | None
) -> list[Event]:
    """Where and when this case met people; each has an address of its own."""
    many = Counter(_where(one.exposure) for one in met)
    return [
        Event(
            words=_at(visit, where),
            count=count,
            href=link(
                f"/admin/cases/{case.id}",
                place=where[0],
                day=where[1].isoformat() if where[1] else "",
            ),
            here=where == here,
        )
        for where, count in sorted(many.items(), key=lambda pair: -pair[1])
    ]


def _at(visit: Visit, where: tuple[str, date | None]) -> str:
    setting, day = where
    place = visit.speech("place not told") if setting == NOWHERE else ""
    place = place or label(visit.speech, "setting", setting)
    return f"{place}, {visit.speech.day(day)}" if day else place


def _sums(visit: Visit, met: Sequence[Met]) -> list[tuple[int, str]]:
    """How far this case's contacts have come; the same person is counted once."""
    states = [one.contact for one in {one.contact.id: one for one in met}.values()]
    told = [one for one in states if one.state in ("reached", "following", "closed")]
    speech = visit.speech
    return [
        (len(states), speech("named")),
        (sum(one.outcome not in ("wrong_number", "lost") for one in told), speech("reached")),
        (sum(one.state == "following" for one in states), speech("followed up")),
        (sum(one.outcome == "converted" for one in states), speech("became cases")),
        (sum(not one.reachable for one in met), speech("without a number")),
    ]


def _told(visit: Visit, found: Web, one: int, person: Person | None) -> Told:
    case, contact = found.cases.get(one), found.contacts.get(one)
    speech = visit.speech
    if case:
        day = case.onset or case.test_date
        standing = speech("case")
        if day:
            words = speech("first signs {day}") if case.onset else speech("test {day}")
            standing = words.format(day=speech.day(day))
        return Told(name_of(speech, person), standing, day)
    standing = label(speech, "contact_state", contact.state if contact else "")
    if contact and contact.outcome:
        standing = label(speech, "end", contact.outcome)
    return Told(name_of(speech, person), standing, None)


def _said(visit: Visit, node: chains.Node, told: Mapping[int, Told], tie: Tie | None) -> str:
    """A box in words, for who does not see the picture."""
    if node.kind == "more":
        return visit.speech.count(node.more, "{n} more person", "{n} more people")
    mine = told[node.person_id]
    parts = [mine.name, mine.standing]
    if tie and tie.source in told:
        parts.append(visit.speech("exposed by {name}", name=told[tie.source].name))
    return ", ".join(parts)
