"""`vigie import cases FILE`: a case list enters; bad rows are told with their line."""

from __future__ import annotations

import argparse
import asyncio
import csv
import sys
from collections.abc import Iterator
from pathlib import Path

from tqdm import tqdm

from bot.clock import Clock
from bot.commands import Fault
from bot.commands._opening import opened, reached, read
from bot.desk import desk_for
from bot.importing import Imported, import_cases, read_list
from bot.settings import Settings
from integrations.feeds.case_list import CaseRow, RowFault, TableFault

NAME = "import"
HELP = "import a case list (CSV or XLSX)"
EXAMPLE = "vigie import cases list.csv --errors list.errors.csv"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What is imported, the file, where the errors go."""
    parser.add_argument("what", choices=["cases"])
    parser.add_argument("file", metavar="FILE", type=Path)
    parser.add_argument(
        "--errors",
        metavar="FILE",
        type=Path,
        help="where bad rows are written (FILE.errors.csv beside the list unless given)",
    )


def run(args: argparse.Namespace) -> int:
    """Import; 1 where some rows could not be taken."""
    done = asyncio.run(_import(read(), args.file))
    print(
        f"{done.rows['new']} new, {done.rows['updated']} updated, "
        f"{done.rows['unchanged']} unchanged, {len(done.faults)} faults"
        + (f", {done.flagged} numbers to look at" if done.flagged else "")
    )
    for row in done.changes:
        print(f"line {row.line}: updated {', '.join(row.changed)}")
    if not done.faults:
        return 0
    errors = args.errors or args.file.with_name(f"{args.file.name}.errors.csv")
    _write(errors, done.faults)
    for fault in done.faults[:10]:
        print(f"line {fault.line}: {fault.column or 'row'} {fault.reason}", file=sys.stderr)
    print(f"all faults are in {errors}", file=sys.stderr)
    return 1


async def _import(settings: Settings, file: Path) -> Imported:
    async with opened(settings) as store:
        clock = Clock(settings.now_offset)
        if settings.demonstration:
            async with store.reading() as tx:
                await clock.recall(tx)
        desk = desk_for(settings.pack, clock.now())
        try:
            rows = read_list(file, clock.now().date(), desk.pack(clock.now().date()))
        except TableFault as fault:
            raise Fault(str(fault)) from None
        with reached():
            return await import_cases(store, desk, _shown(rows), clock.now())


def _shown(rows: list[CaseRow | RowFault]) -> Iterator[CaseRow | RowFault]:
    """The rows, with a progress bar on a terminal."""
    yield from tqdm(rows, unit="row", disable=not sys.stderr.isatty(), file=sys.stderr)


def _write(file: Path, faults: list[RowFault]) -> None:
    with file.open("w", encoding="utf-8", newline="") as target:
        writer = csv.writer(target)
        writer.writerow(("line", "column", "reason"))
        writer.writerows((fault.line, fault.column, fault.reason) for fault in faults)
