"""The queue: the most urgent first, one household to one agent."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.admins import YVONNE, House, house


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


async def test_an_empty_queue_explains_itself(home: House) -> None:
    async with home.visitor("agent") as visitor:
        page = await visitor.get("/admin/")
        assert "Nobody waits for a person" in page
        assert "danger first" in page
        assert "You have nothing just now" in await visitor.get("/admin/?tab=mine")
        await visitor.post("/admin/next")
        assert "Nothing waits for anybody" in visitor.page


async def test_an_emergency_stands_first_whatever_is_late(home: House) -> None:
    await home.enter("Lina Petit", "+33639980333", minor=True)
    await home.pass_time(days=2)
    await home.alarm()
    async with home.visitor("agent") as visitor:
        page = await visitor.get("/admin/")
        assert "1 emergency: now, before anything else" in page
        assert page.index("Yvonne Kermarrec") < page.index("Lina Petit")
        assert "late by" in page
        assert "Fragile" in page


async def test_only_a_language_that_is_not_the_services_own_is_told_in_a_line(home: House) -> None:
    await home.enter("Lina Petit", "+33639980333", minor=True)
    await home.enter("Salma Haddad", "+33639980444", minor=True, language="ar")
    async with home.visitor("agent") as visitor:
        page = await visitor.get("/admin/")
        assert "Speaks Arabic" in page and "Speaks French" not in page


async def test_the_next_is_the_most_urgent_that_nobody_has(home: House) -> None:
    await home.enter("Lina Petit", "+33639980333", minor=True)
    await home.alarm()
    await home.user("second")
    async with home.visitor("agent") as first, home.visitor("second") as second:
        await first.get("/admin/")
        assert "Yvonne Kermarrec" in await first.post("/admin/next")
        assert "You have it until" in first.page
        await second.get("/admin/")
        assert "Agent has it" in second.page
        assert "Lina Petit" in await second.post("/admin/next")
        await second.get("/admin/")
        assert "Nothing waits for anybody" in await second.post("/admin/next")


async def test_a_second_agent_is_told_who_has_it_and_cannot_act(home: House) -> None:
    person = await home.alarm()
    await home.user("second")
    path = await home.bundle()
    async with home.visitor("agent") as first, home.visitor("second") as second:
        await first.get(path)
        await first.post(f"{path}/take")
        page = await second.get(path)
        assert "Agent is at work on this household" in page
        assert "/resolve" not in page and "/write" not in page
        await second.get("/admin/")
        one = (await home.queue())[0].review
        await second.post(f"{path}/resolve", person=person.id, review=one.id, outcome="reached")
        assert "nothing was done" in second.page
        assert [line.review.id for line in await home.queue()] == [one.id]


async def test_a_lease_comes_back_after_ten_minutes_unless_its_page_is_open(home: House) -> None:
    await home.alarm()
    await home.user("second")
    path = await home.bundle()
    async with home.visitor("agent") as first, home.visitor("second") as second:
        await first.get(path)
        await first.post(f"{path}/take")
        await home.pass_time(minutes=8)
        await first.post(f"{path}/renew")
        assert first.status == 200
        await home.pass_time(minutes=8)
        assert "Agent is at work" in await second.get(path)
        await home.pass_time(minutes=3)
        await first.post(f"{path}/renew", token="")
        assert "Take it" in await second.get(path)
        await second.post(f"{path}/take")
        await first.get("/admin/")
        await first.post(f"{path}/renew")
        assert first.status == 409


async def test_the_queue_is_sifted_by_priority_reason_and_holder(home: House) -> None:
    await home.enter("Lina Petit", "+33639980333", minor=True)
    await home.alarm()
    async with home.visitor("agent") as visitor:
        page = await visitor.get("/admin/?priority=P1")
        assert "Yvonne" in page and "Lina" not in page
        page = await visitor.get("/admin/?reason=minor")
        assert "Lina" in page and "Yvonne" not in page
        assert "Nothing like this waits" in await visitor.get("/admin/?priority=P4")
        await visitor.post("/admin/next")
        assert "Yvonne" in await visitor.get("/admin/?tab=mine")
        assert "Yvonne" not in await visitor.get("/admin/?tab=unassigned")
        assert "Yvonne" in await visitor.get("/admin/?tab=nonsense&priority=P9&reason=%22x")


async def test_the_page_looks_anew_with_its_changing_part_alone(home: House) -> None:
    async with home.visitor("agent") as visitor:
        page = await visitor.get("/admin/")
        part = re.search(r'data-live="([^"]+)"', page)
        assert part is not None
        await home.alarm()
        fresh = await visitor.get(part[1].replace("&amp;", "&"))
        assert "Yvonne Kermarrec" in fresh
        assert "<html" not in fresh
        assert 'data-alarms="1"' in fresh


async def test_a_supervisor_sees_the_load_and_ends_a_lease(home: House) -> None:
    await home.alarm()
    path = await home.bundle()
    async with home.visitor("agent") as agent, home.visitor("supervisor") as boss:
        await agent.get(path)
        await agent.post(f"{path}/take")
        page = await boss.get("/admin/supervision")
        assert "Choose what Agent has" in page
        assert "choose at least one" in await boss.post("/admin/supervision/bundles/release")
        chosen = {"bundle": path.rpartition("/")[2]}
        page = await boss.post("/admin/supervision/bundles/release", **chosen)
        assert "The lease is ended" in page
        assert "Take it" in await agent.get(path)


async def test_a_stranger_in_danger_has_a_page_too(home: House) -> None:
    await home.hear("+33639980999", "je peux plus respirer")
    async with home.visitor("agent") as visitor:
        assert "Somebody unknown" in await visitor.get("/admin/")
        page = await visitor.post("/admin/next")
        assert "+33 6 39 98 09 99" in page
        assert "Reached" in page


async def test_the_same_number_is_one_bundle(home: House) -> None:
    await home.alarm()
    await home.hear(YVONNE, "je veux parler à une personne")
    waiting = await home.queue()
    assert len(waiting) == 1
    assert waiting[0].count >= 2
    async with home.visitor("agent") as visitor:
        assert "more reason" in await visitor.get("/admin/")
