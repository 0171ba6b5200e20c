"""People are read from prose, lists and cards with their relations, numbers and days."""

from __future__ import annotations

from datetime import datetime

import pytest

from flows.understanding.contacts import read_contacts
from flows.understanding.reading import Question, Understood
from flows.understanding.text import normalise

MONDAY = datetime(2026, 11, 23, 10, 0)


def contacts(text: str, lang: str = "fr") -> Understood:
    question = Question("contacts", lang=lang, country="FR", now=MONDAY)
    return read_contacts(normalise(text, lang), question)


def told(text: str, lang: str = "fr") -> list[tuple[str | None, ...]]:
    return [tuple(person.values()) for person in contacts(text, lang).value]


def test_a_relation_stands_before_or_after_its_name() -> None:
    for text in ("mon mari Karim", "Karim mon mari", "Karim (mon mari)", "mon mari : Karim"):
        assert told(text) == [("Karim", None, "partner", None)], text


def test_people_of_one_relation_without_names_are_counted() -> None:
    assert told("ma femme et mes 2 enfants") == [
        (None, None, "partner", None),
        (None, None, "child", None),
        (None, None, "child", None),
    ]


def test_a_couple_shares_its_surname() -> None:
    assert [name for name, *_ in told("Jean et Marie Dupont")] == ["Jean Dupont", "Marie Dupont"]


def test_each_number_belongs_to_the_name_before_it() -> None:
    assert told("Paul 0612345678, léa 07 81 22 33 44") == [
        ("Paul", "+33612345678", None, None),
        ("Léa", "+33781223344", None, None),
    ]


def test_numbers_may_stand_before_their_names() -> None:
    assert [row[:2] for row in told("0612345678 Paul\n0781223344 Marie")] == [
        ("Paul", "+33612345678"),
        ("Marie", "+33781223344"),
    ]


def test_a_day_is_of_one_or_of_all() -> None:
    assert [day for *_, day in told("Paul lundi dernier, Marie mardi")] == [
        "2026-11-16",
        "2026-11-17",
    ]
    assert [day for *_, day in told("hier Paul et Marie")] == ["2026-11-22"] * 2
    assert [day for *_, day in told("Paul et Marie hier")] == ["2026-11-22"] * 2


def test_colleagues_share_what_they_are() -> None:
    for text in ("mes collègues Paul, Marie et Jean", "Paul, Marie et Jean, mes collègues"):
        assert [relation for _, _, relation, _ in told(text)] == ["colleague"] * 3, text


def test_a_group_without_names_is_a_group() -> None:
    read = contacts("toute la classe et les 3 voisins")
    assert [(group["label"], group["count"]) for group in read.groups] == [
        ("toute la classe", None),
        ("les 3 voisins", 3),
    ]
    assert read.value == []


@pytest.mark.parametrize(
    ("lang", "text"),
    [("fr", "j'ai vu personne"), ("en", "nobody"), ("es", "nadie"), ("pt", "ninguém"),
     ("tr", "kimse"), ("ar", "ما شفت حدا"), ("ar", "ma chft 7ta wa7ed")],
)  # fmt: skip
def test_nobody_is_an_empty_list(lang: str, text: str) -> None:
    assert (contacts(text, lang).status, contacts(text, lang).value) == ("understood", [])


@pytest.mark.parametrize(
    "text", ["secret", "je balance pas", "pourquoi vous voulez savoir ça ?", "jsp"]
)
def test_a_refusal_is_not_nobody(text: str) -> None:
    assert contacts(text).status == "not_understood"


def test_nobody_but_somebody_is_somebody() -> None:
    assert told("personne sauf ma mère") == [(None, None, "parent", None)]


def test_somebody_elses_relative_is_not_the_senders() -> None:
    assert told("Céline + son fils Tom") == [
        ("Céline", None, None, None),
        ("Tom", None, None, None),
    ]


def test_who_is_called_by_a_description_keeps_it() -> None:
    assert [name for name, *_ in told("maman et la maman d'Ines")] == ["Maman", "la maman d'Ines"]


def test_a_forwarded_card_is_read() -> None:
    card = (
        "BEGIN:VCARD\nVERSION:3.0\nN:Martin;Paul;;;\nFN:Paul Martin\n"
        "TEL;TYPE=CELL:+33 6 12 34 56 78\nEND:VCARD"
    )
    assert told(card) == [("Paul Martin", "+33612345678", None, None)]


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "my wife Sarah and my brother Tom"),
        ("es", "mi mujer Sarah y mi hermano Tom"),
        ("pt", "minha mulher Sarah e meu irmão Tom"),
        ("tr", "karım Sarah ve kardeşim Tom"),
        ("ar", "marti sarah w khouya tom"),
    ],
)
def test_relations_are_read_in_every_language(lang: str, text: str) -> None:
    assert told(text, lang) == [("Sarah", None, "partner", None), ("Tom", None, "sibling", None)]


def test_every_span_lies_in_the_text() -> None:
    text = "زوجتي فاطمة الزهراء ٠٦١٢٣٤٥٦٧٨ امبارح"
    spans = contacts(text, "ar").spans
    assert [text[span.start : span.end] for span in spans] == [
        "زوجتي", "فاطمة الزهراء", "٠٦١٢٣٤٥٦٧٨", "امبارح",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("lang", "text", "names"),
    [
        ("en", "my daughter Amy who is diabetic", ["Amy"]),
        ("en", "on tuesdays maria drives me to work", ["Maria"]),
        ("en", "Sandra's son, Iker", ["Iker"]),
        ("en", "a blond guy i dont know his name and Tom", [None, "Tom"]),
        ("es", "una chica nueva", [None]),
        ("es", "Manolo, la Jessi y Abdel Benali", ["Manolo", "Jessi", "Abdel Benali"]),
        ("fr", "mes colocs léa hugo et camille", ["Léa", "Hugo", "Camille"]),
        ("pt", "a minha mãe q é cadeirante", [None]),
        ("pt", "a minha filha Teresa e o marido, o Rui", ["Teresa", "Rui"]),
        ("pt", "tiago inês martim e a leonor", ["Tiago", "Inês", "Martim", "Leonor"]),
        ("tr", "komşu ayşe çocukları okula bıraktı", ["Ayşe"]),
        ("tr", "fatma yılmazla", ["Fatma Yılmaz"]),
        ("ar", "ابنتي سارة عندها سكري", ["سارة"]),
    ],
)
def test_what_is_told_of_somebody_is_no_name(lang: str, text: str, names: list[str]) -> None:
    assert [name for name, *_ in told(text, lang)] == names


def test_no_children_make_nobody_a_child() -> None:
    assert {row[2] for row in told("marta y jon, sin niños", "es")} == {None}
