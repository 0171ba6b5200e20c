"""Turns are written whole, each message is heard once, and a scene shows what they left."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event
from sqlalchemy.exc import IntegrityError

from bot.ids import Ids
from bot.store import (
    addresses,
    bundles,
    cases,
    contacts,
    conversations,
    deed_rows,
    events,
    following,
    keys,
    messages,
    people,
    scenes,
    timers,
    turns,
    users,
)
from bot.store.engines import Store, Tx
from flows.vocabulary import (
    Address,
    Case,
    CheckIn,
    Contact,
    Conversation,
    Draft,
    Event,
    Exposure,
    FollowUp,
    Frame,
    Incoming,
    Message,
    Named,
    Person,
    PersonLearned,
    ReviewWanted,
    Scene,
    Timer,
    Turn,
)
from tests.stores import NOW, store_at

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)
NUMBER = "+33639980001"


def incoming(text: str = "oui", provider_id: str = "SM1", number: str = NUMBER) -> Incoming:
    return Incoming("sms", provider_id, number, "+33600000000", text)


async def somebody(tx: Tx, number: str = NUMBER) -> tuple[Person, Address]:
    person = await people.add(tx, Person(0, "Léa", "Martin"), NOW)
    address = await addresses.lock(tx, "sms", number, NOW)
    await people.link(tx, person.id, address.id)
    return person, address


def talk(tx: Tx, person: Person, address: Address, status: str = "open") -> Conversation:
    return Conversation(
        id=tx.ids.new(NOW),
        address_id=address.id,
        person_id=person.id,
        frames=(Frame("case", "who", "s1", tries=1), Frame("danger", "reached", asked=False)),
        status=status,
        bands={"case.told": "yes"},
        kept={"case.day": "2026-11-20", "case.count": 3},
        named=(Named(1, "Paul", "+33639980002", last_day=date(2026, 11, 20), minor=False),),
        pending={"question": "case.who", "until": "18:00"},
        day=date(2026, 11, 23),
        opened_at=NOW,
        asked_at=NOW,
    )


def whole_turn(person: Person, address: Address, conversation: Conversation) -> Turn:
    """A turn that writes into every table."""
    about: dict[str, Any] = {"person_id": person.id, "conversation_id": conversation.id}
    key = f"t:{address.id}"
    return Turn(
        address=replace(address, language="en", last_heard_at=NOW),
        conversations=(conversation,),
        drafts=(
            Draft(f"{key}:0", "reply", "Thank you.", **about),
            Draft(f"{key}:1", "question", "Fever?", options=("Yes", "No"), **about),
        ),
        timers=(Timer(f"silence:{conversation.id}", "silence", NOW + HOUR, address.id, **about),),
        dropped_timers=(f"start:{conversation.id}",),
        reviews=(ReviewWanted("danger", "P1", NOW + MINUTE, f"{key}:d", person.id),),
        deeds=(PersonLearned(person.id, {"language": "en"}),),
        events=(Event("heard", NOW, "person", person.id, address.id, data={"words": "oui"}),),
        reading={"value": "yes", "spans": [[0, 3, "yes"]]},
        **about,
    )


async def hear(tx: Tx, heard: Incoming, turn: Turn) -> Message | None:
    """What the inbox does with one message."""
    address = await addresses.lock(tx, "sms", heard.sender, NOW)
    message = await messages.file_incoming(tx, address, heard, NOW)
    if message is not None:
        scene = await scenes.scene(tx, address, NOW)
        await turns.save_turns(tx, [(scene, turn, message)], NOW)
    return message


async def test_a_turn_is_written_into_every_table_and_read_back(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        conversation = talk(tx, person, address)
        await timers.set_timer(tx, Timer(f"start:{conversation.id}", "start", NOW))
        turn = whole_turn(person, address, conversation)
        message = await hear(tx, incoming(), turn)
        assert message is not None
    async with store.writing() as tx:
        scene = await scenes.scene(tx, await addresses.lock(tx, "sms", NUMBER, NOW), NOW)
        assert scene.address == turn.address
        assert scene.conversations == (conversation,)
        assert [review.key for review in scene.reviews] == [turn.reviews[0].key]
        heard, reply, question = await messages.transcript(tx, [address.id])
        assert (heard.text, heard.state, heard.reading) == ("oui", "heard", turn.reading)
        assert (heard.person_id, heard.conversation_id) == (person.id, conversation.id)
        assert (reply.text, reply.kind, reply.state) == ("Thank you.", "reply", "waiting")
        assert (question.text, question.options) == ("Fever?", ("Yes", "No"))
        assert await messages.of_person(tx, person.id) == [heard, reply, question]
        assert await timers.of_person(tx, person.id) == list(turn.timers)
        assert await timers.next_due(tx) == NOW + HOUR
        (asked,) = await deed_rows.claim(tx, NOW, 10, "me", HOUR)
        assert (asked.deed, asked.address_id) == (turn.deeds[0], address.id)
        assert await events.trail(tx, person_id=person.id) == list(turn.events)


async def test_a_message_delivered_many_times_at_once_is_one_turn(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        turn = whole_turn(person, address, talk(tx, person, address))

    async def deliver() -> Message | None:
        async with store.writing() as tx:
            return await hear(tx, incoming(), turn)

    filed = await asyncio.gather(*(deliver() for _ in range(8)))
    assert sum(message is not None for message in filed) == 1
    async with store.reading() as tx:
        said = await messages.transcript(tx, [address.id])
        assert [message.direction for message in said] == ["in", "out", "out"]
        assert await messages.known(tx, ["SM1", "SM2"]) == {("sms", "SM1")}


async def test_an_id_drawn_twice_is_a_fault_and_no_message_that_is_known(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        await messages.file_incoming(tx, address, incoming("a", "SM1"), NOW)
        await messages.queue_drafts(tx, [(address, Draft("a", "reply", "Merci."))], NOW)
        drawn = [one.id for one in await messages.transcript(tx, [address.id])]
    for taken in drawn:
        with pytest.raises(IntegrityError):
            async with store.writing() as tx:
                same = replace(tx, ids=Drawn(taken))
                await messages.file_incoming(same, address, incoming("b", "SM2"), NOW)
        with pytest.raises(IntegrityError):
            async with store.writing() as tx:
                same = replace(tx, ids=Drawn(taken))
                await messages.queue_drafts(same, [(address, Draft("b", "reply", "Oui."))], NOW)


class Drawn(Ids):
    """A source that always draws the same id."""

    def __init__(self, taken: int) -> None:
        super().__init__(seed=1)
        self._taken = taken

    def new(self, now: datetime) -> int:
        return self._taken


async def test_a_batch_tells_what_is_new_from_what_was_heard(store: Store) -> None:
    async with store.writing() as tx:
        one = await addresses.lock_many(tx, [("sms", NUMBER), ("sms", "+33639980002")], NOW)
        assert await messages.file_incoming(tx, one[0], incoming("a", "SM1"), NOW)
        both = [(one[0], incoming("a", "SM1")), (one[1], incoming("b", "SM2"))]
        seen, new = await messages.file_many(tx, both, NOW)
    assert seen is None
    assert new is not None and new.text == "b"


async def test_somebody_erased_who_writes_again_is_heard_like_a_stranger(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        before = await messages.file_incoming(tx, address, incoming("a", "SM1"), NOW)
        await keys.destroy(tx, [keys.person_owner(person.id)], NOW)
        after = await messages.file_incoming(tx, address, incoming("au secours", "SM2"), NOW)
        assert before and after
        await deed_rows.ask(tx, [("k", PersonLearned(person.id, {}), address.id)], NOW)
        said = await messages.transcript(tx, [address.id])
        assert len(await deed_rows.claim(tx, NOW, 10, "me", HOUR)) == 1
    assert [one.text for one in said] == ["", "au secours"]


async def test_a_picture_without_words_is_unread(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        picture = replace(incoming(" "), media=("https://example.org/a.jpg",))
        await messages.file_incoming(tx, address, picture, NOW)
        (kept,) = await messages.transcript(tx, [address.id])
        assert (kept.state, kept.media) == ("unread", picture.media)
        await messages.keep(tx, kept.id, "broken_turn")
        again = await messages.get(tx, kept.id)
    assert again is not None and (again.state, again.reason) == ("kept", "broken_turn")


async def test_the_same_text_under_the_same_key_is_put_once(store: Store) -> None:
    async with store.writing() as tx:
        _, address = await somebody(tx)
        draft = Draft("once", "reply", "Merci.")
        await messages.queue_drafts(tx, [(address, draft), (address, draft)], NOW)
        await messages.queue_drafts(tx, [(address, replace(draft, text="Encore."))], NOW)
        assert [one.text for one in await messages.transcript(tx, [address.id])] == ["Merci."]


async def test_a_turn_that_cannot_be_saved_leaves_nothing(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        good = whole_turn(person, address, talk(tx, person, address))
    # The event is the last thing that a turn writes.
    bad = replace(good, events=(Event("heard", NOW, data={"words": object()}),))
    with pytest.raises(TypeError):
        async with store.writing() as tx:
            await hear(tx, incoming(), bad)
    async with store.writing() as tx:
        scene = await scenes.scene(tx, await addresses.lock(tx, "sms", NUMBER, NOW), NOW)
        assert (scene.address, scene.conversations, scene.reviews) == (address, (), ())
        assert await messages.transcript(tx, [address.id]) == []
        assert await timers.next_due(tx) is None
        assert await deed_rows.claim(tx, NOW, 10, "me", HOUR) == []
        # What was not kept is new when it is posted again.
        assert await hear(tx, incoming(), good)


@contextmanager
def counted(store: Store) -> Iterator[list[str]]:
    """The statements that the database is sent."""
    sent: list[str] = []

    def hear(_c: object, _cursor: object, sql: str, *_more: object) -> None:
        sent.append(sql)

    event.listen(store.engine.sync_engine, "before_cursor_execute", hear)
    yield sent
    event.remove(store.engine.sync_engine, "before_cursor_execute", hear)


async def batch(store: Store, first: int, size: int) -> int:
    """How many statements a batch of so many whole turns takes."""
    numbers = [f"+3363998{first + n:04}" for n in range(size)]
    async with store.writing() as tx:
        there = [await somebody(tx, number) for number in numbers]
        talks = [talk(tx, person, address) for person, address in there]
    with counted(store) as sent:
        async with store.writing() as tx:
            locked = await addresses.lock_many(tx, [("sms", number) for number in numbers], NOW)
            heard = [incoming("oui", f"SM{number}", number) for number in numbers]
            filed = await messages.file_many(tx, list(zip(locked, heard, strict=True)), NOW)
            found = await scenes.scenes(tx, locked, NOW)
            taken = [
                (scene, whole_turn(scene.people[0].person, scene.address, one), message)
                for scene, one, message in zip(found, talks, filed, strict=True)
            ]
            await turns.save_turns(tx, taken, NOW)
    return len(sent)


async def test_many_turns_take_as_many_statements_as_few(store: Store) -> None:
    # The first makes what the others find, like the month's key.
    await batch(store, 0, 2)
    few = await batch(store, 50, 2)
    assert await batch(store, 100, 40) == few


async def test_a_scene_shows_all_that_a_turn_may_know(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        patient = await people.add(tx, Person(0, "Marc", "Petit"), NOW)
        case = await cases.add(tx, Case(tx.ids.new(NOW), patient.id))
        shy = await cases.add(tx, Case(tx.ids.new(NOW), patient.id))
        contact = await contacts.add(tx, Contact(tx.ids.new(NOW), person.id, created_at=NOW))
        exposures = tuple([
            await contacts.add_exposure(
                tx, Exposure(tx.ids.new(NOW), of.id, contact.id, 1, may_name=of is case)
            )
            for of in (case, shy)
        ])  # fmt: skip
        follow_up = await following.start(
            tx,
            FollowUp(
                tx.ids.new(NOW), person.id, "contact", NOW.date(), None, contact_id=contact.id
            ),
        )
        days = [CheckIn(tx.ids.new(NOW), follow_up.id, person.id, NOW.date() - timedelta(days=n))
                for n in range(20)]  # fmt: skip
        for day in days:
            await following.save_check_in(tx, day)
        user = await users.add(tx, "claire@example.org", "agent", "x", "Claire", now=NOW)
        await bundles.lease(tx, address.id, user.id, NOW)
        [scene, empty] = await scenes.scenes(
            tx, [address, await addresses.lock(tx, "telegram", "77", NOW)], NOW
        )
    [here] = scene.people
    assert (here.person, here.case, here.contact) == (person, None, contact)
    assert sorted(here.exposures, key=lambda one: one.case_id) == list(exposures)
    assert here.case_names == {case.id: "Marc Petit"}
    assert (here.follow_up, here.history) == (follow_up, tuple(days[13::-1]))
    assert scene.held_by == user.id
    assert empty == Scene(empty.address, (), ())


async def test_a_contact_hears_only_the_names_that_were_allowed_to_them(store: Store) -> None:
    async with store.writing() as tx:
        patient = await people.add(tx, Person(0, "Marc", "Petit"), NOW)
        case = await cases.add(tx, Case(tx.ids.new(NOW), patient.id))
        here = [await somebody(tx, f"+3363998000{n}") for n in range(2)]
        for number, (person, _) in enumerate(here):
            contact = await contacts.add(tx, Contact(tx.ids.new(NOW), person.id))
            told = Exposure(tx.ids.new(NOW), case.id, contact.id, number, may_name=number == 0)
            await contacts.add_exposure(tx, told)
        found = await scenes.scenes(tx, [address for _, address in here], NOW)
    assert [scene.people[0].case_names for scene in found] == [{case.id: "Marc Petit"}, {}]


async def test_a_scene_shows_what_is_open_first_and_what_lapsed_lately(store: Store) -> None:
    async with store.writing() as tx:
        person, address = await somebody(tx)
        kinds = ("queued", "ended", "lapsed", "open")
        talks = {status: talk(tx, person, address, status) for status in kinds}
        old = replace(talk(tx, person, address, "lapsed"), asked_at=NOW - 49 * HOUR)
        await conversations.save_many(tx, [*talks.values(), old])
        scene = await scenes.scene(tx, address, NOW)
    assert scene.conversations == tuple(talks[kind] for kind in ("open", "lapsed", "queued"))


def written(folder: Path) -> bytes:
    """All that stands in the files of a database."""
    return b"".join(file.read_bytes() for file in folder.glob("vigie.db*"))


async def test_no_word_of_a_talk_stands_in_the_file(sqlite_store_url: str, tmp_path: Path) -> None:
    store = store_at(sqlite_store_url)
    async with store.writing() as tx:
        person, address = await somebody(tx)
        turn = whole_turn(person, address, talk(tx, person, address))
        await hear(tx, incoming("je suis essoufflé"), turn)
        await hear(tx, incoming("personne ne me connaît", "SM2", "+33639980077"), Turn())
    await store.close()
    kept = written(tmp_path)
    for words in ("essouffl", "personne ne", "Thank you", "Fever", "Paul", "39980002", "39980077"):
        assert words.encode() not in kept, words
