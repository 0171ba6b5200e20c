"""Case lists: what is read, what is flagged, and the words for what cannot be taken."""

import tracemalloc
import zipfile
from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

import openpyxl
import pytest

from integrations.feeds.case_list import COLUMNS, CaseRow, RowFault, TableFault, read

TODAY = date(2021, 2, 20)
HEADER = (
    "id,given_name,family_name,birth_date,sex,phone,language,country,"
    "test_date,onset_date,doctor,setting,notes"
)
LEA = "C1,Léa,Roy,1980-05-02,f,06 12 34 56 78,fr,FR,2021-02-13,2021-02-11,Dr Aït,école,"
READ = CaseRow(
    line=2,
    id="C1",
    given_name="Léa",
    family_name="Roy",
    birth_date=date(1980, 5, 2),
    sex="f",
    phone="+33612345678",
    language="fr",
    country="FR",
    test_date=date(2021, 2, 13),
    onset_date=date(2021, 2, 11),
    doctor="Dr Aït",
    setting="école",
)

Write = Callable[[str], Path]


@pytest.fixture
def write(tmp_path: Path) -> Write:
    def written(text: str, encoding: str = "utf-8") -> Path:
        path = tmp_path / "cases.csv"
        path.write_bytes(text.encode(encoding))
        return path

    return written


def row(**cells: str) -> str:
    """A list of one good row in which some cells differ."""
    good = dict(zip(HEADER.split(","), LEA.split(","), strict=True)) | cells
    return f"{','.join(good)}\n{','.join(good.values())}\n"


def one(path: Path) -> CaseRow | RowFault:
    (only,) = read(path, TODAY)
    return only


# --- files --------------------------------------------------------------------------------------


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_a_list_is_read_in_any_encoding_and_separation(
    tmp_path: Path, encoding: str, separator: str, ending: str
) -> None:
    path = tmp_path / "cases.csv"
    text = ending.join([HEADER, LEA, ""]).replace(",", separator)
    path.write_bytes(text.encode(encoding))
    assert list(read(path, TODAY)) == [READ]


def test_header_names_are_taken_in_any_case_and_order_and_blank_lines_skipped(write: Write) -> None:
    text = '\nPhone,ID,Family Name,given_name,test_date,\n\n0612345678,C1,Roy,"L\néa",2021-02-13,\n'
    case = one(write(text + ",,,,,\n"))
    assert isinstance(case, CaseRow)
    assert (case.line, case.id, case.phone) == (4, "C1", "+33612345678")
    assert (case.given_name, case.family_name) == ("L éa", "Roy")


@pytest.mark.parametrize(
    ("header", "words"),
    [
        (HEADER + ",phone", "the column “phone” stands there twice"),
        (HEADER + ",mobile", "the column “mobile” is not known; known are id,"),
        (HEADER.replace("phone,", ""), "the column “phone” is missing"),
        (HEADER.replace("id,", ""), "the column “id” is missing"),
    ],
)
def test_a_header_that_cannot_be_used_stops_with_the_name(
    write: Write, header: str, words: str
) -> None:
    with pytest.raises(TableFault) as stopped:
        read(write(f"{header}\n{LEA}\n"), TODAY)
    assert words in str(stopped.value)
    assert "\n" not in str(stopped.value)


def test_files_that_are_no_lists_stop_with_what_to_do(tmp_path: Path, write: Write) -> None:
    def words(path: Path) -> str:
        with pytest.raises(TableFault) as stopped:
            list(read(path, TODAY))
        return str(stopped.value)

    assert "No such file" in words(tmp_path / "missing.csv")
    assert "is empty" in words(write(""))
    old = tmp_path / "old.xls"
    old.write_bytes(b"\xd0\xcf\x11\xe0rest")
    assert "save it as .xlsx or .csv" in words(old)
    damaged = tmp_path / "damaged.xlsx"
    damaged.write_bytes(b"PK\x03\x04 and nothing more")
    assert "damaged" in words(damaged)
    assert "line 3 cannot be read" in words(write(f'{HEADER}\n{LEA}\nC2,"Open,Roy\nC3,x,y\n'))


