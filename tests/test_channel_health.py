"""Operators see each channel, and hear of one that is down until it is back."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator

import pytest
from aiohttp import ClientSession, CookieJar
from yarl import URL

from bot.alarms import watch_channels
from bot.channel_health import Health, health, metrics
from bot.store import reviews, state
from flows.vocabulary import Review
from tests.admins import House, Visitor, served_with_rooms
from tests.services import MARIE, Chain, chain, settings_for
from tests.silences import follow_marie, until_asked
from tests.standins.twilio import Refuse, TwilioStandin

PEOPLE = [f"+3363998020{n}" for n in range(4)]


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database."""
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        yield opened


async def sms(one: Chain) -> Health:
    pack = one.service.desk.pack(one.clock.at.date())
    async with one.service.store.reading() as tx:
        found = await health(tx, pack, one.service.channels, one.clock.at)
    return next(each for each in found if each.channel == "sms")


async def down_review(one: Chain) -> Review | None:
    await watch_channels(one.service)
    async with one.service.store.reading() as tx:
        noted = await state.get(tx, "down:sms")
        return await reviews.get(tx, int(noted)) if noted else None


async def write_in(one: Chain, standin: TwilioStandin) -> None:
    """Four strangers write, and each is answered (or not)."""
    for number in PEOPLE:
        assert await standin.text(number, "bonjour") == 200
    await one.pass_time(seconds=5)


async def test_a_channel_that_works_says_when_and_how_much(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await follow_marie(one)
    await write_in(one, twilio_standin)
    found = await sms(one)
    assert (found.sent, found.failed, found.down, found.set_up) == (4, 0, False, True)
    assert found.success_at is not None and found.heard_at is not None
    assert await down_review(one) is None


async def test_a_channel_that_refuses_everything_is_down_until_it_is_back(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.to_number |= dict.fromkeys(PEOPLE, Refuse(20003, 401))
    await write_in(one, twilio_standin)
    found = await sms(one)
    assert found.down and found.faults == 4
    assert dict(found.failures)["", "configuration"] == 4
    review = await down_review(one)
    assert review is not None and (review.reason, review.priority) == ("channel_down", "P2")
    assert review.detail[0]["channel"] == "sms"
    again = await down_review(one)
    assert again is not None and again.id == review.id and len(again.detail) == 1
    twilio_standin.to_number.clear()
    await one.pass_time(minutes=5)
    await watch_channels(one.service)
    async with one.service.store.reading() as tx:
        closed = await reviews.get(tx, review.id)
    assert closed is not None and (closed.state, closed.outcome) == ("closed", "channel_back")
    assert await down_review(one) is None


async def test_telephones_that_are_off_make_no_channel_down(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.to_number |= dict.fromkeys(PEOPLE, Refuse(30005))
    await write_in(one, twilio_standin)
    found = await sms(one)
    assert (found.failed, found.faults, found.down) == (4, 0, False)
    assert found.failures["30005", "bad_number"] == 4
    assert found.rate == 1.0


async def test_figures_name_channels_and_codes_and_nobody(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    twilio_standin.to_number[MARIE] = Refuse(30005)
    await until_asked(one, follow_up)
    told = list(metrics([await sms(one)], one.clock.at))
    failed = next(each for each in told if each.name == "vigie_channel_failures")
    assert dict(failed.labels)["meaning"] == "bad_number" and failed.value == 1
    rate = next(each for each in told if each.name == "vigie_channel_error_rate")
    assert (rate.labels, rate.value) == (failed.labels, 1.0)
    assert not any(MARIE in str(each) for each in told)


async def test_supervisors_read_what_is_wrong_in_words(
    sqlite_store_url: str, twilio_standin: TwilioStandin
) -> None:
    settings = settings_for(sqlite_store_url, twilio_standin.url)
    async with chain(settings, twilio_standin) as one, served_with_rooms(one.service) as url:
        twilio_standin.to_number |= dict.fromkeys(PEOPLE[:3], Refuse(20003, 401))
        twilio_standin.to_number[PEOPLE[3]] = Refuse(30005)
        await write_in(one, twilio_standin)
        await watch_channels(one.service)
        home = House(one.service, one.clock, url)
        await home.user("supervisor", "supervisor")
        # Its cookies are for https alone.
        jar = CookieJar(unsafe=True, treat_as_secure_origin=URL(url))
        async with ClientSession(url, cookie_jar=jar) as session:
            visitor = Visitor(session)
            await visitor.sign_in("supervisor")
            page = await visitor.get("/admin/channels")
            row = page[page.index("<tbody>") : page.index("</tbody>")]
            row = re.sub(r"\s+", " ", re.sub(r"<[^>]+>", " ", row))
            queue = await visitor.get("/admin/")
        assert "SMS down" in row and "100 %" in row
        assert "3 × a setting of the sender is wrong, 75 %" in row
        assert "1 × the number does not work, 25 % (30005)" in row
        assert not any(number in page for number in PEOPLE)
        assert "A channel is down" in queue
