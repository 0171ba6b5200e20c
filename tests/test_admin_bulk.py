"""Many at once: told first, each deed once and in the trail, dangers and colleagues left alone."""

import asyncio
import re
from collections.abc import AsyncIterator

import pytest

from bot.store import addresses, batches, bundles, messages, people, reviews, users
from bot.store.engines import Store
from flows.vocabulary import Message, Person
from tests.admins import YVONNE, House, Visitor, house
from tests.stores import NOW

LINA, PAUL, NOBODY = "+33639980333", "+33639980334", ""


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin, and two minors in the queue."""
    async with house(sqlite_store_url) as home:
        await home.enter("Lina Petit", LINA, minor=True)
        await home.enter("Paul Roux", PAUL, minor=True, language="tr")
        yield home


async def chosen(home: House) -> list[str]:
    """Every line of the queue as its box names it."""
    lines = await home.queue()
    return [f"{one.bundle.id}.{one.person.id if one.person else 0}" for one in lines]


async def confirmed(
    visitor: Visitor, act: str, who: list[str], **more: object
) -> dict[str, object]:
    """The form of the page that tells what would be done."""
    await visitor.post("/admin/bulk", act=act, who=who, back="/admin/")
    mark = re.search(r'name="mark" value="(\d+)"', visitor.page)
    assert mark is not None, visitor.page
    return {"act": act, "mark": mark[1], "who": who, **more}


async def texts(home: House) -> list[Message]:
    async with home.service.store.reading() as tx:
        at = [(await addresses.find_all(tx, one))[0].id for one in (LINA, PAUL)]
        return [one for one in await messages.transcript(tx, at) if one.kind == "agent"]


async def test_a_deed_is_claimed_once_for_each(store: Store) -> None:
    async with store.writing() as tx:
        anna = (await users.add(tx, "anna@example.org", "agent", "x", now=NOW)).id
        karim = (await users.add(tx, "karim@example.org", "agent", "x", now=NOW)).id
        for subject, said in ((1, "done"), (2, "done"), (3, "theirs")):
            assert await batches.begin(tx, 7, anna, subject, "close", NOW)
            await batches.say(tx, 7, anna, subject, said)
        assert not await batches.begin(tx, 7, anna, 1, "close", NOW)
        assert await batches.begin(tx, 7, karim, 1, "pause", NOW)
        told = await batches.told(tx, 7, anna)
        assert told == batches.Batch("close", {"done": 2, "theirs": 1})
        assert await batches.told(tx, 8, anna) is None
        await batches.purge(tx, NOW + 2 * batches.KEPT)
        assert await batches.told(tx, 7, anna) is None


async def test_the_page_tells_the_count_the_price_and_who_has_no_number(home: House) -> None:
    async with home.service.store.writing() as tx:
        gone = await people.add(tx, Person(0, "Rose", "Blanc"), NOW)
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        assert visitor.page.count('name="who"') == 2
        who = [*(await chosen(home)), f"0.{gone.id}"]
        await confirmed(visitor, "message", who)
        assert "Write to 2 numbers" in visitor.page and "Nothing is done yet" in visitor.page
        assert "No number that may be written to: <strong>1</strong>" in visitor.page
        assert "2 SMS · " in visitor.page and "0.1596\u00a0$" in visitor.page
        assert "Lina Petit" in visitor.page and "Rose" not in visitor.page
    assert await texts(home) == []


async def test_a_text_goes_once_to_each_in_their_language_however_often_it_is_sent(
    home: House,
) -> None:
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        form = await confirmed(visitor, "message", await chosen(home), text="call_us")
        mark = form["mark"]
        token = visitor.page
        other = Visitor(visitor.session, token)
        await asyncio.gather(
            visitor.post("/admin/bulk/do", **form), other.post("/admin/bulk/do", **form)
        )
        assert "Done for 2." in visitor.page and "Done for 2." in other.page
        visitor.page = token
        await visitor.post("/admin/bulk/do", **form)
        assert visitor.at == f"/admin/bulk/{mark}"
    sent = await texts(home)
    assert len(sent) == 2
    assert {"appeler" in one.text for one in sent} == {True, False}
    for line in await home.queue():
        assert line.person is not None
        trail = await home.trail(line.person.id)
        assert [one.data["what"] for one in trail if one.kind == "acted"] == ["write"]


async def test_many_are_closed_but_for_emergencies_and_what_others_have(home: House) -> None:
    second = await home.user("second")
    await home.alarm()
    async with home.service.store.writing() as tx:
        paul = (await addresses.find_all(tx, PAUL))[0].id
        await bundles.lease(tx, paul, second, home.clock.now())
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        who = await chosen(home)
        form = await confirmed(visitor, "close", who, outcome="duplicate", note="Twice in the list")
        assert "Close what is open of 1 household" in visitor.page
        assert "decide on its own page: <strong>1</strong>" in visitor.page
        await visitor.post("/admin/bulk/do", **form)
        assert "Done for 1." in visitor.page
        assert "Somebody else has it just now: <strong>1</strong>" in visitor.page
    async with home.service.store.reading() as tx:
        lina = (await addresses.find_all(tx, LINA))[0].id
        (closed,) = await reviews.of_bundle(tx, lina)
        yvonne = (await addresses.find_all(tx, YVONNE))[0].id
        stands = await bundles.standing(tx, [yvonne, lina], home.clock.now())
    assert (closed.outcome, closed.detail[-1]["note"]) == ("duplicate", "Twice in the list")
    # An alarm is not heard by being among many, and a household is free again.
    assert stands[yvonne].acknowledged_at is None and stands[lina].holder is None
    assert len(await home.queue()) == 2


async def test_many_are_given_to_a_colleague_or_paused(home: House) -> None:
    second = await home.user("second")
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        who = await chosen(home)
        await visitor.post("/admin/bulk/do", **await confirmed(visitor, "assign", who, user=second))
        assert {line.review.assigned_to for line in await home.queue()} == {second}
        assert "for Second" in await visitor.get("/admin/")
        await visitor.post("/admin/next")
        assert "Nothing waits for anybody" in visitor.page
        people_ = [f"0.{one.partition('.')[2]}" for one in who]
        await visitor.post("/admin/bulk/do", **await confirmed(visitor, "pause", people_, days=3))
        assert "Done for 2." in visitor.page
    person = await home.person(int(people_[0].partition(".")[2]))
    assert person.paused_until is not None
    assert (person.paused_until - home.clock.now()).days in (2, 3)


async def test_too_many_none_or_nonsense_do_nothing(home: House) -> None:
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/")
        await visitor.post("/admin/bulk", act="close", who=[f"{n}.0" for n in range(1, 102)])
        assert visitor.status == 422 and "101 were chosen, and nothing was done" in visitor.page
        await visitor.post("/admin/bulk", act="close", back="/admin/?tab=mine")
        assert "choose at least one line" in visitor.page and "tab=mine" in visitor.page
        for nonsense in ({"outcome": "reached"}, {"outcome": ""}):
            form = {"act": "close", "mark": 1, "who": await chosen(home), **nonsense}
            await visitor.get("/admin/")
            await visitor.post("/admin/bulk/do", **form)
            assert visitor.status == 400
        await visitor.get("/admin/bulk/1")
        assert visitor.status == 404
    assert len(await home.queue()) == 2
