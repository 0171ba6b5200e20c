"""Whoever is excepted in words is never told the name, in any language."""

from datetime import timedelta

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from tests.test_golden import MONDAY

YES = {"fr": "oui", "en": "yes", "es": "si", "pt": "sim", "tr": "evet", "ar": "نعم"}
NAMES = ("Pierre", "Paul", "Lina")
ARABIC = ("كريم", "بول", "لينا")


def asked_for_consent(lang: str) -> Rehearsal:
    """A talk with a case who named three people, and is asked to whom their name may be said."""
    talk = Rehearsal(open_desk(), somebody("case", lang, MONDAY.date(), now=MONDAY), MONDAY)
    talk.begin("case")
    named = "، ".join(ARABIC) if lang == "ar" else ", ".join(NAMES)
    for answer in (YES[lang], "1985", "2", named):
        talk.hear(answer)
    while talk.standing != "case.consent":
        talk.hear("0")
        assert talk.now < MONDAY + timedelta(hours=1)
    return talk


def may_be_told(talk: Rehearsal) -> dict[str, bool]:
    """Each person named, and whether they may be told the name of the case."""
    (conversation,) = talk.scene.conversations
    return {row.name: row.may_name for row in conversation.named}


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("fr", "à tous sauf Paul"),
        ("en", "everyone except Paul"),
        ("en", "everybody but Paul"),
        ("es", "a todos menos a Paul"),
        ("pt", "todos menos o Paul"),
        ("tr", "Paul hariç hepsine"),
        ("ar", "للجميع الا بول"),
    ],
)
def test_all_but_one_may_be_told(lang: str, reply: str) -> None:
    first, but, last = ARABIC if lang == "ar" else NAMES
    talk = asked_for_consent(lang)
    talk.hear(reply)
    assert may_be_told(talk) == {first: True, but: False, last: True}


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("fr", "à personne sauf Paul"),
        ("en", "nobody except Paul"),
        ("es", "a nadie excepto Paul"),
        ("ar", "لا أحد الا بول"),
    ],
)
def test_one_alone_may_be_told(lang: str, reply: str) -> None:
    first, only, last = ARABIC if lang == "ar" else NAMES
    talk = asked_for_consent(lang)
    talk.hear(reply)
    assert may_be_told(talk) == {first: False, only: True, last: False}


@pytest.mark.parametrize(("lang", "reply"), [("fr", "sauf Paul"), ("es", "excepto Paul")])
def test_an_exception_to_nothing_allows_nobody(lang: str, reply: str) -> None:
    talk = asked_for_consent(lang)
    talk.hear(reply)
    assert talk.standing == "case.consent"
    assert may_be_told(talk) == dict.fromkeys(NAMES, False)


def test_an_exception_is_heard_where_the_case_chooses_too() -> None:
    talk = asked_for_consent("fr")
    talk.hear("3")
    assert talk.standing == "case.consent_who"
    talk.hear("tous sauf Paul")
    marked = [row.name for c in talk.scene.conversations for row in c.named if row.may_name]
    assert marked == ["Pierre", "Lina"]


@pytest.mark.parametrize(
    ("lang", "reply"),
    [
        ("fr", "à personne"),
        ("en", "to nobody"),
        ("es", "a nadie"),
        ("pt", "a ninguém"),
        ("tr", "hiçbirine"),
        ("ar", "لا أحد"),
    ],
)
def test_the_words_that_the_question_offers_are_heard(lang: str, reply: str) -> None:
    talk = asked_for_consent(lang)
    talk.hear(reply)
    assert talk.standing == "case.summary"
    assert not any(may_be_told(talk).values())
