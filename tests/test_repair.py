"""Pieces, corrections and late answers, on both databases: read as meant, and written once."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.deeds import carry_out
from bot.desk import open_desk
from bot.entering import NewCase, enter_case
from bot.firing import fire
from bot.following_up import check_in_due
from bot.store import (
    addresses,
    conversations,
    deed_rows,
    events,
    following,
    messages,
    outbox,
    people,
    reviews,
    scenes,
)
from bot.store.engines import Store, Tx
from bot.taking import take_all
from flows.vocabulary import (
    Accepted,
    Case,
    CheckIn,
    Conversation,
    Enrol,
    Incoming,
    Message,
    Person,
    Timer,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PHONE = "+33639980001"


class Talk:
    """A case in its daily follow-up, and a clock that only this object moves."""

    def __init__(self, store: Store) -> None:
        self.store, self.desk, self.now, self.count = store, open_desk(), NOW, 0
        self.person_id = self.follow_up_id = 0

    async def begin(self) -> None:
        """The follow-up begins, and today's check-in is asked and sent."""
        person = Person(0, "Marie", "Martin", birth_date=date(1980, 1, 1), language="fr")
        case = Case(0, 0, "C1", test_date=NOW.date(), onset=NOW.date(), told_by="doctor")
        async with self.store.writing() as tx:
            entered = await enter_case(tx, self.desk, NewCase(person, case, PHONE), self.now)
            self.person_id = entered.case.person_id
            link = (await people.links_of(tx, self.person_id))[0]
            await people.save_links(tx, [replace(link, proven_at=self.now, role="self")])
            for talk in await conversations.of_person(tx, self.person_id):
                await conversations.save(tx, replace(talk, status="ended"))
            enrol = Enrol(self.person_id, "case", link.address_id, case_id=entered.case.id)
            await carry_out(tx, self.desk, enrol, self.now)
            found = await following.active_of_person(tx, self.person_id)
            assert found is not None
            self.follow_up_id = found.id
        await self.check_in()

    async def check_in(self) -> None:
        """A day's check-in is due."""
        timer = Timer("t", "check_in", self.now, follow_up_id=self.follow_up_id)
        async with self.store.writing() as tx:
            await check_in_due(tx, self.desk, timer, self.now)
            [found] = [c for c in await self.talks(tx) if c.status == "queued"] or [None]
            if found:
                start = Timer("s", "start", self.now, found.address_id, found.id)
                await fire(tx, self.desk, start, self.now)
        await self.send()

    async def talks(self, tx: Tx) -> list[Conversation]:
        return await conversations.of_person(tx, self.person_id)

    async def hear(self, text: str, seconds: float = 60) -> None:
        """Marie writes, so long after what came before; what is due by then has gone out."""
        self.now += timedelta(seconds=seconds)
        await self.send()
        self.count += 1
        incoming = Incoming("sms", f"SM{self.count}", PHONE, "38000", text)
        async with self.store.writing() as tx:
            await take_all(tx, [incoming], self.desk, self.now)

    async def send(self) -> None:
        """Deeds are carried out; what may go goes."""
        async with self.store.writing() as tx:
            for row in await deed_rows.claim(tx, self.now, 50, "w", timedelta(minutes=1)):
                if await deed_rows.take(tx, row, "w"):
                    await carry_out(tx, self.desk, row.deed, self.now)
            while go := await outbox.claim(tx, self.now, 50, "w", timedelta(minutes=1)):
                for one in go:
                    taken = Accepted(f"out-{one.message.id}")
                    await outbox.accepted(tx, one.message.id, taken, self.now)

    async def said(self) -> list[Message]:
        """What went out or waits, but for what was taken back."""
        async with self.store.reading() as tx:
            found = await addresses.find_all(tx, PHONE)
            every = await messages.transcript(tx, [one.id for one in found])
        return [one for one in every if one.direction == "out" and one.state != "cancelled"]

    async def answers(self) -> dict[date, CheckIn]:
        async with self.store.reading() as tx:
            return {one.day: one for one in await following.history(tx, self.follow_up_id)}


