"""Whose phone this is gets settled before anything of health is said on it."""

from __future__ import annotations

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal
from tests.stores import NOW
from tests.test_doorway import anne

READERS = [
    ("ar", "بيني وبين مرتي"),
    ("ar", "جوزي بيفتحه ساعات"),
    ("en", "my husband opens it sometimes"),
    ("es", "mi marido lo abre a veces"),
    ("fr", "ma fille de 12 ans regarde mon tel"),
    ("fr", "moi et ma femme"),
    ("pt", "meu marido abre às vezes"),
    ("tr", "kocam bazen açıyor"),
]
ALONE = [
    ("ar", "انا فقط"),
    ("en", "only me"),
    ("es", "solo yo"),
    ("fr", "1"),
    ("fr", "moi seul"),
    ("pt", "só eu"),
    ("tr", "yalnız ben"),
]


def asked(lang: str) -> Rehearsal:
    talk = Rehearsal(open_desk(), anne(lang), NOW)
    talk.begin("this_phone")
    return talk


@pytest.mark.parametrize(("lang", "said"), READERS)
def test_whoever_is_spoken_of_reads_the_phone(lang: str, said: str) -> None:
    talk = asked(lang)
    talk.hear(said)
    assert talk.scene.address.shared


@pytest.mark.parametrize(("lang", "said"), ALONE)
def test_only_a_plain_answer_makes_the_phone_ones_own(lang: str, said: str) -> None:
    talk = asked(lang)
    talk.hear(said)
    assert not talk.scene.address.shared


@pytest.mark.parametrize("lang", ["ar", "en", "es", "fr", "pt", "tr"])
def test_an_answer_unread_twice_makes_the_phone_a_shared_one(lang: str) -> None:
    talk = asked(lang)
    talk.hear("xkcd bof")
    talk.hear("xkcd bof")
    assert talk.scene.address.shared
