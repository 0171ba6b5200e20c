"""The dashboard: measures by day and group, as plots, tables and CSV, without a name."""

from __future__ import annotations

import csv
import io
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from admin.labels import label
from admin.lines import attached
from admin.links import link
from admin.measures import BY_NAME, MEASURES, SMALL, Figure, Measure, figure
from admin.plots import Plot, lines
from admin.trail import looked
from admin.visits import VISIT, Visit, page
from bot.store import tallies
from bot.store.tallies import By, Cell

DAYS: Final = (7, 14, 28)
# More lines than these cannot be told apart.
MOST_LINES: Final = 5
BY_WORDS: Final[dict[By, str]] = {
    "": "All together",
    "language": "By language",
    "channel": "By channel",
    "age": "By age",
    "phone": "By own or shared phone",
    "team": "By team",
}
ROOM: Final = "/admin/dashboard"


@dataclass(frozen=True, slots=True)
class Wish:
    """What somebody wants to see: so many days, by which group."""

    days: int
    by: By

    def link(self, room: str = ROOM, **changed: str) -> str:
        """The address with some of it changed."""
        return link(room, **{"days": str(self.days), "by": self.by} | changed)


@dataclass(frozen=True, slots=True)
class Card:
    """One measure as the page shows it: the whole span, its plot, its groups."""

    measure: Measure
    whole: Figure
    plot: Plot
    rows: tuple[tuple[str, Figure], ...]
    file: str


async def show(request: web.Request) -> web.Response:
    """Every measure over the days asked for."""
    visit, wish = request[VISIT], _wish(request)
    cells = await _cells(visit, wish)
    await looked(visit, None, "dashboard")
    context = {
        "cards": [
            _card(visit, wish, one, cells.get(one.name, []))
            for one in MEASURES
            if not wish.by or wish.by in one.by
        ],
        "wish": wish,
        "spans": DAYS,
        "groups": [(by, visit.speech(words)) for by, words in BY_WORDS.items()],
        "small": SMALL,
    }
    return page(request, "dashboard.html", context)


async def as_file(request: web.Request) -> web.Response:
    """One measure as CSV, a line for each day and group; small cells say so and nothing else."""
    visit, wish = request[VISIT], _wish(request)
    measure = BY_NAME.get(request.match_info["measure"])
    if measure is None:
        raise web.HTTPNotFound
    cells = (await _cells(visit, wish, measure.name)).get(measure.name, [])
    await looked(visit, None, "dashboard", measure=measure.name)
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(
        ("day", "group", "people", "rate_percent", "median_minutes_at_most",
         "ninetieth_minutes_at_most", "within_24_h_percent", "within_48_h_percent", "mean", "apart")
    )  # fmt: skip
    _, by_day = _sorted(cells)
    for day in _days(visit, wish):
        for group in _groups(cells):
            found = figure(measure, by_day.get((day, group), []))
            writer.writerow((day.isoformat(), group, *_written(found)))
    return attached(out.getvalue(), f"{measure.name}.csv")


def _written(one: Figure) -> tuple[object, ...]:
    if one.small:
        return (f"<{SMALL}", "", "", "", "", "", "", "")
    figures = (one.rate, one.median, one.ninetieth, one.day, one.two_days, one.mean)
    rounded = ("" if each is None else round(each, 1) for each in figures)
    return (one.n, *rounded, one.apart if one.apart >= SMALL or not one.apart else f"<{SMALL}")


def _wish(request: web.Request) -> Wish:
    days = next((one for one in DAYS if str(one) == request.query.get("days")), 14)
    asked = request.query.get("by")
    return Wish(days, next((one for one in BY_WORDS if one == asked), ""))


async def _cells(visit: Visit, wish: Wish, measure: str = "") -> dict[str, list[Cell]]:
    days = _days(visit, wish)
    async with visit.service.store.reading() as tx:
        found = await tallies.read(tx, days[0], days[-1], wish.by, measure, visit.agent.sees)
    by_measure: dict[str, list[Cell]] = defaultdict(list)
    for one in found:
        by_measure[one.measure].append(one)
    return by_measure


def _days(visit: Visit, wish: Wish) -> list[date]:
    return [visit.today - timedelta(days=back) for back in range(wish.days - 1, -1, -1)]


def _card(visit: Visit, wish: Wish, measure: Measure, cells: Sequence[Cell]) -> Card:
    groups = _groups(cells)
    of_group, by_day = _sorted(cells)
    rows = [(_name(visit, wish.by, group), figure(measure, of_group[group])) for group in groups]
    drawn = [
        (
            _name(visit, wish.by, group),
            [_drawn(measure, by_day.get((day, group), [])) for day in _days(visit, wish)],
        )
        for group in groups[:MOST_LINES]
    ]
    labels = [visit.speech.near_day(day) for day in _days(visit, wish)]
    many = measure.kind == "many"
    return Card(
        measure=measure,
        whole=figure(measure, ((one.bucket, one.n) for one in cells)),
        plot=lines(labels, drawn, "" if many else " %", 0.0 if many else 100.0),
        rows=tuple(rows) if wish.by else (),
        file=wish.link(f"{ROOM}/{measure.name}.csv"),
    )


def _drawn(measure: Measure, cells: Sequence[tuple[int, int]]) -> float | None:
    found = figure(measure, cells)
    return found.mean if measure.kind == "many" else found.rate


def _sorted(
    cells: Iterable[Cell],
) -> tuple[dict[str, list[tuple[int, int]]], dict[tuple[date, str], list[tuple[int, int]]]]:
    of_group: dict[str, list[tuple[int, int]]] = defaultdict(list)
    by_day: dict[tuple[date, str], list[tuple[int, int]]] = defaultdict(list)
    for one in cells:
        of_group[one.group].append((one.bucket, one.n))
        by_day[one.day, one.group].append((one.bucket, one.n))
    return of_group, by_day


def _groups(cells: Iterable[Cell]) -> list[str]:
    """The groups, the largest first."""
    many: dict[str, int] = defaultdict(int)
    for one in cells:
        many[one.group] += one.n
    return sorted(many, key=lambda group: (-many[group], group))


def _name(visit: Visit, by: By, group: str) -> str:
    speech = visit.speech
    if not by:
        return speech("All")
    if not group:
        return speech("not known")
    return group if by == "team" else label(speech, _LABELS[by], group)


_LABELS: Final = {
    "language": "language",
    "channel": "channel",
    "age": "age_group",
    "phone": "phone_kind",
}
