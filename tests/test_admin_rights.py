"""Who may enter which room, and what a data protection officer finds of those who did."""

import csv
import re
from collections.abc import AsyncIterator

import pytest

from admin.app import _routes
from admin.rights import GRANTS, RIGHTS, may
from bot.roles import ROLES
from tests.admins import PASSWORD, YVONNE, House, house

# Open to everybody, whatever their role.
DOORS = {
    "/admin/sign-in",
    "/admin/sign-out",
    "/admin/language",
    "/admin/welcome/{code}",
    "/admin/own",
    "/admin/own/sessions/{mark}/end",
    "/admin/own/factor",
    "/admin/own/factor/confirm",
    "/admin/own/factor/remove",
}
EVERY_ROUTE = sorted({(one.method, "/admin" + one.path) for one in _routes()})
# It does not end.
STREAM = "/admin/queue/changes"


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


def rooms(role: str) -> set[str]:
    return {path for _, path in EVERY_ROUTE if may(role, path)} - DOORS


@pytest.mark.parametrize("role", ROLES)
async def test_each_role_enters_its_rooms_and_no_other(home: House, role: str) -> None:
    if role not in ("agent", "supervisor"):
        await home.user(role, role)
    async with home.visitor(role) as visitor:
        await visitor.get("/admin/nothing")
        for method, path in EVERY_ROUTE:
            if path in DOORS or (path == STREAM and may(role, path)):
                continue
            at = re.sub(r"\{[^}]+\}", "1", path)
            shut = not may(role, path, method)
            if method == "GET":
                async with visitor.session.get(at, allow_redirects=False) as answer:
                    expected = answer.status == (303 if path == "/admin/" else 403)
            else:
                token = visitor.page.split('name="token" value="')[1][:64]
                async with visitor.session.post(
                    at, data={"token": token}, allow_redirects=False
                ) as answer:
                    expected = answer.status == 403
            assert expected == shut, (role, method, path, answer.status)


def test_every_room_is_somebodys_and_every_right_is_to_a_room() -> None:
    for method, path in EVERY_ROUTE:
        assert any(may(role, path, method) for role in ROLES), (method, path)
    paths = {path for _, path in EVERY_ROUTE}
    assert [p for p in RIGHTS if not any(q == p or q.startswith(f"{p}/") for q in paths)] == []
    assert not may("agent", "/admin/not-in-the-table")


def test_names_are_kept_from_those_who_need_none() -> None:
    figures = {"/admin/dashboard", "/admin/dashboard/{measure}.csv"}
    assert rooms("epidemiologist") == {"/admin/line-list", "/admin/line-list.csv", *figures}
    audit = {"/admin/audit", "/admin/audit.csv", "/admin/audit/glass/{id}"}
    assert rooms("officer") == audit
    assert {one.split("/")[2] for one in rooms("administrator")} == {
        "channels",
        "supervision",
        "teams",
    }
    for role in set(ROLES) - {"officer"}:
        assert "/admin/audit" not in rooms(role)


def test_a_doctors_assistant_enters_and_calls_but_closes_nothing() -> None:
    assert may("assistant", "/admin/cases/new", "POST")
    assert may("assistant", "/admin/bundles/{id}/interview", "POST")
    assert not may("assistant", "/admin/bundles/{id}/resolve", "POST")
    assert not may("assistant", "/admin/next", "POST")


async def test_nobody_gives_more_than_they_may(home: House) -> None:
    chief = await home.user("chief", "administrator")
    assert not GRANTS["supervisor"] & {"administrator", "officer", "epidemiologist"}
    async with home.visitor("supervisor") as boss:
        await boss.get("/admin/supervision")
        form = {"email": "x@example.org", "name": "X", "password": PASSWORD}
        await boss.post("/admin/supervision/users", role="administrator", **form)
        assert boss.status == 403
        await boss.get("/admin/supervision")
        await boss.post(f"/admin/supervision/users/{chief}/disable")
        assert boss.status == 403
    async with home.visitor("chief") as visitor:
        assert visitor.at == "/admin/channels"
        await visitor.get("/admin/supervision")
        await visitor.post("/admin/supervision/users", role="officer", **form)
        assert "Data protection officer" in visitor.page


async def test_an_epidemiologist_sees_pseudonyms_alone(home: House) -> None:
    await home.user("epi", "epidemiologist")
    person = await home.alarm()
    async with home.visitor("epi") as visitor:
        assert visitor.at == "/admin/line-list"
        assert "80-89" in visitor.page
        for secret in ("Kermarrec", "Yvonne", "1942", YVONNE, str(person.id)):
            assert secret not in visitor.page
        rows = list(csv.DictReader((await visitor.get("/admin/line-list.csv")).splitlines()))
        assert [row["age"] for row in rows] == ["80-89"]
        await visitor.get(f"/admin/people/{person.id}")
        assert visitor.status == 403


async def test_an_officer_finds_who_read_a_file(home: House) -> None:
    await home.user("dora", "officer")
    person = await home.alarm()
    other = await home.enter("Paul Autre", "+33639980299")
    async with home.visitor("agent") as agent:
        await agent.get(f"/admin/people/{person.id}")
    async with home.visitor("supervisor") as boss:
        await boss.get(f"/admin/people/{other.id}")
        await boss.get("/admin/people?q=autre")
    async with home.visitor("dora") as officer:
        assert officer.at == "/admin/audit"

        async def who(query: str) -> list[tuple[str, str, str]]:
            sheet = await officer.get(f"/admin/audit.csv?{query}")
            rows = csv.DictReader(sheet.removeprefix("\ufeff").splitlines())
            return [(row["who"], row["kind"], row["what"]) for row in rows]

        for asked in ("kermarrec", "06 39 98 02 22", str(person.id)):
            assert await who(f"kind=read&q={asked}") == [("Agent", "read", "page")]
        # A name in a search's answer was read as well.
        assert ("Supervisor", "read", "found") in await who(f"kind=read&q={other.id}")
        assert await who("q=nobody-of-this-name") == []
        today, before = home.clock.at.date().isoformat(), "2020-01-01"
        assert len(await who(f"q={person.id}&kind=read&since={today}&until={today}")) == 1
        assert await who(f"q={person.id}&kind=read&until={before}") == []
        agent_id = officer.page and (await _id_of(home, "agent"))
        assert {name for name, _, _ in await who(f"user={agent_id}")} == {"Agent"}
        shown = await officer.get(f"/admin/audit?q={person.id}&kind=read")
        assert "Kermarrec" in shown and "person&#39;s page" in shown
        # Those who watch are watched.
        assert ("Dora", "read", "audit_file") in await who("kind=read")


async def _id_of(home: House, name: str) -> int:
    from bot.store import users

    async with home.service.store.reading() as tx:
        found = await users.by_email(tx, f"{name}@example.org")
    assert found is not None
    return found.id
