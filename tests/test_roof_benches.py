"""Each benchmark runs and prints the keys that people compare; what it measures is no test."""

from __future__ import annotations

import json
from contextlib import AsyncExitStack
from datetime import UTC, datetime

import pytest

from bot.__main__ import main
from bot.benches import admin, servers
from bot.benches.desk_day import fill
from bot.commands import Fault
from bot.commands._running import rooms
from bot.commands.bench import BENCHES
from bot.service import close_service, open_service
from bot.store.engines import open_store
from bot.web import build_app
from tests.services import desk

TURNS = {"messages_per_s", "p50_ms", "p99_ms", "ratio", "reference_per_s", "generator_busy"}
KEYS = {
    "understand": {"replies_per_s", "us", "ratio", "hostile_ms"},
    "turns": {*TURNS, "pure_us"},
    "turns-drained": {*TURNS, "left"},
    "outbox": {"messages_per_s", "reference_per_s", "ratio"},
    "timers": {"due", "waiting", "fire_s", "slower", "query_ms", "ratio"},
    "growth": {"people", "days", "turn_us", "slower", "filled_s"},
}


def test_every_benchmark_is_among_them() -> None:
    assert {*KEYS, "turns-postgres", "admin"} == set(BENCHES)


@pytest.mark.parametrize("name", KEYS)
def test_a_benchmark_runs_and_prints_its_figures(
    name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["bench", name, "--quick", "--json"]) == 0
    (line,) = capsys.readouterr().out.splitlines()
    told = json.loads(line)
    assert told["name"] == name
    assert KEYS[name] <= set(told)
    assert told.get("refused", 0) == 0


def test_the_turns_on_postgresql_have_the_same_figures_and_what_more_processes_keep(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["bench", "turns-postgres", "--quick", "--json", "--database", database_url]
    if database_url.startswith("sqlite"):
        assert main(words) == 2
        assert "wants an empty PostgreSQL database" in capsys.readouterr().err
        return
    assert main(words) == 0
    told = json.loads(capsys.readouterr().out)
    assert {*TURNS, "kept_2", "kept_4"} <= set(told)
    assert told["refused"] == 0
    assert main(words) == 2
    assert "there are tables in it already" in capsys.readouterr().err


async def test_every_page_of_the_admin_is_looked_at_in_a_database_that_is_filled_once(
    sqlite_store_url: str,
) -> None:
    async with open_store(
        sqlite_store_url, servers.settings_for(sqlite_store_url).keyring()
    ) as store:
        await fill(store, desk(), datetime.now(UTC), 24, 12)
    found = await admin.prepared(sqlite_store_url, 24, 12, desk())
    assert (found.size, found.waiting, len(found.cases)) == (24, 12, 24)
    with pytest.raises(Fault, match="filled with 24 people"):
        await admin.prepared(sqlite_store_url, 25, 12, desk())
    service = await open_service(servers.settings_for(sqlite_store_url))
    async with AsyncExitStack() as stack:
        stack.push_async_callback(close_service, service)
        app = build_app(service, rooms(service))
        ours = await stack.enter_async_context(servers.listening(app))
        bare = await stack.enter_async_context(servers.listening(servers.page_app()))
        told = await admin.measured(ours, bare, found, 1)
    assert {"slowest_ms", "over_50_ms", "times_bare", "queue_ms", "queue_times"} <= set(told)
    assert len([name for name in told if name.endswith("_ms")]) == len(admin.pages(found)) + 2


async def test_a_made_up_crowd_is_not_put_among_real_people(sqlite_store_url: str) -> None:
    with pytest.raises(Fault, match="not of this benchmark"):
        await admin.prepared(sqlite_store_url, 24, 12, desk())
