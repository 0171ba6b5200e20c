"""A danger on a screen, of an animal, a thing or a patient is none; one's own always is."""

import pytest

from flows.understanding import Question, read

NOWHERE_HERE = (
    ("ar", "القطة اغمي عليها امس، انا بخير"),
    ("ar", "شفت مسلسل البطل فيه ما يقدر يتنفس"),
    ("en", "I'm a paramedic, two seizures and a stroke brought in tonight, I'm fine myself"),
    ("en", "his lips are blue from that lollipop"),
    ("en", "our old tv passed out again, no picture, only sound"),
    ("en", "the manikin on our first aid course is unconscious and we wake it"),
    ("es", "anoche en la novela una señora se desmayó y tosía sangre"),
    ("es", "soy enfermera, veo gente que no puede respirar todos los días, yo bien"),
    ("fr", "dans la série un mec crache du sang et il s'évanouit"),
    ("fr", "la mariée était si belle, j'ai failli m'évanouir mdr"),
    ("pt", "o gato desmaiou ontem, eu estou bem"),
    ("tr", "hemşireyim, hastalar nefes alamıyor her gün, ben iyiyim"),
    ("tr", "köpeğim dün bayıldı, ben iyiyim"),
)
HERE = (
    ("ar", "كنا نتفرج على فيلم وامي اغمي عليها"),
    ("en", "I'm a nurse and I can't breathe"),
    ("en", "my phone died and my dad fainted, I'm fine"),
    ("en", "watching a film and now I can't breathe"),
    ("en", "we watched a film where a man faints and then my mum collapsed"),
    ("es", "a mi señora se le han puesto los labios morados y los dedos helados, yo bien"),
    ("es", "soy enfermera, me desmayé ayer, ya estoy bien"),
    ("es", "vi una peli donde un tipo tosía sangre, y mi papá no respira"),
    ("fr", "mon chien va bien mais ma mère ne respire plus"),
    ("pt", "tô vendo novela e não consigo respirar"),
    ("tr", "dizi izlerken annem bayıldı, uyanmıyor"),
)


@pytest.mark.parametrize(("lang", "text"), NOWHERE_HERE)
def test_what_is_told_of_elsewhere_is_no_danger(lang: str, text: str) -> None:
    assert read(text, Question("text", lang=lang)).danger == ()


@pytest.mark.parametrize(("lang", "text"), HERE)
def test_what_happens_here_stays_a_danger(lang: str, text: str) -> None:
    assert read(text, Question("text", lang=lang)).danger


def test_an_animal_of_which_nothing_else_is_said_stays_a_doubt() -> None:
    reading = read("my cat fainted", Question("text", lang="en"))
    assert reading.danger == reading.danger_doubt == ("fainting",)
