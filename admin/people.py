"""Finding people: by name as it sounds, a number in any form, a check code, an id."""

from __future__ import annotations

from aiohttp import web

from admin.faces import name_of, person_flags
from admin.trail import looked
from admin.visits import VISIT, page
from bot.store import cases, contacts, searching
from bot.store.engines import Tx
from flows.vocabulary import Person


async def find(request: web.Request) -> web.Response:
    """Search, or how to search."""
    visit = request[VISIT]
    words = request.query.get("q", "").strip()[:200]
    found: list[dict[str, object]] = []
    if words:
        async with visit.service.store.reading() as tx:
            people = await searching.search(tx, words, country=visit.pack.country or "FR")
            found = [await _row(tx, request, person) for person in people]
        await looked(visit, None, "search", found=len(found))
        for person in people:
            await looked(visit, person.id, "found")
    return page(request, "people.html", {"q": words, "found": found})


async def _row(tx: Tx, request: web.Request, person: Person) -> dict[str, object]:
    speech = request[VISIT].speech
    return {
        "person": person,
        "name": name_of(speech, person),
        "flags": person_flags(speech, person),
        "case": await cases.of_person(tx, person.id),
        "contact": await contacts.of_person(tx, person.id),
    }
