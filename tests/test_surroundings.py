"""What tests stand on is real: a server, a browser, and no way out of the machine."""

import socket

import asyncpg
import pytest
from playwright.async_api import Browser

from tests.postgres import Server


async def test_each_test_has_a_postgresql_database_of_its_own(
    postgres_server: Server, postgres_url: str
) -> None:
    other = postgres_server.create()
    mine = await asyncpg.connect(postgres_url)
    theirs = await asyncpg.connect(postgres_server.url(other))
    await mine.execute("CREATE TABLE visits (id bigint)")
    assert await theirs.fetchval("SELECT to_regclass('visits')") is None
    await mine.close()
    await theirs.close()
    postgres_server.drop(other)


async def test_a_database_may_be_copied_from_a_filled_one(
    postgres_server: Server, postgres_url: str
) -> None:
    template = postgres_url.rsplit("/", 1)[1]
    filled = await asyncpg.connect(postgres_url)
    await filled.execute("CREATE TABLE visits AS SELECT 7 AS id")
    await filled.close()
    copy = postgres_server.create(template)
    read = await asyncpg.connect(postgres_server.url(copy))
    assert await read.fetchval("SELECT id FROM visits") == 7
    await read.close()
    postgres_server.drop(copy)


async def test_the_browser_shows_a_page(chromium: Browser) -> None:
    page = await chromium.new_page()
    await page.set_content("<h1>Vigie</h1>")
    assert await page.inner_text("h1") == "Vigie"


def test_no_test_leaves_the_machine() -> None:
    with (
        socket.socket() as out,
        pytest.raises(ConnectionRefusedError, match=r"may not connect to 192\.0\.2\.1"),
    ):
        out.connect(("192.0.2.1", 80))
