"""The line list of epidemiologists: cases under pseudonyms, in bands of age, without names."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass
from datetime import date
from typing import Final

from aiohttp import web

from admin.trail import looked
from admin.visits import VISIT, Visit, page
from bot.store import cases, people
from bot.store.engines import Tx
from flows.vocabulary import Case, Person

STATES: Final = ("reported", "notifying", "interviewing", "listed", "following", "closed")
MOST: Final = 5000
COLUMNS: Final = ("pseudonym", "age", "sex", "onset", "test_date", "state", "outcome")
_BAND: Final = 10
_OLDEST: Final = 90


@dataclass(frozen=True, slots=True)
class Line:
    """One case as an epidemiologist sees it: the same person has the same pseudonym."""

    pseudonym: str
    age: str
    sex: str
    onset: date | None
    test_date: date | None
    state: str
    outcome: str


async def show(request: web.Request) -> web.Response:
    """The newest cases."""
    visit = request[VISIT]
    lines = await _lines(visit, 200)
    await looked(visit, None, "line_list", found=len(lines))
    return page(request, "lines.html", {"lines": lines})


async def as_file(request: web.Request) -> web.Response:
    """The same as CSV."""
    visit = request[VISIT]
    lines = await _lines(visit, MOST)
    await looked(visit, None, "line_list_file", found=len(lines))
    written = io.StringIO()
    table = csv.writer(written)
    table.writerow(COLUMNS)
    table.writerows([getattr(line, name) or "" for name in COLUMNS] for line in lines)
    return attached(written.getvalue(), "line-list.csv")


def attached(text: str, name: str) -> web.Response:
    """A file to keep; the mark lets spreadsheets read its letters."""
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return web.Response(text="\ufeff" + text, content_type="text/csv", headers=headers)


async def _lines(visit: Visit, most: int) -> list[Line]:
    async with visit.service.store.reading() as tx:
        found = await cases.page(tx, list(STATES), None, most, visit.whose)
        known = {one.id: one for one in await people.get_many(tx, {c.person_id for c in found})}
        return [_line(tx, one, known.get(one.person_id), visit.today) for one in found]


def _line(tx: Tx, case: Case, person: Person | None, today: date) -> Line:
    return Line(
        pseudonym=tx.keyring.index("pseudonym", str(case.person_id)).hex()[:12],
        age=_band(person.birth_date if person else None, case.test_date or today),
        sex=person.sex or "" if person else "",
        onset=case.onset,
        test_date=case.test_date,
        state=case.state,
        outcome=case.outcome or "",
    )


def _band(born: date | None, on: date) -> str:
    """Ten years wide: an exact age, with two dates, may name somebody."""
    if born is None:
        return ""
    years = on.year - born.year - ((on.month, on.day) < (born.month, born.day))
    low = min(years // _BAND * _BAND, _OLDEST)
    return f"{low}+" if low == _OLDEST else f"{low}-{low + _BAND - 1}"
