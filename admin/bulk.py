"""Acts on many at once: first a page that says what would be done, then each deed by itself."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aiohttp import web

from admin import prepared, pricing
from admin.bundles import emergency, spoken
from admin.dossiers import bundle_of
from admin.faces import name_of
from admin.forms import id_of
from admin.hands import Form, again, of_household
from admin.labels import label
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, number, page, within
from bot.handling import many
from bot.handling.many import DONE, One, Pair
from bot.store import addresses, assigning, batches, users
from bot.store.engines import Tx
from bot.store.users import User

# A page can be read through, and a mistake undone, up to here.
MOST: Final = 100
ACTS: Final = ("assign", "close", "pause", "message")
# What may be true of many at once; that somebody was reached is not.
CLOSES: Final = ("not_needed", "duplicate", "unreachable", "referred", "completed")
DAYS: Final = (1, 2, 3, 7)
TEXTS: Final = ("tried", "call_us", "how_today", "thanks")


@dataclass(frozen=True, slots=True)
class Order:
    """What is to be done to each: the act and what was chosen for it, read from a form."""

    act: str
    mark: int
    user: User | None = None
    team: str = ""
    outcome: str = ""
    words: str = ""
    days: int = 0
    text: str = ""


async def ask(request: web.Request) -> web.Response:
    """How many, who is left out and why, what it costs: nothing is done yet."""
    visit, form = request[VISIT], await request.post()
    act, back = str(form.get("act", "")), within(str(form.get("back", "")))
    if act not in ACTS:
        raise web.HTTPBadRequest
    async with visit.service.store.reading() as tx:
        pairs = await _pairs(tx, form)
        if not pairs:
            raise go(back, "none_chosen")
        if len(pairs) > MOST:
            return page(
                request, "bulk_many.html", {"n": len(pairs), "most": MOST, "back": back}, 422
            )
        found = await many.look(tx, pairs, visit.now)
        context = await _asked(tx, visit, act, found)
    await looked(visit, None, "bulk", shown=len(found))
    return page(request, "bulk.html", {**context, "act": act, "back": back, "pairs": pairs})


async def _asked(tx: Tx, visit: Visit, act: str, found: Sequence[One]) -> dict[str, Any]:
    out = [(one, many.left_out(act, one, visit.agent.id)) for one in found]
    meant = [one for one, why in out if not why]
    known = [user for user in await users.list_all(tx) if user.disabled_at is None]
    return {
        "count": len({_subject(act, one) for one in meant}),
        "names": [name_of(visit.speech, one.person) for one in meant],
        "left_out": _counted(visit, Counter(why for _, why in out if why)),
        "no_number": sum(1 for one in found if one.person and not one.address),
        "night": sum(
            1 for one in meant if one.person and many.morning(visit.pack, one.person, visit.now)
        ),
        "users": [(str(one.id), one.name or one.email) for one in known],
        "teams": sorted({user.team for user in known} - {""}),
        "closes": [(code, label(visit.speech, "outcome", code)) for code in CLOSES],
        "days": DAYS,
        "texts": [_text(visit, key, meant) for key in TEXTS] if act == "message" else [],
        "mark": visit.service.store.ids.new(visit.now),
    }


def _text(visit: Visit, key: str, meant: Sequence[One]) -> dict[str, str]:
    """A prepared text, in the words of who looks, and what it costs for all of them."""
    every = {one.address.id: one for one in meant if one.address}
    said = [(worded(visit, key, one), one.address) for one in every.values()]
    shown = prepared.text(visit.pack, key, "fr" if visit.speech.lang == "fr" else "en", "112")
    cost = pricing.cost(visit, [(text, at.channel) for text, at in said if at])
    return {"key": key, "name": visit.speech(prepared.NAMES[key]), "text": shown, "cost": cost}


def worded(visit: Visit, key: str, one: One) -> str:
    """A prepared text in the language of whom it goes to."""
    chosen = one.address.language if one.address else None
    lang = chosen or spoken(one.person, ())
    return prepared.text(visit.pack, key, lang, emergency(visit, one.person))


async def carry_out(request: web.Request) -> web.Response:
    """Each deed in a transaction of its own, once: what was done stays done if the rest fails."""
    visit, form = request[VISIT], await request.post()
    async with visit.service.store.reading() as tx:
        order = await _order(tx, form)
        pairs = await _pairs(tx, form)
    if len(pairs) > MOST:
        raise web.HTTPRequestEntityTooLarge(MOST, len(pairs))
    async with visit.service.store.writing() as tx:
        await batches.purge(tx, visit.now)
    for pair in pairs:
        await again(lambda pair=pair: _deed(visit, order, pair))  # type: ignore[misc]
    visit.service.outbox.wake()
    raise go(f"/admin/bulk/{order.mark}")


async def told(request: web.Request) -> web.Response:
    """What became of it."""
    visit, mark = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        batch = await batches.told(tx, mark, visit.agent.id)
    if batch is None:
        raise web.HTTPNotFound
    left = {why: many for why, many in batch.said.items() if why != DONE}
    context = {
        "act": batch.act,
        "count": batch.said.get(DONE, 0),
        "left_out": _counted(visit, left),
    }
    return page(request, "bulk_told.html", context)


async def _deed(visit: Visit, order: Order, pair: Pair) -> None:
    async with visit.service.store.writing() as tx:
        if order.act != "pause":
            # As turns do, and before anything else: nothing grows urgent meanwhile.
            await addresses.lock_ids(tx, [pair[0]])
        await of_household(tx, *pair)
        (one,) = await many.look(tx, [pair], visit.now)
        subject, by = _subject(order.act, one), visit.agent.id
        if not await batches.begin(tx, order.mark, by, subject, order.act, visit.now):
            return
        said = many.left_out(order.act, one, by) or await _DEEDS[order.act](tx, visit, order, one)
        await batches.say(tx, order.mark, by, subject, said)


async def _assign(tx: Tx, visit: Visit, order: Order, one: One) -> str:
    user_id = order.user.id if order.user else None
    await assigning.assign(tx, one.bundle_id, user_id, order.team)
    await _note(tx, visit, order, one, "assign", to_user=user_id)
    return DONE


async def _close(tx: Tx, visit: Visit, order: Order, one: One) -> str:
    closed = await many.close_all(tx, one, order.outcome, order.words, visit.agent.id, visit.now)
    for review in one.open:
        if review.id in closed:
            at = None if review.person_id else one.bundle_id
            said = {"outcome": order.outcome, "batch": order.mark}
            await acted(tx, visit, "resolve", review.person_id, at, review.id, **said)
    return DONE if closed else "theirs"


async def _pause(tx: Tx, visit: Visit, order: Order, one: One) -> str:
    if one.person:
        await many.pause(tx, one.person.id, order.days, visit.now)
        await _note(tx, visit, order, one, "pause", days=order.days)
    return DONE


async def _message(tx: Tx, visit: Visit, order: Order, one: One) -> str:
    key = f"batch:{order.mark}:{_subject('message', one)}"
    text = worded(visit, order.text, one)
    await many.tell(tx, visit.pack, one, text, key, visit.agent.id, visit.now)
    await _note(tx, visit, order, one, "write", text=order.text)
    return DONE


Deed = Callable[[Tx, Visit, Order, One], Awaitable[str]]
_DEEDS: Final[Mapping[str, Deed]] = {
    "assign": _assign,
    "close": _close,
    "pause": _pause,
    "message": _message,
}


async def _note(tx: Tx, visit: Visit, order: Order, one: One, what: str, **data: Any) -> None:
    person_id = one.person.id if one.person else None
    at = None if person_id else one.bundle_id
    await acted(tx, visit, what, person_id, at, None, batch=order.mark, **data)


def _subject(act: str, one: One) -> int:
    """What the act is done to once: a household, a person, or the number that is written to."""
    if act == "pause" and one.person:
        return one.person.id
    return one.address.id if act == "message" and one.address else one.bundle_id


async def _pairs(tx: Tx, form: Form) -> list[Pair]:
    """The households and people that were ticked, each once: "BUNDLE.PERSON", either may be 0."""
    found: dict[Pair, None] = {}
    for said in form.getall("who", []):
        bundle, _, person = str(said).partition(".")
        bundle_id, person_id = id_of(bundle), id_of(person)
        if bundle_id is None or person_id is None:
            raise web.HTTPBadRequest
        if person_id and not bundle_id and len(found) <= MOST:
            bundle_id = await bundle_of(tx, person_id)
        found[bundle_id, person_id or None] = None
    return list(found)


async def _order(tx: Tx, form: Form) -> Order:
    said = {name: str(form.get(name, "")).strip() for name in ("act", "outcome", "text", "note")}
    user_id, days = id_of(str(form.get("user", ""))), id_of(str(form.get("days", "")))
    user = await users.get(tx, user_id) if user_id else None
    mark = id_of(str(form.get("mark", "")))
    fits = {
        "assign": user_id is None or user is not None,
        "close": said["outcome"] in CLOSES,
        "pause": days in DAYS,
        "message": said["text"] in TEXTS,
    }
    if mark is None or not fits.get(said["act"]):
        raise web.HTTPBadRequest
    team = "" if user else " ".join(str(form.get("team", "")).split())
    return Order(
        said["act"], mark, user, team, said["outcome"], said["note"], days or 0, said["text"]
    )


def _counted(visit: Visit, whys: Mapping[str, int]) -> list[tuple[int, str]]:
    return [(n, label(visit.speech, "left_out", why)) for why, n in sorted(whys.items())]
