"""People of other territories: their pages stay shut, unless the glass is broken with a reason."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Final

from aiohttp import web
from aiohttp.typedefs import Handler

from admin.forms import id_of
from admin.portraits import At, Met, Portrait, Veiled
from admin.trail import acted
from admin.visits import GLASS, VISIT, Visit, go, number, page, within
from bot.store import cases, glass, people, sights
from bot.store.engines import Tx
from bot.store.sights import Sight
from flows.rules import territories
from flows.vocabulary import Person

FEWEST_WORDS: Final = 3
LONGEST: Final = 500
_BREAKS: Final = "/admin/people/{id}/glass"


async def sight_of(tx: Tx, visit: Visit) -> Sight:
    """What who looks may see; sessions are kept by the clock of the house."""
    return await sights.sight_of(tx, visit.agent, visit.now, datetime.now(UTC))


@web.middleware
async def guard(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A page, an act or a form that means somebody of another territory is answered by a page
    that says so and names nobody."""
    visit = request.get(VISIT)
    if visit is None or visit.user is None or visit.user.sees is None:
        return await handler(request)
    pattern = getattr(request.match_info.route.resource, "canonical", "")
    if pattern == _BREAKS:
        return await handler(request)
    async with visit.service.store.reading() as tx:
        hidden = await _hidden(tx, request, visit, pattern)
        opened = await _opened(tx, request, visit, pattern)
    if hidden is not None:
        return _refused(request, hidden)
    if opened is not None:
        request[GLASS] = opened
    return await handler(request)


async def break_glass(request: web.Request) -> web.Response:
    """Open one dossier for an hour, for a reason that is told."""
    visit, person_id, form = request[VISIT], number(request), await request.post()
    reason = " ".join(str(form.get("reason", "")).split())[:LONGEST]
    if len(reason.split()) < FEWEST_WORDS:
        return _refused(request, person_id, short=True)
    async with visit.service.store.writing() as tx:
        if await people.get(tx, person_id) is None:
            raise web.HTTPNotFound
        await glass.break_it(tx, visit.agent.id, person_id, reason, visit.now)
        await acted(tx, visit, "glass", person_id, reason=reason)
    raise go(within(str(form.get("back", "")), f"/admin/people/{person_id}"), "glass")


def _refused(request: web.Request, person_id: int, *, short: bool = False) -> web.Response:
    back = request.rel_url.raw_path_qs if request.method == "GET" else ""
    minutes = int(glass.LASTS.total_seconds() // 60)
    context = {"person_id": person_id, "back": back, "short": short, "minutes": minutes}
    return page(request, "elsewhere.html", context, 422 if short else 403)


async def _hidden(tx: Tx, request: web.Request, visit: Visit, pattern: str) -> int | None:
    """Somebody who is meant and not seen; 0 where nobody in particular is."""
    wanted, households = await _meant(tx, request, pattern)
    if not wanted and not households:
        return None
    sight = await sight_of(tx, visit)
    known = {one.id for one in await people.get_many(tx, wanted)}
    if unseen := known - await sights.visible(tx, sight, known, visit.now):
        return min(unseen)
    for bundle_id in sorted(households):
        if not await sights.is_bundle_seen(tx, sight, bundle_id, visit.now):
            return next(iter(sorted(await sights.people_of(tx, bundle_id))), 0)
    return None


async def _opened(tx: Tx, request: web.Request, visit: Visit, pattern: str) -> datetime | None:
    """Until when the glass is broken before whom the page is of."""
    wanted, households = await _meant(tx, request, pattern)
    for bundle_id in households:
        wanted |= await sights.people_of(tx, bundle_id)
    return max((await glass.open_to(tx, visit.agent.id, wanted, visit.now)).values(), default=None)


async def _meant(tx: Tx, request: web.Request, pattern: str) -> tuple[set[int], set[int]]:
    """The people and the households of a request: in its path, its query or its form."""
    asked: list[str] = [request.query.get("person", "")]
    people_ids: set[int] = set()
    households: set[int] = set()
    at = id_of(request.match_info.get("id", ""))
    if at is not None and pattern.startswith("/admin/people/"):
        people_ids.add(at)
    elif at is not None and pattern.startswith("/admin/bundles/"):
        households.add(at)
    elif at is not None and pattern.startswith("/admin/cases/"):
        case = await cases.get(tx, at)
        people_ids |= {case.person_id} if case else set()
    if request.method == "POST":
        form: Any = await request.post()
        asked += [str(one) for one in form.getall("person", [])]
        for pair in form.getall("who", []):
            bundle, _, person = str(pair).partition(".")
            asked.append(person)
            households |= _ids([bundle])
        households |= _ids(str(one) for one in form.getall("bundle", []))
    return people_ids | _ids(asked), households


def _ids(said: Iterable[str]) -> set[int]:
    return {found for one in said if (found := id_of(one))}


async def veil(tx: Tx, visit: Visit, found: Iterable[Person]) -> dict[int, Person]:
    """These people by id, those who are not seen veiled."""
    known = {one.id: one for one in found}
    if visit.agent.sees is None:
        return known
    seen = await sights.visible(tx, await sight_of(tx, visit), known, visit.now)
    return {one: person if one in seen else Veiled(one) for one, person in known.items()}


async def veil_portrait(tx: Tx, visit: Visit, seen: Portrait) -> Portrait:
    """A portrait in which everybody else of another territory is veiled."""
    others = [met.person for met in (*seen.exposed_by, *seen.named) if met.person]
    others += seen.household
    known = await veil(tx, visit, others)
    return replace(
        seen,
        at=tuple(_veil_at(one, known) for one in seen.at),
        exposed_by=tuple(_veil_met(one, known) for one in seen.exposed_by),
        named=tuple(_veil_met(one, known) for one in seen.named),
    )


def _veil_at(at: At, known: dict[int, Person]) -> At:
    return replace(at, others=tuple(known[one.id] for one in at.others))


def _veil_met(met: Met, known: dict[int, Person]) -> Met:
    person = known[met.person.id] if met.person else None
    if not isinstance(person, Veiled):
        return met
    case = met.case and replace(met.case, external_id="", told_by="", setting="")
    return replace(met, person=person, exposure=replace(met.exposure, said_name=""), case=case)


def named(visit: Visit) -> list[tuple[str, str]]:
    """The territories by code and name, as the rules have them."""
    return [(one.code, one.name) for one in territories(visit.pack, visit.today)]
