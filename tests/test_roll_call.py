"""Those for whom somebody answers: first names, and ages in any form and language."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk import open_desk
from flows.engine import roll_call
from flows.rehearsal import Rehearsal, somebody
from flows.vocabulary import Conversation, Frame, MemberNamed, Named, PersonLearned

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
TODAY = date(2026, 11, 23)


def asked(node: str, *named: Named, lang: str = "fr") -> Rehearsal:
    here = somebody("contact", lang, TODAY, given_name="Anne", proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    standing = Conversation(
        7, 1, 1, (Frame("household_set_up", node),), status="open", contact_id=1, named=named
    )
    talk.scene = replace(talk.scene, conversations=(standing,))
    return talk


def ages(talk: Rehearsal) -> dict[str, int | None]:
    named = talk.scene.conversations[0].named
    return {row.name: roll_call.months_of(row, TODAY) for row in named}


@pytest.mark.parametrize(
    ("lang", "said", "months"),
    [
        ("fr", "Rose 12/03/2015", {"Rose": 140}),
        ("fr", "léo 15 ans, zoé 12, tom 6 et lou née le 20 septembre",
         {"Léo": 180, "Zoé": 144, "Tom": 72, "Lou": 2}),
        ("fr", "Lou 2 mois", {"Lou": 2}),
        ("fr", "Lou 3 semaines", {"Lou": 0}),
        ("fr", "Paul né en 1950", {"Paul": 922}),
        ("en", "Tom is 6 and Lily 8 months", {"Tom": 72, "Lily": 8}),
        ("en", "Rose born 20 September", {"Rose": 2}),
        ("es", "Lucía 4 años, Mateo 7 meses", {"Lucía": 48, "Mateo": 7}),
        ("pt", "João 9 anos e Inês 3/2/20", {"João": 108, "Inês": 81}),
        ("tr", "Elif 5 yaşında, Can 8 aylık", {"Elif": 60, "Can": 8}),
        ("ar", "ليلى 9 سنوات", {"ليلى": 108}),
    ],
)  # fmt: skip
def test_ages_are_read_in_any_form(lang: str, said: str, months: dict[str, int]) -> None:
    talk = asked("for_whom", lang=lang)
    talk.hear(said)
    assert ages(talk) == months


def test_the_one_who_answers_is_known_by_her_name() -> None:
    talk = asked("for_whom")
    talk.hear("anne 4/2/84, tom 6")
    roles = {row.name: row.role for row in talk.scene.conversations[0].named}
    assert roles == {"Anne": "self", "Tom": ""}


def test_an_age_that_is_missing_is_asked_for_and_belongs_to_the_one_without() -> None:
    talk = asked("for_whom")
    assert "Tom" in talk.hear("tom et zoé 12 ans").drafts[0].text
    assert talk.standing == "household_set_up.ages"
    talk.hear("6 ans")
    assert ages(talk) == {"Zoé": 144, "Tom": 72}


def test_who_is_fragile_is_told_in_free_words() -> None:
    tom, zoe = Named(1, "Tom", age_months=72), Named(2, "Zoé", age_months=144)
    talk = asked("risks", tom, zoe)
    turn = talk.hear("tom asthme, moi enceinte. leur père est déjà au courant")
    members = {d.named.name: d.named.risks for d in turn.deeds if isinstance(d, MemberNamed)}
    learned = [deed.values for deed in turn.deeds if isinstance(deed, PersonLearned)]
    assert members == {"Tom": "long_illness", "Zoé": ""}
    assert learned == [{"facts.pregnant": "yes"}]
    assert [review.reason for review in turn.reviews] == ["other_guardian"]


def test_a_name_alone_answers_who_is_fragile() -> None:
    talk = asked("risks", Named(1, "Tom", age_months=72))
    turn = talk.hear("tom")
    (member,) = [deed.named for deed in turn.deeds if isinstance(deed, MemberNamed)]
    assert member.fragile


def test_an_adult_is_not_enrolled_without_their_own_agreement() -> None:
    talk = asked("for_whom")
    turn = talk.hear("tom 6 ans, pierre 45 ans")
    assert "proxy" in [review.reason for review in turn.reviews]
    turn = talk.hear("0")
    named = [deed.named.name for deed in turn.deeds if isinstance(deed, MemberNamed)]
    assert named == ["Tom"]


def test_a_teenager_may_have_an_own_phone() -> None:
    talk = asked("for_whom")
    assert "Max" in talk.hear("max 16 ans, tom 6 ans").drafts[0].text
    talk.hear("1")
    talk.hear("0639980044")
    turn = talk.hear("0")
    named = {deed.named.name: deed.named for deed in turn.deeds if isinstance(deed, MemberNamed)}
    assert (named["Max"].role, named["Max"].phone) == ("own_phone", "+33639980044")
    assert named["Tom"].role == ""


def test_silence_on_the_way_loses_nobody_who_was_named() -> None:
    talk = asked("risks", Named(1, "Tom", age_months=72))
    talk.hear("zut alors")

    deeds = [deed for turn in talk.wait(timedelta(days=3)) for deed in turn.deeds]
    assert [deed.named.name for deed in deeds if isinstance(deed, MemberNamed)] == ["Tom"]
