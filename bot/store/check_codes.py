"""Check codes like K7P42: what a person reads to an agent, or hears from one, to be found."""

from __future__ import annotations

import re
from random import Random

from sqlalchemy import bindparam, select

from bot.store.engines import Tx
from bot.store.profiles import code_hash
from bot.store.schema import persons

# Nothing that is mistaken for another on paper or by ear, and no vowels, so no words.
LETTERS = "CDFGHJKMNPRTVWX"
DIGITS = "234679"
PATTERN = re.compile(rf"[{LETTERS}][{DIGITS}][{LETTERS}{DIGITS}]{{3,7}}", re.IGNORECASE)
_TAKEN = select(persons.c.check_code_hash).where(
    persons.c.check_code_hash.in_(bindparam("hashes", expanding=True))
)


async def new_codes(tx: Tx, count: int) -> list[str]:
    """Codes that nobody has; longer ones once the short ones become scarce."""
    codes: dict[str, None] = {}
    length = 5
    while len(codes) < count:
        drawn = {_draw(tx.ids.random, length) for _ in range(count - len(codes))} - codes.keys()
        hashes = {code_hash(tx, code): code for code in sorted(drawn)}
        taken = set(await tx.conn.scalars(_TAKEN, {"hashes": list(hashes)}))
        codes |= {code: None for hashed, code in hashes.items() if hashed not in taken}
        length += len(taken) * 4 > len(drawn)
    return list(codes)


def _draw(random: Random, length: int) -> str:
    tail = random.choices(LETTERS + DIGITS, k=length - 2)
    return "".join((random.choice(LETTERS), random.choice(DIGITS), *tail))
