"""The description that Twilio publishes of its API finds what is wrong with a request.

Every test that uses the stand-in has all its requests and answers looked at so.
"""

from __future__ import annotations

import pytest

from tests.standins.described import answer_faults, request_faults
from tests.standins.twilio import SID

MESSAGES = f"/2010-04-01/Accounts/{SID}/Messages.json"
TO = [("To", "+33639980001")]


@pytest.mark.parametrize(
    ("method", "path", "query", "form", "says"),
    [
        ("POST", MESSAGES, {}, [*TO, ("From", "+33939010203"), ("Body", "x")], ""),
        ("POST", MESSAGES, {}, [("Body", "x")], "To is missing"),
        ("POST", MESSAGES, {}, [*TO, ("Text", "x")], "the form has Text"),
        ("POST", MESSAGES, {}, [*TO, *TO], "To stands twice"),
        ("POST", MESSAGES, {}, [*TO, ("ContentSid", "HX1")], "ContentSid: is not like"),
        ("POST", MESSAGES, {}, [*TO, ("StatusCallback", "vigie")], "is no address"),
        ("POST", MESSAGES, {}, [*TO, ("Attempt", "once")], "is no whole number"),
        ("POST", MESSAGES, {}, [*TO, ("ForceDelivery", "yes")], "neither true nor false"),
        ("POST", MESSAGES, {}, [*TO, ("RiskCheck", "perhaps")], "is none of"),
        ("GET", MESSAGES, {"PageSize": "200", "DateSent>": "2026-11-23"}, [], ""),
        ("GET", MESSAGES, {"After": "1"}, [], "the query has After"),
        ("PUT", MESSAGES, {}, [], "is not described"),
        ("POST", "/2010-04-01/Accounts/x/Texts.json", {}, [], "is not described"),
    ],
)
def test_a_request_that_is_not_described_is_found(
    method: str, path: str, query: dict[str, str], form: list[tuple[str, str]], says: str
) -> None:
    found = request_faults(method, path, query, form)
    assert (says in " ".join(found)) if says else found == []


def test_an_answer_that_is_not_described_is_found() -> None:
    good = {"sid": "SM" + "0" * 32, "status": "queued", "direction": "outbound-api", "price": None}
    assert answer_faults("POST", MESSAGES, 201, good) == []
    assert answer_faults("POST", MESSAGES, 200, good) != []
    for wrong in ({"sid": "X"}, {"status": "gone"}, {"status": None}, {"cost": 1}, {"price": 1}):
        assert answer_faults("POST", MESSAGES, 201, {**good, **wrong}) != []
