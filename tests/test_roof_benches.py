"""Each benchmark runs and prints the keys that people compare; what it measures is no test."""

from __future__ import annotations

import json

import pytest

from bot.__main__ import main
from bot.commands.bench import BENCHES

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
    assert {*KEYS, "turns-postgres"} == set(BENCHES)


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