def test_a_large_list_is_read_as_a_stream(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    with path.open("w", encoding="utf-8") as file:
        file.write(HEADER + "\n")
        file.writelines(LEA.replace("C1", f"C{number}") + "\n" for number in range(6_000))
    tracemalloc.start()
    count = sum(isinstance(case, CaseRow) for case in read(path, TODAY))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 6_000
    assert peak < 3_000_000  # the ids seen, not the rows


# --- rows ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "wanted"),
    [
        ({"test_date": "13/02/2021"}, READ),
        ({"test_date": "13.02.2021"}, READ),
        ({"test_date": "02/13/2021"}, READ),
        ({"test_date": "2021-2-13"}, READ),
        ({"test_date": "2021-02-13T00:00:00Z"}, READ),
        ({"onset_date": ""}, replace(READ, onset_date=None)),
        ({"onset_date": "None"}, replace(READ, onset_date=None, no_symptoms=True)),
        ({"language": ""}, READ),
        ({"language": "AR"}, replace(READ, language="ar")),
        ({"language": "pt-BR"}, replace(READ, language="pt")),
        ({"sex": "H"}, replace(READ, sex="m")),
        ({"sex": ""}, replace(READ, sex="")),
        ({"phone": "0033612345678"}, READ),
        ({"phone": "+33 (0)6.12.34.56.78"}, READ),
        ({"phone": "612345678"}, READ),
        (
            {"country": "be", "phone": "0470 12 34 56"},
            replace(READ, country="BE", phone="+32470123456"),
        ),
        ({"phone": "+12025550123", "country": ""}, replace(READ, phone="+12025550123")),
        (
            {"phone": "0800000000"},
            replace(READ, phone="+33800000000"),
        ),
        (
            {"phone": "06 39 98 00 01"},
            replace(READ, phone="+33639980001", flags=("number_doubtful",)),
        ),
        ({"phone": ""}, replace(READ, phone="", flags=("no_phone",))),
        (
            {"given_name": "", "family_name": ""},
            replace(READ, given_name="", family_name="", flags=("no_name",)),
        ),
        ({"test_date": ""}, replace(READ, test_date=None, flags=("no_test_date",))),
        ({"birth_date": ""}, replace(READ, birth_date=None, flags=("no_birth_date",))),
        ({"notes": "=HYPERLINK(\"x\")"}, replace(READ, notes='=HYPERLINK("x")')),
        ({"given_name": "Le\u0301a\u00a0\x07"}, READ),
        ({"postcode": "1000"}, replace(READ, postcode="01000")),
        (
            {
                "second_contact_name": "Ana Roy",
                "second_contact_phone": "0612345679",
                "second_contact_relation": "mère",
                "told_by": "Dr Aït",
                "told_on": "2021-02-14",
            },
            replace(
                READ,
                second_contact_name="Ana Roy",
                second_contact_phone="+33612345679",
                second_contact_relation="mère",
                told_by="Dr Aït",
                told_on=date(2021, 2, 14),
            ),
        ),
    ],
)  # fmt: skip
def test_a_row_is_read_and_what_is_unsure_is_flagged(
    write: Write, cells: dict[str, str], wanted: CaseRow
) -> None:
    assert one(write(row(**cells))) == wanted


@pytest.mark.parametrize(
    ("cells", "column", "words"),
    [
        ({"id": ""}, "id", "is missing"),
        ({"phone": "", "given_name": "", "family_name": ""}, "phone", "is missing, and so is"),
        ({"test_date": "2021-02-21"}, "test_date", "is in the future"),
        ({"birth_date": "2090-01-01", "test_date": ""}, "birth_date", "is in the future"),
        ({"onset_date": "2021-03-01"}, "onset_date", "is in the future"),
        ({"told_on": "2021-03-01"}, "told_on", "is in the future"),
        ({"test_date": "03/02/2021"}, "test_date", "can be two days: write year-month-day"),
        ({"test_date": "13/02/21"}, "test_date", "is not a date: write year-month-day"),
        ({"test_date": "hier"}, "test_date", "is not a date"),
        ({"test_date": "44240"}, "test_date", "is not a date"),
        ({"test_date": "=TODAY()"}, "test_date", "is not a date"),
        ({"test_date": "2021-02-30"}, "test_date", "is a day that does not exist"),
        ({"test_date": "none"}, "test_date", "is not a date"),
        ({"birth_date": "1890-01-01"}, "birth_date", "is over 120 years ago"),
        ({"birth_date": "2021-02-12", "test_date": "2021-02-11"}, "test_date", "before the birth"),
        ({"phone": "0612"}, "phone", "has too few digits"),
        ({"phone": "06123456789999"}, "phone", "has too many digits"),
        ({"phone": "demander"}, "phone", "is not a telephone number"),
        ({"phone": "+999123456789"}, "phone", "is not a telephone number"),
        ({"second_contact_phone": "12"}, "second_contact_phone", "has too few digits"),
        ({"language": "de"}, "language", "is none of ours: fr, en, es, ar, pt, tr"),
        ({"country": "France"}, "country", "is not a country's two letters"),
        ({"sex": "?"}, "sex", "is none of f, m, x"),
    ],
)
def test_a_row_that_cannot_be_taken_says_where_and_why_without_repeating_it(
    write: Write, cells: dict[str, str], column: str, words: str
) -> None:
    faults = list(read(write(row(**cells)), TODAY))
    found = next(fault for fault in faults if isinstance(fault, RowFault))
    assert (found.line, found.column) == (2, column)
    assert words in found.reason
    said = cells[column]
    assert not said or said in ("none", "12") or said not in found.reason


