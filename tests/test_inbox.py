"""The inbox on both databases: once each, in order, in few transactions, and never stuck."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from dataclasses import replace

import pytest

from bot.inbox import Inbox, InboxFull, Unavailable, file_all, open_inbox
from bot.store import addresses, messages, scenes
from bot.store.engines import Store
from flows.turn import Desk
from flows.vocabulary import Incoming, Message, Scene
from tests.services import MARIE, NOON, desk
from tests.stores import store_at

OTHER = "+33639980102"


def heard(text: str, provider_id: str, sender: str = MARIE) -> Incoming:
    return Incoming("sms", provider_id, sender, "38000", text)


@pytest.fixture
async def inbox(store: Store) -> AsyncIterator[Inbox]:
    opened = inbox_of(store)
    yield opened
    await opened.close()


def inbox_of(store: Store, at: Desk | None = None, **bounds: int) -> Inbox:
    return open_inbox(store, at or desk(), lambda: NOON, lambda: None, **bounds)


async def transcript(store: Store, number: str = MARIE) -> list[Message]:
    async with store.reading() as tx:
        found = await addresses.find_all(tx, number)
        return await messages.transcript(tx, [one.id for one in found])


async def scene_of(store: Store, number: str = MARIE) -> Scene:
    async with store.reading() as tx:
        found = await addresses.find(tx, "sms", number)
        assert found is not None
        return await scenes.scene(tx, found, NOON)


async def inbound(store: Store, number: str = MARIE) -> list[str]:
    return [one.text for one in await transcript(store, number) if one.direction == "in"]


async def outbound(store: Store, number: str = MARIE) -> list[str]:
    return [one.text for one in await transcript(store, number) if one.direction == "out"]


async def test_the_same_message_many_times_at_once_is_one_turn(store: Store) -> None:
    inbox = inbox_of(store)
    await asyncio.gather(*(inbox.take(heard("bonjour", "SM1")) for _ in range(20)))
    await inbox.take(heard("bonjour", "SM1"))
    await inbox.close()
    again = inbox_of(store)
    await again.take(heard("bonjour", "SM1"))
    await again.close()
    assert await inbound(store) == ["bonjour"]
    assert len(await outbound(store)) == 1


async def test_what_one_number_writes_stays_in_order(store: Store, inbox: Inbox) -> None:
    words = [f"message {n}" for n in range(30)]
    await asyncio.gather(*(inbox.take(heard(word, f"SM{word}")) for word in words))
    assert await inbound(store) == words


async def test_many_who_write_at_once_share_transactions(store: Store, inbox: Inbox) -> None:
    numbers = [f"+336399810{n:02}" for n in range(40)]
    await asyncio.gather(*(inbox.take(heard("bonjour", number, number)) for number in numbers))
    assert (inbox.taken, inbox.batches <= 2) == (40, True)
    for number in numbers:
        assert await inbound(store, number) == ["bonjour"]


async def test_nothing_is_promised_before_it_is_committed(store: Store, inbox: Inbox) -> None:
    promise = inbox.take(heard("bonjour", "SM1"))
    assert await inbound(store) == []
    await promise
    assert await inbound(store) == ["bonjour"]


async def test_danger_is_heard_from_somebody_nobody_knows(store: Store, inbox: Inbox) -> None:
    await inbox.take(heard("j'étouffe", "SM1"))
    scene = await scene_of(store)
    assert [review.priority for review in scene.reviews] == ["P1"]
    assert [one.kind for one in await transcript(store)][1:] == ["safety"]


async def test_a_message_that_breaks_its_turn_is_kept_and_blocks_nobody(
    store: Store, caplog: pytest.LogCaptureFixture
) -> None:
    lame = desk()
    # A desk that lost the text about rights, in every language.
    lame = replace(
        lame,
        english={k: v for k, v in lame.english.items() if k != "always.rights"},
        catalogues=replace(lame.catalogues, languages={}),
    )
    inbox = inbox_of(store, lame)
    await asyncio.gather(
        inbox.take(heard("mes droits", "SM1")), inbox.take(heard("bonjour", "SM2", OTHER))
    )
    await inbox.take(heard("et ensuite", "SM3"))
    await inbox.close()
    assert (inbox.broken, await inbound(store)) == (1, ["mes droits", "et ensuite"])
    assert await inbound(store, OTHER) == ["bonjour"]
    kept = (await transcript(store))[0]
    assert (kept.state, kept.reason) == ("kept", "broken_turn")
    scene = await scene_of(store)
    assert "broken_turn" in {review.reason for review in scene.reviews}
    assert len(await outbound(store)) == 2
    assert "KeyError" in caplog.text
    assert "mes droits" not in caplog.text


async def test_half_characters_are_no_reason_to_break(store: Store, inbox: Inbox) -> None:
    await inbox.take(heard("bonjour \ud83d et \x00", "SM\x001"))
    assert inbox.broken == 0
    assert (await inbound(store))[0].startswith("bonjour \ufffd")


async def test_a_full_inbox_refuses_at_once_and_works_on(store: Store) -> None:
    inbox = inbox_of(store, size=3)
    taken = [inbox.take(heard("bonjour", f"SM{n}", f"+3363998200{n}")) for n in range(3)]
    with pytest.raises(InboxFull):
        inbox.take(heard("bonjour", "SM9", OTHER))
    await asyncio.gather(*taken)
    await inbox.take(heard("bonjour", "SM9", OTHER))
    await inbox.close()
    assert await inbound(store, OTHER) == ["bonjour"]


async def test_a_flood_from_one_number_leaves_room_for_others(store: Store) -> None:
    inbox = inbox_of(store, per_address=5)
    flood = [inbox.take(heard("x", f"SM{n}")) for n in range(5)]
    with pytest.raises(InboxFull):
        inbox.take(heard("x", "SM6"))
    await inbox.take(heard("j'étouffe", "SM7", OTHER))
    await asyncio.gather(*flood)
    await inbox.close()
    assert (await scene_of(store, OTHER)).reviews[0].priority == "P1"


async def test_no_flood_keeps_danger_out(store: Store) -> None:
    inbox = inbox_of(store, size=5, per_address=5)
    flood = [inbox.take(heard("x", f"SM{n}")) for n in range(5)]
    with pytest.raises(InboxFull):
        inbox.take(heard("et aussi", "SM6"))
    with pytest.raises(InboxFull):
        inbox.take(heard("bonjour", "SM7", OTHER))
    urgent = [
        inbox.take(heard("j'étouffe", "SM8")),
        inbox.take(heard("I can't breathe", "SM9", OTHER)),
    ]
    await asyncio.gather(*flood, *urgent)
    await inbox.close()
    for number in (MARIE, OTHER):
        assert (await scene_of(store, number)).reviews[0].priority == "P1"


async def test_a_closing_inbox_answers_what_has_arrived(store: Store) -> None:
    inbox = inbox_of(store)
    taken = [inbox.take(heard("bonjour", f"SM{n}")) for n in range(5)]
    await inbox.close()
    assert all(promise.done() for promise in taken)  # type: ignore[attr-defined]
    with pytest.raises(InboxFull):
        inbox.take(heard("trop tard", "SM9"))
    assert len(await inbound(store)) == 5


async def test_a_database_that_is_away_fails_the_promise_and_no_more(sqlite_store_url: str) -> None:
    away = store_at("sqlite:////nowhere/at/all/vigie.db")
    inbox = inbox_of(away)
    with pytest.raises(Unavailable):
        await inbox.take(heard("bonjour", "SM1"))
    with pytest.raises(Unavailable):
        await inbox.take(heard("bonjour", "SM1"))
    await inbox.close()
    await away.close()


async def test_connections_that_were_cut_are_made_anew(postgres_store_url: str) -> None:
    store = store_at(postgres_store_url)
    inbox = inbox_of(store)
    await inbox.take(heard("avant", "SM1"))
    async with store.engine.begin() as conn:
        await conn.exec_driver_sql(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity"
            " WHERE datname = current_database() AND pid <> pg_backend_pid()"
        )
    for _ in range(3):
        try:
            await inbox.take(heard("apres", "SM2"))
        except Unavailable:
            continue
        break
    await inbox.close()
    assert await inbound(store) == ["avant", "apres"]
    await store.close()


async def test_a_writer_that_is_locked_for_a_moment_is_waited_for(sqlite_store_url: str) -> None:
    one, other = store_at(sqlite_store_url), store_at(sqlite_store_url)
    inbox = inbox_of(one)
    async with other.writing():
        promise = asyncio.ensure_future(inbox.take(heard("bonjour", "SM1")))
        await asyncio.sleep(0.05)
        assert not promise.done()
    await promise
    assert await inbound(one) == ["bonjour"]
    await inbox.close()
    await one.close()
    await other.close()


async def test_a_hundred_fetched_messages_of_one_chat_are_all_filed(
    store: Store, inbox: Inbox
) -> None:
    await file_all(inbox, [heard(f"{n}", f"SM{n}") for n in range(100)])
    assert await inbound(store) == [f"{n}" for n in range(100)]


async def test_a_short_code_is_kept_reviewed_and_never_answered(store: Store, inbox: Inbox) -> None:
    await inbox.take(replace(heard("Votre code: 1234", "SM1", "38663"), answerable=False))
    assert await outbound(store, "38663") == []
    assert len((await scene_of(store, "38663")).reviews) == 1
