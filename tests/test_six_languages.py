"""The words that texts ask for are heard, and the six languages say what they ought to."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from datetime import datetime

import pytest

from bot.desk import open_desk
from flows.checking import words
from flows.checking.values import longest_values
from flows.engine.keywords import says_only
from flows.spec.nodes import Ask
from flows.understanding import Option, Question, Reading, read
from flows.vocabulary import LANGUAGES
from flows.wording.catalogues import shipped
from flows.wording.extract import shipped_texts
from flows.wording.rendering import for_channel, placeholders, render
from flows.wording.segments import rewrite

NOW = datetime(2026, 11, 23, 9)
ASKED_FOR = [
    (meaning, lang, word) for meaning, by in words.keywords().items() for lang, word in by.items()
]
OTHERS = [lang for lang in LANGUAGES if lang != "en"]


def heard(
    reply: str, lang: str, expect: str = "yes_no", options: tuple[Option, ...] = ()
) -> Reading:
    """The reply as understanding reads it."""
    return read(reply, Question(expect, options, lang, "FR", NOW))


def ways_to_write(word: str) -> Iterator[str]:
    """A word as it is shown, as an SMS shows it, and as people type it."""
    yield from (word, rewrite(word), word.lower(), f"{word}.", f"«{word}»")


@pytest.mark.parametrize(("meaning", "lang", "word"), ASKED_FOR)
def test_each_word_that_texts_ask_for_is_heard(meaning: str, lang: str, word: str) -> None:
    for written in ways_to_write(word):
        reading = heard(written, lang)
        assert not reading.danger
        if meaning in ("yes", "no"):
            assert (reading.value, reading.command) == (meaning == "yes", None), written
        elif meaning == "stop":
            assert reading.command == "stop", written
        else:
            assert says_only(written, meaning), written
            assert reading.command in (None, meaning), written


@pytest.mark.parametrize("lang", OTHERS)
def test_each_answer_that_a_question_offers_is_understood_in_words(lang: str) -> None:
    flows = open_desk().library.flows.values()
    asks = (node for flow in flows for node in flow.nodes.values())
    for ask in asks:
        if not isinstance(ask, Ask) or not ask.options:
            continue
        keys = {code: f"{ask.key}.option.{code}" for code in ask.options}
        offered = tuple(
            Option(code, shipped().lookup(lang, key, "").text) for code, key in keys.items()
        )
        for option in offered:
            reading = heard(option.label, lang, "choice", offered)
            assert (reading.value, reading.status) == (option.code, "understood"), option
            assert not reading.danger and reading.command is None, option


@pytest.mark.parametrize("lang", OTHERS)
def test_the_answers_on_buttons_are_those_in_the_text(lang: str) -> None:
    for text in shipped_texts():
        if ".option." in text.key and not text.key.startswith(("danger.", "this_phone.")):
            node = text.key.partition(".option.")[0]
            question = f"{node}.rest" if node == "case.people" else f"{node}.text"
            label = shipped().lookup(lang, text.key, text.english).text
            asked = shipped().lookup(lang, question, "").text
            # Hours, and the way to another, stand in {slots}: which they are only the moment knows.
            assert "{" in label or "{slots}" in asked or label in asked, text.key


def test_each_arabic_text_begins_from_the_right() -> None:
    """Phones lay out the whole message by its first letter."""
    arabic = shipped().languages["ar"]
    always = {key: text.text for key, text in arabic.items() if key.startswith("always.")}
    longest = longest_values("ar", always)
    for key, text in arabic.items():
        if key in ("always.two_numbers", "always.next_time", "always.script"):
            continue
        values = {slot: longest.get(slot, "") for slot in placeholders(text.text)}
        said = for_channel(render(text.text, values), "sms")
        kinds = map(unicodedata.bidirectional, said)
        assert next((kind for kind in kinds if kind in ("L", "R", "AL")), "AL") == "AL", key