def test_all_faults_of_a_row_are_told_and_the_good_rows_stay(write: Write) -> None:
    bad = (
        LEA.replace("C1", "C2").replace("06 12 34 56 78", "12").replace("2021-02-13", "2031-02-13")
    )
    *first, last = read(write(f"{HEADER}\n{bad}\n{LEA}\n"), TODAY)
    assert [(fault.line, fault.column) for fault in first if isinstance(fault, RowFault)] == [
        (2, "phone"),
        (2, "test_date"),
    ]
    assert last == replace(READ, line=3)


def test_the_same_id_twice_in_one_list_is_a_fault_of_the_second(write: Write) -> None:
    first, second = read(write(f"{HEADER}\n{LEA}\n{LEA}\n"), TODAY)
    assert first == READ
    assert second == RowFault(3, "id", "is already on line 2")


def test_cells_under_no_header_are_a_fault_and_missing_last_cells_are_empty(write: Write) -> None:
    extra, short = read(
        write(f"{HEADER}\n{LEA}a note, with a comma\nC2,Ana,Roy,,,0612345678\n"), TODAY
    )
    assert isinstance(extra, RowFault)
    assert "more cells than the header" in extra.reason
    assert isinstance(short, CaseRow)
    assert short.flags == ("no_test_date", "no_birth_date")


def test_letters_that_no_encoding_has_are_told(tmp_path: Path) -> None:
    path = tmp_path / "cases.csv"
    path.write_bytes(f"{HEADER}\n{LEA}\n".encode("cp1252").replace(b"Roy", b"Ro\x81"))
    fault = one(path)
    assert isinstance(fault, RowFault)
    assert (fault.column, "UTF-8" in fault.reason) == ("family_name", True)


# --- spreadsheets -------------------------------------------------------------------------------


def sheet(tmp_path: Path, *rows: list[Any]) -> Path:
    book = openpyxl.Workbook()
    assert book.active is not None
    for cells in rows:
        book.active.append(cells)
    path = tmp_path / "cases.xlsx"
    book.save(path)
    book.close()
    return path


def test_a_spreadsheet_is_read_with_its_real_dates_and_numbers(tmp_path: Path) -> None:
    path = sheet(
        tmp_path,
        [
            "ID",
            "given_name",
            "family_name",
            "phone",
            "test_date",
            "onset_date",
            "postcode",
            "notes",
        ],
        [],
        [
            17,
            "Léa",
            "Roy",
            612345678,
            datetime(2021, 2, 13, 9, 30),
            date(2021, 2, 11),
            1000,
            "=1+1",
        ],
        ["C2", "Ana", "Roy", 33612345679.0, "2021-02-13", "none", "75011", None],
        ["C3", "Jo", "Roy", "0612345670", 44240, None, None, None],
    )
    lea, ana, jo = read(path, TODAY)
    assert isinstance(lea, CaseRow)
    assert (lea.line, lea.id, lea.phone, lea.postcode) == (3, "17", "+33612345678", "01000")
    assert (lea.test_date, lea.onset_date) == (date(2021, 2, 13), date(2021, 2, 11))
    assert lea.notes == "=1+1"
    assert isinstance(ana, CaseRow)
    assert (ana.phone, ana.no_symptoms) == ("+33612345679", True)
    assert isinstance(jo, RowFault)
    assert (jo.line, jo.column) == (5, "test_date")


def test_a_spreadsheet_that_misstates_its_size_is_read_whole(tmp_path: Path) -> None:
    right = sheet(
        tmp_path, ["id", "given_name", "family_name", "phone", "test_date"], ["C1", "Léa"]
    )
    wrong = tmp_path / "wrong.xlsx"
    with zipfile.ZipFile(right) as source, zipfile.ZipFile(wrong, "w") as target:
        for name in source.namelist():
            target.writestr(name, source.read(name).replace(b'ref="A1:E2"', b'ref="A1"'))
    case = one(wrong)
    assert isinstance(case, CaseRow)
    assert (case.id, case.given_name) == ("C1", "Léa")


def test_a_spreadsheet_without_anything_is_said_to_be_empty(tmp_path: Path) -> None:
    with pytest.raises(TableFault, match="is empty"):
        read(sheet(tmp_path), TODAY)


def test_every_column_of_a_list_reaches_its_row() -> None:
    assert set(COLUMNS) <= set(CaseRow.__dataclass_fields__)
