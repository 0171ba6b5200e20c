"""`vigie orient`: the official French orientation algorithm over the rows of a file."""

import argparse
import csv
import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from tqdm import tqdm

from flows.rules.orientation import VERSION
from flows.rules.questionnaire import RowFault, computed, missing_columns

NAME = "orient"
HELP = f"the official French orientation algorithm ({VERSION}) over a CSV file"
EXAMPLE = "vigie orient --csv answers.csv -o oriented.csv"
ADDED = ("computed", "fault")


class FileFault(Exception):
    """A file that cannot be worked on, in one line for whoever gave it."""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The file to read, and where the rows go."""
    parser.add_argument(
        "--csv",
        metavar="FILE",
        type=Path,
        required=True,
        help="rows with the official column names; `,` `;` or tab",
    )
    parser.add_argument(
        "-o", "--output", metavar="FILE", type=Path, help="where to write (standard output)"
    )


def run(args: argparse.Namespace) -> int:
    """Write the rows with `computed` and `fault`; 1 where a row or the header is at fault."""
    try:
        text = _text(args.csv)
        _stand_apart(args.csv, args.output)
    except FileFault as fault:
        return _stop(str(fault), 2)
    try:
        header, rows = _read(text)
    except FileFault as fault:
        return _stop(f"{args.csv}: {fault}", 1)
    return _write(args.output, header, rows)


def _stop(message: str, code: int) -> int:
    print(f"vigie orient: {message}", file=sys.stderr)
    return code


def _text(path: Path) -> str:
    """UTF-8, else Windows-1252, as spreadsheets save."""
    try:
        data = path.read_bytes()
    except OSError as problem:
        raise FileFault(f"{path} cannot be read: {problem.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", errors="replace")


def _stand_apart(source: Path, output: Path | None) -> None:
    if output is not None and output.exists() and output.samefile(source):
        raise FileFault(f"{output} is the file to read: write to another")


def _read(text: str) -> tuple[list[str], list[list[str]]]:
    """The header and the rows that are not empty."""
    first = text.split("\n", 1)[0]
    mark = max(",;\t", key=first.count)
    try:
        header, *rows = [row for row in csv.reader(io.StringIO(text), delimiter=mark) if row]
    except ValueError:
        raise FileFault("the file is empty: its first line names the columns") from None
    except csv.Error as problem:
        raise FileFault(f"not a CSV file: {problem}") from None
    names = [name.strip() for name in header]
    _check(names)
    return names, rows


def _check(header: Sequence[str]) -> None:
    missing = missing_columns(header)
    if missing:
        plural = "s" if len(missing) > 1 else ""
        raise FileFault(f"column{plural} missing: {', '.join(missing)}")
    repeated = next((name for name in header if name and header.count(name) > 1), None)
    if repeated is not None:
        raise FileFault(f"column {repeated} stands twice")


def _write(output: Path | None, header: list[str], rows: list[list[str]]) -> int:
    kept = [index for index, name in enumerate(header) if name not in ADDED]
    faults = 0
    lines = io.StringIO()
    writer = csv.writer(lines, lineterminator="\n")
    writer.writerow([*(header[index] for index in kept), *ADDED])
    for row in tqdm(rows, unit=" rows", disable=None, delay=2, file=sys.stderr):
        result, fault = _oriented(header, row)
        faults += bool(fault)
        writer.writerow([*_cells(row, kept), result, fault])
    try:
        _put(output, lines.getvalue())
    except OSError as problem:
        return _stop(f"{output or 'output'} cannot be written: {problem.strerror}", 2)
    return 1 if faults else 0


def _cells(row: list[str], kept: list[int]) -> Iterator[str]:
    return (row[index] if index < len(row) else "" for index in kept)


def _oriented(header: list[str], row: list[str]) -> tuple[str, str]:
    if len(row) > len(header):
        return "", f"{len(row)} cells under {len(header)} columns"
    try:
        return computed(dict(zip(header, row, strict=False))), ""
    except RowFault as fault:
        return "", str(fault)


def _put(output: Path | None, text: str) -> None:
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
    else:
        output.write_text(text, encoding="utf-8", newline="")
