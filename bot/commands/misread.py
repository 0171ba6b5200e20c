"""`vigie misread`: the replies that agents said were misread, without names."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from bot.commands import Fault
from bot.commands._opening import opened, reached, read
from bot.settings import Settings

if TYPE_CHECKING:
    from bot.store.misreads import Misread

NAME = "misread"
HELP = "list the replies that agents said were misread, without names"
EXAMPLE = "vigie misread -o misread.jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Where to."""
    parser.add_argument("-o", "--output", type=Path, help="a file instead of standard output")


def run(args: argparse.Namespace) -> int:
    """Write one JSON line for each."""
    lines = [json.dumps(line, ensure_ascii=False) for line in asyncio.run(_lines(read()))]
    text = "".join(f"{line}\n" for line in lines)
    if args.output is None:
        sys.stdout.write(text)
        return 0
    try:
        args.output.write_text(text, "utf-8")
    except OSError as error:
        raise Fault(f"{args.output}: {error.strerror}", 2) from None
    print(f"{len(lines)} written to {args.output}")
    return 0


async def _lines(settings: Settings) -> list[dict[str, object]]:
    from bot.store import misreads

    async with opened(settings) as store:
        with reached():
            async with store.reading() as tx:
                return list(_described(await misreads.every(tx)))


def _described(found: list[Misread]) -> Iterator[dict[str, object]]:
    from bot.redacting import names_of, redacted

    for one in found:
        reading = one.message.reading
        names = list(names_of(one.near, reading))
        yield {
            "id": str(one.message.id),
            "lang": one.near[0].language if one.near else "",
            "text": redacted(one.message.text, names),
            "meant": redacted(str(one.event.data.get("meant", "")), names),
            "status": reading.get("status", ""),
            "danger": list(reading.get("danger", ())),
            "command": reading.get("command") or "",
            "before": one.event.data.get("before"),
            "after": one.event.data.get("after"),
        }
