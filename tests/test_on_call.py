"""What is urgent and nobody opens alarms those on call: level by level, each once, no name."""

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest
from aiohttp import web

from bot.on_call import called, level_due, watch_urgent
from bot.provider_settings import GatewaySettings
from bot.store import alarms, events, reviews, users
from bot.store.alarms import OnCall, Untaken
from flows.rules import duty_alarms
from flows.vocabulary import ChannelName, ReviewWanted
from flows.wording.segments import measure
from tests.admins import House, house
from tests.services import NOON, Chain, chain, desk, settings_for
from tests.standins.twilio import Refuse, TwilioStandin

DUTY, CHIEF, CHAT = "+33639980301", "+33639980302", "4242"
MINUTE = timedelta(minutes=1)


@dataclass
class Mailroom:
    """A deployment's e-mail gateway: what was posted, and how it answers."""

    url: str
    posted: list[dict[str, Any]] = field(default_factory=list)
    keys: list[str] = field(default_factory=list)
    status: int = 202


@asynccontextmanager
async def mailroom() -> AsyncIterator[Mailroom]:
    room = Mailroom("")

    async def take(request: web.Request) -> web.Response:
        assert request.headers["Authorization"] == "Bearer a key"
        room.posted.append(await request.json())
        room.keys.append(request.headers["Idempotency-Key"])
        return web.Response(status=room.status)

    app = web.Application()
    app.add_routes([web.post("/mail", take)])
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    room.url = f"http://127.0.0.1:{runner.addresses[0][1]}/mail"
    try:
        yield room
    finally:
        await runner.cleanup()


@pytest.fixture
async def room() -> AsyncIterator[Mailroom]:
    async with mailroom() as opened:
        yield opened


