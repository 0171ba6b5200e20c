"""Tables that people hand in, CSV or XLSX, read row by row however large they are."""

from __future__ import annotations

import codecs
import csv
import unicodedata
import warnings
import zipfile
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any, Final

import openpyxl

Cell = str | date

DELIMITERS: Final = (",", ";", "\t")
EXCEL: Final = b"PK\x03\x04"
OLD_EXCEL: Final = b"\xd0\xcf\x11\xe0"


class TableFault(Exception):
    """A table that cannot be read at all, in one line that says what to do."""


@dataclass(frozen=True, slots=True)
class Row:
    """One row under its header. `surplus` counts the cells that stand under no header."""

    line: int
    cells: dict[str, Cell]
    surplus: int = 0


def read_table(path: Path, known: Sequence[str], needed: Sequence[str]) -> Iterator[Row]:
    """The rows of a file whose header names known columns, all that are needed among them.

    Raises `TableFault` for the header at once, and while reading where a file is damaged.
    """
    try:
        with path.open("rb") as file:
            start = file.read(4)
    except OSError as error:
        raise TableFault(f"cannot be opened: {error.strerror}") from error
    if start == OLD_EXCEL:
        raise TableFault("is an old Excel file: save it as .xlsx or .csv")
    lines = _sheet(path) if start == EXCEL else _text(path, known)
    filled = ((line, cells) for line, cells in lines if any(cells))
    _, header = next(filled, (0, None))
    if header is None:
        raise TableFault("is empty: the first line names the columns")
    names = _names(header, known, needed)
    return (_row(line, names, cells) for line, cells in filled)


def _names(header: Sequence[Cell], known: Sequence[str], needed: Sequence[str]) -> list[str]:
    names = [str(cell).strip().lower().replace(" ", "_") for cell in header]
    for name in names:
        if name and name not in known:
            raise TableFault(f"the column “{name}” is not known; known are {', '.join(known)}")
        if name and names.count(name) > 1:
            raise TableFault(f"the column “{name}” stands there twice")
    for name in needed:
        if name not in names:
            raise TableFault(f"the column “{name}” is missing")
    return names


def _row(line: int, names: Sequence[str], cells: Sequence[Cell]) -> Row:
    named = {name: cell for name, cell in zip(names, cells, strict=False) if name}
    under = zip(cells, [*names, *[""] * len(cells)], strict=False)
    return Row(line, named, sum(1 for cell, name in under if cell and not name))


# --- text -------------------------------------------------------------------------------------


def _text(path: Path, known: Sequence[str]) -> Iterator[tuple[int, list[Cell]]]:
    encoding = _encoding(path)
    delimiter = _delimiter(path, encoding, known)
    # Windows-1252 has five bytes without a letter; they become "�", which the row is told of.
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        # Strict: a quote left open would swallow the rest of the list without a word.
        reader = csv.reader(file, delimiter=delimiter, strict=True)
        line = 1
        try:
            for cells in reader:
                yield line, [clean(cell) for cell in cells]
                line = reader.line_num + 1
        except csv.Error as error:
            raise TableFault(f"line {line} cannot be read as CSV: {error}") from error


def _encoding(path: Path) -> str:
    """UTF-8 with or without its mark, UTF-16 with it, else Windows-1252, as spreadsheets save."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    with path.open("rb") as file:
        start = file.read(2)
        if start in (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE):
            return "utf-16"
        file.seek(0)
        try:
            while piece := file.read(1 << 20):
                decoder.decode(piece)
            decoder.decode(b"", final=True)
        except UnicodeDecodeError:
            return "cp1252"
    return "utf-8-sig"


def _delimiter(path: Path, encoding: str, known: Sequence[str]) -> str:
    """The delimiter under which the header names the most columns that we know."""
    with path.open(encoding=encoding, errors="replace", newline="") as file:
        header = next((line for line in file if line.strip()), "")
    return max(DELIMITERS, key=lambda mark: _known_names(header, mark, known))


def _known_names(header: str, mark: str, known: Sequence[str]) -> int:
    cells = header.strip().split(mark)
    return sum(cell.strip(' "').lower().replace(" ", "_") in known for cell in cells)


# --- spreadsheets -----------------------------------------------------------------------------

DAMAGED: Final = (zipfile.BadZipFile, KeyError, ValueError, SyntaxError, OSError, EOFError)


def _sheet(path: Path) -> Iterator[tuple[int, list[Cell]]]:
    """The rows of the first sheet. Formulas are not computed: they stay the text they are."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # openpyxl tells of each feature it leaves out
            book = openpyxl.load_workbook(path, read_only=True, keep_links=False)
        with closing(book):
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            yield from _filled(sheet.iter_rows(values_only=True))
    except (*DAMAGED, IndexError) as error:
        raise TableFault("is a damaged spreadsheet: open it and save it anew") from error


def _filled(rows: Iterable[Sequence[Any]]) -> Iterator[tuple[int, list[Cell]]]:
    for line, values in enumerate(rows, start=1):
        yield line, [_cell(value) for value in values]


def _cell(value: Any) -> Cell:
    match value:
        case None:
            return ""
        case datetime():
            return value.date()
        case date():
            return value
        case float() if value.is_integer():
            return str(int(value))
        case _:
            # An array formula is an object that holds its text.
            return clean(str(getattr(value, "text", value)))


def clean(text: str) -> str:
    """Words without what cannot be seen, composed, and without spaces around them."""
    if text.isprintable() and text.isascii():
        return text.strip()
    composed = unicodedata.normalize("NFC", text.replace("\xa0", " "))
    return "".join(letter for letter in composed if _is_seen(letter)).strip()


def _is_seen(letter: str) -> bool:
    return letter in "\n\t" or unicodedata.category(letter) not in ("Cc", "Cs")
