"""Words that sounded like danger or death and are none, and the danger beside them that stays."""

from __future__ import annotations

import pytest

from flows.understanding import Question, read, says_all_is_well

CALM = [
    ("ar", "محمد وشاب لا أتذكر اسمه"),
    ("en", "Dan and a blond guy, I don't remember his name"),
    ("es", "Manu y el rubio que no sé cómo se llama"),
    ("es", "la peluquera me cortó el pelo"),
    ("es", "no quiero dar nombres de nadie"),
    ("es", "no tengo ganas ni de levantarme"),
    ("fr", "j'ai oublié son prénom, une voisine"),
    ("pt", "a Rita me cortou o cabelo"),
    ("pt", "um rapaz que não sei como se chama"),
    ("tr", "ismini unuttum, bir komşu"),
]
DANGER = [
    ("ar", "زوجي يصبح عنيفا جدا", "violence"),
    ("en", "he can't remember his own name", "confusion"),
    ("es", "me corté los brazos", "self_harm"),
    ("es", "mi marido se pone muy violento", "violence"),
    ("es", "mi padre no recuerda su nombre", "confusion"),
    ("es", "no tengo ganas de vivir", "self_harm"),
    ("fr", "il devient violet", "blue_lips"),
    ("fr", "mon mari devient violent", "violence"),
    ("tr", "kocam şiddete başvuruyor", "violence"),
]
ASKED = [
    ("ar", "هل مات أحد؟"),
    ("en", "did someone die?"),
    ("es", "quien se ha muerto?"),
    ("fr", "quelqu'un est mort ?"),
    ("pt", "quem morreu???"),
    ("tr", "kim öldü?"),
]
WELL = [
    ("ar", "انا بخير", True),
    ("ar", "انا مش بخير", False),
    ("en", "I'm fine, can I go on?", True),
    ("en", "I'm not fine", False),
    ("es", "que? no, estoy bien", True),
    ("es", "no está bien", False),
    ("fr", "c'est passé", True),
    ("fr", "personne ne répond", False),
    ("pt", "não é comigo, é com o meu genro", True),
    ("pt", "não está bem", False),
    ("tr", "iyiyim ben", True),
    ("tr", "iyi değilim", False),
]


@pytest.mark.parametrize(("lang", "words"), CALM)
def test_a_forgotten_name_or_a_haircut_is_no_danger(lang: str, words: str) -> None:
    assert not read(words, Question(expect="contacts", lang=lang)).danger


@pytest.mark.parametrize(("lang", "words", "code"), DANGER)
def test_the_danger_in_like_words_is_still_heard(lang: str, words: str, code: str) -> None:
    assert read(words, Question(expect="contacts", lang=lang)).danger == (code,)


@pytest.mark.parametrize(("lang", "words"), ASKED)
def test_a_question_about_a_death_announces_none(lang: str, words: str) -> None:
    reading = read(words, Question(expect="yes_no", lang=lang))
    assert reading.detail is None and reading.command != "wrong_person"


def test_a_death_that_is_told_is_still_heard() -> None:
    told = read("mon mari, qui est mort hier, avait ce numéro", Question("text", lang="fr"))
    assert told.detail in ("deceased", "bereaved")


@pytest.mark.parametrize(("lang", "words", "well"), WELL)
def test_all_is_well_only_where_it_is_asserted(lang: str, words: str, well: bool) -> None:
    assert says_all_is_well(words, lang) is well
