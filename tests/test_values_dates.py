"""Days are read by language and country, relative to the moment of the reply."""

from __future__ import annotations

from datetime import datetime

import pytest

from flows.understanding.dates import read_date
from flows.understanding.reading import Question, Understood
from flows.understanding.text import normalise

MONDAY = datetime(2026, 11, 23, 10, 0)


def day(text: str, lang: str = "fr", country: str = "FR", now: datetime = MONDAY) -> Understood:
    return read_date(normalise(text, lang), Question("date", lang=lang, country=country, now=now))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "avant-hier soir"),
        ("en", "day b4 yesterday"),
        ("es", "antier"),
        ("pt", "anteontem"),
        ("tr", "evvelsi gün"),
        ("ar", "اول امبارح"),
        ("ar", "awel embare7"),
        ("fr", "il y a 2 jours"),
        ("en", "two days ago"),
        ("ar", "قبل يومين"),
        ("tr", "iki gün önce"),
        ("fr", "samedi"),
        ("en", "on Sat"),
        ("fr", "le 21"),
        ("en", "the 21st"),
        ("tr", "ayın 21'i"),
        ("pt", "dia 21"),
        ("fr", "21/11"),
        ("es", "21 de noviembre"),
    ],
)
def test_one_day_has_many_words(lang: str, text: str) -> None:
    assert (day(text, lang).status, day(text, lang).value) == ("understood", "2026-11-21")


def test_the_month_comes_first_in_the_united_states_alone() -> None:
    assert day("11/3", "en", "US").value == "2026-11-03"
    assert day("11/3", "en", "GB").value == "2026-03-11"


def test_a_day_of_the_month_to_come_is_last_months() -> None:
    assert day("le 30").value == "2026-10-30"


def test_a_day_that_does_not_exist_is_not_understood() -> None:
    assert day("30/02/2026").value is None


def test_a_weekday_that_contradicts_its_date_is_asked_about() -> None:
    assert day("mardi 17").status == "understood"
    assert (day("mercredi 17").status, day("mercredi 17").value) == ("unsure", "2026-11-17")


def test_the_weekday_of_today_is_asked_about() -> None:
    assert (day("lundi").status, day("lundi").value) == ("unsure", "2026-11-16")
    assert day("lundi dernier").status == "understood"


def test_the_future_needs_words_for_it() -> None:
    assert day("demain").value == "2026-11-24"
    assert day("vendredi prochain").value == "2026-11-27"
    assert day("25/12").value == "2025-12-25"
    assert day("25/12").status == "unsure"


def test_a_correction_wins_over_what_it_corrects() -> None:
    assert day("hier enfin avant-hier").value == "2026-11-21"
    assert day("not yesterday, the day before", "en").value == "2026-11-21"


def test_hours_are_counted_from_the_hour_of_the_reply() -> None:
    early = datetime(2026, 11, 23, 1, 0)
    assert day("il y a 2h", now=early).value == "2026-11-22"


def test_years_of_birth_keep_their_century() -> None:
    assert day("12/03/84").value == "1984-03-12"
    assert day("12 mars 1984").value == "1984-03-12"