@pytest.fixture
async def talk(store: Store) -> Talk:
    opened = Talk(store)
    await opened.begin()
    return opened


async def test_a_reply_waits_four_seconds_and_goes(talk: Talk) -> None:
    await talk.hear("non")
    assert (await talk.said())[-1].state == "waiting"
    talk.now += timedelta(seconds=5)
    await talk.send()
    assert (await talk.said())[-1].state == "accepted"


async def test_two_pieces_are_answered_once(talk: Talk) -> None:
    await talk.hear("non")
    before = len(await talk.said())
    await talk.hear("juste fatiguée", seconds=2)
    await talk.send()
    said = await talk.said()
    assert len(said) == before
    assert "fièvre" in said[-1].text


async def test_pieces_are_cancelled_with_a_reason_and_never_sent(talk: Talk) -> None:
    await talk.hear("non")
    await talk.hear("juste fatiguée", seconds=2)
    talk.now += timedelta(minutes=1)
    await talk.send()
    async with talk.store.reading() as tx:
        found = await addresses.find_all(tx, PHONE)
        every = await messages.transcript(tx, [one.id for one in found])
    gone = [one for one in every if one.state == "cancelled"]
    assert [one.reason for one in gone] == ["wrote_on"]


async def test_a_reply_that_went_out_is_not_taken_back(talk: Talk) -> None:
    await talk.hear("non")
    await talk.hear("0", seconds=6)
    assert "autres signes" in (await talk.said())[-1].text.lower()


async def test_danger_in_two_halves_is_heard_at_once(talk: Talk) -> None:
    await talk.hear("j'arrive plus")
    await talk.hear("à respirer", seconds=2)
    kinds = [one.kind for one in await talk.said()]
    assert kinds[-1] == "safety"
    async with talk.store.reading() as tx:
        found = await reviews.of_person(tx, talk.person_id)
    assert ("P1", "danger") in {(one.priority, one.reason) for one in found}


async def test_the_same_danger_in_the_next_piece_is_not_answered_twice(talk: Talk) -> None:
    await talk.hear("j'arrive plus à respirer")
    await talk.hear("vite svp", seconds=2)
    assert [one.kind for one in await talk.said()].count("safety") == 1


async def test_danger_in_halves_is_heard_from_a_stranger(store: Store) -> None:
    opened = Talk(store)
    await opened.hear("j'arrive plus")
    await opened.hear("à respirer", seconds=2)
    assert "safety" in [one.kind for one in await opened.said()]


async def test_a_piece_after_the_last_answer_reads_that_answer_anew(talk: Talk) -> None:
    for words in ("non", "0", "rien"):
        await talk.hear(words)
    await talk.hear("ah si je tousse", seconds=2)
    await talk.hear("non")
    await talk.hear("1")
    await talk.send()
    assert "cough" in (await talk.answers())[NOW.date()].answers.get("symptoms", [])


async def finished(talk: Talk, *words: str) -> None:
    """Answers until the check-in is over."""
    for word in words:
        await talk.hear(word)
    for _ in range(4):
        async with talk.store.reading() as tx:
            if all(c.status == "ended" for c in await talk.talks(tx)):
                return
        await talk.hear("2")


async def test_a_correction_after_the_end_brings_the_record_up_to_date(talk: Talk) -> None:
    await finished(talk, "non", "39,2", "rien")
    await talk.send()
    assert (await talk.answers())[NOW.date()].answers["temperature"] == 39.2
    await talk.hear("je me suis trompée, 37,2")
    await finished(talk, "rien")
    await talk.send()
    assert (await talk.answers())[NOW.date()].answers["temperature"] == 37.2


