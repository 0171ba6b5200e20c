"""Who falls silent is reached in other ways, by rows, and is left alone by none of them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import time
from zoneinfo import ZoneInfo

import pytest

from bot.store import addresses, conversations, following, people
from flows.vocabulary import FollowUp
from tests.services import MARIE, Chain, chain, settings_for
from tests.silences import (
    HUSBAND,
    OTHER,
    also_at,
    day_before,
    follow_marie,
    open_reasons,
    until_asked,
)
from tests.standins.twilio import TwilioStandin

PARIS = ZoneInfo("Europe/Paris")
SECRETS = ("covid", "santé va", "fièvre", "test", "malade", "bernard", "suivi", "signe")


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database."""
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        yield opened


def sent_to(standin: TwilioStandin, number: str) -> list[str]:
    return [kept.body for kept in standin.sent if kept.to == number]


async def pass_hours(one: Chain, hours: float) -> None:
    """Time passes in steps, as for a worker that never sleeps."""
    for _ in range(int(hours * 2)):
        await one.pass_time(minutes=30)
    await one.pass_time(hours=hours % 0.5)


async def fragile(one: Chain) -> FollowUp:
    """A fragile person, asked this morning."""
    follow_up = await follow_marie(one, facts={"pregnant": "yes"})
    await until_asked(one, follow_up)
    return follow_up


async def test_a_fragile_person_is_reminded_reached_otherwise_and_looked_for(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, facts={"pregnant": "yes"})
    await also_at(one, follow_up, proven_at=one.clock.at, role="self")
    await until_asked(one, follow_up)
    assert len(sent_to(twilio_standin, MARIE)) == 1
    await pass_hours(one, 4.5)
    assert len(sent_to(twilio_standin, MARIE)) == 2
    await pass_hours(one, 3)
    (question,) = sent_to(twilio_standin, OTHER)
    assert "Mal à respirer" in question or "naissance" in question
    await pass_hours(one, 2)
    (asked,) = sent_to(twilio_standin, HUSBAND)
    assert "Marie B. " in asked and not any(word in asked.lower() for word in SECRETS)
    await pass_hours(one, 1)
    assert await open_reasons(one, follow_up) == {"silent_fragile": "P2"}
    assert len(sent_to(twilio_standin, MARIE)) == 2


async def test_an_answer_ends_the_ladder_at_once(one: Chain, twilio_standin: TwilioStandin) -> None:
    follow_up = await fragile(one)
    await pass_hours(one, 5)
    for words in ("2", "0", "0"):
        assert await twilio_standin.text(MARIE, words) == 200
        await one.pass_time(seconds=5)
    before = len(twilio_standin.sent)
    await pass_hours(one, 8)
    assert len(twilio_standin.sent) == before
    assert await open_reasons(one, follow_up) == {}


async def test_a_word_to_the_second_contact_that_waits_goes_with_the_answer(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await fragile(one)
    await pass_hours(one, 8.75)
    one.clock.forward(minutes=30)
    await one.fire()
    one.clock.forward(minutes=1)
    assert await twilio_standin.text(MARIE, "2") == 200
    await pass_hours(one, 1)
    assert sent_to(twilio_standin, HUSBAND) == []
    assert "silent_fragile" not in await open_reasons(one, follow_up)


@pytest.mark.parametrize("why", ["nobody", "forbidden", "violence", "own", "listed"])
async def test_a_second_contact_is_not_asked_where_that_may_harm(
    one: Chain, twilio_standin: TwilioStandin, why: str
) -> None:
    facts = {"pregnant": "yes"} | ({"second_contact": "no"} if why == "forbidden" else {})
    follow_up = await follow_marie(one, second=why != "nobody", facts=facts)
    if why in ("violence", "own"):
        await also_at(one, follow_up, HUSBAND if why == "own" else OTHER)
    async with one.service.store.writing() as tx:
        if why == "violence":
            other = await addresses.find(tx, "sms", OTHER)
            assert other is not None
            await addresses.save(tx, replace(other, silence="violence"))
        if why == "listed":
            await addresses.forbid(tx, HUSBAND, None, "wrong_number", one.clock.at)
    await until_asked(one, follow_up)
    await pass_hours(one, 10.5)
    assert not any("nous n'arrivons pas" in body for body in sent_to(twilio_standin, HUSBAND))
    assert await open_reasons(one, follow_up) == {"silent_fragile": "P2"}


async def test_silence_after_a_bad_day_is_a_persons_within_two_hours(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    await day_before(one, follow_up, priority="P2", trend="worse")
    async with one.service.store.writing() as tx:
        (talk, *_) = await conversations.of_person(tx, follow_up.person_id)
        await conversations.save(tx, replace(talk, status="ended"))
    await until_asked(one, follow_up)
    await pass_hours(one, 2.25)
    assert await open_reasons(one, follow_up) == {"silent_risky": "P2"}
    assert len(sent_to(twilio_standin, MARIE)) >= 3


async def test_a_new_day_never_takes_away_the_question_after_a_danger(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    one.clock.forward(hours=23, minutes=50)
    assert await twilio_standin.text(MARIE, "j'étouffe") == 200
    await one.work()
    await pass_hours(one, 1)
    found = await open_reasons(one, follow_up)
    assert found["danger"] == "P1" and found["silent_after_alert"] == "P1"


async def test_days_that_were_never_answered_go_to_a_person_even_without_a_ladder(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    for _ in range(4):
        await until_asked(one, follow_up)
    async with one.service.store.reading() as tx:
        states = [day.state for day in await following.history(tx, follow_up.id)]
    assert states == ["missed", "missed", "missed", "asked"]
    assert (await open_reasons(one, follow_up))["silent"] == "P3"


async def test_the_hour_at_which_somebody_answers_moves_the_check_in_and_the_reminder(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    for _ in range(4):
        await until_asked(one, follow_up)
        one.clock.at = one.clock.at.replace(hour=9, minute=40)  # 10:40 in Paris
        for words in ("2", "0", "0"):
            assert await twilio_standin.text(MARIE, words) == 200
            await one.pass_time(seconds=5)
    await until_asked(one, follow_up)
    async with one.service.store.reading() as tx:
        person = await people.get(tx, follow_up.person_id)
    assert person is not None and person.facts["usual_hour"] == "10:00"
    assert time(10) <= one.clock.at.astimezone(PARIS).time() < time(11)
    await until_asked(one, follow_up)
    before = len(sent_to(twilio_standin, MARIE))
    await pass_hours(one, 4)
    assert len(sent_to(twilio_standin, MARIE)) == before
    await pass_hours(one, 2)
    assert len(sent_to(twilio_standin, MARIE)) == before + 1


async def test_where_nobody_proved_who_they_are_the_proof_comes_first(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, facts={"pregnant": "yes"})
    await also_at(one, follow_up)
    await until_asked(one, follow_up)
    await pass_hours(one, 7.5)
    (asked,) = sent_to(twilio_standin, OTHER)
    assert "année de naissance" in asked and "respirer" not in asked
    assert await twilio_standin.text(OTHER, "1980") == 200
    await one.pass_time(seconds=5)
    assert "Mal à respirer" in sent_to(twilio_standin, OTHER)[-1]
