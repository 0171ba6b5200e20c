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
}


def test_every_benchmark_is_among_them() -> None:
    assert set(KEYS) == set(BENCHES)


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
