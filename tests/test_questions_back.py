"""What people ask back is answered with their own dates, once signed; no answer is swallowed."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from flows.turn.question_words import tongues, variants
from flows.turn.questions import asked_back
from flows.understanding import Question, read
from flows.vocabulary import FollowUp, PersonHere, Turn

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
SETS = sorted((Path(__file__).parent / "understanding").glob("*.jsonl"))

ASKED = [
    ("fr", "je dois rester enfermé combien de temps", "until"),
    ("fr", "jusqa quan", "until"),
    ("fr", "c'est quand la fin ?", "until"),
    ("fr", "pourquoi moi", "why_me"),
    ("fr", "pk vous demandez ca", "why_asked"),
    ("fr", "la police elle lit ca ? jai pas de papiers", "papers"),
    ("fr", "l'agent c'est une vraie personne ?", "robot"),
    ("fr", "si j'ai de la fièvre je fais quoi ?", "fever_do"),
    ("fr", "vous avez un arrêt de travail pour mon patron", "sick_note"),
    ("en", "how long must I stay in?", "until"),
    ("en", "who gave you my number?", "number_source"),
    ("en", "is there a fine?", "fine"),
    ("en", "can I see my children?", "children"),
    ("en", "what does it cost?", "cost"),
    ("es", "¿hasta cuándo me quedo en casa?", "until"),
    ("es", "tengo que hacerme un test?", "test"),
    ("pt", "quem lê isto?", "who_reads"),
    ("pt", "posso passear o cão?", "dog"),
    ("tr", "neden ben?", "why_me"),
    ("tr", "köpeği gezdirebilir miyim?", "dog"),
    ("ar", "من أعطاكم رقمي؟", "number_source"),
    ("ar", "إلى متى أبقى في البيت؟", "until"),
    ("fr", "how long must I stay at home?", "until"),
]
ANSWERS = ["38,5 ?", "mardi ?", "Karim ?", "mes enfants ?", "1 ?", "oui ?", "je peux pas sortir"]


def contact(**person: object) -> PersonHere:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW)
    return replace(here, person=replace(here.person, **person))  # type: ignore[arg-type]


def asking(here: PersonHere, *texts: str, pack: str = "demonstration") -> Turn:
    talk = Rehearsal(open_desk(pack), here, NOW)
    talk.begin("check_in")
    return [talk.hear(text) for text in texts][-1]


def said(turn: Turn) -> str:
    return " | ".join(draft.text for draft in turn.drafts)


@pytest.mark.parametrize(("lang", "text", "code"), ASKED)
def test_a_question_is_recognised_in_each_language(lang: str, text: str, code: str) -> None:
    found = asked_back(text, lang)
    assert found is not None
    assert found.code == code


@pytest.mark.parametrize("text", ANSWERS)
def test_a_question_mark_makes_no_question_of_an_answer(text: str) -> None:
    assert asked_back(text, "fr") is None


def _in_danger(row: dict[str, str]) -> bool:
    """Whether danger is heard in the words: then a turn never looks for a question in them."""
    return bool(read(row["text"], Question(row["expect"], lang=row["lang"])).danger)


def test_no_answer_of_our_sets_is_taken_for_a_question() -> None:
    taken = []
    for file in SETS:
        for line in file.read_text("utf-8").splitlines():
            row = json.loads(line)
            wanted = row.get("want", {})
            answers = wanted.get("value") is not None or bool(wanted.get("danger"))
            asked = asked_back(row["text"], row["lang"])
            if answers and row.get("expect") != "text" and asked and not _in_danger(row):
                taken.append(row["text"])
    assert taken == []


def test_every_question_can_be_asked_in_every_language() -> None:
    for lang, tongue in tongues().items():
        assert {rule.code for rule in tongue.rules} == set(variants()), lang


def test_an_answer_beside_a_question_is_heard() -> None:
    turn = asking(contact(), "non, et je peux sortir le chien ?")
    assert "chien" in turn.drafts[0].text
    assert "fièvre" in turn.drafts[1].text


def test_what_nobody_signed_goes_to_a_person() -> None:
    turn = asking(contact(), "la police lit ça ?")
    assert "APPEL" in turn.drafts[0].text
    assert [wanted.reason for wanted in turn.reviews] == ["question"]


def test_without_any_signature_every_question_goes_to_a_person() -> None:
    now = datetime(2022, 1, 20, 9, 0, tzinfo=UTC)
    here = somebody("contact", "fr", now.date(), proven=True, now=now)
    talk = Rehearsal(open_desk("france"), here, now)
    talk.begin("check_in")
    assert [w.reason for w in talk.hear("qui vous a donné mon numéro ?").reviews] == ["question"]


def test_a_contact_hears_the_date_but_nothing_to_count_back_from() -> None:
    assert said(asking(contact(), "jusqu'à quand ?")).startswith("Restez chez vous jusqu'au 30/11")
    assert "vendredi 20" not in said(asking(contact(), "jusqu'à quand ?"))


def test_a_contact_hears_the_day_where_the_case_allowed_it() -> None:
    here = contact()
    allowed = tuple(replace(one, may_date=True) for one in here.exposures)
    assert "vendredi 20" in said(asking(replace(here, exposures=allowed), "jusqu'à quand ?"))


def test_of_several_exposures_the_latest_end_is_said() -> None:
    here = contact()
    later = replace(here.exposures[0], id=2, number=2, last_day=date(2026, 11, 22))
    turn = asking(replace(here, exposures=(*here.exposures, later)), "jusqu'à quand ?")
    assert "02/12" in said(turn)


def test_where_a_fact_is_missing_no_date_is_said_and_a_person_looks() -> None:
    here = contact()
    unknown = tuple(replace(one, last_day=None) for one in here.exposures)
    turn = asking(replace(here, exposures=unknown), "jusqu'à quand ?")
    assert [wanted.reason for wanted in turn.reviews] == ["rule_lacks_fact"]


def test_new_signs_change_what_is_said_of_the_end() -> None:
    followed = replace(contact(), follow_up=FollowUp(1, 1, "contact", NOW.date(), None))
    turn = asking(followed, "non", "38,5", "je tousse", "jusqu'à quand ?")
    assert "signes" in turn.drafts[0].text


def test_a_case_whom_nobody_told_hears_nothing_of_the_result() -> None:
    here = somebody("case", "fr", NOW.date(), proven=True, told=False, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    talk.begin("case")
    for words in ("oui", "1985", "jusqu'à quand je reste chez moi ?"):
        turn = talk.hear(words)
    assert "Restez" not in said(turn)
    assert "30/11" not in said(turn)


def test_danger_in_a_question_is_danger() -> None:
    turn = asking(contact(), "je peux sortir ? j'arrive plus à respirer")
    assert turn.drafts[0].kind == "safety"


def test_a_question_when_nothing_is_open_is_answered_alone() -> None:
    talk = Rehearsal(open_desk(), contact(), NOW)
    turn = talk.hear("c'est gratuit ?")
    assert len(turn.drafts) == 1
    assert turn.reviews == ()
