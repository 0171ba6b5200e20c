"""A misread reply: the day is put right and weighed anew, the reply filed without names."""

import re
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.deeds import carry_out
from bot.redacting import redacted
from bot.store import cases, following, misreads
from bot.store.addresses import find_all
from flows.vocabulary import CheckedIn, CheckIn, Enrol, Message, Person
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


async def followed(home: House) -> Person:
    """Yvonne, followed as a case, asked today; she answered in words of her own."""
    person = await home.enter("Yvonne Kermarrec", YVONNE)
    await home.work()
    for words in ("oui", "1980"):
        await home.hear(YVONNE, words)
    async with home.service.store.writing() as tx:
        address = (await find_all(tx, YVONNE))[0]
        case = await cases.of_person(tx, person.id)
        assert case is not None
        enrol = Enrol(person.id, "case", address.id, case_id=case.id)
        await carry_out(tx, home.service.desk, enrol, home.clock.now())
    await home.pass_time(days=1)
    await home.hear(YVONNE, "Yvonne a mal partout 06 39 98 02 22")
    return person


async def today(home: House, person: Person) -> CheckIn:
    async with home.service.store.reading() as tx:
        follow_up = await following.active_of_person(tx, person.id)
        assert follow_up is not None
        return (await following.history(tx, follow_up.id))[-1]


async def reply(home: House, words: str) -> Message:
    return next(one for one in await home.transcript(YVONNE) if words in one.text)


async def test_a_misread_reply_is_corrected_weighed_anew_and_filed(
    home: House, agent: Visitor
) -> None:
    person = await followed(home)
    message = await reply(home, "mal partout")
    page = await agent.get(f"/admin/people/{person.id}")
    path = await home.bundle()
    link = f"{path}/misread/{message.id}?person={person.id}"
    assert link in page
    page = await agent.get(link)
    assert "The day as it should stand" in page and "mal partout" in page
    form = {"message": message.id, "person": person.id, "correct": 1, "back": path}
    await agent.post(
        f"{path}/misread",
        meant="cannot breathe",
        danger=["breathlessness"],
        temperature="38,4",
        **form,
    )
    assert "Corrected, weighed anew" in agent.page
    day = await today(home, person)
    assert (day.answers["temperature"], day.answers["dangers"]) == (38.4, ["breathlessness"])
    assert day.assessment["priority"] == "P1" and day.state == "answered"
    assert "danger" in [one.review.reason for one in await home.queue()]
    assert any(line.kind == "misread" for line in await home.trail(person.id))
    async with home.service.store.reading() as tx:
        [filed] = await misreads.every(tx)
    assert filed.event.data["meant"] == "cannot breathe"
    assert filed.event.data["after"]["temperature"] == 38.4


async def test_an_impossible_temperature_changes_nothing(home: House, agent: Visitor) -> None:
    person = await followed(home)
    before = await today(home, person)
    message, path = await reply(home, "mal partout"), await home.bundle()
    await agent.get(f"/admin/people/{person.id}")
    form = {"message": message.id, "person": person.id, "correct": 1, "meant": "x"}
    await agent.post(f"{path}/misread", temperature="384", **form)
    assert "between 30 and 45" in agent.page
    assert await today(home, person) == before


async def test_a_reply_of_another_number_is_out_of_reach(home: House, agent: Visitor) -> None:
    person = await followed(home)
    message = await reply(home, "mal partout")
    other = await home.enter("Marc Besson", "+33639980444")
    await home.work()
    path = await home.bundle("+33639980444")
    await agent.get(f"{path}/misread/{message.id}?person={other.id}")
    assert agent.status == 404
    await agent.get(f"/admin/people/{person.id}")
    await agent.post(f"{path}/misread", message=message.id, person=other.id, meant="x")
    assert agent.status == 404


async def test_the_page_draws_the_days_and_says_the_rule(home: House, agent: Visitor) -> None:
    person = await followed(home)
    day = await today(home, person)
    told = {"temperature": 37.2, "symptoms": ["cough"]}
    async with home.service.store.writing() as tx:
        await following.save_check_in(tx, replace(day, state="answered", answers=told))
    page = await agent.get(f"/admin/people/{person.id}")
    assert re.search(r'<svg[^>]* role="img" aria-label="1 day. Temperatures: 37.2"', page)
    assert "Answers, day by day" in page
    assert "The health rules count it from your first signs" in page
    assert "be written to today" in page


def test_names_numbers_and_mails_are_taken_out_of_a_reply() -> None:
    said = "Ici Yvònne, rappelez le 06 39 98 02 22 ou y.k@example.org, j'ai 38,2 depuis 2 jours"
    assert redacted(said, ["Yvonne Kermarrec"]) == (
        "Ici [name], rappelez le [number] ou [mail], j'ai 38,2 depuis 2 jours"
    )


async def test_what_an_agent_put_right_stands_over_what_is_read_later(
    home: House, agent: Visitor
) -> None:
    person = await followed(home)
    message, path = await reply(home, "mal partout"), await home.bundle()
    await agent.get(f"/admin/people/{person.id}")
    form = {"message": message.id, "person": person.id, "correct": 1, "meant": "38.4"}
    await agent.post(f"{path}/misread", temperature="38.4", **form)
    day = await today(home, person)
    read = CheckedIn(
        day.follow_up_id, person.id, day.day, {"temperature": 36.0, "state": "better"}, {}, True
    )
    async with home.service.store.writing() as tx:
        await carry_out(tx, home.service.desk, read, home.clock.now())
    after = await today(home, person)
    assert (after.answers["temperature"], after.answers["state"]) == (38.4, "better")
