"""The door of the admin: who comes in, which forms are taken, what leaves with a page."""

import base64
import re
import time
from collections.abc import AsyncIterator

import aiohttp
import pytest
from argon2 import PasswordHasher

from bot import passwords, totp
from bot.store import failures, invitations, users
from tests.admins import PASSWORD, House, house, served_with_rooms
from tests.services import NOON


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


async def test_an_unknown_name_and_a_wrong_password_are_answered_alike(home: House) -> None:
    async with home.visitor() as visitor:
        unknown = await visitor.sign_in("nobody")
        assert visitor.status == 401
        wrong = await visitor.sign_in("agent", "not the password")
        assert visitor.status == 401
        assert "do not go together" in wrong
        assert unknown.replace("nobody", "agent") == wrong


async def test_after_five_failures_even_the_right_password_waits_a_minute(home: House) -> None:
    async with home.visitor() as visitor:
        for _ in range(5):
            await visitor.sign_in("agent", "not the password")
        assert "Too many tries" in await visitor.sign_in("agent")
        assert visitor.status == 429
        home.clock.forward(seconds=61)
        assert "Queue" in await visitor.sign_in("agent")


async def test_one_who_forgot_a_password_keeps_nobody_else_out(home: House) -> None:
    async with home.visitor() as visitor:
        for _ in range(6):
            await visitor.sign_in("supervisor", "not the password")
        assert visitor.status == 429
        assert "Queue" in await visitor.sign_in("agent")


async def test_one_place_that_tries_many_names_is_slowed_as_well(home: House) -> None:
    async with home.service.store.writing() as tx:
        for number in range(50):
            free = {f"name:{number}": 5, "place:1": 50}
            assert await failures.begin(tx, free, NOON)
        assert not await failures.begin(tx, {"name:x": 5, "place:1": 50}, NOON)
        assert await failures.begin(tx, {"name:x": 5, "place:2": 50}, NOON)


async def test_failures_are_remembered_over_a_restart_and_by_every_process(
    sqlite_store_url: str,
) -> None:
    async with house(sqlite_store_url) as home, home.visitor() as visitor:
        for _ in range(5):
            await visitor.sign_in("agent", "not the password")
        # Another process of the same service, on the same database.
        async with served_with_rooms(home.service) as url:
            beside = House(home.service, home.clock, url)
            async with beside.visitor() as other:
                await other.sign_in("agent")
                assert other.status == 429


async def test_who_is_not_signed_in_comes_to_the_door_and_then_where_they_wanted(
    home: House,
) -> None:
    async with home.visitor() as visitor:
        await visitor.get("/admin/cases?state=closed")
        assert visitor.at == "/admin/sign-in"
        await visitor.post(
            "/admin/sign-in", email="agent@example.org", password=PASSWORD, next="/admin/cases"
        )
        assert visitor.at == "/admin/cases"


@pytest.mark.parametrize("trap", ["//evil.example", "https://evil.example/admin/", "/\\evil"])
async def test_the_door_leads_nowhere_else(home: House, trap: str) -> None:
    async with home.visitor() as visitor:
        await visitor.get("/admin/sign-in")
        await visitor.post(
            "/admin/sign-in", email="agent@example.org", password=PASSWORD, next=trap
        )
        assert (visitor.status, visitor.at) == (200, "/admin/")


async def test_a_form_without_its_token_is_refused(home: House) -> None:
    async with home.visitor("agent") as visitor:
        await visitor.post("/admin/next", token="")
        assert visitor.status == 403
        await visitor.post("/admin/next", token="0" * 64)
        assert visitor.status == 403


async def test_a_form_from_another_site_is_refused_even_with_its_token(home: House) -> None:
    async with home.visitor("agent") as visitor:
        visitor.session.headers["Sec-Fetch-Site"] = "cross-site"
        await visitor.get("/admin/")
        await visitor.post("/admin/next")
        assert visitor.status == 403


async def test_the_cookie_is_out_of_reach_of_scripts_and_new_after_signing_in(home: House) -> None:
    async with home.visitor() as visitor:
        async with visitor.session.get("/admin/sign-in") as answer:
            before = answer.cookies["vigie"]
            await visitor._seen(answer)
        form = {"token": visitor.page.split('name="token" value="')[1][:64]}
        form |= {"email": "agent@example.org", "password": PASSWORD}
        async with visitor.session.post(
            "/admin/sign-in", data=form, allow_redirects=False
        ) as answer:
            after = answer.cookies["vigie"]
        assert after.value != before.value
        assert after["httponly"] and after["samesite"] == "Lax"
        visitor.session.cookie_jar.clear()
        await visitor.get("/admin/", Cookie=f"vigie={before.value}")
        assert visitor.at == "/admin/sign-in"


