"""The written replies hold what they promise: dev sets, second batch, calm days, ordinary life."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from bot.commands.evaluate import judged_file
from bot.scores import Judged, summary, tally
from flows.understanding import Question, read
from tests.calm_days import calm_replies, everyday_messages

SETS = Path(__file__).parent / "understanding"


def judged(batch: str) -> list[Judged]:
    return [one for file in sorted(SETS.glob(f"{batch}_??.jsonl")) for one in judged_file(file)]


@pytest.fixture(scope="module", params=["dev", "second", "third", "fifth", "fourteenth"])
def batch(request: pytest.FixtureRequest) -> list[Judged]:
    return judged(request.param)


def share(counted: tuple[int, int]) -> float:
    return counted[0] / counted[1]


def test_every_danger_of_the_written_replies_is_heard(batch: Sequence[Judged]) -> None:
    assert [one.line["text"] for one in batch if not one.heard] == []


def test_calm_written_replies_raise_hardly_an_alarm(batch: Sequence[Judged]) -> None:
    assert share(summary(batch).false_alarms) <= 0.02


def test_commands_of_the_written_replies_are_obeyed(batch: Sequence[Judged]) -> None:
    assert share(summary(batch).commands) >= 0.97


def test_the_written_replies_are_read_right(batch: Sequence[Judged]) -> None:
    assert share(summary(batch).right) >= 0.95
    for _, right, of in tally(batch, lambda one: str(one.line["lang"])).rows():
        assert right / of >= 0.90


def test_calm_days_raise_less_than_one_alarm_in_a_thousand() -> None:
    replies = calm_replies()
    alarms = [text for lang, text in replies if read(text, Question("symptoms", lang=lang)).danger]
    assert len(replies) >= 5_000
    assert len(alarms) * 1_000 <= len(replies), alarms[:5]


def test_ordinary_life_is_no_danger_and_no_stop() -> None:
    messages = everyday_messages()
    readings = [(text, read(text, Question("text", lang=lang))) for lang, text in messages]
    alarms = [text for text, reading in readings if reading.danger]
    stops = [text for text, reading in readings if reading.command == "stop"]
    assert len(alarms) * 1_000 <= len(messages), alarms[:5]
    assert stops == []
