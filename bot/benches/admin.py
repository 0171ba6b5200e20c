"""`bench admin`: the pages of the admin among many people, beside a bare page of the same size."""

from __future__ import annotations

import asyncio
import statistics
import tempfile
import time
from collections.abc import Sequence
from contextlib import ExitStack
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import aiohttp
from yarl import URL

from bot.benches import servers
from bot.benches.crowd import number_of
from bot.benches.desk_day import Filled, fill, filled
from bot.benches.figures import Figures, Size
from bot.benches.processes import child, hear
from bot.commands import Fault
from bot.commands._opening import reached
from bot.desk import desk_for
from bot.settings import PACK
from bot.store import users
from bot.store.engines import Store, open_store
from bot.store.migrating import migrate, pending
from flows.turn import Desk

NAME: Final = "admin"
# (people, open reviews, looks at each page)
SIZES: Final = {
    "quick": (60, 30, 1),
    "usual": (50_000, 5_000, 40),
    "full": (1_000_000, 50_000, 40),
}
ROLES: Final = ("supervisor", "officer", "epidemiologist")
# One look in so many only warms up.
WARM: Final = 10
_TEAM: Final = "Nord"

Page = tuple[str, str, Sequence[str]]


def run(size: Size, database: str = "") -> Figures:
    """Milliseconds at the 95th percentile, page by page, and the share of a bare page's."""
    people, waiting, looks = SIZES[size]
    with tempfile.TemporaryDirectory() as folder:
        url = database or f"sqlite:///{Path(folder) / 'bench.db'}"
        began = time.perf_counter()
        found = asyncio.run(prepared(url, people, waiting))
        took = time.perf_counter() - began
        with ExitStack() as stack:
            settings = servers.settings_for(url)
            ours = hear(stack.enter_context(child(servers.vigie, settings, False, True)))
            bare = hear(stack.enter_context(child(servers.bare_page)))
            told = asyncio.run(measured(ours, bare, found, looks))
    sized = {"people": found.size, "reviews": found.waiting, "filled_s": round(took, 1)}
    return Figures(NAME, {**sized, **told})


async def prepared(url: str, people: int, waiting: int, desk: Desk | None = None) -> Filled:
    """A database that is full, filled now or before, with somebody signed in in each role."""
    async with open_store(url, servers.settings_for(url).keyring()) as store:
        found = await _known(store)
        now = datetime.now(UTC)
        if found is None:
            await migrate(url)
            found = await fill(store, desk or desk_for(PACK, now), now, people, waiting)
        elif (found.size, found.waiting) != (people, waiting):
            raise Fault(f"--database: it was filled with {found.size} people, not {people}", 2)
        await _signed_in(store, now)
        return found


async def _known(store: Store) -> Filled | None:
    """What is in it; a crowd that was made up is not put among real people."""
    with reached():
        lacking = await pending(store)
    if lacking[:1] == ["0001"]:
        return None
    found = None if lacking else await filled(store)
    if found is None:
        raise Fault("--database: there are tables in it already, and not of this benchmark", 2)
    return found


async def _signed_in(store: Store, now: datetime) -> None:
    async with store.writing() as tx:
        for role in ROLES:
            mail = f"{role}@bench.example.org"
            user = await users.by_email(tx, mail) or await users.add(tx, mail, role, "", now=now)
            await users.set_desk(tx, user.id, _TEAM, ["fr"])
            await users.end_session(tx, role)
            await users.open_session(tx, role, user.id, now)


