"""Who was named is said by name to who reads alone, and as a count where others read too."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from flows.vocabulary import LANGUAGES, Conversation, Frame, Named
from tests.stores import NOW

LISTS = {"fr": "LISTE", "en": "list", "es": "lista", "pt": "lista", "tr": "liste", "ar": "القائمة"}
MET = tuple(
    Named(n, name=name, last_day=NOW.date()) for n, name in enumerate(("Karim", "Lina", "Nour"), 1)
)


def summing_up(lang: str = "fr", node: str = "summary", **address: object) -> Rehearsal:
    here = somebody("case", lang, NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    standing = Conversation(
        7, 1, 1, (Frame("case", node),), status="open", named=MET, case_id=1, asked_at=NOW
    )
    at = replace(talk.scene.address, **address)  # type: ignore[arg-type]
    talk.scene = replace(talk.scene, address=at, conversations=(standing,))
    return talk


def texts(talk: Rehearsal, words: str) -> str:
    return "\n".join(draft.text for draft in talk.hear(words).drafts)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_list_is_a_count_on_a_shared_phone(lang: str) -> None:
    said = texts(summing_up(lang, shared=True), LISTS[lang])
    assert "3" in said
    assert not any(row.name in said for row in MET)


@pytest.mark.parametrize("lang", sorted(LANGUAGES))
def test_a_list_is_names_on_a_phone_of_ones_own(lang: str) -> None:
    said = texts(summing_up(lang), LISTS[lang])
    assert all(row.name in said for row in MET)


def test_the_open_question_comes_after_the_list() -> None:
    assert "numéros" in texts(summing_up(node="numbers"), "liste")


def test_a_summary_after_a_correction_names_nobody_on_a_shared_phone() -> None:
    said = texts(summing_up(shared=True), "et aussi Paul")
    assert "4 personnes" in said and "Karim" not in said


def test_nobody_else_asks_for_a_list() -> None:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    talk.begin("check_in")
    assert "Noté jusqu'ici" not in texts(talk, "liste")
