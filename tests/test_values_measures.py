"""Temperatures, saturations and counts are read in any form, and nothing else is taken for them."""

from __future__ import annotations

import pytest

from flows.understanding.counts import read_count
from flows.understanding.oxygen import find as find_oxygen
from flows.understanding.oxygen import read_oxygen
from flows.understanding.reading import Question
from flows.understanding.temperature import find as find_temperatures
from flows.understanding.temperature import read_temperature
from flows.understanding.text import normalise


def degrees(text: str, lang: str = "fr") -> float | None:
    value: float | None = read_temperature(
        normalise(text, lang), Question("temperature", lang=lang)
    ).value
    return value


@pytest.mark.parametrize("text", ["38,5", "38.5", "38 5", "38°5", "385", "38h5", "38,5 °C", "٣٨٫٥"])
def test_a_temperature_is_read_whatever_parts_its_tenths(text: str) -> None:
    assert degrees(text) == 38.5


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "trente-huit et demi"),
        ("en", "thirty eight point five"),
        ("es", "treinta y ocho y medio"),
        ("pt", "trinta e oito e meio"),
        ("tr", "otuz sekiz buçuk"),
        ("ar", "ثمانية وثلاثين ونص"),
        ("ar", "tmenya w tlatin w nos"),
    ],
)
def test_a_temperature_is_read_in_words(lang: str, text: str) -> None:
    assert degrees(text, lang) == 38.5


@pytest.mark.parametrize("text", ["101.3F", "101,3 F", "101.3"])
def test_fahrenheit_becomes_celsius_by_its_unit_or_its_size(text: str) -> None:
    assert degrees(text, "en") == 38.5


@pytest.mark.parametrize(
    "text",
    ["j'ai 39 ans", "pouls 98", "il y a 38 heures", "39.99 euros", "06 39 98 00 11", "pas pris"],
)
def test_ages_pulses_hours_prices_and_telephones_are_no_temperature(text: str) -> None:
    assert degrees(text) is None


def test_two_temperatures_are_asked_about_and_the_higher_is_kept() -> None:
    read = read_temperature(normalise("38 ou 39", "fr"), Question("temperature"))
    assert (read.status, read.value) == ("unsure", 39.0)


def test_a_temperature_now_wins_over_one_that_is_past() -> None:
    read = read_temperature(normalise("hier 39, là 38.1", "fr"), Question("temperature"))
    assert (read.status, read.value) == ("understood", 38.1)


def test_a_temperature_in_passing_needs_a_word_or_a_sign() -> None:
    assert find_temperatures(normalise("je suis au 40", "fr")) == ()
    assert find_temperatures(normalise("40 de fièvre", "fr")) == ((40.0, 0, 2),)
    assert find_temperatures(normalise("leo 38,5", "fr")) == ()
    assert find_temperatures(normalise("leo 38,5", "fr"), loose=True) == ((38.5, 4, 8),)


def test_the_heat_of_the_day_is_no_fever() -> None:
    assert find_temperatures(normalise("il fait 40 degrés dehors", "fr")) == ()


def test_a_saturation_is_told_from_the_pulse_beside_it() -> None:
    for text in ("spo2 97 hr 80", "97, pulse 80", "97 pulse 80", "pulse 80 sats 97"):
        assert read_oxygen(normalise(text, "en"), Question("oxygen", lang="en")).value == 97


def test_a_temperature_is_no_saturation() -> None:
    assert read_oxygen(normalise("36,8", "fr"), Question("oxygen")).status == "not_understood"


def test_of_two_saturations_the_lower_is_asked_about() -> None:
    read = read_oxygen(normalise("93/94", "fr"), Question("oxygen"))
    assert (read.status, read.value) == ("unsure", 93)


def test_a_saturation_in_passing_stands_near_its_word() -> None:
    assert find_oxygen(normalise("j'ai 88 ans", "fr")) == ()
    assert find_oxygen(normalise("الاوكسجين ٨٨", "ar")) == ((88, 10, 12),)


@pytest.mark.parametrize(
    ("lang", "text", "count"),
    [
        ("fr", "quatre", 4),
        ("fr", "2 adultes et 3 enfants", 5),
        ("fr", "5 dont 2 enfants", 5),
        ("fr", "3 enfants de 2, 5 et 8 ans", 3),
        ("fr", "personne", 0),
        ("en", "a dozen", 12),
        ("es", "somos cinco", 5),
        ("pt", "meia dúzia", 6),
        ("tr", "üç kişiyiz", 3),
        ("ar", "خمسة", 5),
    ],
)
def test_how_many_is_read_in_words_and_sums(lang: str, text: str, count: int) -> None:
    read = read_count(normalise(text, lang), Question("count", lang=lang))
    assert (read.status, read.value) == ("understood", count)
