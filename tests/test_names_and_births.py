"""Birth dates in the walk are births, and what a stranger types is a name only if it may be one."""

from __future__ import annotations

from datetime import date

import pytest

from bot.desk import open_desk
from flows.engine.own_names import may_be_name
from flows.rehearsal import Rehearsal, somebody
from flows.vocabulary import Named
from tests.stores import NOW


def named_at_home(*answers: str) -> dict[str, Named]:
    here = somebody("case", "fr", NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    talk.begin("case")
    for words in ("oui", "1985", "2", *answers):
        talk.hear(words)
    return {row.name: row for row in talk.scene.conversations[0].named}


def test_birth_dates_beside_names_are_kept_and_are_no_last_days() -> None:
    found = named_at_home("Karim 4/2/84 et Lina 12/03/2017")
    assert found["Karim"].birth_date == date(1984, 2, 4) and found["Karim"].minor is False
    assert found["Lina"].birth_date == date(2017, 3, 12) and found["Lina"].minor is True
    assert {row.last_day for row in found.values()} == {NOW.date()}


def test_birth_dates_in_words_are_kept_too() -> None:
    found = named_at_home("mes filles Lina et Nour", "Lina née le 12 mars 2017, Nour 04/05/2012")
    assert [found[n].birth_date for n in ("Lina", "Nour")] == [date(2017, 3, 12), date(2012, 5, 4)]


def test_an_age_belongs_to_the_name_before_it_alone() -> None:
    found = named_at_home("Karim, Lina 9 ans, Tom 8 mois")
    assert [found[n].age_months for n in ("Karim", "Lina", "Tom")] == [None, 108, 8]


@pytest.mark.parametrize("typed", ["Marc Besson", "ahmed", "Ng Ly", "nguyen van anh", "محمد علي",
                                   "krzysztof brzeczyszczykiewicz"])  # fmt: skip
def test_a_name_is_taken(typed: str) -> None:
    assert may_be_name(typed)


@pytest.mark.parametrize("typed", ["Asdfgh", "Kjhkjh", "Test Test", "Bla Bla", "Azerty Uiop",
                                   "Qsdqsd Fgh", "Pizza", "Haha", "Xd", ""])  # fmt: skip
def test_keys_struck_or_one_word_are_no_name(typed: str) -> None:
    assert not may_be_name(typed)


def test_nonsense_after_a_code_is_asked_again_and_never_kept() -> None:
    here = somebody("contact", "fr", NOW.date(), given_name="", family_name="")
    talk = Rehearsal(open_desk(), here, NOW)
    talk.begin("relay")
    turn = talk.hear("sdfghjk")
    assert talk.standing == "relay.name" and not turn.deeds
    talk.hear("marc besson")
    assert talk.scene.people[0].person.given_name == "Marc"
