"""Filters stack, are kept under a name of one's own, and their address may be handed on."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.store import users, views
from bot.store.engines import Store
from tests.admins import House, house
from tests.stores import NOW


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


async def test_a_name_is_one_view_of_one_user(store: Store) -> None:
    async with store.writing() as tx:
        anna = (await users.add(tx, "anna@example.org", "agent", "x", now=NOW)).id
        karim = (await users.add(tx, "karim@example.org", "agent", "x", now=NOW)).id
        assert await views.save(tx, anna, "/admin/", "Late", "/admin/?late=1", NOW)
        assert await views.save(tx, anna, "/admin/", "Late", "/admin/?late=1&tab=mine", NOW)
        (kept,) = await views.of_room(tx, anna, "/admin/")
        assert (kept.name, kept.link) == ("Late", "/admin/?late=1&tab=mine")
        assert await views.of_room(tx, anna, "/admin/follow-ups") == []
        assert await views.of_room(tx, karim, "/admin/") == []
        assert not await views.forget(tx, karim, kept.id)
        for n in range(views.MOST - 1):
            assert await views.save(tx, anna, "/admin/", f"V{n}", "/admin/", NOW)
        assert not await views.save(tx, anna, "/admin/", "One more", "/admin/", NOW)
        assert await views.forget(tx, anna, kept.id)
        assert len(await views.of_room(tx, anna, "/admin/")) == views.MOST - 1


async def test_filters_stack_and_are_kept_under_a_name(home: House) -> None:
    await home.user("second")
    await home.enter("Lina Petit", "+33639980333", minor=True)
    await home.enter("Ayse Demir", "+33639980334", minor=True, language="tr")
    await home.alarm()
    await home.pass_time(days=3)
    sifted = "/admin/?priority=P3&reason=minor&language=tr&late=1"
    async with home.visitor("agent") as visitor, home.visitor("second") as second:
        page = await visitor.get(sifted)
        assert "Ayse" in page and "Lina" not in page and "Yvonne" not in page
        await visitor.post("/admin/views", name=" Late  Turkish ", link=f"{sifted}&x=Ayse")
        assert "The view is kept" in visitor.page
        found = re.search(
            r'href="([^"]+)" aria-current="page" dir="auto">Late Turkish', visitor.page
        )
        assert found is not None and found[1].replace("&amp;", "&") == sifted
        assert "Late Turkish" in await visitor.get("/admin/")
        assert "Late Turkish" not in await visitor.get("/admin/follow-ups")
        # Another agent has the address, and not the name.
        page = await second.get(sifted)
        assert "Ayse" in page and "Late Turkish" not in page
        gone = re.search(r"/admin/views/(\d+)/forget", await visitor.get("/admin/"))
        assert gone is not None
        await second.post(gone[0])
        assert second.status == 404
        assert "The view is forgotten" in await visitor.post(gone[0])
        assert "Late Turkish" not in visitor.page


async def test_only_a_view_of_a_list_is_kept(home: House) -> None:
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        await visitor.post("/admin/views", name="x", link="https://evil.example/admin/people?q=x")
        assert visitor.status == 400
        await visitor.get("/admin/follow-ups?show=silent&language=tr")
        await visitor.post("/admin/views", name="", link="/admin/follow-ups?show=silent")
        assert "a view needs a name" in visitor.page
        await visitor.post("/admin/views", name="Silent", link="/admin/follow-ups?show=silent")
        assert visitor.at == "/admin/follow-ups" and ">Silent</a>" in visitor.page
