"""The rules that a service starts with are rules that hold."""

from datetime import UTC, datetime

import pytest

from bot.desk import desk_for
from bot.settings import SettingFault

TODAY = datetime(2026, 11, 23, tzinfo=UTC)


def test_a_service_works_by_the_pack_that_it_is_told() -> None:
    desk = desk_for("france", datetime(2022, 5, 1, tzinfo=UTC))
    assert (desk.illness, desk.territory) == ("covid-19", "France")


def test_rules_that_hold_no_more_stop_the_start_by_the_setting() -> None:
    with pytest.raises(SettingFault, match=r"^VIGIE_PACK .* 2026-11-23$"):
        desk_for("france", TODAY)
