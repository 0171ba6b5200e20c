"""What every test may ask for: a PostgreSQL server, a database of its own, a browser."""

import asyncio
import os
import shutil
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings
from playwright.async_api import Browser, async_playwright

from bot.store.engines import Store
from bot.store.migrating import migrate
from tests import postgres
from tests.stores import store_at

pytest_plugins = ("tests.standins",)

BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
BROWSER_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# A slow machine is no fault of the code under test; CI tries the same examples every time.
settings.register_profile("vigie", deadline=None, derandomize="CI" in os.environ)
settings.load_profile("vigie")

LOOPBACK = ("127.", "::1", "localhost")


def _stay_on_this_machine(event: str, details: tuple[Any, ...]) -> None:
    """Refuse every connection that would leave the machine (unix sockets have no host)."""
    if event == "socket.connect" and isinstance(details[1], tuple):
        host = str(details[1][0])
        if not host.startswith(LOOPBACK):
            raise ConnectionRefusedError(f"a test may not connect to {host}")


sys.addaudithook(_stay_on_this_machine)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[postgres.Server]:
    """A server for the whole run; without one the test fails, and says what to install."""
    with postgres.running() as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: postgres.Server) -> Iterator[str]:
    """The URL of an empty PostgreSQL database that belongs to this test alone."""
    name = postgres_server.create()
    yield postgres_server.url(name)
    postgres_server.drop(name)


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The URL of an empty database: the test runs once on each engine."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'vigie.db'}"
    return str(request.getfixturevalue("postgres_url"))


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A SQLite file with all tables, to be copied."""
    path = tmp_path_factory.mktemp("template") / "vigie.db"
    asyncio.run(migrate(f"sqlite:///{path}"))
    return path


@pytest.fixture(scope="session")
def postgres_tables(postgres_server: postgres.Server) -> str:
    """A PostgreSQL database with all tables, which the tests use in turn."""
    name = postgres_server.create()
    asyncio.run(migrate(postgres_server.url(name)))
    return name


@pytest.fixture
def sqlite_store_url(sqlite_template: Path, tmp_path: Path) -> str:
    """The URL of a SQLite database with all tables, empty."""
    shutil.copy(sqlite_template, tmp_path / "vigie.db")
    return f"sqlite:///{tmp_path / 'vigie.db'}"


@pytest.fixture
def postgres_store_url(postgres_server: postgres.Server, postgres_tables: str) -> str:
    """The URL of a PostgreSQL database with all tables, empty."""
    postgres_server.empty(postgres_tables)
    return postgres_server.url(postgres_tables)


@pytest.fixture(params=["sqlite", "postgres"])
def store_url(request: pytest.FixtureRequest) -> str:
    """The URL of a database with all tables, empty: the test runs once on each engine."""
    return str(request.getfixturevalue(f"{request.param}_store_url"))


@pytest.fixture
async def store(store_url: str) -> AsyncIterator[Store]:
    """An empty store: the test runs once on each engine."""
    opened = store_at(store_url)
    yield opened
    await opened.close()


@pytest.fixture(scope="session")
def browser_path() -> str:
    """The system's Chromium."""
    for name in BROWSERS:
        if found := shutil.which(name):
            return found
    pytest.fail("no browser for the tests: install Chromium (Debian: apt-get install chromium)")


@pytest.fixture
async def chromium(browser_path: str) -> AsyncIterator[Browser]:
    """A browser of this test's own, without a window."""
    async with async_playwright() as play:
        browser = await play.chromium.launch(executable_path=browser_path, args=[*BROWSER_FLAGS])
        yield browser
        await browser.close()
