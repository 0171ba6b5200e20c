"""Teams and languages: whose a household is, and who is given it next."""

from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.store import assigning, bundles, people, review_queue, reviews, users
from bot.store.engines import Store, Tx
from bot.store.review_queue import UNASSIGNED, UNKNOWN, FreeFor, Owner, Whose
from flows.vocabulary import Person, ReviewWanted
from tests.admins import House, house
from tests.stores import NOW

HOUR = timedelta(hours=1)


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


async def opened(tx: Tx, key: str, language: str = "", priority: str = "P3") -> int:
    """A review of somebody who speaks so, or of nobody known; the bundle it hangs on."""
    known = await people.add(tx, Person(0, language=language), NOW) if language else None  # type: ignore[arg-type]
    person_id = known.id if known else None
    wanted = ReviewWanted("silent", priority, NOW + HOUR, key, person_id=person_id)  # type: ignore[arg-type]
    review_id = await reviews.open_review(tx, wanted, None, NOW)
    assert review_id is not None
    found = await reviews.get(tx, review_id)
    assert found is not None
    return found.bundle_id


async def test_what_is_set_aside_is_found_by_whose_it_is(store: Store) -> None:
    async with store.writing() as tx:
        anna = (await users.add(tx, "anna@example.org", "agent", "x", now=NOW)).id
        karim = (await users.add(tx, "karim@example.org", "agent", "x", now=NOW)).id
        leased, hers, teams, free = [await opened(tx, key, "fr") for key in "abcd"]
        await bundles.lease(tx, leased, karim, NOW)
        assert await assigning.assign(tx, hers, anna) == 1
        await assigning.assign(tx, teams, team="North")

        async def asked(owner: Owner, at: timedelta = HOUR / 60) -> set[int]:
            return {one.bundle.id for one in await reviews.queue(tx, NOW + at, owner=owner)}

        assert await asked(UNASSIGNED) == {free}
        assert await asked(Whose(frozenset({anna}))) == {hers}
        assert await asked(Whose(frozenset({anna, karim}), "North")) == {leased, hers, teams}
        assert await asked(FreeFor(karim)) == {free}
        assert await asked(FreeFor(karim, "North")) == {free, teams}
        assert await asked(FreeFor(anna)) == {free, hers}
        # What is late is anybody's: nobody waits for somebody who is away.
        assert await asked(FreeFor(karim), 2 * HOUR) == {leased, hers, teams, free}
        mark = await review_queue.change_mark(tx, NOW)
        assert await assigning.assign(tx, hers) == 1
        assert await asked(UNASSIGNED) == {hers, free}
        assert await review_queue.change_mark(tx, NOW) != mark


async def test_an_emergency_is_set_aside_for_nobody(store: Store) -> None:
    async with store.writing() as tx:
        bundle = await opened(tx, "a", "fr", "P1")
        await assigning.assign(tx, bundle, 1)
        (line,) = await reviews.queue(tx, NOW, owner=FreeFor(2))
        assert line.review.assigned_to == 1


async def test_the_queue_is_sifted_by_what_a_person_speaks_now(store: Store) -> None:
    async with store.writing() as tx:
        french, turkish, nobody = [await opened(tx, f"k{one}", one) for one in ("fr", "tr", "")]

        async def spoken(language: str) -> set[int]:
            return {one.bundle.id for one in await reviews.queue(tx, NOW, language=language)}

        assert await spoken("fr") == {french}
        assert await spoken("tr") == {turkish}
        assert await spoken(UNKNOWN) == {nobody}
        await people.learn(tx, french, {"language": "ar"}, NOW)
        assert await spoken("fr") == set()
        assert await spoken("ar") == {french}
        late = await reviews.queue(tx, NOW + 2 * HOUR, language="ar", late=True)
        assert [one.bundle.id for one in late] == [french]
        assert await reviews.queue(tx, NOW, late=True) == []


async def test_the_next_is_in_a_language_that_the_agent_speaks_but_for_emergencies(
    home: House,
) -> None:
    await home.user("chief", "administrator")
    await home.enter("Lina Petit", "+33639980333", minor=True)
    await home.enter("Ayse Demir", "+33639980334", minor=True, language="tr")
    async with home.service.store.reading() as tx:
        agent = await users.by_email(tx, "agent@example.org")
    assert agent is not None
    async with home.visitor("chief") as chief:
        await chief.get("/admin/teams")
        await chief.post(f"/admin/teams/{agent.id}", team=" Team  North ", speaks=["tr", "xx"])
        assert 'value="Team North"' in chief.page and 'value="tr" checked' in chief.page
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        assert "My team's" in visitor.page.replace("&#39;", "'")
        assert "Ayse Demir" in await visitor.post("/admin/next")
        # Nobody else waits in Turkish: the next one is taken with an interpreter.
        await visitor.get("/admin/")
        assert "Lina Petit" in await visitor.post("/admin/next")
        assert "Ayse" in await visitor.get("/admin/?tab=team")
        await home.alarm()
        await visitor.get("/admin/")
        assert "Yvonne Kermarrec" in await visitor.post("/admin/next")


async def test_a_supervisor_sets_no_administrators_desk(home: House) -> None:
    chief = await home.user("chief", "administrator")
    async with home.visitor("supervisor") as boss:
        await boss.get("/admin/teams")
        await boss.post(f"/admin/teams/{chief}", team="North")
        assert boss.status == 403
    async with home.visitor("agent") as agent:
        await agent.get("/admin/?tab=team")
        assert "My team" not in agent.page
        await agent.get("/admin/teams")
        assert agent.status == 403


async def test_an_emergency_that_is_set_aside_is_told_on_every_page(home: House) -> None:
    second = await home.user("second")
    await home.alarm()
    bundle = (await home.queue())[0].bundle.id
    async with home.service.store.writing() as tx:
        await assigning.assign(tx, bundle, second)
    async with home.visitor("agent") as visitor:
        assert "1 emergency waits" in await visitor.get("/admin/alarm")
        await visitor.get("/admin/")
        assert "Yvonne Kermarrec" in await visitor.post("/admin/next")
