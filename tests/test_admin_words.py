"""Everything that the admin says is said in French too, with the same placeholders."""

import re
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

import admin
from admin import prepared
from admin.labels import label
from admin.texts import every_text
from admin.words import Speech, catalogue
from bot.handling import fragile_by
from flows.vocabulary import LANGUAGES, Lang, Person
from flows.wording.rendering import for_channel
from flows.wording.segments import measure
from tests.services import NOON, desk

PARIS = ZoneInfo("Europe/Paris")
_SLOT = re.compile(r"\{(\w+)\}")


def texts() -> set[str]:
    return every_text(desk().pack(NOON.date()))


def test_every_text_is_in_french() -> None:
    assert texts() - catalogue("fr").keys() == set()


def test_no_translation_is_left_over() -> None:
    assert catalogue("fr").keys() - texts() == set()


def test_translations_keep_their_placeholders() -> None:
    odd = [
        english
        for english, french in catalogue("fr").items()
        if set(_SLOT.findall(english)) != set(_SLOT.findall(french))
    ]
    assert odd == []


def test_every_page_and_act_of_the_audit_has_a_name() -> None:
    source = "".join(file.read_text("utf-8") for file in Path(admin.__file__).parent.glob("*.py"))
    done = set(re.findall(r'(?:looked\(|acted\(\s*tx,)\s*visit,[^")]*?"(\w+)"', source))
    speech = Speech("en", PARIS)
    assert len(done) > 30
    told = {one: label(speech, "audit_what", one, "act") for one in done}
    unnamed = [one for one, said in sorted(told.items()) if said == one.replace("_", " ")]
    assert unnamed == []


def test_french_counts_none_as_one() -> None:
    french, english = Speech("fr", PARIS), Speech("en", PARIS)
    for count, said in ((0, "0 an"), (1, "1 an"), (2, "2 ans")):
        assert french.count(count, "{n} year", "{n} years") == said
    assert english.count(0, "{n} year", "{n} years") == "0 years"


def test_moments_are_told_on_the_services_clock() -> None:
    at = datetime(2026, 7, 1, 22, 30, tzinfo=UTC)
    assert Speech("fr", PARIS).clock(at) == "00:30"
    assert Speech("en", PARIS).span(at, at + timedelta(hours=3)) == "3 hours"
    assert Speech("en", PARIS).day(date(2026, 7, 1)) == "Wed 1 Jul"
    assert Speech("fr", PARIS).figure(38.2) == "38,2"


@pytest.mark.parametrize("lang", LANGUAGES)
def test_prepared_texts_fit_what_they_cost(lang: Lang) -> None:
    pack = desk().pack(NOON.date())
    for name, text in prepared.texts(pack, lang, "15"):
        most = 1 if lang in ("fr", "en", "es", "pt", "tr") else 2
        assert measure(for_channel(text, "sms")).segments <= most, (lang, name)


def test_somebody_of_84_is_fragile_by_the_rules_of_today() -> None:
    fragile = fragile_by(desk().pack(NOON.date()), NOON.date())
    assert fragile(Person(1, birth_date=date(1942, 3, 1)))
    assert not fragile(Person(1, birth_date=date(1990, 3, 1)))
