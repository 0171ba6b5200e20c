"""People can tell us from a scam: no link, no bank detail, a word for each call, VRAI anywhere."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from bot.announcing import word_of_the_day
from bot.desk import open_desk
from bot.store.engines import Store
from flows.checking.said import Said
from flows.checking.texts import _trust
from flows.engine.keywords import asks_if_genuine
from flows.rules import shipped_packs
from flows.vocabulary import LANGUAGES, Lang
from flows.wording.extract import Text, shipped_texts

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
PACK = shipped_packs().named("demonstration")


def faults(words: str, lang: str = "en") -> list[str]:
    return list(_trust(Said(Text("always.help", words, "f.yaml", 1), lang, words)))


@pytest.mark.parametrize(
    "words",
    ["See https://example.org/x", "Visit www.sante.fr now", "Go to sante-armor.fr/verif please"],
)
def test_a_text_with_a_link_is_refused(words: str) -> None:
    assert len(faults(words)) == 1


@pytest.mark.parametrize(
    ("lang", "words"),
    [
        ("en", "Please send your card number."),
        ("fr", "Donnez votre numéro de compte. Jamais de lien."),
        ("es", "Escriba su tarjeta."),
        ("tr", "Kart numaranizi yazin."),
    ],
)
def test_a_text_that_asks_for_a_bank_detail_is_refused(lang: str, words: str) -> None:
    assert len(faults(words, lang)) == 1


def test_a_text_may_say_that_we_never_ask_for_it() -> None:
    assert faults("Never a link, never a bank code.") == []
    assert faults("Jamais d'argent, de carte, de mot de passe.", "fr") == []


def test_no_shipped_text_holds_a_link_or_asks_for_a_bank_detail_in_any_language() -> None:
    catalogues = open_desk().catalogues
    for text in shipped_texts():
        for lang in LANGUAGES:
            words = catalogues.lookup(lang, text.key, text.english).text
            assert list(_trust(Said(text, lang, words))) == [], (lang, text.key)


@pytest.mark.parametrize(
    "words",
    [
        "VRAI", "vrai ?", "c VRAI ca", "c'est une arnaque", "is this a scam", "GENUINE please",
        "¿es VERDAD?", "gerçek mi?", "هل هذا حقيقي؟", "VERDADE ?",
    ],
)  # fmt: skip
def test_the_word_is_heard_in_any_phrase(words: str) -> None:
    assert asks_if_genuine(words)


@pytest.mark.parametrize(
    "words", ["c'est vrai que je tousse", "it is a real problem for me", "es verdad, tengo fiebre"]
)
def test_a_statement_does_not_ask_whether_we_are_genuine(words: str) -> None:
    assert not asks_if_genuine(words)


@pytest.mark.parametrize("lang", LANGUAGES)
async def test_the_word_of_a_call_is_one_for_each_person_and_day(store: Store, lang: Lang) -> None:
    on = NOW.date()
    word = word_of_the_day(store, PACK, 7, lang, on)
    assert word == word_of_the_day(store, PACK, 7, lang, on)
    others = {word_of_the_day(store, PACK, person, lang, on) for person in range(30)}
    days = {word_of_the_day(store, PACK, 7, lang, date(2026, 11, day)) for day in range(1, 29)}
    assert len(others) > 3
    assert len(days) > 3
