"""An option is chosen by number, ordinal, letter, label, a part of it, or another word for it."""

from __future__ import annotations

import pytest

from flows.understanding.choices import read_choice
from flows.understanding.reading import Option, Question, Understood
from flows.understanding.text import normalise

OPTIONS = (
    Option("work", "Au travail"),
    Option("home", "À la maison"),
    Option("school", "À l'école"),
)


def choice(text: str, lang: str = "fr", options: tuple[Option, ...] = OPTIONS) -> Understood:
    return read_choice(normalise(text, lang), Question("choice", options, lang))


@pytest.mark.parametrize(
    "text",
    ["2", "la 2", "deux", "le deuxième", "B", "maison", "à la maison", "mason", "chez moi", "home"],
)
def test_there_are_many_ways_to_point_at_the_second_option(text: str) -> None:
    assert (choice(text).status, choice(text).value) == ("understood", "home")


def test_the_number_wins_over_the_word_beside_it() -> None:
    assert choice("2 le boulot").value == "home"


def test_two_options_are_asked_about() -> None:
    assert choice("1 ou 2").status == "unsure"


@pytest.mark.parametrize("text", ["4", "bof", "aucune idée"])
def test_what_points_nowhere_is_not_understood(text: str) -> None:
    assert choice(text).status == "not_understood"


def test_an_option_that_is_turned_down_is_not_chosen() -> None:
    assert choice("pas le travail, la maison").value == "home"


def test_a_no_before_other_words_is_not_the_option_no() -> None:
    options = (Option("yes", "Sí"), Option("no", "No"), Option("unknown", "No lo sé"))
    assert choice("no estoy seguro", "es", options).value == "unknown"
    assert choice("no", "es", options).value == "no"
