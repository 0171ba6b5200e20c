"""Case lists enter row by row: good rows whole, bad rows told with their line."""

from __future__ import annotations

from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from zoneinfo import ZoneInfo

import phonenumbers
from phonenumbers import timezone

from bot.entering import Entered, NewCase, enter_case
from bot.store.engines import Store, Tx
from flows.rules import Pack
from flows.turn import Desk
from flows.vocabulary import Case, Person
from integrations.feeds.case_list import CaseRow, RowFault

_AT_ONCE = 50
_UNKNOWN_ZONE = "Etc/Unknown"


@dataclass(slots=True)
class Imported:
    """What became of a list: how many rows came out how, and the faults of the others."""

    rows: Counter[Entered] = field(default_factory=Counter)
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
            done.rows.update([kind async for kind in _entered(tx, desk, good, now)])
    return done


async def _entered(
    tx: Tx, desk: Desk, rows: Iterable[CaseRow], now: datetime
) -> AsyncIterator[Entered]:
    for row in rows:
        kind, _ = await enter_case(tx, desk, new_case(row, desk.pack(now.date())), now)
        yield kind


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