@pytest.fixture
async def one(
    store_url: str, twilio_standin: TwilioStandin, room: Mailroom
) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in and a gateway, on each database."""
    settings = settings_for(store_url, twilio_standin.url)
    settings = replace(settings, gateway=GatewaySettings(room.url, "a key"))
    async with chain(settings, twilio_standin) as opened:
        yield opened


async def on_call(
    one: Chain, level: int, place: str, channel: ChannelName = "sms", lang: str = "fr"
) -> int:
    async with one.service.store.writing() as tx:
        mail = f"u{place.strip('+').partition('@')[0]}@example.org"
        user = await users.add(tx, mail, "supervisor", "x", "Anne", lang, now=one.clock.at)
        await alarms.put_on_call(tx, user.id, level, channel, place, one.clock.at)
    return user.id


async def urgent(one: Chain, key: str = "danger:1", priority: str = "P1") -> int:
    wanted = ReviewWanted("danger", priority, one.clock.at + 5 * MINUTE, key)  # type: ignore[arg-type]
    async with one.service.store.writing() as tx:
        return await reviews.open_review(tx, wanted, None, one.clock.at) or 0


async def later(one: Chain, minutes: float) -> None:
    one.clock.forward(minutes=minutes)
    await watch_urgent(one.service)
    await one.work()


def texts(standin: TwilioStandin, number: str = DUTY) -> list[str]:
    return [sent.body for sent in standin.sent if sent.to == number]


async def test_nobody_opens_it_and_each_level_hears_once(
    one: Chain, twilio_standin: TwilioStandin, room: Mailroom
) -> None:
    await on_call(one, 1, DUTY)
    await on_call(one, 2, CHIEF)
    await on_call(one, 2, "chief@example.org", "email", "en")
    review = await urgent(one)
    await later(one, 4.9)
    assert twilio_standin.sent == []
    await later(one, 0.1)
    said = (
        f"Vigie : P1 no {review} attend depuis 5 min, prise par personne. "
        "https://vigie.example.org/admin/"
    )
    assert (texts(twilio_standin), texts(twilio_standin, CHIEF)) == ([said], [])
    assert measure(said).segments == 1
    for _ in range(3):
        await later(one, 2.5)
    assert (len(texts(twilio_standin)), len(texts(twilio_standin, CHIEF))) == (1, 1)
    (mail,) = room.posted
    assert mail["to"] == "chief@example.org" and "waits for 10 min" in mail["text"]
    assert room.keys == [mail["key"]] and str(review) in mail["subject"]
    async with one.service.store.reading() as tx:
        trail = await events.trail(tx, review_id=review)
    assert [line.data["level"] for line in trail if line.kind == "alarmed"] == [2, 1]


async def test_what_somebody_took_alarms_nobody(one: Chain, twilio_standin: TwilioStandin) -> None:
    user = await on_call(one, 1, DUTY)
    taken, held, closed = [await urgent(one, f"danger:{n}") for n in range(3)]
    await urgent(one, "fever:1", "P2")
    async with one.service.store.writing() as tx:
        found = {key: await reviews.get(tx, key) for key in (taken, held)}
        bundle = {key: review.bundle_id for key, review in found.items() if review}
        await reviews.acknowledge(tx, bundle[taken], user, one.clock.at)
        await reviews.lease(tx, bundle[held], user, one.clock.at, 8)
        await reviews.close(tx, closed, "done", user, one.clock.at)
    await later(one, 7)
    assert twilio_standin.sent == []
    # Whoever had it let it lie.
    await later(one, 2)
    assert [str(held) in text for text in texts(twilio_standin)] == [True]


async def test_what_rises_to_p1_is_counted_from_then(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    user = await on_call(one, 1, DUTY)
    review = await urgent(one, "danger:1", "P3")
    async with one.service.store.writing() as tx:
        found = await reviews.get(tx, review)
        assert found is not None
        await reviews.acknowledge(tx, found.bundle_id, user, one.clock.at)
    await later(one, 300)
    assert await urgent(one) == review
    await later(one, 4)
    assert texts(twilio_standin) == []
    await later(one, 1)
    assert len(texts(twilio_standin)) == 1


async def test_who_cannot_be_reached_is_passed_over_at_once(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await on_call(one, 1, DUTY)
    await on_call(one, 2, CHIEF)
    twilio_standin.to_number[DUTY] = Refuse(21211, 400)
    await urgent(one)
    await later(one, 5)
    assert texts(twilio_standin, CHIEF) == []
    await later(one, 0.2)
    assert len(texts(twilio_standin, CHIEF)) == 1
    await later(one, 30)
    assert len(texts(twilio_standin, CHIEF)) == 1
    async with one.service.store.reading() as tx:
        assert [item.review.reason for item in await reviews.queue(tx, one.clock.at)] == ["danger"]


async def test_a_worker_that_dies_in_between_alarms_once(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await on_call(one, 1, DUTY)
    await urgent(one)
    one.clock.forward(minutes=6)
    await watch_urgent(one.service)
    # It went down before it could send; another one looks, and looks again.
    await watch_urgent(one.service)
    await one.work()
    await later(one, 1)
    assert len(texts(twilio_standin)) == 1


async def test_an_alarm_goes_at_night_and_to_who_said_stop_to_us(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await twilio_standin.text(DUTY, "STOP")
    await one.work()
    await on_call(one, 1, DUTY)
    one.clock.forward(hours=14)
    await urgent(one)
    await later(one, 5)
    assert texts(twilio_standin)[-1].startswith("Vigie : P1 no")


async def test_nobody_on_call_is_nobody_told_until_somebody_is(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await urgent(one)
    await later(one, 60)
    assert twilio_standin.sent == []
    await on_call(one, 1, DUTY)
    await later(one, 0.2)
    assert len(texts(twilio_standin)) == 1


def there(*levels: int) -> list[OnCall]:
    return [OnCall(n, n, "A", "fr", level, "sms", str(n)) for n, level in enumerate(levels)]


STEPS = duty_alarms(desk().pack(NOON.date()), "P1", NOON.date())


def test_the_rules_alarm_after_five_and_after_ten_minutes() -> None:
    assert [(step.level, step.after) for step in STEPS] == [(1, 5 * MINUTE), (2, 10 * MINUTE)]
    assert duty_alarms(desk().pack(NOON.date()), "P2", NOON.date()) == ()


def test_a_level_without_anybody_is_the_next_or_the_highest_there_is() -> None:
    assert called(there(2), 0, 1) == dict.fromkeys(there(2), 1)
    assert called(there(1), 1, 2) == dict.fromkeys(there(1), 2)
    one, two = there(1, 2)
    assert called([one, two], 0, 2) == {one: 1, two: 2}


def cases() -> Iterator[tuple[int, float, bool, int]]:
    """Last level, minutes, whether nobody was reached, the level due."""
    yield from [(0, 4, False, 0), (0, 5, False, 1), (0, 11, False, 2)]
    yield from [(1, 6, False, 1), (1, 6, True, 2), (2, 60, True, 2)]


@pytest.mark.parametrize(("last", "minutes", "unheard", "due"), list(cases()))
def test_levels_come_due_by_the_clock_or_by_failure(
    last: int, minutes: float, unheard: bool, due: int
) -> None:
    one = Untaken(1, NOON - minutes * MINUTE, None, None, last, unheard)
    assert level_due(one, STEPS, NOON) == due


@pytest.mark.parametrize(
    ("status", "posts", "state"),
    [(202, 1, "sent"), (404, 1, "waiting"), (429, 1, "waiting"), (500, 1, "uncertain")],
)
async def test_a_gateway_that_may_have_it_is_asked_no_second_time(
    one: Chain, room: Mailroom, status: int, posts: int, state: str
) -> None:
    room.status = status
    await on_call(one, 1, "a@example.org", "email")
    await urgent(one)
    await later(one, 5)
    await one.work()
    assert len(room.posted) == posts
    assert [text.state for text in await one.transcript("a@example.org")] == [state]


async def test_a_supervisor_puts_people_on_call_and_takes_them_off(sqlite_store_url: str) -> None:
    async with house(sqlite_store_url) as home:
        async with home.visitor("supervisor") as visitor:
            page = await visitor.get("/admin/supervision")
            assert "Nobody is on call" in page
            user = await home.user("duty")
            form: dict[str, object] = {"user": user, "level": 1, "channel": "sms"}
            page = await visitor.post("/admin/supervision/on-call", **form, place="12")
            assert "Nothing was saved" in page
            page = await visitor.post("/admin/supervision/on-call", **form, place="06 39 98 03 01")
            assert "Level 1" in page and "+33 6 39 98 03 01" in page
            await home_alarms(home)
            entry = (await everybody(home))[0].id
            page = await visitor.post(f"/admin/supervision/on-call/{entry}/remove")
            assert "Nobody is on call" in page and await everybody(home) == []
        async with home.visitor("agent") as visitor:
            await visitor.get("/admin/")
            await visitor.post("/admin/supervision/on-call", **form, place="06 39 98 03 01")
            assert visitor.status == 403


async def everybody(home: House) -> list[OnCall]:
    async with home.service.store.reading() as tx:
        return await alarms.everybody(tx)


async def home_alarms(home: House) -> None:
    """In the demonstration as well: the alarm about Yvonne stands among the simulator's texts."""
    await home.alarm()
    await later(home, 6)
    (text,) = await home.transcript(DUTY)
    assert text.kind == "alarm" and text.state in ("sent", "delivered", "accepted")
    assert "Yvonne" not in text.text
