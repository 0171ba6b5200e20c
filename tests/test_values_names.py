"""Names are written as in a file, whatever the keyboard; what is no name is none."""

from __future__ import annotations

import pytest

from flows.understanding.letters import repair
from flows.understanding.names import read_name
from flows.understanding.reading import Question
from flows.understanding.text import normalise


@pytest.mark.parametrize(
    ("lang", "written", "name"),
    [
        ("fr", "jean-pierre LE GOFF", "Jean-Pierre Le Goff"),
        ("fr", "anne de la TOUR", "Anne de la Tour"),
        ("fr", "jean d'ormesson", "Jean d'Ormesson"),
        ("en", "sean o'brien", "Sean O'Brien"),
        ("en", "MARY MCDONALD", "Mary McDonald"),
        ("en", "DeShawn van der Berg", "DeShawn van der Berg"),
        ("pt", "maria dos santos", "Maria dos Santos"),
        ("tr", "ibrahim yıldız", "İbrahim Yıldız"),
        ("ar", "محمد بن سلمان", "محمد بن سلمان"),
    ],
)
def test_capitals_particles_and_hyphens_are_put_right(lang: str, written: str, name: str) -> None:
    assert repair(written, lang) == name


@pytest.mark.parametrize(
    ("lang", "text", "name"),
    [
        ("fr", "bonjour, je m'appelle marie dupont", "Marie Dupont"),
        ("fr", "moi c karim", "Karim"),
        ("fr", "DUPONT Marie", "Marie Dupont"),
        ("fr", "Dupont, Marie", "Marie Dupont"),
        ("fr", "nom : Petit prénom : Lucas", "Lucas Petit"),
        ("en", "it's Bob here", "Bob"),
        ("es", "soy José Luis Pérez", "José Luis Pérez"),
        ("pt", "sou a Ana", "Ana"),
        ("tr", "benim adım ışıl", "Işıl"),
        ("ar", "اسمي فاطمة الزهراء", "فاطمة الزهراء"),
        ("ar", "smiti karim bennani", "Karim Bennani"),
    ],
)
def test_the_words_around_a_name_are_left_away(lang: str, text: str, name: str) -> None:
    read = read_name(normalise(text, lang), Question("name", lang=lang))
    assert (read.status, read.value) == ("understood", name)


@pytest.mark.parametrize(
    "text", ["non", "pourquoi ?", "je préfère pas le dire", "c'est qui ?", "42", ""]
)
def test_a_refusal_or_a_question_is_no_name(text: str) -> None:
    assert read_name(normalise(text, "fr"), Question("name")).value is None
