"""What an agent does with people: complete, close, hand back, and what the service does then."""

from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.deeds import carry_out
from bot.store import addresses, cases, contacts, conversations, following, people
from flows.vocabulary import ContactNamed, Enrol, Incoming, Named
from tests.admins import YVONNE, House, Visitor, house

MARC = "+33639980444"


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


async def arrived(home: House) -> int:
    """How many texts reached the phone."""
    return sum(one.state == "delivered" for one in await home.transcript(YVONNE))


async def test_a_death_ends_every_conversation_and_leaves_the_household_in_peace(
    home: House, agent: Visitor
) -> None:
    person = await home.alarm()
    husband = await home.enter("Jean Morvan", YVONNE)
    assert husband.id != person.id
    path = await home.bundle()
    await agent.get(path)
    await agent.post(f"{path}/condition", person=person.id, condition="deceased")
    assert "Has died" in agent.page
    async with home.service.store.reading() as tx:
        talks = await conversations.of_person(tx, person.id)
    assert {talk.status for talk in talks} == {"ended"}
    paused = (await home.person(husband.id)).paused_until
    assert paused is not None and (paused - home.clock.now()).days == 7
    before = await arrived(home)
    await home.pass_time(days=3)
    assert await arrived(home) == before
    await agent.get(path)
    await agent.post(f"{path}/condition", person=person.id, condition="")
    assert (await home.person(person.id)).condition == ""


async def named(home: House, name: str, phone: str = "") -> tuple[int, int]:
    """A contact whom Yvonne named; the ids of person and exposure."""
    case_person = await home.enter("Yvonne Kermarrec", YVONNE)
    desk, now = home.service.desk, home.clock.now()
    async with home.service.store.writing() as tx:
        case = await cases.of_person(tx, case_person.id)
        assert case is not None
        await cases.save(tx, replace(case, state="listed"))
        address = (await addresses.find_all(tx, YVONNE))[0]
        row = Named(1, name, phone, "friend", now.date(), "face_to_face")
        await carry_out(tx, desk, ContactNamed(case.id, address.id, row), now)
        exposure = await contacts.by_number(tx, case.id, 1)
        assert exposure is not None
        contact = await contacts.get(tx, exposure.contact_id)
        assert contact is not None
        return contact.person_id, exposure.id


async def test_a_number_that_was_missing_makes_the_contact_be_told(
    home: House, agent: Visitor
) -> None:
    person_id, exposure_id = await named(home, "Marc Besson")
    page = await agent.get(f"/admin/people/{person_id}")
    assert "no number" in page
    assert "Do NOT say the case’s name" in page
    path = f"/admin/bundles/{person_id}"
    form = {"person": person_id, "exposure": exposure_id, "relation": "colleague"}
    await agent.post(f"{path}/complete", phone="06 39 98 04 44", town="Brest", **form)
    assert "will now be written to" in agent.page
    await home.work()
    [first] = await home.transcript(MARC)
    assert "M.B." in first.text and first.state == "delivered"
    assert (await home.person(person_id)).town == "Brest"
    async with home.service.store.reading() as tx:
        contact = await contacts.of_person(tx, person_id)
        assert contact is not None and contact.state == "contacting"
        assert (await contacts.exposures_of_contact(tx, contact.id))[0].relation == "colleague"


async def test_what_cannot_be_read_changes_nothing(home: House, agent: Visitor) -> None:
    person_id, _ = await named(home, "Marc Besson")
    await agent.get(f"/admin/people/{person_id}")
    path = f"/admin/bundles/{person_id}"
    await agent.post(f"{path}/complete", person=person_id, phone="12", town="Brest")
    assert "not a telephone number" in agent.page
    await agent.post(f"{path}/complete", person=person_id, birth_date="2099-01-01", town="Brest")
    assert "not in the future" in agent.page
    assert (await home.person(person_id)).town == ""


async def test_an_empty_field_destroys_nothing(home: House, agent: Visitor) -> None:
    person = await home.alarm()
    path = await home.bundle()
    await agent.get(path)
    await agent.post(f"{path}/complete", person=person.id, given_name="", family_name="")
    assert (await home.person(person.id)).family_name == "Kermarrec"


async def test_a_positive_contact_becomes_a_case(home: House, agent: Visitor) -> None:
    person_id, _ = await named(home, "Marc Besson", MARC)
    page = await agent.get(f"/admin/people/{person_id}")
    path = page.split('action="/admin/bundles/')[1].split("/")[0]
    await agent.post(f"/admin/bundles/{path}/positive", person=person_id, test_date="2026-11-22")
    assert "A case was made" in agent.page
    async with home.service.store.reading() as tx:
        case = await cases.of_person(tx, person_id)
    assert case is not None and str(case.test_date) == "2026-11-22"


