"""Case lists enter row by row: good rows whole, bad rows told with their line."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from itertools import islice
from pathlib import Path
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone

from bot.entering import NewCase, enter_case
from bot.store.engines import Store
from flows.rules import Pack, territories
from flows.turn import Desk
from flows.vocabulary import LANGUAGES, Case, Lang, Person
from integrations.feeds.case_list import COLUMNS, CaseRow, RowFault, TableFault, read, read_one

__all__ = [
    "COLUMNS",
    "CaseRow",
    "RowFault",
    "TableFault",
    "import_cases",
    "read_list",
    "read_typed",
]

_AT_ONCE = 50
_UNKNOWN_ZONE = "Etc/Unknown"


@dataclass(frozen=True, slots=True)
class Changed:
    """A known case whom the list brought up to date: its line, and which columns."""

    line: int
    changed: tuple[str, ...]


@dataclass(slots=True)
class Imported:
    """What became of a list: how many rows came out how, and the faults of the others."""

    rows: Counter[str] = field(default_factory=Counter)
    changes: list[Changed] = field(default_factory=list)
    faults: list[RowFault] = field(default_factory=list)
    flagged: int = 0


async def import_cases(
    store: Store, desk: Desk, rows: Iterable[CaseRow | RowFault], now: datetime
) -> Imported:
    """Enter all good rows, some at a time; a row is entered whole or not at all."""
    done = Imported()
    waiting = iter(rows)
    while some := list(islice(waiting, _AT_ONCE)):
        good = [row for row in some if isinstance(row, CaseRow)]
        done.faults += [row for row in some if isinstance(row, RowFault)]
        done.flagged += sum("number_doubtful" in row.flags for row in good)
        async with store.writing() as tx:
            for row in good:
                entered = await enter_case(tx, desk, new_case(row, desk.pack(now.date())), now)
                done.rows[entered.kind] += 1
                if entered.changed:
                    done.changes.append(Changed(row.line, entered.changed))
    return done


def read_list(file: Path, today: date, pack: Pack) -> list[CaseRow | RowFault]:
    """A whole list, read before anything is written: a damaged file imports nothing.

    Raises `TableFault` in one line for a file that is no list.
    """
    return list(
        read(
            file,
            today,
            language=_language(pack),
            country=pack.country or "FR",
            territories=_codes(pack, today),
        )
    )


def read_typed(
    cells: Mapping[str, str], today: date, pack: Pack
) -> tuple[CaseRow | None, list[RowFault]]:
    """One case that was typed into a form, or all its faults by column."""
    read = read_one(
        cells,
        today,
        language=_language(pack),
        country=pack.country or "FR",
        territories=_codes(pack, today),
    )
    faults = [row for row in read if isinstance(row, RowFault)]
    return next((row for row in read if isinstance(row, CaseRow)), None), faults


def _codes(pack: Pack, today: date) -> frozenset[str]:
    return frozenset(one.code for one in territories(pack, today))


def _language(pack: Pack) -> Lang:
    return next((lang for lang in LANGUAGES if lang == pack.language), "fr")


def new_case(row: CaseRow, pack: Pack) -> NewCase:
    """A row of a list as a person and a case."""
    second = {
        "name": row.second_contact_name,
        "phone": row.second_contact_phone,
        "relation": row.second_contact_relation,
    }
    person = Person(
        id=0,
        given_name=row.given_name,
        family_name=row.family_name,
        birth_date=row.birth_date,
        sex=row.sex,
        language=row.language,
        country=row.country,
        zone=zone_of(row.phone, row.country, pack),
        street=row.address,
        postcode=row.postcode,
        territory=row.territory,
        doctor=row.doctor,
        notes=row.notes,
        second_contact={name: value for name, value in second.items() if value},
    )
    case = Case(
        id=0,
        person_id=0,
        external_id=row.id,
        test_date=row.test_date,
        onset=row.onset_date,
        no_symptoms=row.no_symptoms,
        told_by=row.told_by,
        told_on=row.told_on,
        setting=row.setting,
    )
    return NewCase(person, case, row.phone, row.flags)


def zone_of(phone: str, country: str, pack: Pack) -> str:
    """The time zone of a number where it has one, else that of the rules' territory."""
    if not phone or country == pack.country:
        return str(pack.zone)
    zones = timezone.time_zones_for_number(phonenumbers.parse(phone))
    known = next((zone for zone in zones if zone != _UNKNOWN_ZONE), "")
    return str(ZoneInfo(known)) if known else str(pack.zone)
