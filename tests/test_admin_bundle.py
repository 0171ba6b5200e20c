"""The one page: what must not be missed, what was said, and every act in the trail."""

import re
from collections.abc import AsyncIterator

import pytest

from bot.store import addresses, people, users
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


async def test_our_texts_are_translated_for_whoever_does_not_read_their_language(
    home: House, agent: Visitor
) -> None:
    person = await home.enter("سلمى حداد", "+33639980555", language="ar")
    await home.work()
    assert "Reply YES or NO" in await agent.get(f"/admin/people/{person.id}")
    async with home.service.store.writing() as tx:
        reader = await users.by_email(tx, "agent@example.org")
        assert reader is not None
        await users.set_desk(tx, reader.id, "", ["ar"])
    assert "Reply YES or NO" not in await agent.get(f"/admin/people/{person.id}")


async def test_words_of_people_are_never_markup(home: House, agent: Visitor) -> None:
    await home.alarm()
    await home.hear(YVONNE, "<script>alert(1)</script> je peux plus respirer")
    page = await agent.get(await home.bundle())
    assert "<script>alert" not in page
    bare = re.sub(r"</?mark[^>]*>", "", page)
    assert "&lt;script&gt;alert(1)" in bare


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


async def test_a_bare_number_that_means_danger_stands_under_its_question(
    home: House, agent: Visitor
) -> None:
    await home.enter("Emma Roux", MARC)
    await home.work()
    for words in ("oui", "1980", "1"):
        await home.pass_time(seconds=20)
        await home.hear(MARC, words)
    waiting = await home.queue()
    assert waiting[0].review.priority == "P1"
    page = await agent.get(await home.bundle(MARC))
    alarm = page.split('class="sheet alarm"')[1].split("</section>")[0]
    assert "1 oui 2 non" in alarm
    assert '<blockquote dir="auto">1<' in alarm