async def test_a_correction_adds_to_the_open_review_and_closes_nothing(talk: Talk) -> None:
    await finished(talk, "non", "39,2", "rien")
    async with talk.store.reading() as tx:
        before = {one.key: one for one in await reviews.of_person(tx, talk.person_id)}
    await talk.hear("je me suis trompée, 37,2")
    async with talk.store.reading() as tx:
        after = {one.key: one for one in await reviews.of_person(tx, talk.person_id)}
    assert before
    for key, review in before.items():
        assert after[key].state == "open"
        assert len(after[key].detail) > len(review.detail)


async def test_the_trail_keeps_both_answers(talk: Talk) -> None:
    await talk.hear("non")
    await talk.hear("39,2")
    await talk.hear("oups 38,2")
    async with talk.store.reading() as tx:
        lines = await events.trail(tx, person_id=talk.person_id)
    [line] = [one for one in lines if one.kind == "corrected"]
    assert (line.data["was"]["answer"], line.data["now"]["answer"]) == (39.2, 38.2)


async def test_a_correction_may_bring_a_danger(talk: Talk) -> None:
    await talk.hear("non")
    await talk.hear("38")
    await talk.hear("je me suis trompée, 40,5")
    said = await talk.said()
    assert "safety" in [one.kind for one in said[-3:]]


async def test_long_after_the_end_nothing_is_corrected(talk: Talk) -> None:
    await finished(talk, "non", "38", "rien")
    await talk.hear("je me suis trompée, 39", seconds=13 * 3600)
    await talk.send()
    assert (await talk.answers())[NOW.date()].answers["temperature"] == 38


async def test_who_one_is_cannot_be_guessed_again_by_correcting(store: Store) -> None:
    opened = Talk(store)
    person = Person(0, "Marie", "Martin", birth_date=date(1980, 1, 1), language="fr")
    case = Case(0, 0, "C1", test_date=NOW.date(), onset=NOW.date(), told_by="doctor")
    async with store.writing() as tx:
        entered = await enter_case(tx, opened.desk, NewCase(person, case, PHONE), NOW)
        opened.person_id = entered.case.person_id
        [asked] = await opened.talks(tx)
        start = Timer("s", "start", NOW, asked.address_id, asked.id)
        await fire(tx, opened.desk, start, NOW)
    for words in ("oui", "1970", "je me suis trompée, 1971", "je me suis trompée, 1980"):
        await opened.hear(words)
    async with store.reading() as tx:
        links = await people.links_of(tx, opened.person_id)
    assert [link.proven_at for link in links] == [None]


async def test_an_answer_late_by_a_day_may_begin_todays_check_in(talk: Talk) -> None:
    async with talk.store.writing() as tx:
        [asked] = [c for c in await talk.talks(tx) if c.status == "open"]
        await conversations.save(tx, replace(asked, status="lapsed"))
    await talk.hear("non", seconds=23 * 3600)
    await talk.hear("2")
    async with talk.store.reading() as tx:
        [today] = [c for c in await talk.talks(tx) if c.status == "open"]
    assert (today.day, today.frames[-1].node) == (NOW.date() + timedelta(days=1), "fever")
    await talk.check_in()
    async with talk.store.reading() as tx:
        assert len([c for c in await talk.talks(tx) if c.status in ("open", "queued")]) == 1


async def test_an_answer_late_by_a_day_joins_its_day(talk: Talk) -> None:
    async with talk.store.writing() as tx:
        [asked] = [c for c in await talk.talks(tx) if c.status == "open"]
        await conversations.save(tx, replace(asked, status="lapsed"))
    await talk.hear("non", seconds=23 * 3600)
    await talk.hear("1")
    await talk.send()
    assert (await talk.answers())[NOW.date()].answers["danger"] == "no"
    async with talk.store.reading() as tx:
        found = await addresses.find(tx, "sms", PHONE)
        assert found is not None
        assert (await scenes.scene(tx, found, talk.now)).conversations == ()
