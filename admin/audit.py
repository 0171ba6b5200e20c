"""The audit of the data protection officer: who read this file, who did what, on which day."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

from aiohttp import web

from admin.faces import name_of
from admin.forms import day_of, id_of
from admin.lines import attached
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, number, page
from bot.store import auditing, glass, people, searching, users
from bot.store.auditing import Question
from bot.store.engines import Tx
from flows.vocabulary import Event

SHOWN: Final = 200
MOST: Final = 10_000


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the answer, as it is read."""

    at: datetime
    who: str
    role: str
    kind: str
    what: str
    person_id: int | None
    person: str


async def show(request: web.Request) -> web.Response:
    """The search and its answer."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        known = await users.list_all(tx)
        entries = await _answer(tx, request, known, SHOWN)
        unseen = request.query.get("glass") != "all"
        breakages = await _broken(tx, visit, known, unseen=unseen)
    await looked(visit, None, "audit", found=len(entries))
    context = {
        "breakages": breakages,
        "entries": entries,
        "asked": request.query,
        "query": request.query_string,
        "users": [(str(one.id), one.name or one.email) for one in known],
        "kinds": auditing.KINDS,
        "full": len(entries) == SHOWN,
    }
    return page(request, "audit.html", context)


async def looked_at_glass(request: web.Request) -> web.Response:
    """The officer looked at why somebody broke the glass."""
    visit = request[VISIT]
    async with visit.service.store.writing() as tx:
        person_id = await glass.looked_at(tx, number(request), visit.agent.id, visit.now)
        if person_id is not None:
            await acted(tx, visit, "glass_seen", person_id)
    raise go("/admin/audit", "glass_seen")


async def _broken(
    tx: Tx, visit: Visit, known: list[users.User], *, unseen: bool
) -> list[tuple[glass.Breakage, str, str]]:
    """Each use with who it was, and whose file."""
    found = await glass.latest(tx, SHOWN, unseen=unseen)
    about = await people.get_many(tx, {one.person_id for one in found})
    names = {one.id: name_of(visit.speech, one) for one in about}
    who = {one.id: one.name or one.email for one in known}
    return [(one, who.get(one.user_id, ""), names.get(one.person_id, "")) for one in found]


async def as_file(request: web.Request) -> web.Response:
    """The answer as CSV, by ids of people alone: a file travels."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        entries = await _answer(tx, request, await users.list_all(tx), MOST)
    await looked(visit, None, "audit_file", found=len(entries))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(("at", "who", "role", "kind", "what", "person_id"))
    for one in entries:
        who = f"'{one.who}" if one.who[:1] in ("=", "+", "-", "@") else one.who
        row = (one.at.isoformat(), who, one.role, one.kind, one.what, one.person_id or "")
        table.writerow(row)
    return attached(written.getvalue(), "audit.csv")


async def _answer(tx: Tx, request: web.Request, known: list[users.User], most: int) -> list[Entry]:
    visit = request[VISIT]
    found = await auditing.search(tx, await _question(tx, request), most)
    about = {one.person_id for one in found if one.person_id is not None}
    names = {one.id: name_of(visit.speech, one) for one in await people.get_many(tx, about)}
    actors = {f"user:{one.id}": one for one in known}
    return [_entry(one, actors.get(one.actor), names) for one in found]


def _entry(event: Event, actor: users.User | None, names: dict[int, str]) -> Entry:
    return Entry(
        at=event.at,
        who=(actor.name or actor.email) if actor else event.actor,
        role=actor.role if actor else "",
        kind=event.kind,
        what=str(event.data.get("what", "")),
        person_id=event.person_id,
        person=names.get(event.person_id or 0, ""),
    )


async def _question(tx: Tx, request: web.Request) -> Question:
    visit, asked = request[VISIT], request.query
    whom, addresses = await _whom(tx, visit, asked.get("q", "").strip()[:200])
    kind = asked.get("kind", "")
    return Question(
        people=whom,
        addresses=addresses,
        user_id=id_of(asked.get("user", "")),
        kind=kind if kind in auditing.KINDS else "",
        since=_midnight(visit, day_of(asked.get("since", ""))),
        until=_midnight(visit, day_of(asked.get("until", "")), days=1),
    )


async def _whom(tx: Tx, visit: Visit, words: str) -> tuple[list[int] | None, set[int]]:
    """The people who are meant and their numbers; None where nobody is asked about."""
    if not words:
        return None, set()
    found = await searching.search(tx, words, country=visit.pack.country or "FR")
    whom = {person.id for person in found}
    # Somebody who was erased is found by their id still: the trail outlives them.
    if (wanted := id_of(words)) is not None:
        whom.add(wanted)
    links = [link for one in whom for link in await people.links_of(tx, one)]
    return sorted(whom), {link.address_id for link in links}


def _midnight(visit: Visit, on: date | None, days: int = 0) -> datetime | None:
    if on is None or on.year >= date.max.year:
        return None
    return datetime.combine(on + timedelta(days=days), time(), visit.speech.zone)
