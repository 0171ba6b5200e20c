"""Finding people: by name as it sounds, a number in any form, a check code, an id."""

from __future__ import annotations

from collections.abc import Sequence

from aiohttp import web

from admin.elsewhere import veil
from admin.faces import name_of, person_flags
from admin.portraits import Veiled
from admin.trail import looked, looked_at
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
            people = await searching.search(
                tx, words, country=visit.pack.country or "FR", of=visit.whose
            )
            people = list((await veil(tx, visit, people)).values())
            found = await _rows(tx, request, people)
        await looked(visit, None, "search", found=len(found))
        await looked_at(visit, [person.id for person in people], "found")
    return page(request, "people.html", {"q": words, "found": found})


async def _rows(tx: Tx, request: web.Request, found: Sequence[Person]) -> list[dict[str, object]]:
    speech, ids = request[VISIT].speech, [one.id for one in found if not isinstance(one, Veiled)]
    ill, met = await cases.of_people(tx, ids), await contacts.of_people(tx, ids)
    return [
        {
            "person": person,
            "name": name_of(speech, person),
            "flags": person_flags(speech, person),
            "case": ill.get(person.id),
            "contact": met.get(person.id),
        }
        for person in found
    ]