async def test_an_agent_records_who_answers_for_an_adult_and_ends_it(
    home: House, agent: Visitor
) -> None:
    person_id, _ = await named(home, "Marc Besson", MARC)
    page = await agent.get(f"/admin/people/{person_id}")
    path = page.split('action="/admin/bundles/')[1].split("/")[0]
    act = f"/admin/bundles/{path}/helper"

    async def helpers() -> list[str]:
        async with home.service.store.reading() as tx:
            links = await people.links_of(tx, person_id)
        return [link.agreed_how for link in links if link.role == "proxy" and not link.dropped]

    await agent.post(act, person=person_id, name="Rose", phone="06 39 98 00 88", how="aloud")
    assert await helpers() == ["aloud"]
    await agent.post(act, person=person_id, how="end")
    assert await helpers() == []
    await agent.post(act, person=person_id, name="Rose", phone="nothing", how="aloud")
    assert await helpers() == []


async def test_a_follow_up_is_ended_by_hand(home: House, agent: Visitor) -> None:
    person_id, _ = await named(home, "Marc Besson", MARC)
    async with home.service.store.writing() as tx:
        contact = await contacts.of_person(tx, person_id)
        assert contact is not None
        await carry_out(
            tx,
            home.service.desk,
            Enrol(person_id, "contact", 0, contact_id=contact.id),
            home.clock.now(),
        )
    page = await agent.get(f"/admin/people/{person_id}")
    assert "End the follow-up" in page
    path = page.split('action="/admin/bundles/')[1].split("/")[0]
    await agent.post(f"/admin/bundles/{path}/close", person=person_id, outcome="refused")
    assert "The follow-up is closed" in agent.page
    async with home.service.store.reading() as tx:
        assert await following.active_of_person(tx, person_id) is None


async def test_a_held_conversation_is_handed_back_and_asks_again(
    home: House, agent: Visitor
) -> None:
    person = await home.enter("Emma Roux", MARC)
    await home.work()
    async with home.service.store.writing() as tx:
        talk = (await conversations.of_person(tx, person.id))[0]
        await conversations.save(tx, replace(talk, status="held"))
    path = await home.bundle(MARC)
    page = await agent.get(path)
    assert "Hand the conversation back" in page
    before = len(await home.transcript(MARC))
    await agent.post(f"{path}/hand-back", person=person.id, address=talk.address_id)
    assert "Handed back" in agent.page
    await agent.post(f"{path}/return")
    await home.work()
    await home.pass_time(minutes=5)
    assert len(await home.transcript(MARC)) == before + 1
    await agent.get(path)
    await agent.post(f"{path}/hand-back", person=person.id, address=talk.address_id)
    assert "no conversation here that waits" in agent.page


async def test_a_code_by_sms_ties_a_person_to_a_chat(home: House, agent: Visitor) -> None:
    person = await home.enter("Emma Roux", MARC)
    await home.work()
    path = await home.bundle(MARC)
    await agent.get(path)
    async with home.service.store.reading() as tx:
        address = (await addresses.find_all(tx, MARC))[0]
    await agent.post(f"{path}/telegram", person=person.id, address=address.id)
    await home.work()
    text = (await home.transcript(MARC))[-1].text
    code = text.split("/start ")[1].split(" ")[0]
    await home.service.inbox.take(
        Incoming("telegram", "t-1", "777", "bot", f"/start {code}", link_code=code)
    )
    async with home.service.store.reading() as tx:
        links = await people.links_of(tx, person.id)
        channels = [
            one.channel for one in await addresses.get_many(tx, [i.address_id for i in links])
        ]
    assert sorted(channels) == ["sms", "telegram"]


async def test_the_board_shows_who_is_followed(home: House, agent: Visitor) -> None:
    assert "Nobody is followed just now" in await agent.get("/admin/follow-ups")
    person_id, _ = await named(home, "Marc Besson", MARC)
    async with home.service.store.writing() as tx:
        contact = await contacts.of_person(tx, person_id)
        assert contact is not None
        enrol = Enrol(person_id, "contact", 0, contact_id=contact.id)
        await carry_out(tx, home.service.desk, enrol, home.clock.now())
    page = await agent.get("/admin/follow-ups")
    assert "Marc Besson" in page and "1 person is asked every day" in page
