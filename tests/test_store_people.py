"""People: kept sealed, found by what an agent types, learned about bit by bit."""

import asyncio
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from cryptography.exceptions import InvalidTag
from sqlalchemy import select

from bot.store import addresses, cases, keys, messages, people, searching
from bot.store.check_codes import PATTERN
from bot.store.engines import Store, open_store
from bot.store.schema import person_tokens, persons
from bot.store.secrets import KeyGone
from flows.vocabulary import Case, Draft, Incoming, Link, Person
from tests.stores import NOW, fresh_store, keyring, store_at

PHONE = "+33639980001"
SOPHIE = Person(
    id=0,
    given_name="Sophie",
    family_name="Lefèvre",
    birth_date=date(1984, 3, 12),
    birth_year=1984,
    sex="female",
    language="fr",
    town="Rennes",
    street="4 rue des Lilas",
    postcode="35000",
    window="morning",
    doctor="Dr Morvan",
    notes="allergic to penicillin",
    second_contact={"name": "Paul", "phone": "+33639980002"},
    facts={"pregnant": "no"},
)


def all_bytes(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in folder.iterdir())


async def added(store: Store, *everybody: Person) -> list[Person]:
    async with store.writing() as tx:
        return await people.add_many(tx, everybody, NOW)


async def found(store: Store, words: str) -> list[str]:
    async with store.reading() as tx:
        return [one.given_name for one in await searching.search(tx, words)]


async def test_a_person_comes_back_as_they_were_added(store: Store) -> None:
    [sophie] = await added(store, SOPHIE)
    assert PATTERN.fullmatch(sophie.check_code)
    assert sophie == replace(
        SOPHIE, id=sophie.id, check_code=sophie.check_code, created_at=sophie.created_at
    )
    async with store.reading() as tx:
        assert await people.get(tx, sophie.id) == sophie
        assert await people.get(tx, 1) is None


async def test_another_process_with_the_same_keys_reads_them(store: Store) -> None:
    [sophie] = await added(store, SOPHIE)
    store.keyring.__init__({"test": b"k" * 32}, b"i" * 32)  # type: ignore[misc]
    async with store.reading() as tx:
        assert await people.get(tx, sophie.id) == sophie


async def test_what_is_learned_is_kept_and_found(store: Store) -> None:
    [sophie] = await added(store, SOPHIE)
    values = {
        "family_name": "Le Goff",
        "birth_date": "1985-01-02",
        "facts.long_illness": "yes",
        "paused_until": datetime(2026, 12, 1, tzinfo=UTC).isoformat(),
        "condition": "hospital",
    }
    async with store.writing() as tx:
        learned = await people.learn(tx, sophie.id, values, NOW)
        assert learned == await people.get(tx, sophie.id)
    assert learned is not None
    assert learned.facts == {"pregnant": "no", "long_illness": "yes"}
    assert learned.paused_until == datetime(2026, 12, 1, tzinfo=UTC)
    assert await found(store, "le goff") == ["Sophie"]
    assert await found(store, "lefevre") == []


async def test_a_field_that_a_person_has_not_is_refused(store: Store) -> None:
    [sophie] = await added(store, SOPHIE)
    async with store.writing() as tx:
        for name in ("shoe_size", "id", "check_code"):
            with pytest.raises(ValueError, match=name):
                await people.learn(tx, sophie.id, {name: "1"}, NOW)
        assert await people.learn(tx, 1, {"town": "Brest"}, NOW) is None


@pytest.mark.parametrize(
    "words",
    [
        "sophie lefevre",
        "LEFÈVRE Sofi",
        "Lefebvre-Sophie",
        "06 39 98 00 01",
        "+33 6 39 98 00 01",
        "0033639980001",
        "12/03/1984",
        "1984-03-12",
        "35000",
        "lefevre 12.3.1984",
        "SIDEP-2026/77",
    ],
)
async def test_an_agent_finds_somebody_by_what_they_type(store: Store, words: str) -> None:
    async with store.writing() as tx:
        sophie = await people.add(tx, SOPHIE, NOW)
        paul = Person(id=0, given_name="Paul", family_name="Martin")
        await people.add(tx, paul, NOW)
        at = await addresses.lock(tx, "sms", PHONE, NOW)
        await people.link(tx, sophie.id, at.id)
        await cases.add(tx, Case(tx.ids.new(NOW), sophie.id, external_id="SIDEP-2026/77"))
    assert await found(store, words) == ["Sophie"]


