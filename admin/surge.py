"""The surge switch: what may wait while there are more reviews than hands, until when, by whom."""

from __future__ import annotations

from datetime import timedelta
from typing import Final

from aiohttp import web

from admin.forms import id_of
from admin.queue import why
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, page
from bot.store import overview, surges
from flows.rules import ReviewRule, review_reasons, review_rule

HOURS: Final = (12, 24, 72, 168)
ROOM: Final = "/admin/supervision/surge"


async def show(request: web.Request) -> web.Response:
    """What holds, or the form that starts one; those of before."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        going = await surges.current(tx, visit.now)
        before = await surges.latest(tx)
        open_ones = await overview.by_reason(tx)
    await looked(visit, None, "surge")
    rules = sorted(_rules(visit), key=lambda rule: (rule.priority, why(visit, rule.reason)))
    context = {
        "surge": going,
        "before": [one for one in before if going is None or one.id != going.id],
        "rules": [(rule, why(visit, rule.reason), open_ones.get(rule.reason, 0)) for rule in rules
                  if rule.may_wait],
        "named": {rule.reason: why(visit, rule.reason) for rule in rules},
        "hours": HOURS,
        "roles": surges.ROLES,
    }  # fmt: skip
    return page(request, "surge.html", context)


async def start(request: web.Request) -> web.Response:
    """From now on what was ticked may wait; the rules say what never may."""
    visit, form = request[VISIT], await request.post()
    rules = _rules(visit)
    reasons = {str(one) for one in form.getall("reason", [])}
    reasons &= {rule.reason for rule in rules if rule.may_wait}
    roles = {str(one) for one in form.getall("role", [])} & set(surges.ROLES)
    hours = id_of(str(form.get("hours", "")))
    if hours not in HOURS:
        raise web.HTTPBadRequest
    stops = "stops_calls" in form
    if not (reasons or roles or stops):
        raise go(ROOM, "nothing_waits")
    never = {rule.reason for rule in rules if not rule.may_wait}
    until = visit.now + timedelta(hours=hours)
    async with visit.service.store.writing() as tx:
        await surges.start(tx, visit.agent.id, reasons, roles, never, until, visit.now, stops)
        said = {"reasons": sorted(reasons), "messages_only": sorted(roles)}
        said |= {"stops_calls": ["yes"]} if stops else {}
        await acted(tx, visit, "surge", None, hours=hours, chosen=said)
    raise go(ROOM, "surge_on")


async def end(request: web.Request) -> web.Response:
    """All is as it was before."""
    visit = request[VISIT]
    async with visit.service.store.writing() as tx:
        if await surges.end(tx, visit.agent.id, visit.now):
            await acted(tx, visit, "surge_over", None)
    raise go(ROOM, "surge_off")


def _rules(visit: Visit) -> list[ReviewRule]:
    every = (review_rule(visit.pack, one, visit.today) for one in review_reasons(visit.pack))
    return list(every)
