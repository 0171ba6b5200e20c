"""Whatever comes is read: valid output always, in time that grows with the length alone."""

import json
from dataclasses import asdict
from datetime import datetime
from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.questions import as_line
from flows.understanding import Member, Option, Question, Reading, read
from flows.understanding.danger import DANGERS
from flows.understanding.lexicon import lexicon
from flows.understanding.reading import EXPECTED
from flows.vocabulary import LANGUAGES

NOW = datetime(2026, 11, 23, 10)
ABOUT = (Member("lea", "Léa", 96), Member("bb", "", 1))
OPTIONS = (Option("a", "Maison"), Option("b", "Travail"))
SHREDS = [*sorted(lexicon().words)[::7], *".,;!?\n'-’😂👍🏽%", "38,5", "٣٨٫٥", "06 12", "+33"]
# Several times what a machine of ours needs, for those that are shared or slow.
PATIENCE = 0.5

questions = st.builds(
    Question,
    expect=st.sampled_from(EXPECTED),
    options=st.just(OPTIONS),
    lang=st.sampled_from(LANGUAGES),
    now=st.just(NOW),
    about=st.sampled_from([(), ABOUT]),
)


def assert_valid(text: str, question: Question, reading: Reading) -> None:
    assert reading.status in ("understood", "unsure", "not_understood")
    assert (reading.value is None) == (reading.status == "not_understood")
    assert set(reading.danger) <= DANGERS
    assert list(reading.danger) == sorted(set(reading.danger))
    assert set(reading.danger_doubt) <= set(reading.danger) == set(reading.danger_about)
    for span in map(asdict, reading.spans):
        assert 0 <= span["start"] < span["end"] <= len(text)
    json.dumps(as_line(reading, question.expect), ensure_ascii=False)


@given(st.text(max_size=200), questions)
@settings(max_examples=300, deadline=None)
def test_any_text_is_read(text: str, question: Question) -> None:
    assert_valid(text, question, read(text, question))


@given(st.lists(st.sampled_from(SHREDS), max_size=60), questions)
@settings(max_examples=300, deadline=None)
def test_shreds_of_the_lexicons_are_read(shreds: list[str], question: Question) -> None:
    text = " ".join(shreds)
    assert_valid(text, question, read(text, question))


HOSTILE = [
    "a" * 1_600,
    "respirer pas " * 123,
    "no puedo respirar " * 88,
    "mal poitrine " * 123,
    "fever, or no cough " * 84,
    "nefes alam pas mal sang " * 66,
    "مش قادر اتنفس " * 110,
    "38 5 " * 320,
    "😂" * 1_600,
    "e\u0301" * 800,
    ", " * 800,
    "pas " * 400,
]


@pytest.mark.parametrize("text", HOSTILE, ids=lambda text: text[:12])
def test_a_hostile_reply_takes_no_time(text: str) -> None:
    question = Question("symptoms", lang="fr", now=NOW)
    read(text, question)
    started = process_time()
    assert_valid(text, question, read(text, question))
    assert process_time() - started < PATIENCE


def test_danger_at_the_end_of_a_very_long_message_is_heard() -> None:
    text = "tout va bien merci. " * 2_000 + "j'arrive plus à respirer"
    reading = read(text, Question("text", lang="fr", now=NOW))
    assert reading.danger == ("severe_breathlessness",)
    assert any(text[s.start : s.end].endswith("respirer") for s in reading.spans)


def test_time_grows_with_the_length_alone() -> None:
    question = Question("text", lang="fr", now=NOW)

    def taken(times: int) -> float:
        started = process_time()
        read("j'ai mal à la poitrine, pas de fièvre. " * times, question)
        return process_time() - started

    taken(50)
    assert taken(800) < 16 * max(taken(100), 0.005)