async def test_the_nearest_name_comes_first_and_codes_and_ids_before_all(store: Store) -> None:
    names = [("Mohamed", "Alaoui"), ("Muhammad", "Alawi"), ("Marie", "Alaoui")]
    everybody = await added(store, *(Person(id=0, given_name=a, family_name=b) for a, b in names))
    assert (await found(store, "mohamed alaoui"))[0] == "Mohamed"
    assert set(await found(store, "محمد")) == {"Mohamed", "Muhammad"}
    assert await found(store, everybody[2].check_code.lower()) == ["Marie"]
    assert await found(store, str(everybody[1].id)) == ["Muhammad"]
    assert await found(store, "zzz") == await found(store, "") == []


async def test_search_opens_at_most_two_hundred_profiles(store: Store) -> None:
    await added(store, *(Person(id=0, given_name="Léa", family_name=f"N{n}") for n in range(230)))
    async with store.reading() as tx:
        assert len(await searching.search(tx, "lea", limit=1000)) == searching.MOST


async def test_somebody_named_twice_at_one_number_is_the_same(store: Store) -> None:
    async with store.writing() as tx:
        sophie = await people.add(tx, SOPHIE, NOW)
        leo = await people.add(tx, Person(id=0, given_name="Léo", family_name="Lefèvre"), NOW)
        at = await addresses.lock(tx, "sms", PHONE, NOW)
        for one in (sophie, leo):
            await people.link(tx, one.id, at.id)
        assert await people.find_same(tx, PHONE, "Sofie") == sophie
        assert await people.find_same(tx, PHONE, "léo lefevre") == leo
        assert await people.find_same(tx, PHONE, "Karim") is None
        assert await people.find_same(tx, PHONE, "") is None
        assert await people.find_same(tx, "+33639980009", "Sophie") is None


async def test_a_turn_writes_of_somebody_about_whom_a_deed_is_learning(
    postgres_store_url: str,
) -> None:
    """On SQLite there is one writer, and nobody to wait for."""
    async with store_at(postgres_store_url) as store:
        async with store.writing() as tx:
            sophie = await people.add(tx, SOPHIE, NOW)
            at = await addresses.lock(tx, "sms", PHONE, NOW)
        async with store.writing() as deed, store.writing() as turn:
            await people.learn(deed, sophie.id, {"town": "Brest"}, NOW)
            locked = await addresses.lock(turn, "sms", PHONE, NOW)
            said = Draft("k1", "reply", "hello", person_id=sophie.id)
            await asyncio.wait_for(messages.queue_drafts(turn, [(locked, said)], NOW), 5)
            await asyncio.wait_for(people.link(turn, sophie.id, at.id), 5)


async def test_two_who_name_a_newcomer_at_once_make_one_person(store: Store) -> None:
    async def name_her() -> int:
        async with store.writing() as tx:
            her = await people.find_same(tx, PHONE, "Léa")
            await asyncio.sleep(0.01)
            if her is None:
                her = await people.add(tx, Person(id=0, given_name="Léa"), NOW)
                at = await addresses.lock(tx, "sms", PHONE, NOW)
                await people.link(tx, her.id, at.id)
            return her.id

    assert len(set(await asyncio.gather(*(name_her() for _ in range(5))))) == 1


