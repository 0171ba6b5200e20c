"""A code passed on in place of names: who writes it is enrolled, once, in its time, by id alone."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.deeds import carry_out
from bot.deeds.relaying import SETTING
from bot.desk import open_desk
from bot.store import addresses, cases, contacts, conversations, messages, people, relays
from bot.store.engines import Store, Tx
from bot.store.schema import messages as rows
from bot.taking import take_all
from flows.rules import relay
from flows.turn import Desk
from flows.vocabulary import Case, Incoming, Link, Person, PersonLearned, RelayOpened
from tests.stores import NOW

DESK = open_desk()
RULE = relay(DESK.pack(NOW.date()), NOW.date())


async def a_case(tx: Tx, number: str = "+33639980001") -> tuple[Case, str]:
    """A case reached at a number, and the code that it may pass on."""
    person = await people.add(tx, Person(0, given_name="Yanis", family_name="Roux"), NOW)
    address = await addresses.lock(tx, "sms", number, NOW)
    await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=NOW))
    case = await cases.add(tx, Case(tx.ids.new(NOW), person.id, created_at=NOW))
    return case, (await relays.codes(tx, [case.id]))[case.id]


async def opened(tx: Tx, how_many: int | None = None) -> tuple[Case, str]:
    case, code = await a_case(tx)
    await carry_out(tx, DESK, RelayOpened(case.id, how_many), NOW)
    return case, code


async def writes(tx: Tx, words: str, number: str = "+33639980042", days: int = 0) -> None:
    """Somebody sends us these words."""
    now = NOW + timedelta(days=days)
    incoming = Incoming("sms", f"SM{tx.ids.new(now)}", number, "38000", words)
    await take_all(tx, [incoming], DESK, now)


async def said(tx: Tx, number: str = "+33639980042") -> list[str]:
    """What waits to be sent to a number."""
    address = await addresses.lock(tx, "sms", number, NOW)
    out = select(rows.c.id).where(rows.c.address_id == address.id, rows.c.direction == "out")
    found = [await messages.get(tx, one) for one in await tx.conn.scalars(out.order_by(rows.c.id))]
    return [one.text for one in found if one]


async def tied(tx: Tx, case: Case) -> int:
    """How many people are tied to the case by its code."""
    return sum(e.setting == SETTING for e in await contacts.exposures_of_case(tx, case.id))


@pytest.fixture
async def tx(store: Store) -> AsyncIterator[Tx]:
    async with store.writing() as transaction:
        yield transaction


async def test_who_writes_the_code_is_enrolled_by_the_id_of_the_case_alone(tx: Tx) -> None:
    case, code = await opened(tx)
    await writes(tx, f"bonjour, mon code c'est {code.lower()}")
    (tie,) = await contacts.exposures_of_case(tx, case.id)
    assert (tie.setting, tie.said_name, tie.relation, tie.may_name) == (SETTING, "", "", False)
    contact = await contacts.get(tx, tie.contact_id)
    person = await people.get(tx, contact.person_id) if contact else None
    assert person and (person.given_name, person.family_name) == ("", "")
    (asked,) = await said(tx)
    assert "prénom et nom" in asked
    assert "Yanis" not in asked and "Roux" not in asked


async def test_a_code_enrols_nobody_before_its_case_passes_it_on(tx: Tx) -> None:
    case, code = await a_case(tx)
    await writes(tx, code)
    assert await tied(tx, case) == 0


async def test_a_number_is_enrolled_once_by_a_code(tx: Tx) -> None:
    case, code = await opened(tx)
    await writes(tx, code)
    await writes(tx, code)
    await writes(tx, code, "+33639980043")
    assert await tied(tx, case) == 2


async def test_the_case_itself_is_not_enrolled_by_its_own_code(tx: Tx) -> None:
    case, code = await opened(tx)
    await writes(tx, code, "+33639980001")
    assert await tied(tx, case) == 0


async def test_a_wrong_an_expired_and_a_full_code_get_the_strangers_text(tx: Tx) -> None:
    case, code = await opened(tx)
    wrong = code[:-1] + ("3" if code[-1] != "3" else "4")
    await writes(tx, wrong)
    await writes(tx, code, "+33639980043", days=RULE.lifetime.days + 1)
    await relays.open_up(tx, case.id, 0, NOW + RULE.lifetime, None)
    await writes(tx, code, "+33639980044")
    await writes(tx, "bonjour", "+33639980045")
    told = [await said(tx, f"+336399800{n}") for n in (42, 43, 44, 45)]
    assert told[0] == told[1] == told[2] == told[3] and len(told[0]) == 1
    assert await tied(tx, case) == 0


async def test_no_more_people_than_its_places_use_a_code(tx: Tx) -> None:
    case, code = await opened(tx)
    await relays.open_up(tx, case.id, 2, NOW + RULE.lifetime, None)
    for n in range(46, 50):
        await writes(tx, code, f"+336399800{n}")
    assert await tied(tx, case) == 2


async def test_after_too_many_wrong_codes_a_right_one_is_not_looked_at_that_day(tx: Tx) -> None:
    case, code = await opened(tx)
    for letter in "BCDFGH"[: RULE.tries]:
        await writes(tx, f"{letter}3{letter}4{letter}6")
    await writes(tx, code)
    assert await tied(tx, case) == 0
    await writes(tx, code, days=1)
    assert await tied(tx, case) == 1


async def test_the_last_day_that_is_told_counts_for_the_tie(tx: Tx) -> None:
    case, code = await opened(tx)
    await writes(tx, code)
    (tie,) = await contacts.exposures_of_case(tx, case.id)
    contact = await contacts.get(tx, tie.contact_id)
    assert contact is not None
    learned = PersonLearned(contact.person_id, {"relay.last_day": "2026-11-20"})
    await carry_out(tx, DESK, learned, NOW)
    (tie,) = await contacts.exposures_of_case(tx, case.id)
    assert str(tie.last_day) == "2026-11-20"


async def test_danger_beside_a_code_is_heard(tx: Tx) -> None:
    case, code = await opened(tx)
    await writes(tx, f"{code} je n'arrive plus à respirer")
    assert await tied(tx, case) == 1
    assert any("15" in text for text in await said(tx))


@pytest.mark.parametrize(
    "words", ["bonjour", "merci beaucoup", "K7P42", "0639980042", "rendez-vous le 12/11", "BCDFGH"]
)
def test_ordinary_words_are_no_code(words: str) -> None:
    assert relays.code_in(words) is None


@pytest.mark.parametrize("words", ["RK4829", "rk4829", "le code RK4-829.", "code : rk4 829"])
def test_a_code_is_found_as_people_write_it(words: str) -> None:
    assert relays.code_in(words.replace("2", "3")) == "RK4839"


async def test_a_talk_that_stands_open_is_not_answered_by_a_code(tx: Tx) -> None:
    _, code = await opened(tx)
    await writes(tx, code)
    second, other = await a_case(tx, "+33639980002")
    await carry_out(tx, DESK, RelayOpened(second.id), NOW)
    await writes(tx, other)
    assert await tied(tx, second) == 1
    address = await addresses.lock(tx, "sms", "+33639980042", NOW)
    talks = await conversations.of_address(tx, address.id, NOW)
    assert [talk.frames[-1].node for talk in talks if talk.status == "open"] == ["name"]


def test_the_desk_is_the_shipped_one() -> None:
    assert isinstance(DESK, Desk) and RULE.places > 1
