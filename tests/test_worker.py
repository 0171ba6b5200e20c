"""The worker: what is due happens once, what breaks goes to a person, polling loses nothing."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.due import TRIES, carry_out_due, fire_due
from bot.polling import Polling
from bot.service import Service, close_service, open_service
from bot.store import addresses, deed_rows, messages, people, scenes, state, timers
from bot.worker import work
from flows.spec.library import Library
from flows.spec.nodes import Flow
from flows.vocabulary import Deed, Enrol, PersonLearned
from tests.services import MARIE, Chain, Still, chain, settings_for, telegram_at
from tests.standins.telegram import TelegramStandin, too_many
from tests.standins.twilio import TwilioStandin


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        yield opened


class Torn(Library):
    """Flows that cannot be read, for a reason that nobody foresaw."""

    def __getitem__(self, name: str) -> Flow:
        raise ZeroDivisionError(name)


def lame(service: Service) -> Service:
    """A service whose every turn breaks."""
    return replace(service, desk=replace(service.desk, library=Torn({})))


async def reasons(one: Chain, number: str = MARIE) -> list[str]:
    async with one.service.store.reading() as tx:
        found = await addresses.find(tx, "sms", number)
        assert found is not None
        return [r.reason for r in (await scenes.scene(tx, found, one.clock.at)).reviews]


async def due_timers(one: Chain) -> int:
    async with one.service.store.reading() as tx:
        return int(await timers.next_due(tx) is not None)


async def test_a_timer_that_breaks_is_tried_again_and_at_last_goes_to_a_person(
    one: Chain, caplog: pytest.LogCaptureFixture
) -> None:
    await one.enter_marie()
    broken = lame(one.service)
    for _ in range(TRIES):
        await fire_due(broken)
        await fire_due(broken)
        one.clock.forward(seconds=61)
    assert await reasons(one) == ["broken_turn"]
    assert await due_timers(one) == 0
    assert one.service.counts.counted["broken", "what", "timer"] == TRIES
    assert "ZeroDivisionError" in caplog.text


async def test_a_timer_that_was_moved_after_it_was_claimed_does_not_fire(one: Chain) -> None:
    await one.enter_marie()
    service = one.service
    async with service.store.writing() as tx:
        ((timer, _),) = await timers.claim(tx, one.clock.at, 9, "dead", timedelta(seconds=60))
        await timers.set_timer(tx, replace(timer, due_at=one.clock.at + timedelta(hours=1)))
    await one.pass_time(minutes=59)
    assert await one.transcript() == []
    await one.pass_time(minutes=2)
    assert len(await one.transcript()) == 1


async def test_a_timer_fires_once_whoever_looks(one: Chain) -> None:
    await one.enter_marie()
    others = [replace(one.service, owner=name) for name in "abcd"]
    await asyncio.gather(*(fire_due(other) for other in others))
    assert len(await one.transcript()) == 1


async def test_a_deed_that_breaks_blocks_no_other_and_at_last_goes_to_a_person(one: Chain) -> None:
    await one.enter_marie()
    service = one.service
    async with service.store.writing() as tx:
        address = await addresses.lock(tx, "sms", MARIE, one.clock.at)
        (marie,) = await people.ids_at_number(tx, MARIE)
        wanted: list[tuple[str, Deed, int]] = [
            ("bad", Enrol(404, "case", address.id), address.id),
            ("good", PersonLearned(marie, {"town": "Armor-Plage"}), address.id),
            ("good", PersonLearned(marie, {"town": "Ailleurs"}), address.id),
        ]
        await deed_rows.ask(tx, wanted, one.clock.at)
    for _ in range(TRIES + 1):
        await carry_out_due(service)
        one.clock.forward(hours=3)
    async with service.store.reading() as tx:
        person = await people.get(tx, marie)
    assert person is not None
    assert person.town == "Armor-Plage"
    assert await reasons(one) == ["broken_turn"]
    assert service.counts.counted["broken", "what", "deed"] == TRIES


async def test_one_process_at_a_time_carries_out_deeds(one: Chain) -> None:
    service = one.service
    async with service.store.writing() as tx:
        now = one.clock.at
        assert await state.take_lease(tx, "deeds", "another", now + timedelta(seconds=60), now)
        await deed_rows.ask(tx, [("k", PersonLearned(404, {}), 0)], now)
    assert await carry_out_due(service) is False
    assert service.counts.counted == {}


async def sends(standin: TwilioStandin, count: int) -> None:
    """Wait until the provider has so many texts."""
    for _ in range(1000):
        if len(standin.sent) >= count:
            return
        await asyncio.sleep(0.01)
    pytest.fail(f"{len(standin.sent)} texts were sent, not {count}")


async def test_a_worker_works_until_it_is_told_to_stop(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    stop = asyncio.Event()
    working = asyncio.create_task(work(one.service, stop))
    await sends(twilio_standin, 1)
    one.clock.forward(seconds=10)
    assert await twilio_standin.text(MARIE, "oui") == 200
    one.clock.forward(seconds=10)
    await sends(twilio_standin, 2)
    stop.set()
    await asyncio.wait_for(working, 10)
    async with one.service.store.reading() as tx:
        assert await state.get(tx, "worker") is not None


@pytest.fixture
async def bot(store_url: str, telegram_standin: TelegramStandin) -> AsyncIterator[Service]:
    settings = settings_for(store_url, telegram=telegram_at(telegram_standin.url))
    service = await open_service(settings, clock=Still())
    yield service
    await close_service(service)


def polling_of(service: Service, owner: str = "me") -> Polling:
    channel = service.channels["telegram"]
    return Polling(service.store, channel, service.inbox, service.clock.now, owner)  # type: ignore[arg-type]


async def heard(service: Service, chat: str) -> list[str]:
    async with service.store.reading() as tx:
        found = await addresses.find_all(tx, chat)
        said = await messages.transcript(tx, [one.id for one in found])
    return [one.text for one in said if one.direction == "in"]


async def test_updates_are_filed_and_then_left_behind(
    bot: Service, telegram_standin: TelegramStandin
) -> None:
    for n in range(3):
        await telegram_standin.write(77, f"message {n}")
    assert await polling_of(bot).step()
    assert await heard(bot, "77") == ["message 0", "message 1", "message 2"]
    await telegram_standin.write(77, "encore")
    # Another process goes on where this one committed.
    await polling_of(bot).release()
    assert await polling_of(bot, "another").step()
    assert await heard(bot, "77") == ["message 0", "message 1", "message 2", "encore"]
    assert len(telegram_standin.updates) == 1


async def test_updates_that_are_not_committed_are_asked_for_again(
    bot: Service, telegram_standin: TelegramStandin
) -> None:
    await telegram_standin.write(77, "bonjour")
    await bot.inbox.close()
    assert await polling_of(bot).step() is False
    async with bot.store.reading() as tx:
        assert await state.get(tx, "telegram_offset") is None
    again = await open_service(bot.settings, clock=Still())
    await polling_of(again).step()
    assert await heard(again, "77") == ["bonjour"]
    await close_service(again)


async def test_only_one_process_polls(bot: Service, telegram_standin: TelegramStandin) -> None:
    await telegram_standin.write(77, "bonjour")
    first, second = polling_of(bot, "first"), polling_of(bot, "second")
    assert await first.step()
    assert await second.step() is False
    await first.release()
    await telegram_standin.write(77, "encore")
    assert await second.step()


async def test_a_telegram_that_is_away_or_busy_stops_nothing(
    bot: Service, telegram_standin: TelegramStandin, monkeypatch: pytest.MonkeyPatch
) -> None:
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    monkeypatch.setattr("bot.polling.asyncio.sleep", sleep)
    telegram_standin.next = [too_many(3)]
    polling = polling_of(bot)
    assert await polling.step() is False
    assert slept == [3.0]
    await telegram_standin.write(77, "bonjour")
    assert await polling.step()
