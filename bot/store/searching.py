"""Finding people by what an agent types: a name as it sounds, a number, a code, a birth date."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from datetime import date

import phonenumbers
from sqlalchemy import bindparam, func, select

from bot.store import people
from bot.store.cases import external_hash
from bot.store.check_codes import PATTERN
from bot.store.engines import Tx
from bot.store.names import closeness, sounds, tokens
from bot.store.profiles import code_hash, full_name
from bot.store.schema import cases, person_tokens, persons
from flows.vocabulary import Person

# As many rows are decrypted for one search, and no more.
MOST = 200

_BY_TOKENS = (
    select(person_tokens.c.person_id)
    .where(person_tokens.c.hash.in_(bindparam("hashes", expanding=True)))
    .group_by(person_tokens.c.person_id)
    .order_by(func.count().desc(), person_tokens.c.person_id.desc())
    .limit(MOST)
)
_OF = persons.c.id == person_tokens.c.person_id
_BY_CODE = select(persons.c.id).where(persons.c.check_code_hash == bindparam("hash"))
_BY_LIST_ID = select(cases.c.person_id).where(
    cases.c.external_hash.in_(bindparam("hashes", expanding=True))
)
_NUMBER = re.compile(r"\+?[\d\s().-]{6,20}\d")
_DAY = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})")
_ISO = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
_ID = re.compile(r"\d{16,19}")


async def search(
    tx: Tx, words: str, limit: int = 20, country: str = "FR", of: Collection[str] | None = None
) -> list[Person]:
    """The people whom these words may mean, the likeliest first.

    Words are names (in any spelling that sounds alike), a phone in any form, an id, a check code,
    a list's own id of a case, a birth date (day first, or ISO), a postcode. `country` completes
    a number without prefix. `of`: by a name only those of these territories; a number, an id or a
    code find whomever they mean.
    """
    sure = await _exactly(tx, words, country)
    named = await _by_tokens(tx, words, of)
    found = await people.get_many(tx, list(dict.fromkeys([*sure, *named]))[:MOST])
    first = set(sure)
    ranked = sorted(found, key=lambda one: (one.id not in first, -_likeness(words, one), one.id))
    return ranked[:limit]


def numbers_in(words: str, country: str) -> list[str]:
    """The phone numbers that these words may be, as E.164."""
    found = []
    for match in _NUMBER.finditer(words):
        try:
            number = phonenumbers.parse(match[0], country)
        except phonenumbers.NumberParseException:
            continue
        found.append(phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164))
    return found


def days_in(words: str) -> list[date]:
    """The days that these words name."""
    read = [(int(y), int(m), int(d)) for y, m, d in _ISO.findall(words)]
    read += [(int(y), int(m), int(d)) for d, m, y in _DAY.findall(words)]
    days = []
    for year, month, day in read:
        try:
            days.append(date(year, month, day))
        except ValueError:
            continue
    return days


def _likeness(words: str, person: Person) -> float:
    named = " ".join(token for token in tokens(words) if not token.isdecimal())
    score = closeness(named, full_name(person))
    score += 50.0 * (person.birth_date in days_in(words))
    return score + 25.0 * bool(set(tokens(words)) & set(tokens(person.postcode)))


async def _exactly(tx: Tx, words: str, country: str) -> list[int]:
    ids = [int(match) for match in _ID.findall(words) if int(match) < 2**63]
    for match in PATTERN.finditer(words):
        ids += await tx.conn.scalars(_BY_CODE, {"hash": code_hash(tx, match[0])})
    listed = [external_hash(tx, word) for word in words.split()]
    ids += await tx.conn.scalars(_BY_LIST_ID, {"hashes": listed}) if listed else []
    for number in numbers_in(words, country):
        ids += await people.ids_at_number(tx, number)
    return ids


async def _by_tokens(tx: Tx, words: str, of: Collection[str] | None) -> Sequence[int]:
    index = tx.keyring.index
    hashes = [index("name", token) for token in tokens(words)]
    hashes += [index("phonetic", heard) for heard in sounds(words)]
    hashes += [index("postcode", token) for token in tokens(words)]
    hashes += [index("birth_date", day.isoformat()) for day in days_in(words)]
    if not hashes:
        return []
    wanted = _BY_TOKENS if of is None else _BY_TOKENS.where(_OF, persons.c.territory.in_(of))
    return (await tx.conn.scalars(wanted, {"hashes": hashes})).all()
