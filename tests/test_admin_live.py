"""The queue is live: told by the store's own mark, in whichever process; in a wished language."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from admin import changes
from bot.store import review_queue
from tests.admins import YVONNE, House, Visitor, house


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


@pytest.fixture
async def agent(home: House) -> AsyncIterator[Visitor]:
    """An agent, signed in."""
    async with home.visitor("agent") as visitor:
        yield visitor


async def mark(home: House) -> str:
    async with home.service.store.reading() as tx:
        return await review_queue.change_mark(tx, home.clock.now())


async def test_an_open_page_is_told_of_a_new_review(
    home: House, agent: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(changes, "LOOK_S", 0.05)
    async with agent.session.get("/admin/queue/changes") as stream:
        assert stream.content_type == "text/event-stream"
        assert await stream.content.readline() == b": open\n"
        await home.alarm()
        async with asyncio.timeout(20):
            while (line := await stream.content.readline()) != b"data: changed\n":
                assert line in (b"\n", b": still\n")


async def test_who_is_not_signed_in_hears_nothing(home: House) -> None:
    async with home.visitor() as stranger:
        await stranger.get("/admin/queue/changes")
        assert stranger.at == "/admin/sign-in"


async def test_the_mark_changes_with_leases_and_with_outcomes(home: House, agent: Visitor) -> None:
    person = await home.alarm()
    first, path = await mark(home), await home.bundle()
    await agent.get(path)
    await agent.post(f"{path}/take", person=person.id)
    taken = await mark(home)
    review = (await home.queue())[0].review
    await agent.post(f"{path}/resolve", person=person.id, review=review.id, outcome="reached")
    assert len({first, taken, await mark(home)}) == 3


async def test_the_queue_and_the_next_one_keep_to_a_language(home: House, agent: Visitor) -> None:
    await home.enter("Lina Petit", "+33639980333", minor=True, language="ar")
    await home.enter("Paul Roux", "+33639980334", minor=True, language="fr")
    page = await agent.get("/admin/?language=ar")
    assert "Lina Petit" in page and "Paul Roux" not in page
    await agent.post("/admin/next", language="ar")
    assert "Lina Petit" in agent.page
    await agent.get("/admin/?language=ar")
    await agent.post("/admin/next", language="ar")
    assert "Nothing waits for anybody" in agent.page


async def test_an_emergency_goes_before_the_language(home: House, agent: Visitor) -> None:
    await home.enter("Lina Petit", "+33639980333", minor=True, language="ar")
    await home.alarm()
    await agent.get("/admin/?language=ar")
    await agent.post("/admin/next", language="ar")
    assert agent.at == await home.bundle(YVONNE)


async def test_a_text_is_priced_as_it_is_typed(home: House, agent: Visitor) -> None:
    await home.alarm()
    await agent.get(await home.bundle())
    said = await agent.post("/admin/segments", text="Merci", channel="sms")
    assert "1 SMS" in said and "0.0798" in said