async def test_signing_out_ends_the_session_on_the_server(home: House) -> None:
    async with home.visitor("agent") as visitor:
        jar = {one.key: one.value for one in visitor.session.cookie_jar}
        await visitor.get("/admin/")
        assert "signed out" in await visitor.post("/admin/sign-out")
        await visitor.get("/admin/", Cookie=f"vigie={jar['vigie']}")
        assert visitor.at == "/admin/sign-in"


async def test_who_is_disabled_is_out_at_once(home: House) -> None:
    async with home.visitor("agent") as visitor:
        async with home.service.store.writing() as tx:
            agent = await users.by_email(tx, "agent@example.org")
            assert agent is not None
            await users.disable(tx, agent.id, home.clock.now())
        await visitor.get("/admin/")
        assert visitor.at == "/admin/sign-in"
        await visitor.sign_in("agent")
        assert visitor.status == 401


async def test_pages_are_not_kept_and_run_no_script_of_others(home: House) -> None:
    async with home.visitor("agent") as visitor, visitor.session.get("/admin/") as answer:
        assert answer.headers["Cache-Control"] == "no-store"
        policy = answer.headers["Content-Security-Policy"]
        assert "default-src 'self'" in policy and "unsafe" not in policy
        assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert " style=" not in await answer.text()


async def test_supervision_is_for_supervisors(home: House) -> None:
    async with home.visitor("agent") as visitor:
        assert "Supervision" not in await visitor.get("/admin/")
        await visitor.get("/admin/supervision")
        assert visitor.status == 403
        await visitor.get("/admin/")
        await visitor.post("/admin/supervision/users", email="x@example.org", role="supervisor")
        assert visitor.status == 403


async def test_a_supervisor_adds_and_closes_a_sign_in(home: House) -> None:
    async with home.visitor("supervisor") as boss, home.visitor() as visitor:
        await boss.get("/admin/supervision")
        form = {"email": "New@Example.org", "name": "Nora", "role": "agent"}
        assert "at least 12" in await boss.post(
            "/admin/supervision/users", password="short", **form
        )
        await boss.post("/admin/supervision/users", password=PASSWORD, **form)
        assert "Nora" in boss.page
        assert "already" in await boss.post("/admin/supervision/users", password=PASSWORD, **form)
        assert "Queue" in await visitor.sign_in("new")
        async with home.service.store.reading() as tx:
            new = await users.by_email(tx, "new@example.org")
        assert new is not None
        await boss.post(f"/admin/supervision/users/{new.id}/disable")
        await visitor.get("/admin/")
        assert visitor.at == "/admin/sign-in"


async def test_a_page_that_is_not_there_says_so_in_the_visitors_language(home: House) -> None:
    async with home.visitor("agent") as visitor:
        assert "There is nothing here." in await visitor.get("/admin/nothing")
        assert visitor.status == 404
        await visitor.get("/admin/")
        await visitor.post("/admin/language", language="fr", next="/admin/")
        assert "Prendre le suivant" in visitor.page
        assert "Il n&#39;y a rien ici." in await visitor.get("/admin/people/99")
        assert visitor.status == 404


async def test_a_password_hashed_more_cheaply_is_hashed_anew(home: House) -> None:
    cheap = PasswordHasher(time_cost=1, memory_cost=1024).hash(PASSWORD)
    async with home.service.store.writing() as tx:
        agent = await users.by_email(tx, "agent@example.org")
        assert agent is not None
        await users.set_password(tx, agent.id, cheap)
    async with home.visitor("agent"):
        pass
    async with home.service.store.reading() as tx:
        agent = await users.by_email(tx, "agent@example.org")
    assert agent is not None
    assert agent.password_hash != cheap
    assert passwords.matches(agent.password_hash, PASSWORD)
    assert not passwords.is_outdated(agent.password_hash)


async def test_static_files_need_no_sign_in(home: House) -> None:
    async with aiohttp.ClientSession(home.url) as session:
        for name in ("vigie.css", "vigie.js", "simulator.js", "vigie.svg"):
            async with session.get(f"/admin/static/{name}") as answer:
                assert answer.status == 200
                assert "set-cookie" not in answer.headers


