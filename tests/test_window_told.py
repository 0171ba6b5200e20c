"""The days that are asked about follow from the first signs, as soon as these are told."""

from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from flows.rehearsal import Rehearsal, somebody
from tests.services import desk

# A Monday; the test was on the Saturday before.
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


@pytest.mark.parametrize(("signs", "since"), [("18/11", "lundi 16"), ("0", "jeudi 19")])
def test_names_are_asked_for_since_two_days_before_the_first_signs(signs: str, since: str) -> None:
    here = somebody("case", "fr", NOW.date(), proven=True, now=NOW)
    assert here.case is not None and here.case.test_date == date(2026, 11, 21)
    here = replace(here, case=replace(here.case, onset=None))
    talk = Rehearsal(desk(), here, NOW)
    talk.begin("case")
    for words in ("OUI", "1985", "2"):
        talk.hear(words)
    assert talk.standing == "case.onset"
    [asked] = talk.hear(signs).drafts
    assert since in asked.text
