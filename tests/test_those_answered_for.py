"""Those for whom somebody answers: nobody lost, nobody called "me", each with their age."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk import open_desk
from flows.engine.family_word import fit_for_word
from flows.engine.roll_call import months_of
from flows.rehearsal import Rehearsal
from tests.stores import NOW
from tests.test_doorway import anne

SAID = [
    ("ar", "عني وعن مرتي هبة والولدين كريم ٨ ولمى ٥", {"هبة": None, "كريم": 8, "لمى": 5}),
    ("en", "me and my daughter Chloé 7", {"Chloé": 7}),
    ("es", "yo y mi hija Chloé 7 años", {"Chloé": 7}),
    ("fr", "moi et ma fille Chloé 7 ans", {"Chloé": 7}),
    ("pt", "eu e a minha filha Chloé 7 anos", {"Chloé": 7}),
    ("tr", "ben ve kızım Chloé 7", {"Chloé": 7}),
]


@pytest.mark.parametrize(("lang", "said", "ages"), SAID)
def test_me_is_the_sender_and_a_bare_figure_is_years(
    lang: str, said: str, ages: dict[str, int | None]
) -> None:
    talk = Rehearsal(open_desk(), anne(lang), NOW)
    talk.scene = replace(talk.scene, address=replace(talk.scene.address, shared=True))
    talk.begin("household_set_up")
    talk.hear(said)
    (conversation,) = talk.scene.conversations
    years = {row.name: months_of(row, NOW.date()) for row in conversation.named}
    told = {name: None if age is None else age * 12 for name, age in ages.items()}
    assert years == {"Anne": None, **told}


@pytest.mark.parametrize("said", ["mot : pivoine", "pivoine", "le mot: Pivoine"])
def test_what_stands_behind_a_colon_is_the_word(said: str) -> None:
    assert fit_for_word(said, "Anne") == "pivoine"


def test_a_word_behind_a_colon_is_the_word_in_any_script() -> None:
    assert fit_for_word("word: tulip") == "tulip"
    assert fit_for_word("الكلمة: وردة") == "ورده"
