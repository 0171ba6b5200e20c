"""Telephones are read as people write them, and never sent where it costs or disturbs."""

from __future__ import annotations

import pytest

from flows.understanding.phones import find_phones, read_phone
from flows.understanding.reading import Question, Understood
from flows.understanding.text import normalise


def phone(text: str, country: str = "FR") -> Understood:
    return read_phone(normalise(text, "fr"), Question("phone", country=country))


@pytest.mark.parametrize(
    "text",
    [
        "06 12 34 56 78",
        "06.12.34.56.78",
        "+33(0)6-12-34-56-78",
        "0033612345678",
        "612345678",
        "33612345678",
        "o6 12 34 56 78",
        "٠٦١٢٣٤٥٦٧٨",
        "zéro six douze trente-quatre cinquante-six soixante-dix-huit",
        "c'est le 06/12/34/56/78 merci",
    ],
)
def test_one_number_is_written_in_many_ways(text: str) -> None:
    assert (phone(text).status, phone(text).value) == ("understood", "+33612345678")


def test_a_number_of_another_country_keeps_its_country() -> None:
    assert phone("+213 550 12 34 56").value == "+213550123456"


def test_a_national_number_is_read_in_the_country_of_the_question() -> None:
    assert phone("(202) 555-0123", "US").value == "+12025550123"
    assert phone("0532 123 45 67", "TR").value == "+905321234567"


def test_a_number_kept_for_fiction_is_read_like_any_other() -> None:
    assert phone("06 39 98 00 11").value == "+33639980011"


@pytest.mark.parametrize(
    "text", ["15", "112", "0899 70 12 34", "17/11/2026", "06 12 34", "je l'ai pas"]
)
def test_emergency_and_premium_numbers_dates_and_fragments_are_refused(text: str) -> None:
    assert phone(text).value is None


def test_several_numbers_in_one_line_are_parted() -> None:
    found = find_phones("06 12 34 56 78 06 98 76 54 32, 0781223344", "FR")
    assert [one.e164 for one in found] == ["+33612345678", "+33698765432", "+33781223344"]


def test_which_of_two_numbers_is_asked() -> None:
    assert phone("06 12 34 56 78 ou 01 45 67 89 10").status == "unsure"
