"""That a home is not shared any more, or is again, is heard later on too, and from nobody else."""

from dataclasses import replace

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from flows.vocabulary import PersonLearned
from tests.stores import NOW

DESK = open_desk()


def rehearsed(separable: str = "no", lang: str = "fr", kind: str = "home") -> Rehearsal:
    here = somebody("contact", lang, NOW.date(), proven=True, now=NOW)
    person = replace(here.person, facts={"separable": separable} if separable else {})
    met = tuple(replace(one, kind=kind) for one in here.exposures)
    talk = Rehearsal(DESK, replace(here, person=person, exposures=met), NOW)
    talk.begin("check_in")
    return talk


def learned(talk: Rehearsal, words: str) -> str | None:
    """What the record learns of the home from these words."""
    told = [one.values for one in talk.hear(words).deeds if isinstance(one, PersonLearned)]
    return next((one["facts.separable"] for one in told if "facts.separable" in one), None)


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("ar", "صرنا نقدر نبتعد، غرفة منفصلة"),
        ("en", "hi, he moved so we each have our own room now"),
        ("es", "ahora cada uno en su cuarto"),
        ("fr", "mon fils dort à part depuis ce soir"),
        ("pt", "agora quartos separados"),
        ("tr", "artık ayrı kalabiliyoruz"),
    ],
)
def test_that_one_keeps_apart_by_now_is_heard_at_any_question(lang: str, words: str) -> None:
    assert learned(rehearsed(lang=lang), words) == "yes"


@pytest.mark.parametrize(
    "words",
    [
        "on n'a pas chacun sa chambre",
        "est-ce qu'on peut se séparer ?",
        "demain on peut se séparer",
        "si on peut se séparer je vous dis",
        "we can't keep apart",
        "no podemos separarnos",
        "não conseguimos ficar separados",
        "ayrı oda yok",
        "ما نقدر نبتعد",
    ],
)
def test_a_doubt_a_wish_or_a_no_shortens_nothing(words: str) -> None:
    assert learned(rehearsed(), words) is None


def test_that_a_home_is_shared_again_is_heard_as_well() -> None:
    assert learned(rehearsed("yes"), "on n'arrive plus à se séparer") == "no"
    assert learned(rehearsed(""), "impossible de rester à part chez nous") == "no"


def test_only_a_contact_at_home_on_a_phone_of_their_own_is_heard_so() -> None:
    said = "on peut se séparer maintenant"
    assert learned(rehearsed(kind="face_to_face"), said) is None
    shared = rehearsed()
    shared.scene = replace(shared.scene, address=replace(shared.scene.address, shared=True))
    assert learned(shared, said) is None
    unproven = rehearsed()
    (here,) = unproven.scene.people
    nobody = replace(here, link=replace(here.link, proven_at=None))
    unproven.scene = replace(unproven.scene, people=(nobody,))
    assert learned(unproven, said) is None


def test_danger_beside_it_is_heard_first() -> None:
    turn = rehearsed().hear("on peut se séparer maintenant mais je n'arrive plus à respirer")
    assert "P1" in [one.priority for one in turn.reviews]
