"""What the checker holds true of the engine is true of the engine."""

from __future__ import annotations

from flows.checking.facts import ARGUMENTS, READABLE_FACTS
from flows.engine import doing
from flows.engine import facts as engine_facts
from flows.spec.nodes import COMPUTED_FACTS
from flows.spec.slots import SLOTS
from flows.turn import slots as turn_slots


def test_the_checker_knows_the_same_facts_and_deeds_as_the_engine() -> None:
    assert set(READABLE_FACTS) | set(COMPUTED_FACTS) == set(engine_facts._FACTS)
    assert ARGUMENTS["learn"] == set(doing._LEARN)


def test_every_placeholder_that_a_flow_may_use_is_filled_by_a_turn() -> None:
    somewhere = {"guess", "clock", "days", "reopens_at", "violence_line", "word"}
    somewhere |= {"link", "minutes", "number", "slot", "slots", "weekday", "code", "hours"}
    unused = {"figure", "name", "day"}
    assert set(SLOTS) - somewhere - unused == set(turn_slots._VALUES)
