"""The phones of the demonstration: live, on this machine alone, never in production."""

from collections.abc import AsyncIterator

import aiohttp
import pytest

from bot.demonstration.loading import SIGN_INS
from bot.service import close_service, open_service
from tests.admins import MARIE_NAME, House, house, served_with_rooms
from tests.services import MARIE, settings_for


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


async def test_each_phone_shows_its_people_and_what_reached_it(home: House) -> None:
    await home.enter(MARIE_NAME, MARIE)
    async with aiohttp.ClientSession(home.url) as session:
        async with session.get("/simulator/state") as answer:
            [phone] = (await answer.json())["phones"]
        assert phone["people"][0]["name"] == MARIE_NAME
        assert phone["messages"] == []
        await home.work()
        async with session.get("/simulator/state") as answer:
            [phone] = (await answer.json())["phones"]
        assert [one["direction"] for one in phone["messages"]] == ["out"]


async def test_what_is_written_on_a_phone_is_heard_by_the_service(home: House) -> None:
    async with aiohttp.ClientSession(home.url) as session:
        said = {"channel": "sms", "sender": "+33639980777", "text": "bonjour"}
        async with session.post("/simulator/say", json=said) as answer:
            assert answer.status == 200
        await home.work()
        async with session.get("/simulator/state") as answer:
            [phone] = (await answer.json())["phones"]
    assert [one["direction"] for one in phone["messages"]] == ["in", "out"]
    assert phone["messages"][0]["text"] == "bonjour"


async def test_the_clock_goes_an_hour_on_or_to_the_next_event(home: House) -> None:
    await home.enter(MARIE_NAME, MARIE)
    await home.work()
    async with aiohttp.ClientSession(home.url) as session:
        for step in ("hour", "day", "next"):
            async with session.post("/simulator/clock", json={"by": step}) as answer:
                assert answer.status == 200
        assert home.service.clock._moved.total_seconds() >= 25 * 3600
        async with session.post("/simulator/clock", json={"by": "yesterday"}) as answer:
            assert answer.status == 400


@pytest.mark.parametrize(
    "said",
    [
        {},
        [],
        {"channel": "fax", "sender": "1", "text": "x"},
        {"channel": "sms", "sender": "", "text": "x"},
        {"channel": "sms", "sender": "+33639980777", "text": "  "},
    ],
)
async def test_what_is_no_message_is_refused(home: House, said: object) -> None:
    async with (
        aiohttp.ClientSession(home.url) as session,
        session.post("/simulator/say", json=said) as answer,
    ):
        assert answer.status == 400


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"Host": "rebound.example"}, 404),
        ({"X-Forwarded-For": "203.0.113.9"}, 404),
        ({"Sec-Fetch-Site": "cross-site"}, 403),
    ],
)
async def test_the_phones_are_on_this_machine_alone(
    home: House, headers: dict[str, str], status: int
) -> None:
    async with (
        aiohttp.ClientSession(home.url) as session,
        session.get("/simulator/", headers=headers) as answer,
    ):
        assert answer.status == status


async def test_the_bare_address_tells_where_to_begin(home: House) -> None:
    async with aiohttp.ClientSession(home.url) as session, session.get("/") as answer:
        page = await answer.text()
    assert 'href="/simulator/?lang=en"' in page
    assert all(email in page and word in page for email, _, word in SIGN_INS)


async def test_the_bare_address_leads_to_the_sign_in_in_production(sqlite_store_url: str) -> None:
    service = await open_service(settings_for(sqlite_store_url))
    async with (
        served_with_rooms(service) as url,
        aiohttp.ClientSession(url) as session,
        session.get("/") as answer,
    ):
        page = await answer.text()
        assert answer.url.path == "/admin/sign-in"
    assert not any(email in page for email, *_ in SIGN_INS)
    await close_service(service)


async def test_there_are_no_phones_in_production(sqlite_store_url: str) -> None:
    service = await open_service(settings_for(sqlite_store_url))
    async with served_with_rooms(service) as url, aiohttp.ClientSession(url) as session:
        for path in ("/simulator/", "/simulator/state"):
            async with session.get(path) as answer:
                assert answer.status == 404
    await close_service(service)
