"""Names: found however they are spelled, never one person for another."""

import pytest

from bot.store.names import closeness, may_be, sounds, tokens


@pytest.mark.parametrize(
    "spellings",
    [
        ("Mohamed", "Muhammad", "Mohammed", "محمد"),
        ("Ahmed", "Ahmad", "أحمد"),
        ("Fatima", "Fatma", "فاطمة"),
        ("Khadija", "خديجة"),
        ("Hassan", "Hasan", "حسن"),
        ("Sophie", "Sofi", "Sofie"),
        ("Philippe", "Filip"),
        ("Catherine", "Katrin"),
        ("Martín", "Martin", "MARTIN"),
        ("Yılmaz", "Yilmaz", "YILMAZ"),
    ],
)
def test_spellings_of_a_name_sound_alike(spellings: tuple[str, ...]) -> None:
    assert len({sounds(one) for one in spellings}) == 1


def test_names_are_words_without_case_or_accents() -> None:
    assert tokens(" Jean-Pierre  O'Brien, Cœur ") == ("jean", "pierre", "o", "brien", "coeur")
    assert tokens("…") == sounds("A B") == ()


@pytest.mark.parametrize(
    ("said", "given", "family"),
    [
        ("Léa", "Lea", "Martin"),
        ("lea martin", "Léa", ""),
        ("Martin Sofie", "Sophie", "Martin"),
        ("Muhammad Alaoui", "Mohamed", "Alaoui"),
        ("Marie Lefebvre", "Marie", "Lefevre"),
        ("Jean Pierre", "Jean-Pierre", "Dupont"),
        ("Martin", "", "Martin"),
    ],
)
def test_one_person_by_two_names(said: str, given: str, family: str) -> None:
    assert may_be(said, given, family) > 0


@pytest.mark.parametrize(
    ("said", "given", "family"),
    [
        ("Léo Martin", "Léa", "Martin"),
        ("Paule Martin", "Paul", "Martin"),
        ("Louise", "Louis", "Martin"),
        ("Michèle", "Michel", "Martin"),
        ("Mario Conte", "Marie", "Conte"),
        ("Martin", "Sophie", "Martin"),
        ("Mme Martin", "Sophie", "Martin"),
        ("Sophie Durand", "Sophie", "Martin"),
        ("Maman", "Sophie", "Martin"),
        ("", "Sophie", "Martin"),
        ("Sophie", "", ""),
    ],
)
def test_two_people_of_one_household_are_not_one(said: str, given: str, family: str) -> None:
    assert may_be(said, given, family) == 0


def test_closeness_ranks_the_nearest_first() -> None:
    near = sorted(
        ["Mohamed Alaoui", "Marie Alaoui", "Paul Durand"],
        key=lambda own: -closeness("mohamed alawi", own),
    )
    assert near[0] == "Mohamed Alaoui" and near[-1] == "Paul Durand"
    assert closeness("", "Paul") == 0.0
