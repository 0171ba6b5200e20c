"""The memory walk is worth its prompts, against ten people who answer only what is asked."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.personas.playing import Persona, asked_plainly, personas, walked
from tests.personas.table import by_cue, table

# They bring nobody by nature: which cues fit, whether a lonely person is sure, how to go on.
FRAMES = {"week", "visits", "sure", "rest"}
_SEVERAL = 6


@pytest.mark.parametrize("persona", personas(), ids=lambda persona: persona.id)
def test_the_walk_gets_at_least_what_the_plain_question_gets(persona: Persona) -> None:
    walk, plain = walked(persona), asked_plainly(persona)
    assert walk.names >= plain.names and walk.fragile >= plain.fragile
    assert walk.traceable >= plain.traceable


def test_the_walk_doubles_the_names_and_finds_the_fragile() -> None:
    walks, plains = zip(*((walked(p), asked_plainly(p)) for p in personas()), strict=True)
    assert sum(w.names for w in walks) >= 2 * sum(p.names for p in plains)
    assert sum(w.traceable for w in walks) >= 2 * sum(p.traceable for p in plains)
    assert sum(w.fragile for w in walks) >= 5 * sum(p.fragile for p in plains)


def test_a_person_named_costs_no_more_than_its_prompt_and_a_fifth() -> None:
    several = [w for w in map(walked, personas()) if w.names >= _SEVERAL]
    assert len(several) >= 7
    assert sum(w.prompts for w in several) <= 1.2 * sum(w.names for w in several)


def test_who_met_nobody_is_soon_left_in_peace() -> None:
    (lonely,) = [persona for persona in personas() if not persona.met]
    assert walked(lonely).prompts <= 4


def test_every_cue_that_was_asked_brought_somebody() -> None:
    asked, brought = by_cue()
    assert {cue for cue in asked if not brought[cue]} <= FRAMES


def test_a_persona_answers_the_same_way_each_time() -> None:
    persona = personas()[0]
    assert walked(persona) == walked(persona)


def test_the_page_shows_the_tables_as_they_come_out() -> None:
    page = Path(__file__).parent.parent / "docs" / "conversations.md"
    assert table() in page.read_text("utf-8"), "run python -m tests.personas"
