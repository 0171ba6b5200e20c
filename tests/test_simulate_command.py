"""`vigie simulate`: an outbreak in a line of JSON, the same for the same seed."""

from __future__ import annotations

import json
import logging
from collections.abc import Iterator

import pytest

from bot.__main__ import main

SMALL = ("simulate", "--people", "4", "--days", "0.3", "--json")


@pytest.fixture(autouse=True)
def loud() -> Iterator[None]:
    """The command silences the log of its process, which is also that of the other tests."""
    yield
    logging.disable(logging.NOTSET)


def test_the_same_seed_is_the_same_outbreak(capsys: pytest.CaptureFixture[str]) -> None:
    told = []
    for seed in ("7", "7", "8"):
        assert main([*SMALL, "--seed", seed]) == 0
        told.append(json.loads(capsys.readouterr().out))
    assert told[0] == told[1]
    assert told[0]["trace"] != told[2]["trace"]
    assert (told[0]["people"], told[0]["crashes"]) == (4, 0)
    assert sum(told[0]["texts"].values()) > 0


@pytest.mark.parametrize("words", [["--people", "0"], ["--days", "-1"]])
def test_a_size_that_makes_no_sense_is_refused(
    words: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["simulate", *words]) == 2
    assert words[0] in capsys.readouterr().err
