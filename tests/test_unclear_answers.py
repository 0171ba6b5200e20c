"""An answer that nobody understands stops no check-in: the day is weighed without it."""

from datetime import UTC, datetime

import pytest

from flows.rehearsal import Rehearsal, somebody
from tests.services import desk

NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)
GIBBERISH = "qsdfgh"


@pytest.mark.parametrize("unclear", ["fever", "measured", "others"])
def test_a_question_that_is_answered_twice_without_sense_ends_in_a_check_in(unclear: str) -> None:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(desk(), here, NOW)
    talk.begin("check_in")
    for question, answer in (("danger", "2"), ("fever", "oui"), ("measured", "0"), ("others", "0")):
        for word in [GIBBERISH, GIBBERISH] if question == unclear else [answer]:
            if talk.standing == f"check_in.{question}":
                talk.hear(word)
    assert talk.standing == "ended: done"