async def test_links_are_kept_and_changed(store: Store) -> None:
    async with store.writing() as tx:
        sophie = await people.add(tx, SOPHIE, NOW)
        leo = await people.add(tx, Person(id=0, given_name="Léo"), NOW)
        at = await addresses.lock(tx, "sms", PHONE, NOW)
        said = await people.link(tx, sophie.id, at.id)
        assert said == Link(person_id=sophie.id, address_id=at.id)
        mine = replace(said, role="proxy", proven_at=NOW, rank=1, agreed_at=NOW, agreed_how="aloud")
        await people.save_links(tx, [mine, Link(leo.id, at.id, role="said", stopped=True)])
        assert await people.link(tx, sophie.id, at.id, "guardian") == mine
        assert [one.given_name for one, _ in await people.people_at(tx, at.id)] == ["Léo", "Sophie"]
        await people.save_links(tx, [replace(mine, dropped=True)])
        assert [one.given_name for one, _ in await people.people_at(tx, at.id)] == ["Léo"]
        assert [one.dropped for one in await people.links_of(tx, sophie.id)] == [True]


async def test_an_erased_person_is_nameless_and_nothing_is_sealed_for_them(store: Store) -> None:
    [sophie] = await added(store, SOPHIE)
    async with store.writing() as tx:
        await keys.destroy(tx, [keys.person_owner(sophie.id)], NOW)
    async with store.writing() as tx:
        erased = await people.get(tx, sophie.id)
        assert erased is not None
        assert (erased.given_name, erased.notes, erased.facts) == ("", "", {})
        with pytest.raises(KeyGone):
            await people.learn(tx, sophie.id, {"town": "Brest"}, NOW)


async def test_another_process_forgets_a_destroyed_key(store: Store) -> None:
    [sophie] = await added(store, SOPHIE)
    other = open_store(store.engine.url, keyring())
    async with other.reading() as tx:
        await people.get(tx, sophie.id)
    async with store.writing() as tx:
        await keys.destroy(tx, [keys.person_owner(sophie.id)], NOW)
    async with other.reading() as tx:
        await keys.forget_destroyed(tx, NOW)
        erased = await people.get(tx, sophie.id)
    await other.close()
    assert erased is not None and erased.given_name == ""


async def test_a_profile_moved_to_another_row_does_not_open(store: Store) -> None:
    [sophie, leo] = await added(store, SOPHIE, Person(id=0, given_name="Léo"))
    async with store.writing() as tx:
        row = (await tx.conn.execute(select(persons).where(persons.c.id == sophie.id))).one()
        moved = {"key_id": row.key_id, "profile": row.profile}
        await tx.conn.execute(persons.update().where(persons.c.id == leo.id).values(moved))
        with pytest.raises(InvalidTag):
            await people.get(tx, leo.id)


async def test_a_thousand_people_get_a_thousand_codes(store: Store) -> None:
    everybody = await added(store, *(Person(id=0) for _ in range(1000)))
    assert len({one.check_code for one in everybody}) == 1000


async def test_no_name_number_or_word_stands_in_the_file(tmp_path: Path) -> None:
    path = tmp_path / "vigie.db"
    store = await fresh_store(f"sqlite:///{path}")
    async with store.writing() as tx:
        sophie = await people.add(tx, SOPHIE, NOW)
        at = await addresses.lock(tx, "sms", PHONE, NOW)
        await people.link(tx, sophie.id, at.id)
        assert len((await tx.conn.execute(select(person_tokens))).all()) == 6
        heard = Incoming("sms", "SM1", PHONE, "+33755550100", "i met grandpa on sunday")
        assert await messages.file_incoming(tx, at, heard, NOW)
        said = Draft("k1", "reply", "call the doctor", options=("tomorrow",))
        await messages.queue_drafts(tx, [(at, said)], NOW)
        kept = await messages.transcript(tx, [at.id])
        assert [one.text for one in kept] == ["i met grandpa on sunday", "call the doctor"]
        listed = Case(tx.ids.new(NOW), sophie.id, "SIDEP-77", setting="choir", told_by="nurse Kim")
        await cases.add(tx, listed)
    await store.close()
    raw = all_bytes(tmp_path)
    assert b"data_keys" in raw
    secret = ["Sophie", "Lef", "1984", "Rennes", "Lilas", "35000", "Morvan", "penicillin"]
    secret += ["grandpa", "the doctor", "tomorrow", "SIDEP-77", "choir", "nurse Kim"]
    secret += ["Paul", "639980001", "639980002", sophie.check_code, "sophie", "lefevre"]
    assert not [word for word in secret if word.encode() in raw]
