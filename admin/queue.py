"""The queue: what waits for a person, the most urgent first; "the next" takes it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Final

from aiohttp import web

from admin.elsewhere import sight_of
from admin.faces import Flag, address_flags, language_flag, name_of, person_flags
from admin.labels import choices
from admin.links import link
from admin.saved import shown
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, page
from bot.handling import fragile_by
from bot.store import addresses, reviews, surges, users
from bot.store.engines import Tx
from bot.store.review_queue import UNASSIGNED, UNKNOWN, FreeFor, Owner, Queued, Whose
from flows.rules import review_reasons, review_rule
from flows.vocabulary import LANGUAGES, Address, Priority

PRIORITIES: Final[tuple[Priority, ...]] = ("P1", "P2", "P3", "P4")
P1: Final = PRIORITIES[0]
TABS: Final[tuple[tuple[str, str], ...]] = (
    ("all", "All"),
    ("mine", "Mine"),
    ("team", "My team's"),
    ("unassigned", "Unassigned"),
)
LEASE_MINUTES: Final = 10
SHOWN: Final = 60


@dataclass(frozen=True, slots=True)
class Wish:
    """What a visitor wants to see of the queue; each of these narrows it further."""

    tab: str = "all"
    priority: str = ""
    reason: str = ""
    language: str = ""
    late: str = ""

    def link(self, **changed: str) -> str:
        """The address of the queue with some of these wishes changed."""
        said = {**asdict(self), **changed}
        return link("/admin/", **said | {"tab": "" if said["tab"] == "all" else said["tab"]})


@dataclass(frozen=True, slots=True)
class Row:
    """One bundle in the queue, ready to be shown."""

    queued: Queued
    why: str
    who: str
    flags: list[Flag]
    clock: str
    late: bool
    holder: str
    mine: bool
    aside: str


async def show(request: web.Request) -> web.Response:
    """The queue; with `part` only what changes in it, for the page to look anew by itself."""
    visit = request[VISIT]
    wish = wish_of(request.query, visit)
    async with visit.service.store.reading() as tx:
        rows = await _rows(tx, visit, wish)
        counts = await reviews.counts(tx, await sight_of(tx, visit))
        surge = await surges.current(tx, visit.now)
    part = "part" in request.query
    kept = {} if part else await shown(visit, "/admin/", wish.link())
    if not part:
        await looked(visit, None, "queue", shown=len(rows))
    context = {
        "rows": rows,
        "alarms": [row for row in rows if row.queued.review.priority == "P1"],
        "others": [row for row in rows if row.queued.review.priority != "P1"],
        "counts": [(level, counts.get(level, 0)) for level in PRIORITIES],
        "total": sum(counts.values()),
        "full": len(rows) >= SHOWN,
        "wish": wish,
        "surge": surge,
        "tabs": [(name, visit.speech(words)) for name, words in _tabs(visit)],
        "reasons": _reasons(visit),
        "languages": [*choices(visit.speech, "language"), (UNKNOWN, visit.speech("Not known"))],
    }
    return page(request, "queue_part.html" if part else "queue.html", {**context, **kept})


async def take_next(request: web.Request) -> web.Response:
    """Take the most urgent bundle that nobody has."""
    visit, form = request[VISIT], await request.post()
    async with visit.service.store.writing() as tx:
        taken = await _take_first(tx, visit, str(form.get("language", "")))
    # A redirection is raised after the transaction: raised within, it would undo it.
    raise go(f"/admin/bundles/{taken}") if taken else go("/admin/", "none_free")


async def _take_first(tx: Tx, visit: Visit, language: str) -> int | None:
    """The most urgent one in the language wished for, else in one that the agent speaks.

    An emergency goes first in any language; and nobody waits only because nobody speaks theirs:
    what is left then is taken with an interpreter.
    """
    for one in await _offered(tx, visit, language):
        bundle_id = one.review.bundle_id
        if await hold(tx, visit, bundle_id):
            await acted(tx, visit, "take", one.review.person_id, review_id=one.review.id)
            return bundle_id
    return None


async def _offered(tx: Tx, visit: Visit, language: str) -> list[Queued]:
    owner = FreeFor(visit.agent.id, visit.agent.team)
    fragile = fragile_by(visit.pack, visit.today)
    sight = await sight_of(tx, visit)

    async def free(level: Priority | None, spoken: Sequence[str]) -> list[Queued]:
        found = [
            line
            for one in spoken
            for line in await reviews.queue(
                tx,
                visit.now,
                owner=owner,
                priority=level,
                language=one,
                limit=5,
                fragile=fragile,
                sight=sight,
            )
        ]
        return sorted(found, key=lambda line: (bool(line.waits_until), *line.place[:2]))

    # Of a stranger nobody knows the language: whoever is free hears it.
    speaks = visit.agent.speaks
    mine = [language] if language else [*speaks, UNKNOWN] if speaks else []
    rest = [] if language else [""]
    rounds = ((P1, mine), (P1, [""]), (None, mine), (None, rest))
    return [line for level, spoken in rounds for line in await free(level, spoken)]


async def alarm(request: web.Request) -> web.Response:
    """How many emergencies nobody has, for the bar of every page; nothing of people."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        # Set aside for somebody or not: an emergency is anybody's.
        owner = FreeFor(visit.agent.id, visit.agent.team)
        sight = await sight_of(tx, visit)
        free = await reviews.queue(
            tx, visit.now, owner=owner, priority=P1, limit=SHOWN, sight=sight
        )
    if not free:
        return web.json_response({"said": ""})
    said = visit.speech.count(len(free), "{n} emergency waits", "{n} emergencies wait")
    return web.json_response({"said": said})


