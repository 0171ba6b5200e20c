"""Which language somebody writes in, asked once where it is not the one of the record."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from flows.turn.tongues import written_in
from flows.vocabulary import Lang

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def check_in(lang: str = "fr") -> Rehearsal:
    talk = Rehearsal(open_desk(), somebody("contact", lang, NOW.date(), proven=True, now=NOW), NOW)
    talk.begin("check_in")
    return talk


@pytest.mark.parametrize(
    ("lang", "said", "other"),
    [
        ("fr", "tengo tos y mucho cansancio", "es"),
        ("fr", "my son coughs since yesterday", "en"),
        ("pt", "tengo fiebre y tos", "es"),
        ("fr", "عندي حرارة وسعال", "ar"),
        ("ar", "3andi skhana bezaf", "arabizi"),
        ("fr", "je tousse un peu", ""),
        ("fr", "no", ""),
        ("fr", "Martine et Paul", ""),
        ("fr", "12 rue des Lilas, Brest", ""),
        ("en", "0", ""),
    ],
)
def test_another_language_is_known_where_it_is_sure(lang: Lang, said: str, other: str) -> None:
    assert written_in(said, lang) == other


def test_who_writes_twice_in_another_language_is_asked_once_and_answered_in_it() -> None:
    talk = check_in()
    talk.hear("no tengo dolor de pecho")
    turn = talk.hear("hoy no he tenido fiebre")
    assert [draft.text for draft in turn.drafts] == ["¿Prefiere español? 1 si 2 no"]
    turn = talk.hear("1")
    assert talk.scene.address.language == "es"
    assert "sintomas" in turn.drafts[-1].text
    assert talk.standing == "check_in.others"


def test_who_would_rather_stay_is_asked_the_open_question_again_and_never_again_which() -> None:
    talk = check_in()
    talk.hear("no tengo dolor de pecho")
    talk.hear("hoy no he tenido fiebre")
    turn = talk.hear("2")
    assert "signes" in turn.drafts[-1].text.lower()
    for said in ("zzz nada de nada tengo", "no tengo nada nuevo"):
        turn = talk.hear(said)
        assert all("español" not in draft.text for draft in turn.drafts)


def test_an_answer_to_the_flow_in_place_of_the_offer_is_heard_by_the_flow() -> None:
    talk = check_in()
    talk.hear("no tengo dolor de pecho")
    talk.hear("hoy no he tenido fiebre")
    talk.hear("tengo tos y dolor de garganta")
    assert talk.standing not in ("check_in.others", "check_in.fever")


def test_danger_goes_before_any_question_of_language() -> None:
    talk = check_in()
    talk.hear("no tengo dolor de pecho")
    turn = talk.hear("no puedo respirar")
    assert turn.drafts[0].kind == "safety"
    assert all("Prefiere" not in draft.text for draft in turn.drafts)


def test_arabic_in_latin_letters_is_offered_another_language_or_a_call() -> None:
    talk = check_in("ar")
    talk.hear("la ma 3andi walou")
    turn = talk.hear("la ma 3andi 7arara")
    assert turn.drafts[-1].text.startswith("Marhaba")
    turn = talk.hear("4")
    assert "human_wanted" in [review.reason for review in turn.reviews]


def test_a_language_is_changed_in_mid_sentence_and_the_rest_is_heard() -> None:
    talk = check_in()
    turn = talk.hear("english please, and my son cannot breathe")
    assert talk.scene.address.language == "en"
    assert turn.drafts[0].kind == "safety" and "NOW" in turn.drafts[0].text
