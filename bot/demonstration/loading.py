"""Loads the demonstration into an empty database: people, sign-ins, three days of talk."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from importlib import resources
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.demonstration.world import World
from bot.importing import import_cases, read_list
from bot.passwords import hashed
from bot.store import call_hours, cases, state, users
from bot.store.engines import Store
from flows.turn import Desk
from flows.vocabulary import CallShift

ZONE = ZoneInfo("Europe/Paris")
# Shown on the terminal and in the README: a demonstration keeps no secrets.
SIGN_INS = (
    ("agent@example.org", "agent", "demonstration"),
    ("supervisor@example.org", "supervisor", "demonstration"),
    ("north@example.org", "agent", "demonstration"),
    ("south@example.org", "agent", "demonstration"),
    ("officer@example.org", "officer", "demonstration"),
)
# By e-mail; the others see the whole country.
_TERRITORIES = {"north@example.org": ("NORD",), "south@example.org": ("SUD",)}
_NAMES = {
    "agent@example.org": "Camille Morel",
    "supervisor@example.org": "Dominique Le Bihan",
    "north@example.org": "Nolwenn Guivarch",
    "south@example.org": "Bastien Le Goff",
    "officer@example.org": "Hélène Kerdoncuff",
}
# The week of calls by appointment: one team's, and a second one's who speak two languages more.
CALL_SHIFTS = (
    *(CallShift(day, time(9), time(18, 30), 30, 2, team="Brest") for day in range(5)),
    *(
        CallShift(day, time(14), time(17), 30, 1, frozenset(("ar", "tr")), "Quimper")
        for day in (1, 3)
    ),
    CallShift(5, time(9, 30), time(16, 30), 30, 1, team="Brest"),
)
_STATE = "demonstration"
_DAY = re.compile(r"\{(-\d+)\}")
# Those whom a newcomer plays are written to today; the others were some days ago.
_ANY_STATE = ("reported", "notifying", "interviewing", "listed", "following", "closed")
_EARLIER = {"DEMO-03": 3, "DEMO-06": 1, "DEMO-04": 1, "DEMO-02": 1, "DEMO-07": 1}


class CutShort(Exception):
    """The database holds a part of the demonstration: its loading was stopped on the way."""


@dataclass(frozen=True, slots=True)
class Line:
    """Who wrote what, and when."""

    at: datetime
    phone: str
    words: str


async def load(store: Store, desk: Desk, now: datetime) -> bool:
    """Load the demonstration; False where the database already holds people.

    `CutShort` where an earlier loading did not come to its end.
    """
    async with store.writing() as tx:
        if await state.get(tx, _STATE) == "loading":
            raise CutShort
        if await cases.page(tx, _ANY_STATE, limit=1):
            return False
        await state.put(tx, _STATE, "loading", now)
        for email, role, password in SIGN_INS:
            # No language of their own: the admin speaks the browser's.
            whose, kept = _TERRITORIES.get(email, ()), hashed(password)
            await users.add(tx, email, role, kept, _NAMES[email], "", territories=whose, now=now)
        for shift in CALL_SHIFTS:
            await call_hours.add(tx, shift, None, now)
    world = World(store, desk)
    for moment, step in sorted(_happenings(now), key=lambda pair: pair[0]):
        await world.reach(moment)
        if isinstance(step, Line):
            await world.hear(step.phone, step.words, moment)
        else:
            await _enter(store, desk, step, now, moment)
    await world.reach(now)
    async with store.writing() as tx:
        await state.put(tx, _STATE, "loaded", now)
    return True


def _happenings(now: datetime) -> Iterator[tuple[datetime, Line | frozenset[str]]]:
    """Everything that happens, each at its moment: lists of cases, and people's words."""
    file = resources.files("bot.demonstration") / "cases.csv"
    ids = [line.partition(",")[0] for line in file.read_text("utf-8").splitlines()[1:]]
    for days in sorted({0, *_EARLIER.values()}):
        at = _at(now, days, time(9, 30)) if days else now
        yield at, frozenset(i for i in ids if _EARLIER.get(i, 0) == days)
    for line in _script(now):
        yield line.at, line


def _script(now: datetime) -> Iterator[Line]:
    text = (resources.files("bot.demonstration") / "script.txt").read_text("utf-8")
    for row in text.splitlines():
        if not row or row.startswith("#"):
            continue
        when, _, rest = row.partition(" ")
        if when == "now":
            phone, _, words = rest.partition(" ")
            yield Line(now, phone, words)
            continue
        hour, phone, words = rest.split(" ", 2)
        yield Line(_at(now, -int(when), time.fromisoformat(hour)), phone, words)


def _at(now: datetime, days_ago: int, clock: time) -> datetime:
    day = now.astimezone(ZONE).date() - timedelta(days=days_ago)
    return datetime.combine(day, clock, ZONE)


async def _enter(
    store: Store, desk: Desk, ids: frozenset[str], now: datetime, moment: datetime
) -> None:
    """Import some rows of the list as `vigie import cases` would."""
    today = now.astimezone(ZONE).date()
    text = (resources.files("bot.demonstration") / "cases.csv").read_text("utf-8")
    dated = _DAY.sub(lambda m: (today + timedelta(days=int(m[1]))).isoformat(), text)
    header, *rows = dated.splitlines()
    chosen = [row for row in rows if row.partition(",")[0] in ids]
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "cases.csv"
        file.write_text("\n".join([header, *chosen]), "utf-8")
        listed = read_list(file, today, desk.pack(today))
    await import_cases(store, desk, listed, moment)
