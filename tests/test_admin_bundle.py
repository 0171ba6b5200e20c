"""The one page: what must not be missed, what was said, and every act in the trail."""

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


async def test_an_emergency_shows_her_words_and_what_became_of_the_safety_text(
    home: House, agent: Visitor
) -> None:
    person = await home.alarm()
    async with home.service.store.writing() as tx:
        await people.learn(
            tx,
            person.id,
            {"street": "14 rue de la Chapelle", "second_contact": {"name": "Paul", "phone": MARC}},
            home.clock.now(),
        )
    await home.pass_time(minutes=3)
    page = await agent.get(await home.bundle())
    assert "<mark>" in page and "mal à respirer" in page
    assert "3 minutes ago" in page
    assert "appelez le 15" in page and "<strong>delivered</strong>" in page
    assert "84 years" in page and "14 rue de la Chapelle" in page
    assert "Paul" in page and "+33 6 39 98 04 44" in page
    assert "+33 6 39 98 02 22" in page


async def test_not_reached_keeps_an_emergency_open_and_reached_closes_it(
    home: House, agent: Visitor
) -> None:
    person = await home.alarm()
    path = await home.bundle()
    review = (await home.queue())[0].review
    await agent.get(path)
    form = {"person": person.id, "review": review.id}
    await agent.post(f"{path}/resolve", outcome="not_reached", **form)
    assert [one.review.id for one in await home.queue()] == [review.id]
    await agent.get(path)
    assert "1 note or try so far" in agent.page
    await agent.post(f"{path}/resolve", outcome="reached", **form)
    assert (agent.at, "Done, and in the trail" in agent.page) == ("/admin/", True)
    assert await home.queue() == []
    trail = await home.trail(person.id)
    acts = [line.data["outcome"] for line in trail if "outcome" in line.data]
    assert acts[:2] == ["reached", "not_reached"]
    assert "Reached and spoken with" in await agent.get(path)


async def test_every_look_at_a_person_is_in_the_trail(home: House, agent: Visitor) -> None:
    person = await home.alarm()
    await agent.get(f"/admin/people/{person.id}")
    await agent.get(await home.bundle())
    reads = [line for line in await home.trail(person.id) if line.kind == "read"]
    assert len(reads) == 2
    assert all(line.actor.startswith("user:") for line in reads)


async def test_a_note_stays_with_the_review(home: House, agent: Visitor) -> None:
    person = await home.alarm()
    path = await home.bundle()
    review = (await home.queue())[0].review
    await agent.get(path)
    await agent.post(
        f"{path}/resolve", person=person.id, review=review.id, outcome="note", note="Son is there"
    )
    assert "Son is there" in agent.page
    assert "The note is kept" in agent.page
    assert len(await home.queue()) == 1


async def test_an_agents_words_go_through_the_outbox_once(home: House, agent: Visitor) -> None:
    person = await home.alarm()
    path = await home.bundle()
    async with home.service.store.reading() as tx:
        address = (await addresses.find_all(tx, YVONNE))[0]
    await agent.get(path)
    form = {"person": person.id, "address": address.id, "mark": "42", "text": "Nous arrivons"}
    await agent.post(f"{path}/write", **form)
    assert "on its way" in agent.page
    await agent.post(f"{path}/write", **form)
    await home.work()
    said = [one for one in await home.transcript(YVONNE) if one.kind == "agent"]
    assert [(one.text, one.state) for one in said] == [("Nous arrivons", "delivered")]
    page = await agent.get(path)
    assert "Agent (Agent)" in page
    assert "the text is empty" in await agent.post(f"{path}/write", **{**form, "text": "  "})


async def test_what_would_hold_a_message_back_is_said_before_it_is_written(
    home: House, agent: Visitor
) -> None:
    await home.alarm()
    await home.hear(YVONNE, "STOP")
    page = await agent.get(await home.bundle())
    assert "STOP: do not write" in page
    assert "a message would not go out" in page
    assert "this number said STOP" in page


async def test_stop_is_lifted_only_by_the_persons_own_wish(home: House, agent: Visitor) -> None:
    person = await home.alarm()
    await home.hear(YVONNE, "STOP")
    path = await home.bundle()
    async with home.service.store.reading() as tx:
        address = (await addresses.find_all(tx, YVONNE))[0]
    await agent.get(path)
    form = {"person": person.id, "address": address.id}
    await agent.post(f"{path}/lift", **form)
    assert "STOP: do not write" in agent.page
    await agent.post(f"{path}/lift", wished="1", **form)
    assert "STOP: do not write" not in agent.page
    assert (await home.trail(person.id))[1].data["what"] == "lift"


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


async def test_a_lease_on_one_household_opens_no_other(home: House, agent: Visitor) -> None:
    await home.alarm()
    other = await home.enter("Emma Roux", MARC)
    path = await home.bundle()
    await agent.get(path)
    await agent.post(f"{path}/condition", person=other.id, condition="deceased")
    assert agent.status == 404
    assert (await home.person(other.id)).condition == ""
    async with home.service.store.reading() as tx:
        theirs = (await addresses.find_all(tx, MARC))[0]
    await agent.get(path)
    await agent.post(f"{path}/write", address=theirs.id, mark="1", text="not for you")
    assert agent.status == 404


async def test_names_of_any_script_keep_their_own_direction(home: House, agent: Visitor) -> None:
    person = await home.enter("سلمى حداد", MARC, language="ar")
    page = await agent.get(f"/admin/people/{person.id}")
    assert '<span dir="auto">سلمى حداد</span>' in page
    assert "Speaks Arabic" in page
    assert "وسنعاود الاتصال" in page


async def test_words_of_people_are_never_markup(home: House, agent: Visitor) -> None:
    await home.alarm()
    await home.hear(YVONNE, "<script>alert(1)</script> je peux plus respirer")
    page = await agent.get(await home.bundle())
    assert "<script>alert" not in page
    assert "&lt;script&gt;alert(1)" in page


async def test_people_are_found_by_name_as_it_sounds_number_and_code(
    home: House, agent: Visitor
) -> None:
    person = await home.alarm()
    for words in ("ivonne kermarec", "06 39 98 02 22", "0033639980222", person.check_code):
        await agent.get("/admin/people?q=" + words.replace(" ", "+"))
        assert f"/admin/people/{person.id}" in agent.page, words
    assert "Nobody was found" in await agent.get("/admin/people?q=zzz")


async def test_what_a_text_costs_is_told_as_it_is_typed(home: House, agent: Visitor) -> None:
    await agent.get("/admin/")
    plain = await agent.post("/admin/segments", text="a" * 161, channel="sms")
    assert '"segments": 2' in plain and "GSM-7" in plain
    await agent.get("/admin/")
    dear = await agent.post("/admin/segments", text="مرحبا", channel="sms")
    assert "UCS-2" in dear and "dear letters" in dear
    await agent.get("/admin/")
    assert '"said": ""' in await agent.post("/admin/segments", text="x", channel="telegram")


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
