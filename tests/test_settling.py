"""After a text is done: its price is noted, and with TWILIO_REDACT its words leave Twilio."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest
from sqlalchemy import select

from bot.settling import Settler
from bot.store.schema import messages
from integrations.channels.twilio import Twilio
from tests.services import MARIE, Chain, chain, settings_for
from tests.standins.twilio import Fail, TwilioStandin


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database."""
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        yield opened


def settler(one: Chain, blank: bool) -> Settler:
    twilios = [found for found in one.service.channels.values() if isinstance(found, Twilio)]
    return Settler(one.service.store, twilios, one.clock.now, "me", blank=blank)


async def costs(one: Chain) -> list[tuple[int | None, str]]:
    async with one.service.store.reading() as tx:
        out = select(messages.c.segments, messages.c.price).where(messages.c.direction == "out")
        rows = (await tx.conn.execute(out.order_by(messages.c.id))).all()
    return [(row.segments, row.price) for row in rows]


async def talked(one: Chain, standin: TwilioStandin) -> None:
    """A text went out and arrived, another came."""
    await one.enter_marie()
    await one.pass_time(minutes=1)
    [sent] = standin.sent
    await standin.report(sent.sid, ["sent", "delivered"])
    assert await standin.text(MARIE, "qui est-ce ?") == 200


@pytest.mark.parametrize("blank", [False, True])
async def test_an_hour_later_the_price_is_noted_and_words_are_taken_away_if_wished(
    one: Chain, twilio_standin: TwilioStandin, blank: bool
) -> None:
    await talked(one, twilio_standin)
    ours = settler(one, blank)
    one.clock.forward(minutes=50)
    assert await ours.step() is False
    assert (await costs(one))[0] == (1, "")
    one.clock.forward(minutes=20)
    await ours.step()
    assert (await costs(one))[0] == (2, "-0.15000 USD")
    bodies = {kept.body for kept in (*twilio_standin.sent[:1], *twilio_standin.received)}
    assert (bodies == {""}) is blank
    said = [message.text for message in await one.transcript()]
    assert "" not in said and "qui est-ce ?" in said


async def test_a_provider_out_of_reach_is_asked_again_and_what_is_gone_is_passed_over(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await talked(one, twilio_standin)
    lost = twilio_standin.received.pop()
    one.clock.forward(hours=2)
    twilio_standin.next = [Fail(503)]
    ours = settler(one, True)
    await ours.step()
    assert (await costs(one))[0] == (1, "")
    await ours.step()
    assert twilio_standin.sent[0].body == "" and lost.body != ""
    assert (await costs(one))[0] == (2, "-0.15000 USD")


async def test_a_messaging_service_answers_without_a_sender(
    sqlite_store_url: str, twilio_standin: TwilioStandin
) -> None:
    settings = settings_for(sqlite_store_url, twilio_standin.url)
    assert settings.twilio is not None
    service = replace(settings.twilio, sender="", messaging_service_sid="MG" + "1" * 32)
    async with chain(replace(settings, twilio=service), twilio_standin) as one:
        await talked(one, twilio_standin)
        assert (twilio_standin.sent[0].from_, twilio_standin.sent[0].service) == (
            "",
            "MG" + "1" * 32,
        )
        one.clock.forward(hours=2)
        await settler(one, False).step()
        assert (await costs(one))[0] == (2, "-0.15000 USD")


@pytest.mark.parametrize("word", ["YES", "unstop"])
async def test_the_words_that_twilio_takes_for_start_are_start_after_stop(
    one: Chain, twilio_standin: TwilioStandin, word: str
) -> None:
    await talked(one, twilio_standin)
    assert await twilio_standin.text(MARIE, "STOP") == 200
    assert await twilio_standin.text(MARIE, word) == 200
    await one.work()
    assert "reprennent" in twilio_standin.sent[-1].body
