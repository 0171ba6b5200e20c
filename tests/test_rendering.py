"""Texts are filled safely, and each channel gets the spelling it can carry."""

import unicodedata
from datetime import date, time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.wording.moments import clock, day, short_date
from flows.wording.rendering import UnknownPlaceholder, for_channel, placeholders, render
from flows.wording.segments import measure

CALL = "اتصل بالرقم {phone} الآن"


def test_placeholders_are_filled() -> None:
    assert (
        render("{agency}: call {phone}.", {"agency": "Armor", "phone": "15"}) == "Armor: call 15."
    )


def test_a_placeholder_without_a_value_is_named() -> None:
    with pytest.raises(UnknownPlaceholder, match=r"\{until\}"):
        render("Until {until}.", {"day": "Monday"})


@pytest.mark.parametrize(
    "template", ["{day!r}", "{day:>9}", "{day.real}", "{0}", "{}", "{ day }", "a } b"]
)
def test_only_plain_placeholders_are_known(template: str) -> None:
    with pytest.raises(UnknownPlaceholder):
        render(template, {"day": "Monday"})


@given(st.text())
def test_a_value_is_never_read_as_a_template(value: str) -> None:
    assert render("<{name}>", {"name": value, "other": "secret"}) == f"<{value}>"


def test_a_value_with_braces_is_left_alone() -> None:
    assert render("{name}!", {"name": "{phone}", "phone": "15"}) == "{phone}!"


def test_the_names_that_a_template_asks_for_are_known() -> None:
    assert placeholders("{a} {b_2} {a}") == {"a", "b_2"}


def test_latin_values_are_isolated_inside_arabic() -> None:
    rendered = render(CALL, {"phone": "02 61 91 00 10"})
    assert "\u206802\u00a061\u00a091\u00a000\u00a010\u2069" in rendered
    assert for_channel(rendered, "telegram") == rendered


def test_a_number_inside_an_arabic_sms_is_one_piece_from_left_to_right() -> None:
    text = for_channel(render(CALL, {"phone": "02 61 91 00 10"}), "sms")
    inside = text[text.index("0") : text.rindex("0") + 1]
    # EN, and CS between them: the classes that the bidirectional algorithm keeps together.
    assert {unicodedata.bidirectional(char) for char in inside} == {"EN", "CS"}


def test_the_last_full_stop_of_initials_stays_at_their_end_inside_arabic() -> None:
    assert "M.B.\u200e:" in for_channel(render("نبحث عن {who}: هل؟", {"who": "M.B."}), "sms")


def test_arabic_values_and_latin_texts_need_no_isolation() -> None:
    assert "\u2068" not in render(CALL, {"phone": "هنا"})
    assert "\u2068" not in render("Call {phone}", {"phone": "هنا"})


def test_isolation_costs_nothing_in_an_sms() -> None:
    text = for_channel(render(CALL, {"phone": "15"}), "sms")
    assert text == "اتصل بالرقم 15 الآن"


def test_an_sms_is_spelled_in_gsm7_and_a_chat_is_not() -> None:
    text = "L’hôpital vous écrit…"
    assert for_channel(text, "sms") == "L'hopital vous écrit..."
    assert measure(for_channel(text, "sms")).encoding == "GSM-7"
    assert for_channel(text, "telegram") == text


@pytest.mark.parametrize(
    ("lang", "said", "short", "evening", "morning"),
    [
        ("fr", "mercredi 18", "27/11", "18 h", "8 h 30"),
        ("en", "Wednesday 18", "27 Nov", "6 pm", "8:30 am"),
        ("es", "miércoles 18", "27/11", "18 h", "8:30 h"),
        ("pt", "quarta-feira 18", "27/11", "18h", "8h30"),
        ("tr", "18 Çarşamba", "27.11", "18.00", "08.30"),
        ("ar", "الأربعاء 18", "27/11", "18:00", "8:30"),
    ],
)
def test_moments_are_said_as_the_language_says_them(
    lang: str, said: str, short: str, evening: str, morning: str
) -> None:
    assert day(date(2026, 11, 18), lang) == said
    assert short_date(date(2026, 11, 27), lang) == short
    assert (clock(time(18), lang), clock(time(8, 30), lang)) == (evening, morning)


def test_twelve_in_english_is_never_am_or_pm() -> None:
    assert (clock(time(0), "en"), clock(time(12), "en")) == ("midnight", "noon")
    assert (clock(time(0, 5), "en"), clock(time(12, 5), "en")) == ("12:05 am", "12:05 pm")
