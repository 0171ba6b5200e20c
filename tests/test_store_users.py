"""Users and their sessions: known by e-mail, out as soon as they must be."""

from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.store import users
from bot.store.engines import Store, Tx
from bot.store.schema import sessions
from tests.stores import NOW

MINUTE = timedelta(minutes=1)
HOUR = timedelta(hours=1)


async def claire(tx: Tx) -> users.User:
    return await users.add(tx, " Claire@Example.org ", "agent", "hash", "Claire", "en", now=NOW)


async def test_a_user_is_found_however_the_e_mail_is_written(store: Store) -> None:
    async with store.writing() as tx:
        user = await claire(tx)
        assert user.email == "claire@example.org"
        assert await users.by_email(tx, "CLAIRE@example.org") == user
        assert await users.get(tx, user.id) == user
        assert await users.by_email(tx, "karim@example.org") is await users.get(tx, 1) is None
        other = await users.add(tx, "a@example.org", "supervisor", "hash", "Anne", now=NOW)
        assert await users.list_all(tx) == [other, user]


async def test_an_e_mail_is_one_user_s(store: Store) -> None:
    async with store.writing() as tx:
        user = await claire(tx)
        with pytest.raises(users.Known):
            await users.add(tx, "claire@EXAMPLE.org", "supervisor", "other", now=NOW)
        assert await users.list_all(tx) == [user]


async def test_a_session_opens_with_its_secret_alone_and_ends(store: Store) -> None:
    async with store.writing() as tx:
        user = await claire(tx)
        await users.open_session(tx, "secret", user.id, NOW)
        (kept,) = await tx.conn.scalars(select(sessions.c.hash))
        assert b"secret" not in kept
        seen = await users.of_session(tx, "secret", NOW)
        assert seen is not None and (seen.id, seen.last_seen_at) == (user.id, NOW)
        assert await users.of_session(tx, "another", NOW) is None
        await users.end_session(tx, "another")
        assert await users.of_session(tx, "secret", NOW) is not None
        await users.end_session(tx, "secret")
        assert await users.of_session(tx, "secret", NOW) is None


async def test_a_session_at_rest_ends_and_one_in_use_ends_at_last(store: Store) -> None:
    async with store.writing() as tx:
        user = await claire(tx)
        await users.open_session(tx, "rests", user.id, NOW)
        await users.open_session(tx, "works", user.id, NOW)
        at = NOW
        while at < NOW + users.SESSION_LASTS - HOUR:
            at += HOUR
            assert await users.of_session(tx, "works", at) is not None
        assert await users.of_session(tx, "rests", NOW + users.SESSION_RESTS) is None
        assert await users.of_session(tx, "works", NOW + users.SESSION_LASTS) is None
        await users.open_session(tx, "new", user.id, NOW + users.SESSION_LASTS)
        assert len((await tx.conn.scalars(select(sessions.c.hash))).all()) == 1


async def test_who_is_disabled_is_out_at_once(store: Store) -> None:
    async with store.writing() as tx:
        user = await claire(tx)
        await users.open_session(tx, "secret", user.id, NOW)
        await users.disable(tx, user.id, NOW + MINUTE)
        assert await users.of_session(tx, "secret", NOW + MINUTE) is None
        known = await users.by_email(tx, user.email)
        assert known is not None and known.disabled_at == NOW + MINUTE
        await users.enable(tx, user.id)
        assert await users.of_session(tx, "secret", NOW + MINUTE) is None
        known = await users.by_email(tx, user.email)
        assert known is not None and known.disabled_at is None


async def test_a_new_password_ends_every_session(store: Store) -> None:
    async with store.writing() as tx:
        user = await claire(tx)
        await users.open_session(tx, "secret", user.id, NOW)
        await users.rehash(tx, user.id, "dearer")
        assert await users.of_session(tx, "secret", NOW) is not None
        await users.set_password(tx, user.id, "new")
        await users.set_role(tx, user.id, "supervisor")
        assert await users.of_session(tx, "secret", NOW) is None
        known = await users.get(tx, user.id)
        assert known is not None and (known.password_hash, known.role) == ("new", "supervisor")
