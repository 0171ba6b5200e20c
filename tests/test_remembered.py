"""What is remembered of short replies is what reading them anew gives, at any hour."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import replace
from datetime import datetime

import pytest

from bot.benches.posting import ANSWERS
from bot.benches.understanding import REPLIES
from flows.understanding import Question, read, replies

SHORT = sorted(
    {(lang, text) for lang, _, text in REPLIES} | {("fr", w) for ws in ANSWERS for w in ws}
)
MOMENTS = (datetime(2026, 2, 28, 23, 59), datetime(2027, 8, 1, 3, 0))


@pytest.mark.parametrize("expect", sorted(replies._TIMELESS))
def test_what_a_short_reply_means_hangs_on_no_day_or_hour(expect: str) -> None:
    for lang, text in SHORT:
        early, late = (replies._read(text, Question(expect, lang=lang, now=at)) for at in MOMENTS)
        assert early == late == read(text, Question(expect, lang=lang, now=MOMENTS[0]))


def test_a_remembered_reading_is_the_same_for_whoever_asks_again() -> None:
    asked = Question("symptoms", lang="fr", now=MOMENTS[0])
    first = read("je tousse un peu", asked)
    kept = deepcopy(first)
    assert read("je tousse un peu", replace(asked, now=MOMENTS[1])) is first
    assert first == kept
    assert read("je tousse un peu", replace(asked, lang="en")) is not first