async def hold(tx: Tx, visit: Visit, bundle_id: int) -> bool:
    """Take a household, or keep it; its alarm is heard then. False if somebody else has it."""
    user_id = visit.agent.id
    mine, _ = await reviews.lease(tx, bundle_id, user_id, visit.now, LEASE_MINUTES)
    if mine:
        await reviews.acknowledge(tx, bundle_id, user_id, visit.now)
    return mine


def _tabs(visit: Visit) -> list[tuple[str, str]]:
    return [(name, words) for name, words in TABS if name != "team" or visit.agent.team]


def wish_of(asked: Mapping[str, str], visit: Visit) -> Wish:
    """What an address asks for; what makes no sense is not asked."""
    known = {
        "tab": dict(_tabs(visit)),
        "priority": PRIORITIES,
        "reason": review_reasons(visit.pack),
        "language": (*LANGUAGES, UNKNOWN),
        "late": ("1",),
    }
    return Wish(**{name: asked[name] for name, every in known.items() if asked.get(name) in every})


async def _owner(tx: Tx, visit: Visit, tab: str) -> Owner | None:
    agent = visit.agent
    match tab:
        case "mine":
            return Whose(frozenset({agent.id}))
        case "team":
            every = await users.list_all(tx)
            return Whose(frozenset(u.id for u in every if u.team == agent.team), agent.team)
        case "unassigned":
            return UNASSIGNED
    return None


async def _rows(tx: Tx, visit: Visit, wish: Wish) -> list[Row]:
    found = await reviews.queue(
        tx,
        visit.now,
        owner=await _owner(tx, visit, wish.tab),
        priority=next((level for level in PRIORITIES if level == wish.priority), None),
        reason=wish.reason,
        language=wish.language,
        late=bool(wish.late),
        limit=SHOWN,
        sight=await sight_of(tx, visit),
        fragile=fragile_by(visit.pack, visit.today),
    )
    at = {one.review.address_id or one.bundle.id for one in found}
    known = {one.id: one for one in await addresses.get_many(tx, at)}
    names = {user.id: user.name or user.email for user in await users.list_all(tx)}
    return [
        _row(visit, one, known.get(one.review.address_id or one.bundle.id), names) for one in found
    ]


def _row(visit: Visit, one: Queued, address: Address | None, names: Mapping[int, str]) -> Row:
    speech, person = visit.speech, one.person
    flags: list[Flag] = []
    if person:
        fragile = fragile_by(visit.pack, visit.today)(person)
        flags = person_flags(speech, person, fragile=fragile)
        # What nearly everybody speaks here would only hide the others.
        if person.language != visit.pack.language:
            flags.append(language_flag(speech, person))
    if address:
        flags = address_flags(speech, address) + flags
    return Row(
        queued=one,
        why=why(visit, one.review.reason),
        who=name_of(speech, person),
        flags=flags,
        clock=clock(visit, one.review.deadline, one.waits_until),
        late=one.review.deadline < visit.now and not one.waits_until,
        holder=names.get(one.bundle.holder or 0, ""),
        mine=one.bundle.holder == visit.agent.id,
        aside=names.get(one.review.assigned_to or 0, "") or one.review.team,
    )


def why(visit: Visit, reason: str) -> str:
    """A reason in words."""
    return visit.speech(review_rule(visit.pack, reason, visit.today).words)


def clock(visit: Visit, deadline: datetime, waits_until: datetime | None = None) -> str:
    """How long until a deadline, or since; or until when a surge puts it off."""
    if waits_until:
        return visit.speech("may wait until {moment}", moment=visit.speech.moment(waits_until))
    if deadline < visit.now:
        return visit.speech("late by {span}", span=visit.speech.span(deadline, visit.now))
    return visit.speech("in {span}", span=visit.speech.span(visit.now, deadline))


def _reasons(visit: Visit) -> list[tuple[str, str]]:
    named = [(reason, why(visit, reason)) for reason in review_reasons(visit.pack)]
    return sorted(named, key=lambda pair: pair[1])
