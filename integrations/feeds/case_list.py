"""A list of cases, CSV or XLSX, read into checked rows and the faults of the others."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path
from typing import Final

import phonenumbers

from flows.vocabulary import LANGUAGES, Lang
from integrations.feeds.days import UnclearDay, day_of
from integrations.feeds.tables import Row, TableFault, clean, read_table

__all__ = ["CaseRow", "RowFault", "TableFault", "read", "read_one"]

NEEDED: Final = ("id", "given_name", "family_name", "phone", "test_date")
COLUMNS: Final = (
    "id", "given_name", "family_name", "birth_date", "sex", "phone", "language", "country",
    "test_date", "onset_date", "doctor", "setting", "notes", "address", "postcode",
    "second_contact_name", "second_contact_phone", "second_contact_relation", "told_by", "told_on",
    "territory",
)  # fmt: skip

OLDEST: Final = 120
SEXES: Final = {
    "": "", "f": "f", "female": "f", "femme": "f", "m": "m", "male": "m", "h": "m", "homme": "m",
    "x": "x", "other": "x", "autre": "x", "unknown": "", "u": "", "inconnu": "",
}  # fmt: skip
NO_SYMPTOMS: Final = "none"
UNREADABLE: Final = "\N{REPLACEMENT CHARACTER}"


@dataclass(frozen=True, slots=True)
class CaseRow:
    """One case as a list gives it, checked. Telephones are E.164, "" where there is none.

    `onset_date` is None where unknown; `no_symptoms` where the list says `none`. `flags`:
    number_doubtful (possible, not known as valid), second_number_doubtful, no_phone, no_name,
    no_test_date, no_birth_date.
    """

    line: int
    id: str
    given_name: str = ""
    family_name: str = ""
    birth_date: date | None = None
    sex: str = ""
    phone: str = ""
    language: Lang = "fr"
    country: str = "FR"
    test_date: date | None = None
    onset_date: date | None = None
    no_symptoms: bool = False
    doctor: str = ""
    setting: str = ""
    notes: str = ""
    address: str = ""
    postcode: str = ""
    territory: str = ""
    second_contact_name: str = ""
    second_contact_phone: str = ""
    second_contact_relation: str = ""
    told_by: str = ""
    told_on: date | None = None
    flags: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class RowFault:
    """Why a row is not taken: where (`column` "" for the whole row) and what to do.

    The reason never repeats what the cell says of somebody.
    """

    line: int
    column: str
    reason: str


def read(
    path: Path,
    today: date,
    *,
    language: Lang = "fr",
    country: str = "FR",
    territories: Collection[str] = (),
) -> Iterator[CaseRow | RowFault]:
    """Each row of the list, or all its faults; `language` and `country` stand for empty cells,
    `territories` are the codes that there are.

    Raises `TableFault` for a file or header that cannot be used, before the first row.
    Dates are ISO; 13/02/2021 is taken too, 03/02/2021 is not, for it can be two days.
    """
    rows = read_table(path, COLUMNS, NEEDED)
    return _checked(rows, _Defaults(today, language, country.upper(), territories))


def read_one(
    cells: Mapping[str, str],
    today: date,
    *,
    language: Lang = "fr",
    country: str = "FR",
    territories: Collection[str] = (),
) -> list[CaseRow | RowFault]:
    """One case that somebody typed, by column, read as a row of a list is."""
    row = Row(1, {name: clean(cells.get(name, "")) for name in COLUMNS})
    return list(_checked(iter([row]), _Defaults(today, language, country.upper(), territories)))


@dataclass(frozen=True, slots=True)
class _Defaults:
    today: date
    language: Lang
    country: str
    territories: Collection[str]


def _checked(rows: Iterator[Row], defaults: _Defaults) -> Iterator[CaseRow | RowFault]:
    lines: dict[str, int] = {}
    for row in rows:
        reader = _RowReader(row, defaults)
        case = reader.case()
        if case.id in lines:
            reader.fault("id", f"is already on line {lines[case.id]}")
        if case.id:
            lines.setdefault(case.id, row.line)
        yield from reader.faults or (case,)


class _RowReader:
    """Reads the cells of one row and gathers its faults and flags."""

    def __init__(self, row: Row, defaults: _Defaults) -> None:
        self._row = row
        self._defaults = defaults
        self._flags: list[str] = []
        self.faults: list[RowFault] = []

    def fault(self, column: str, reason: str) -> None:
        """Note why this row is not taken."""
        self.faults.append(RowFault(self._row.line, column, reason))

    def case(self) -> CaseRow:
        """The row as far as it can be read: worth something only without faults."""
        country = self._country()
        onset = self._text("onset_date").lower()
        case = CaseRow(
            line=self._row.line,
            id=self._text("id"),
            given_name=self._name("given_name"),
            family_name=self._name("family_name"),
            birth_date=self._day("birth_date"),
            sex=self._sex(),
            phone=self._phone("phone", country, "number_doubtful"),
            language=self._language(),
            country=country,
            test_date=self._day("test_date"),
            onset_date=None if onset == NO_SYMPTOMS else self._day("onset_date"),
            no_symptoms=onset == NO_SYMPTOMS,
            doctor=self._text("doctor"),
            setting=self._text("setting"),
            notes=self._text("notes"),
            address=self._text("address"),
            postcode=self._postcode(country),
            territory=self._territory(),
            second_contact_name=self._name("second_contact_name"),
            second_contact_phone=self._phone(
                "second_contact_phone", country, "second_number_doubtful"
            ),
            second_contact_relation=self._text("second_contact_relation"),
            told_by=self._text("told_by"),
            told_on=self._day("told_on"),
        )
        self._check(case)
        return _flagged(case, self._flags)

    def _check(self, case: CaseRow) -> None:
        """What only several cells together tell."""
        if not case.id:
            self.fault("id", "is missing: it tells an update from a new case")
        if not (self._text("phone") or case.given_name or case.family_name):
            self.fault("phone", "is missing, and so is the name: give one of them")
        if case.birth_date is not None:
            self._check_birth(case, case.birth_date)
        if self._row.surplus:
            self.fault("", "has more cells than the header: quote values that hold the separator")
        for column, cell in self._row.cells.items():
            if UNREADABLE in str(cell):
                self.fault(column, "has letters that cannot be read: save the file as UTF-8")

    def _check_birth(self, case: CaseRow, birth: date) -> None:
        if self._defaults.today.year - birth.year > OLDEST:
            self.fault("birth_date", f"is over {OLDEST} years ago")
        for column, day in (("test_date", case.test_date), ("onset_date", case.onset_date)):
            if day is not None and day < birth:
                self.fault(column, "is before the birth")

    def _text(self, column: str) -> str:
        return str(self._row.cells.get(column, ""))

    def _name(self, column: str) -> str:
        return " ".join(self._text(column).split())

    def _day(self, column: str) -> date | None:
        try:
            day = day_of(self._row.cells.get(column, ""))
        except UnclearDay as unclear:
            self.fault(column, str(unclear))
            return None
        if day is not None and day > self._defaults.today:
            self.fault(column, "is in the future")
        return day

    def _sex(self) -> str:
        said = self._text("sex").lower()
        if said not in SEXES:
            self.fault("sex", "is none of f, m, x; it may be empty")
        return SEXES.get(said, "")

    def _language(self) -> Lang:
        said = self._text("language").lower().replace("_", "-").partition("-")[0]
        for language in LANGUAGES:
            if said == language:
                return language
        if said:
            self.fault("language", f"is none of ours: {', '.join(LANGUAGES)}")
        return self._defaults.language

    def _country(self) -> str:
        said = self._text("country").upper() or self._defaults.country
        if said in phonenumbers.SUPPORTED_REGIONS:
            return said
        self.fault("country", "is not a country's two letters, like FR")
        return self._defaults.country

    def _territory(self) -> str:
        said = self._text("territory").upper()
        if said and said not in self._defaults.territories:
            self.fault("territory", "is none of the territories of the rules; it may be empty")
        return said

    def _postcode(self, country: str) -> str:
        said = self._text("postcode")
        # Spreadsheets take 01000 for a number and drop its zero.
        return said.zfill(5) if country == "FR" and said.isdecimal() else said

    def _phone(self, column: str, country: str, doubtful: str) -> str:
        said = self._text(column)
        if not said:
            return ""
        try:
            number = phonenumbers.parse(said, country)
        except phonenumbers.NumberParseException:
            self.fault(column, "is not a telephone number")
            return ""
        if reason := _impossible(number):
            self.fault(column, reason)
        elif not phonenumbers.is_valid_number(number):
            self._flags.append(doubtful)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


def _impossible(number: phonenumbers.PhoneNumber) -> str:
    match phonenumbers.is_possible_number_with_reason(number):
        case phonenumbers.ValidationResult.IS_POSSIBLE:
            return ""
        case phonenumbers.ValidationResult.TOO_LONG:
            return "has too many digits"
        case phonenumbers.ValidationResult.INVALID_COUNTRY_CODE:
            return "begins with a country code that does not exist"
        case _:
            return "has too few digits"


def _flagged(case: CaseRow, flags: list[str]) -> CaseRow:
    missing = {
        "no_phone": not case.phone,
        "no_name": not (case.given_name or case.family_name),
        "no_test_date": case.test_date is None,
        "no_birth_date": case.birth_date is None,
    }
    return replace(case, flags=(*flags, *(name for name, holds in missing.items() if holds)))
