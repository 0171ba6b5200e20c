"""The hours of calls by appointment: a week by team, days off, kept by supervisors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Final

from aiohttp import web

from admin.forms import day_of, id_of
from admin.labels import choices
from admin.shifts import LENGTHS, read_shifts
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, number, page
from bot.store import call_hours, calls, surges, users
from bot.store.call_hours import Kept
from bot.store.engines import Tx
from flows.rules import seats, shifts_of_rules
from flows.vocabulary import CallBook, CallShift

ROOM: Final = "/admin/supervision/hours"
FARTHEST: Final = timedelta(days=400)
# What a new shift is unless somebody says otherwise.
_USUAL: Final[Mapping[str, Any]] = {
    "team": "",
    "days": ["0", "1", "2", "3", "4"],
    "starts": "09:00",
    "ends": "12:30",
    "seats": "1",
    "minutes": "30",
    "speaks": [],
}


async def show(request: web.Request) -> web.Response:
    """The week, and the form that adds a shift or changes one."""
    visit, edited = request[VISIT], id_of(request.query.get("edit", ""))
    async with visit.service.store.reading() as tx:
        shifts, _ = await call_hours.kept(tx, visit.now)
    await looked(visit, None, "hours")
    said = next((_typed(one.shift) for one in shifts if one.id == edited), None)
    return await _page(request, said or _USUAL, edited if said else None)


async def _page(
    request: web.Request,
    said: Mapping[str, Any],
    edited: int | None,
    faults: Mapping[str, str] | None = None,
) -> web.Response:
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        shifts, off = await call_hours.kept(tx, visit.now)
        book = await calls.book(tx, visit.now)
        surge = await surges.current(tx, visit.now)
        teams = {one.team for one in await users.list_all(tx) if not one.disabled_at}
    rules = [Kept(0, one) for one in shifts_of_rules(visit.pack, visit.today)]
    known = teams | {one.shift.team for one in shifts} | {one.team for one in off}
    context = {
        "rows": _grid(shifts if book.week.kept else rules),
        "off": sorted(off, key=lambda one: (one.day, one.team)),
        "kept": book.week.kept,
        "surge": surge if surge and surge.stops_calls else None,
        "promised": sum(map(len, book.taken.values())),
        "outside": _outside(visit, book),
        "teams": sorted(known - {""}, key=str.casefold),
        "languages": choices(visit.speech, "language"),
        "lengths": LENGTHS,
        "said": said,
        "edited": edited,
        "faults": {key: visit.speech(text) for key, text in (faults or {}).items()},
    }
    return page(request, "hours.html", context, 422 if faults else 200)


async def save(request: web.Request) -> web.Response:
    """Shifts that were typed, in place of the one that was opened."""
    visit, form = request[VISIT], await request.post()
    edited = id_of(str(form.get("shift", "")))
    said = {**{key: str(form.get(key, "")) for key in _USUAL}, "days": _all(form, "day"),
            "speaks": _all(form, "speaks")}  # fmt: skip
    async with visit.service.store.writing() as tx:
        shifts, _ = await call_hours.kept(tx, visit.now)
        others = [one.shift for one in shifts if one.id != edited]
        new, faults = read_shifts(said, others, visit.pack, visit.today)
        if not faults:
            if edited and not await call_hours.end(tx, edited, visit.agent.id, visit.now):
                raise go(ROOM, "shift_gone")
            await _add(tx, visit, new)
    if faults:
        return await _page(request, said, edited, faults)
    raise go(ROOM, "hours_saved")


async def keep_rules(request: web.Request) -> web.Response:
    """The week of the rules becomes the one that is kept here, to be changed from now on."""
    visit = request[VISIT]
    async with visit.service.store.writing() as tx:
        if (await call_hours.week(tx, visit.now)).kept:
            raise go(ROOM, "shift_gone")
        await _add(tx, visit, shifts_of_rules(visit.pack, visit.today))
    raise go(ROOM, "hours_saved")


async def _add(tx: Tx, visit: Visit, shifts: Iterable[CallShift]) -> None:
    for one in shifts:
        await call_hours.add(tx, one, visit.agent.id, visit.now)
        await acted(tx, visit, "hours", None, chosen=_told(one))


async def end(request: web.Request) -> web.Response:
    """A shift or a day off holds no longer; calls that are promised stay promised."""
    visit, row = request[VISIT], number(request)
    async with visit.service.store.writing() as tx:
        if not await call_hours.end(tx, row, visit.agent.id, visit.now):
            raise go(ROOM, "shift_gone")
        await acted(tx, visit, "hours_over", None, shift_id=row)
    raise go(ROOM, "hours_saved")


async def take_off(request: web.Request) -> web.Response:
    """A day on which a team, or everybody, calls nobody."""
    visit, form = request[VISIT], await request.post()
    day, team = day_of(str(form.get("on", ""))), " ".join(str(form.get("team", "")).split())
    if day is None or not visit.today <= day <= visit.today + FARTHEST:
        raise go(ROOM, "bad_day_off")
    async with visit.service.store.writing() as tx:
        _, off = await call_hours.kept(tx, visit.now)
        if not any((one.team, one.day) == (team, day) for one in off):
            await call_hours.take_off(tx, team, day, visit.agent.id, visit.now)
            await acted(tx, visit, "day_off", None, day=day.isoformat())
    raise go(ROOM, "hours_saved")


def _grid(shifts: Sequence[Kept]) -> list[tuple[str, list[list[Kept]]]]:
    """The week of each team: its shifts day by day, each day's in order."""
    teams = sorted({one.shift.team for one in shifts}, key=str.casefold)
    in_order = sorted(shifts, key=lambda one: (one.shift.starts, one.shift.ends))

    def of_day(team: str, day: int) -> list[Kept]:
        return [one for one in in_order if (one.shift.team, one.shift.weekday) == (team, day)]

    return [(team, [of_day(team, day) for day in range(7)]) for team in teams]


def _outside(visit: Visit, book: CallBook) -> list[datetime]:
    """The moments of calls that are promised where no seat stands any more."""
    week = replace(book.week, stopped=False)

    def there(at: datetime) -> set[int]:
        return {n for one in seats(visit.pack, week, at) for n in one.numbers}

    return sorted(at for at, taken in book.taken.items() if taken - there(at))


def _typed(shift: CallShift) -> dict[str, Any]:
    return {
        "team": shift.team,
        "days": [str(shift.weekday)],
        "starts": f"{shift.starts:%H:%M}",
        "ends": f"{shift.ends:%H:%M}",
        "seats": str(shift.seats),
        "minutes": str(shift.minutes),
        "speaks": sorted(shift.languages),
    }


def _told(shift: CallShift) -> str:
    """A shift in a line of the trail; a team's name may be anybody's and stays out."""
    spoken = " ".join(sorted(shift.languages)) or "*"
    hours = f"{shift.starts:%H:%M}-{shift.ends:%H:%M}"
    return f"{shift.weekday} {hours} {shift.seats}x{shift.minutes} {spoken}"


def _all(form: Any, name: str) -> list[str]:
    return [str(one) for one in form.getall(name, [])]