def pages(found: Filled) -> list[Page]:
    """Each page: its name, who looks, where; several places where a page has many."""
    reasons = "/admin/?reason=silent&late=1"
    people = [f"/admin/people/{one}" for one in found.people]
    numbers = [f"/admin/people?q={number_of(n).replace('+', '%2B')}" for n in range(9)]
    return [
        ("queue", "supervisor", ["/admin/"]),
        ("queue_part", "supervisor", ["/admin/?part=1"]),
        ("queue_mine", "supervisor", ["/admin/?tab=mine"]),
        ("queue_team", "supervisor", ["/admin/?tab=team"]),
        ("queue_unassigned", "supervisor", ["/admin/?tab=unassigned"]),
        ("queue_rare", "supervisor", ["/admin/?language=tr&priority=P2&late=1"]),
        ("queue_reason", "supervisor", [reasons]),
        ("alarm", "supervisor", ["/admin/alarm"]),
        ("household", "supervisor", [f"/admin/bundles/{one}" for one in found.bundles]),
        ("person", "supervisor", people),
        ("interview", "supervisor", [f"/admin/bundles/{one}/interview" for one in found.bundles]),
        ("search_name", "supervisor", [f"/admin/people?q={name}" for name in found.names]),
        ("search_number", "supervisor", numbers),
        ("cases", "supervisor", ["/admin/cases"]),
        ("cases_state", "supervisor", ["/admin/cases?state=following"]),
        ("case", "supervisor", [f"/admin/cases/{one}" for one in found.cases]),
        ("chain", "supervisor", [f"/admin/cases/{one}/chain" for one in found.cases]),
        ("board", "supervisor", ["/admin/follow-ups"]),
        ("board_silent", "supervisor", ["/admin/follow-ups?show=silent&language=tr"]),
        ("channels", "supervisor", ["/admin/channels"]),
        ("supervision", "supervisor", ["/admin/supervision"]),
        ("dashboard", "supervisor", ["/admin/dashboard?days=28&by=language"]),
        ("teams", "supervisor", ["/admin/teams"]),
        ("own", "supervisor", ["/admin/own"]),
        ("lines", "epidemiologist", ["/admin/line-list"]),
        ("audit", "officer", ["/admin/audit"]),
        ("audit_person", "officer", [f"/admin/audit?q={one}" for one in found.people]),
    ]


async def measured(ours: int, bare: int, found: Filled, looks: int) -> dict[str, float]:
    """The figures of every page, from servers at these ports."""
    told: dict[str, float] = {}
    shares: list[float] = []
    async with aiohttp.ClientSession() as session:
        for name, role, paths in pages(found):
            mine, size = await _p95(session, ours, role, paths, looks)
            reference, _ = await _p95(session, bare, role, [f"/bare/{size}"], looks)
            told[f"{name}_ms"] = round(mine, 1)
            shares.append(mine / reference)
            told[f"{name}_times"] = round(mine / reference, 1)
    of_pages = [value for name, value in told.items() if name.endswith("_ms")]
    return {
        "slowest_ms": max(of_pages),
        "over_50_ms": sum(value > 50 for value in of_pages),
        "times_bare": round(statistics.median(shares), 1),
        **told,
    }


async def _p95(
    session: aiohttp.ClientSession, port: int, role: str, paths: Sequence[str], looks: int
) -> tuple[float, int]:
    """Milliseconds at the 95th percentile of one who looks again and again; the size in bytes."""
    took: list[float] = []
    size = 0
    for n in range(looks + looks // WARM):
        began = time.perf_counter()
        size = await _get(session, f"http://127.0.0.1:{port}{paths[n % len(paths)]}", role)
        took.append((time.perf_counter() - began) * 1000)
    counted = took[-looks:]
    of_them = statistics.quantiles(counted, n=20, method="inclusive") if looks > 1 else counted
    return of_them[-1], size


async def _get(session: aiohttp.ClientSession, url: str, role: str) -> int:
    headers = {"Cookie": f"vigie={role}", "Accept-Language": "fr"}
    there = URL(url, encoded=True)
    async with session.get(there, headers=headers, allow_redirects=False) as answer:
        body = await answer.read()
        if answer.status != 200:
            raise Fault(f"{there.path} answered {answer.status}", 1)
        return len(body)
