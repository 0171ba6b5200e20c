"""One person, several addresses: the talk goes on where they are, and asks nothing twice."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.deeds.chatting import BOT_NAME, send_chat_code
from bot.desk import open_desk
from bot.store import addresses, conversations, messages, people, state, users
from bot.store.engines import Store
from flows.vocabulary import ChatWanted, Link, Person
from tests.services import MARIE, Chain, chain, settings_for
from tests.silences import OTHER, also_at, follow_marie, open_reasons, until_asked
from tests.standins.twilio import Hang, Refuse, TwilioStandin
from tests.stores import NOW


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database."""
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        yield opened


def sent_to(standin: TwilioStandin, number: str) -> list[str]:
    return [kept.body for kept in standin.sent if kept.to == number]


async def says(one: Chain, standin: TwilioStandin, number: str, *words: str) -> str:
    """Marie writes; the last that she reads at that number."""
    for text in words:
        assert await standin.text(number, text) == 200
        await one.pass_time(seconds=5)
    return sent_to(standin, number)[-1]


@pytest.mark.parametrize(("code", "reasons"), [(30005, {"number_bad"}), (30003, set())])
async def test_what_cannot_be_delivered_is_asked_at_the_next_address(
    one: Chain, twilio_standin: TwilioStandin, code: int, reasons: set[str]
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    twilio_standin.to_number[MARIE] = Refuse(code)
    await until_asked(one, follow_up)
    for _ in range(12):
        await one.pass_time(minutes=10)
    (asked,) = sent_to(twilio_standin, OTHER)
    assert "Mal à respirer" in asked
    assert set(await open_reasons(one, follow_up)) == reasons
    assert "fièvre" in await says(one, twilio_standin, OTHER, "2")


async def test_stop_is_never_gone_round(one: Chain, twilio_standin: TwilioStandin) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    twilio_standin.to_number[MARIE] = Refuse(21610)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=30)
    assert sent_to(twilio_standin, OTHER) == []
    assert "undeliverable" in await open_reasons(one, follow_up)


async def test_without_another_address_somebody_looks(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    twilio_standin.to_number[MARIE] = Refuse(30007)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    assert "undeliverable" in await open_reasons(one, follow_up)


async def test_health_is_not_spoken_of_where_nobody_proved_who_they_are(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up)
    twilio_standin.to_number[MARIE] = Refuse(30005)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    (asked,) = sent_to(twilio_standin, OTHER)
    assert "année de naissance" in asked and "respirer" not in asked
    assert "Mal à respirer" in await says(one, twilio_standin, OTHER, "1980")
    assert "fièvre" in await says(one, twilio_standin, OTHER, "2")


async def test_whoever_fails_the_proof_there_is_asked_nothing_more(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up)
    twilio_standin.to_number[MARIE] = Refuse(30005)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    last = await says(one, twilio_standin, OTHER, "1955", "1956")
    assert not any("respirer" in body for body in sent_to(twilio_standin, OTHER))
    assert "appelez" in last
    assert "identity_failed" in await open_reasons(one, follow_up)
    async with one.service.store.reading() as tx:
        (talk,) = await conversations.of_person(tx, follow_up.person_id)
    assert (talk.status, talk.outcome) == ("ended", "unproven")


async def test_an_answer_from_another_address_is_heard_as_the_answer(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    await until_asked(one, follow_up)
    assert "fièvre" in await says(one, twilio_standin, MARIE, "2")
    assert "autres signes" in await says(one, twilio_standin, OTHER, "0")
    assert "Prochain point" in await says(one, twilio_standin, MARIE, "0")
    await one.pass_time(hours=9)
    assert len(sent_to(twilio_standin, OTHER)) == 1
    assert await open_reasons(one, follow_up) == {}


async def test_a_number_that_nobody_proved_takes_no_conversation_along(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up)
    await until_asked(one, follow_up)
    last = await says(one, twilio_standin, OTHER, "2")
    assert "fièvre" not in last
    assert "fièvre" in await says(one, twilio_standin, MARIE, "2")


async def test_danger_is_heard_from_any_address(one: Chain, twilio_standin: TwilioStandin) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up)
    await until_asked(one, follow_up)
    assert "URGENT" in await says(one, twilio_standin, OTHER, "j'étouffe")
    assert (await open_reasons(one, follow_up))["danger"] == "P1"


async def test_a_reminder_that_waits_at_the_old_address_goes_with_the_conversation(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    await until_asked(one, follow_up)
    one.clock.forward(hours=5, minutes=5)
    await one.fire()
    before = len(sent_to(twilio_standin, MARIE))
    one.clock.forward(minutes=1)
    assert "fièvre" in await says(one, twilio_standin, OTHER, "2")
    assert len(sent_to(twilio_standin, MARIE)) == before


async def test_a_text_of_which_nobody_knows_is_asked_elsewhere_after_a_while(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    twilio_standin.to_number[MARIE] = Hang(kept=False)
    await until_asked(one, follow_up)
    for _ in range(40):
        one.clock.forward(seconds=30)
        await one.service.outbox.look_up()
        await one.work()
    (asked,) = sent_to(twilio_standin, OTHER)
    assert "Mal à respirer" in asked
    assert await open_reasons(one, follow_up) == {}


async def test_a_safety_text_that_fails_goes_where_the_person_is_proven(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    await until_asked(one, follow_up)
    twilio_standin.to_number[MARIE] = Refuse(30005)
    assert await twilio_standin.text(MARIE, "j'étouffe") == 200
    await one.pass_time(seconds=5)
    await one.work()
    assert any("URGENT" in body for body in sent_to(twilio_standin, OTHER))
    assert (await open_reasons(one, follow_up))["danger"] == "P1"


async def test_what_is_open_at_the_other_address_already_is_finished_first(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    await until_asked(one, follow_up)
    async with one.service.store.writing() as tx:
        other = await addresses.find(tx, "sms", OTHER)
        (talk,) = await conversations.of_person(tx, follow_up.person_id)
        assert other is not None
        first = replace(talk, id=tx.ids.new(one.clock.at), address_id=other.id, day=None)
        await conversations.save(tx, first)
    twilio_standin.to_number[MARIE] = Refuse(30005)
    one.clock.forward(hours=5, minutes=5)
    await one.work()
    await one.pass_time(minutes=1)
    async with one.service.store.reading() as tx:
        talks = await conversations.of_person(tx, follow_up.person_id)
    assert sorted(one.status for one in talks) == ["open", "queued"]
    assert all(one.address_id == other.id for one in talks)


@pytest.mark.parametrize(
    ("bot", "author"), [("", False), ("vigie_bot", False), ("vigie_bot", True)]
)
async def test_a_link_to_our_bot_answers_only_who_asked_for_it(
    store: Store, bot: str, author: bool
) -> None:
    async with store.writing() as tx:
        person = await people.add(tx, Person(0, given_name="Marie", language="fr"), NOW)
        address = await addresses.lock(tx, "sms", "+33639980001", NOW)
        await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=NOW))
        if bot:
            await state.put(tx, BOT_NAME, bot, NOW)
        wanted = ChatWanted(person.id, address.id)
        agent = await users.add(tx, "a@example.org", "agent", "x", now=NOW) if author else None
        assert await send_chat_code(tx, open_desk(), wanted, NOW, agent.id if agent else None)
        (text,) = [one.text for one in await messages.of_person(tx, person.id)]
        linked = bool(bot) and not author
        assert (f"https://t.me/{bot}?start=" in text) is linked
        assert ("/start " in text) is not linked
