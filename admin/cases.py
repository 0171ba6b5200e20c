"""Cases: the list, one typed in, many from a file."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Mapping
from pathlib import Path
from tempfile import NamedTemporaryFile
from typing import Final

from aiohttp import web

from admin.faces import name_of
from admin.forms import id_of
from admin.labels import choices
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, page
from admin.words import Speech
from bot.entering import enter_case
from bot.importing import (
    COLUMNS,
    Imported,
    RowFault,
    TableFault,
    import_cases,
    new_case,
    read_list,
    read_typed,
)
from bot.store import cases, people
from flows.rules import territories

STATES: Final = ("reported", "notifying", "interviewing", "listed", "following", "closed")
PAGE: Final = 50
_WIDE: Final = ("notes", "address")
# What readers of lists say of a cell or file; one that is not here is shown in English.
REASONS: Final = (
    "is already on line {n}",
    "is missing: it tells an update from a new case",
    "is missing, and so is the name: give one of them",
    "has more cells than the header: quote values that hold the separator",
    "has letters that cannot be read: save the file as UTF-8",
    "is over {n} years ago",
    "is before the birth",
    "is in the future",
    "is none of f, m, x; it may be empty",
    "is none of the territories of the rules; it may be empty",
    "is none of ours: fr, en, es, ar, pt, tr",
    "is not a country's two letters, like FR",
    "is not a telephone number",
    "has too many digits",
    "has too few digits",
    "begins with a country code that does not exist",
    "is not a date: write year-month-day, like 2021-02-13",
    "can be two days: write year-month-day, like 2021-02-13",
    "is a day that does not exist: write year-month-day, like 2021-02-13",
    "is an old Excel file: save it as .xlsx or .csv",
    "is empty: the first line names the columns",
    "is a damaged spreadsheet: open it and save it anew",
)
_DAYS: Final = ("birth_date", "test_date", "told_on")


async def show(request: web.Request) -> web.Response:
    """Cases by state, the newest first."""
    visit = request[VISIT]
    state = request.query.get("state", "")
    wanted = [state] if state in STATES else list(STATES[:-1])
    async with visit.service.store.reading() as tx:
        after = id_of(request.query.get("after", ""))
        found = await cases.page(tx, wanted, after, PAGE, visit.whose)
        known = {one.id: one for one in await people.get_many(tx, {c.person_id for c in found})}
    await looked(visit, None, "cases", found=len(found))
    rows = [(case, name_of(visit.speech, known.get(case.person_id))) for case in found]
    context = {
        "rows": rows,
        "state": state,
        "states": choices(visit.speech, "case_state"),
        "more": str(found[-1].id) if len(found) == PAGE else "",
    }
    return page(request, "cases.html", context)


async def new(request: web.Request) -> web.Response:
    """An empty form."""
    return _form(request, {}, [])


async def create(request: web.Request) -> web.Response:
    """Enter the case that was typed; faults stand beside their fields."""
    visit = request[VISIT]
    form = await request.post()
    cells = {name: str(form.get(name, "")) for name in COLUMNS}
    # A case of no list needs an id of its own: ours.
    typed = cells if cells["id"].strip() else {**cells, "id": str(form.get("mark", "form"))}
    row, faults = read_typed(typed, visit.today, visit.pack)
    if row is None or faults:
        return _form(request, cells, faults, status=422)
    async with visit.service.store.writing() as tx:
        entered = await enter_case(tx, visit.service.desk, new_case(row, visit.pack), visit.now)
        await acted(tx, visit, "case", entered.case.person_id, kind=entered.kind)
    raise go(f"/admin/people/{entered.case.person_id}", f"case_{entered.kind}")


def _form(
    request: web.Request, cells: Mapping[str, str], faults: list[RowFault], status: int = 200
) -> web.Response:
    visit = request[VISIT]
    context = {
        "cells": {"language": "fr", "country": visit.pack.country, **cells},
        "faults": {fault.column: reason(visit.speech, fault.reason) for fault in faults},
        "mark": f"form-{visit.service.store.ids.new(visit.now)}",
        "languages": choices(visit.speech, "language"),
        "sexes": choices(visit.speech, "sex"),
        "territories": [(one.code, one.name) for one in territories(visit.pack, visit.today)],
        "columns": COLUMNS,
        "days": _DAYS,
        "wide": _WIDE,
    }
    return page(request, "case_new.html", context, status)


def reason(speech: Speech, words: str) -> str:
    """Why a row, field or file is not taken, in words of the visitor's."""
    for known in REASONS:
        figure = re.fullmatch(re.escape(known).replace(r"\{n\}", r"(\d+)"), words)
        if figure:
            return speech(known, n=figure[1]) if figure.groups() else speech(known)
    return words


async def upload_form(request: web.Request) -> web.Response:
    """Where a list is handed in."""
    return page(request, "case_import.html", {"columns": COLUMNS})


async def upload(request: web.Request) -> web.Response:
    """Import a list: good rows enter, the others are told with line and reason."""
    visit = request[VISIT]
    sent = (await request.post()).get("file")
    if not isinstance(sent, web.FileField) or not sent.filename:
        fault = visit.speech("Choose a file first.")
        return page(request, "case_import.html", {"columns": COLUMNS, "fault": fault}, 422)
    content = sent.file.read()
    try:
        done = await _import(visit, content)
    except TableFault as refused:
        fault = visit.speech("This file {why}", why=reason(visit.speech, str(refused)))
        return page(request, "case_import.html", {"columns": COLUMNS, "fault": fault}, 422)
    context = {
        "columns": COLUMNS,
        "done": done,
        "faults": [(fault, reason(visit.speech, fault.reason)) for fault in done.faults],
        "errors": _errors_file(done.faults),
    }
    return page(request, "case_import.html", context)


async def _import(visit: Visit, content: bytes) -> Imported:
    """Read the whole list before anything is written; the file itself is not kept."""
    # Spreadsheets are known by their first bytes; their reader wants the name to say so as well.
    with NamedTemporaryFile(suffix=".xlsx" if content.startswith(b"PK") else ".csv") as file:
        file.write(content)
        file.flush()
        rows = read_list(Path(file.name), visit.today, visit.pack)
    done = await import_cases(visit.service.store, visit.service.desk, rows, visit.now)
    async with visit.service.store.writing() as tx:
        await acted(tx, visit, "import", None, rows=dict(done.rows), faults=len(done.faults))
    return done


def _errors_file(faults: list[RowFault]) -> str:
    """The faults as CSV; they repeat nothing of what the cells said of people."""
    target = io.StringIO()
    writer = csv.writer(target)
    writer.writerow(("line", "column", "reason"))
    writer.writerows((fault.line, fault.column, fault.reason) for fault in faults)
    return target.getvalue()


async def errors_file(request: web.Request) -> web.Response:
    """The faults of an import as a file, handed back by the page that shows them."""
    text = str((await request.post()).get("errors", ""))
    return web.Response(
        text=text,
        content_type="text/csv",
        headers={"Content-Disposition": 'attachment; filename="errors.csv"'},
    )
