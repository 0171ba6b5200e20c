"""The rules that a service starts with are rules that hold."""

from datetime import UTC, date, datetime

import pytest

from bot.desk import desk_for, open_desk
from bot.settings import SettingFault
from flows.rules import NoPack
from flows.turn import take_turn
from flows.understanding import ear
from flows.vocabulary import Address, Incoming, Scene

TODAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_service_works_by_the_pack_that_it_is_told() -> None:
    desk = desk_for("france", datetime(2022, 5, 1, tzinfo=UTC))
    assert (desk.illness, desk.territory) == ("covid-19", "France")


def test_rules_that_hold_no_more_stop_the_start_by_the_setting() -> None:
    with pytest.raises(SettingFault, match=r"^VIGIE_PACK .*france.* 2026-11-23$"):
        desk_for("france", TODAY)


def test_who_writes_after_the_rules_have_ended_is_heard_by_the_last_ones() -> None:
    desk = open_desk("france")
    assert desk.holds(date(2023, 1, 31))
    assert not desk.holds(TODAY.date())
    assert desk.pack(TODAY.date()).name == "france"
    with pytest.raises(NoPack):
        desk.pack(date(2019, 1, 1))


def test_a_danger_is_heard_after_the_rules_have_ended() -> None:
    stranger = Scene(Address(1, "sms", "+33639980001"), (), ())
    words = Incoming("sms", "1", "+33639980001", "38000", "je n'arrive plus à respirer")
    turn = take_turn(stranger, words, open_desk("france"), TODAY, 1)
    assert [draft.kind for draft in turn.drafts] == ["safety"]
    assert [review.priority for review in turn.reviews] == ["P1"]


def test_a_service_has_opened_its_second_ear_before_the_first_reply() -> None:
    ear._weights.cache_clear()
    desk_for("demonstration", TODAY)
    assert ear._weights.cache_info().currsize == 2
