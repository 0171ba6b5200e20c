"""Who works on what, changed by a supervisor: leases ended, households given to somebody else."""

from __future__ import annotations

from aiohttp import web

from admin.forms import id_of
from admin.rights import may
from admin.trail import acted
from admin.visits import VISIT, Visit, go
from bot.store import assigning, bundles, reviews, users
from bot.store.engines import Tx


async def release(request: web.Request) -> web.Response:
    """End the leases of those chosen: somebody left without giving them back."""
    visit, chosen = request[VISIT], await _chosen(request)
    async with visit.service.store.writing() as tx:
        await _take_back(tx, visit, chosen)
    raise go("/admin/supervision", "released")


async def give(request: web.Request) -> web.Response:
    """Somebody else's: the leases end, and the households are set aside for the other one."""
    visit, chosen, form = request[VISIT], await _chosen(request), await request.post()
    user_id = id_of(str(form.get("user", "")))
    async with visit.service.store.writing() as tx:
        other = await users.get(tx, user_id) if user_id else None
        if other is None or other.disabled_at or not may(other.role, "/admin/queue"):
            raise web.HTTPBadRequest
        await _take_back(tx, visit, chosen)
        for bundle_id in chosen:
            await assigning.assign(tx, bundle_id, other.id)
            await acted(tx, visit, "assign", None, bundle_id, user_id=other.id)
    raise go("/admin/supervision", "reassigned")


async def _chosen(request: web.Request) -> list[int]:
    """The households that were ticked; without one nothing is done, and that is said."""
    form = await request.post()
    found = [id_of(str(one)) for one in form.getall("bundle", [])]
    if None in found:
        raise web.HTTPBadRequest
    if not found:
        raise go("/admin/supervision", "none_chosen")
    return [one for one in found if one is not None]


async def _take_back(tx: Tx, visit: Visit, chosen: list[int]) -> None:
    standing = await bundles.standing(tx, chosen, visit.now)
    for bundle_id in chosen:
        holder = standing[bundle_id].holder if bundle_id in standing else None
        if holder is not None:
            await reviews.release(tx, bundle_id, holder)
            await acted(tx, visit, "release", None, bundle_id, user_id=holder)
