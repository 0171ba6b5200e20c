"""The safety text of each danger, country and duty state."""

import re
from datetime import UTC, datetime
from itertools import product
from zoneinfo import ZoneInfo

import pytest

from flows.rules import (
    About,
    Duty,
    SafetyText,
    duty,
    emergency_numbers,
    reached_text,
    safety_text,
    safety_texts,
    shipped_packs,
)
from flows.wording.segments import measure

PACK = shipped_packs().named("demonstration")
NIGHT = datetime(2026, 11, 24, 2, 0, tzinfo=UTC)
THERE = Duty(staffed=True, on_call=False, opens_at=None)
CALLED = Duty(staffed=False, on_call=True, opens_at=datetime(2026, 11, 24, 8, tzinfo=UTC))
ALONE = duty(PACK, NIGHT)
NEVER = Duty(staffed=False, on_call=False, opens_at=None)

TEXTS = [
    ({"chest_pain"}, "FR", THERE, ["safety.medical.duty"]),
    ({"chest_pain"}, "FR", CALLED, ["safety.medical.duty"]),
    ({"chest_pain"}, "FR", ALONE, ["safety.medical.alone"]),
    ({"chest_pain"}, "FR", NEVER, ["safety.medical.nobody"]),
    ({"chest_pain"}, "fr", THERE, ["safety.medical.duty"]),
    ({"chest_pain"}, "ES", THERE, ["safety.medical.duty.plain"]),
    ({"chest_pain"}, "US", ALONE, ["safety.medical.alone.plain"]),
    ({"chest_pain"}, "", THERE, ["safety.medical.duty.general"]),
    ({"chest_pain"}, "ZZ", ALONE, ["safety.medical.alone.general"]),
    ({"self_harm"}, "FR", THERE, ["safety.self_harm.duty"]),
    ({"self_harm"}, "FR", ALONE, ["safety.self_harm.alone"]),
    ({"self_harm"}, "FR", NEVER, ["safety.self_harm.alone"]),
    ({"self_harm"}, "BR", ALONE, ["safety.self_harm.alone.plain"]),
    ({"self_harm"}, "PT", THERE, ["safety.self_harm.duty.no_line"]),
    ({"self_harm"}, "", ALONE, ["safety.self_harm.alone.general"]),
    ({"violence"}, "FR", THERE, ["safety.violence"]),
    ({"violence"}, "FR", ALONE, ["safety.violence"]),
    ({"violence"}, "TR", ALONE, ["safety.violence.neutral"]),
    ({"violence"}, "", THERE, ["safety.violence.neutral"]),
    ({"violence", "chest_pain"}, "FR", THERE, ["safety.medical.duty"]),
    ({"violence", "self_harm"}, "FR", THERE, ["safety.self_harm.duty"]),
    (
        {"self_harm", "fainting", "violence"},
        "FR",
        THERE,
        ["safety.medical.duty", "safety.self_harm.duty"],
    ),
    (set(), "FR", THERE, []),
]


@pytest.mark.parametrize(("dangers", "country", "there", "keys"), TEXTS)
def test_the_text_fits_the_danger_the_country_and_who_is_there(
    dangers: set[str], country: str, there: Duty, keys: list[str]
) -> None:
    found = safety_text(PACK, dangers, country, there, NIGHT)
    assert [text.key for text in found] == keys
    assert all(PACK.row(text.row) for text in found)


def test_every_text_can_be_filled_and_is_one_sms() -> None:
    english = safety_texts(PACK)
    countries = ["FR", "ES", "PT", "TR", "BE", "GB", "US", "CA", "BR", "MA", "DZ", "TN", ""]
    of = (About(), About(simple=True), About("Jean-Pierre"), About("Lou", infant=True))
    kinds = ({"seizure"}, {"self_harm"}, {"violence"})
    seen = set()
    for country, there, dangers, doubtful, about in product(
        countries, (THERE, ALONE, NEVER), kinds, (False, True), of
    ):
        texts = safety_text(PACK, dangers, country, there, NIGHT, doubtful=doubtful, about=about)
        reached = reached_text(PACK, country, there, NIGHT)
        for text in (*texts, reached):
            assert text is not None
            seen.add(text.key)
            words = english[text.key].format(**text.numbers)
            assert measure(words).segments == 1, words
    assert seen == set(english)


def test_a_child_is_told_simply_and_the_one_in_danger_by_name() -> None:
    def first(about: About, dangers: set[str]) -> SafetyText:
        return safety_text(PACK, dangers, "FR", THERE, NIGHT, about=about)[0]

    assert first(About(simple=True), {"seizure"}).key == "safety.child.duty"
    named = first(About("Tom"), {"seizure"})
    assert (named.key, named.numbers["name"]) == ("safety.named.duty", "Tom")
    assert first(About("Lou", infant=True), {"very_high_fever"}).key == "safety.infant"
    assert first(About("Lou"), {"self_harm"}).key == "safety.self_harm.duty"


def test_nobody_is_said_to_be_alerted_when_nobody_is() -> None:
    for key, words in safety_texts(PACK).items():
        assert ("alerted" in words) == (".duty" in key), key
        assert ("{reopens_at}" in words) <= (".alone" in key), key


def test_the_violence_text_reads_as_routine() -> None:
    for key in ("safety.violence", "safety.violence.neutral"):
        words = safety_texts(PACK)[key].format(violence_line="114").lower()
        assert not re.search(r"violen|police|safe|danger|urgent|emergency|alert|help", words)


def test_a_doubtful_danger_is_answered_conditionally() -> None:
    (text,) = safety_text(PACK, {"seizure"}, "FR", THERE, NIGHT, doubtful=True)
    assert text.key == "safety.doubtful.duty"
    assert safety_texts(PACK)[text.key].startswith("If this is happening now")


def test_a_landline_hears_no_number_for_texts() -> None:
    (text,) = safety_text(PACK, {"seizure"}, "FR", THERE, NIGHT, spoken=True)
    assert "sms_line" not in safety_texts(PACK)[text.key]
    assert text.numbers["emergency"] == "15"


def test_the_hour_of_reopening_carries_its_day_only_when_far() -> None:
    paris = ZoneInfo("Europe/Paris")
    soon = datetime(2026, 11, 24, 8, tzinfo=paris)
    (near,) = safety_text(PACK, {"seizure"}, "FR", Duty(False, False, soon), NIGHT)
    assert near.numbers["reopens_at"] == "08:00"
    later = datetime(2026, 11, 26, 8, tzinfo=paris)
    (far,) = safety_text(PACK, {"seizure"}, "FR", Duty(False, False, later), NIGHT)
    assert far.numbers["reopens_at"] == "26/11 08:00"


def test_numbers_go_by_the_country_of_the_person() -> None:
    on = NIGHT.date()
    assert emergency_numbers(PACK, "FR", on)["crisis"] == "3114"
    assert emergency_numbers(PACK, "BR", on) == {"emergency": "192", "crisis": "188"}
    assert emergency_numbers(PACK, "", on) == {"emergency": "112"}