async def test_one_sees_ones_sessions_and_ends_another(home: House) -> None:
    async with home.visitor("agent") as here, home.visitor("agent") as there:
        page = await here.get("/admin/own")
        assert page.count("End this one") == 1 and "this one" in page
        (mark,) = re.findall(r"/admin/own/sessions/(\w+)/end", page)
        async with home.visitor("supervisor") as other:
            await other.get("/admin/own")
            await other.post(f"/admin/own/sessions/{mark}/end")
            assert other.status == 404
        assert "is ended" in await here.post(f"/admin/own/sessions/{mark}/end")
        await there.get("/admin/")
        assert there.at == "/admin/sign-in"
        await here.get("/admin/")
        assert here.at == "/admin/"


async def test_an_invitation_opens_once_and_not_for_long(home: House) -> None:
    async with home.visitor("supervisor") as boss, home.visitor() as new:
        await boss.get("/admin/supervision")
        form = {"email": "nora@example.org", "name": "Nora", "role": "agent"}
        link = _link(await boss.post("/admin/supervision/users", password="", **form))
        assert link not in await boss.get("/admin/supervision")
        await new.sign_in("nora", "")
        assert new.status == 401
        assert "Choose a password" in await new.get(link)
        await new.post(link, password="short")
        assert "at least 12" in new.page
        await new.post(link, password=PASSWORD)
        assert new.at == "/admin/sign-in"
        assert "Queue" in await new.sign_in("nora")
        await new.get(link)
        assert new.status == 404
        nora = (await _of(home, "nora")).id
        first = _link(await boss.post(f"/admin/supervision/users/{nora}/invite"))
        second = _link(await boss.post(f"/admin/supervision/users/{nora}/invite"))
        await new.get(first)
        assert new.status == 404
        await new.get(second)
        assert new.status == 200
        home.clock.forward(days=3, seconds=1)
        await new.get(second)
        assert new.status == 404


async def test_of_two_who_hold_one_link_the_first_alone_chooses(home: House) -> None:
    async with home.service.store.writing() as tx:
        agent = (await _of(home, "agent")).id
        await invitations.invite(tx, agent, "secret", NOON)
        assert await invitations.accept(tx, "secret", "first", NOON) is not None
        assert await invitations.accept(tx, "secret", "second", NOON) is None
    assert (await _of(home, "agent")).password_hash == "first"


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (59, "94287082"),
        (1111111109, "07081804"),
        (1234567890, "89005924"),
        (2000000000, "69279037"),
    ],
)
def test_codes_are_those_of_rfc_6238(seconds: int, said: str) -> None:
    assert totp.code(b"12345678901234567890", seconds // 30, 8) == said


async def test_with_a_second_factor_the_password_alone_opens_nothing(home: House) -> None:
    async with home.visitor("agent") as visitor, home.visitor() as other:
        await visitor.get("/admin/own")
        shown = await visitor.post("/admin/own/factor")
        (spelled,) = re.findall(r"<code>([A-Z2-7 ]+)</code>", shown)
        secret = base64.b32decode(spelled.replace(" ", ""))
        await visitor.post("/admin/own/factor/confirm", code="none")
        assert "not right" in visitor.page
        now = int(time.time()) // 30
        await visitor.post("/admin/own/factor/confirm", code=totp.code(secret, now))
        codes = re.findall(r"<li><code>(\w+)</code>", visitor.page)
        assert len(set(codes)) == 10

        async def opens(code: str) -> bool:
            await other.get("/admin/sign-in")
            form = {"email": "agent@example.org", "password": PASSWORD, "code": code}
            await other.post("/admin/sign-in", **form)
            came = other.status == 200
            if came:
                await other.post("/admin/sign-out")
            return came

        assert not await opens("")
        assert not await opens(totp.code(secret, now))  # taken already
        assert await opens(totp.code(secret, now + 1))
        assert not await opens(totp.code(secret, now + 1))
        assert await opens(codes[0])
        assert not await opens(codes[0])
        await visitor.get("/admin/own")
        assert "is off" in await visitor.post("/admin/own/factor/remove", code=codes[1])
        assert await opens("")


def _link(page: str) -> str:
    return re.findall(r"http://[^<]*(/admin/welcome/[\w-]+)", page)[0]


async def _of(home: House, name: str) -> users.User:
    async with home.service.store.reading() as tx:
        found = await users.by_email(tx, f"{name}@example.org")
    assert found is not None
    return found
