"""The longest likely values of placeholders, as each language writes them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, time, timedelta
from functools import cache
from typing import TypeVar

from flows.spec.slots import SLOTS
from flows.wording.moments import clock, day, short_date
from flows.wording.rendering import placeholders, render

# Placeholders that only some texts can fill: by the first words of their key.
_ONLY_IN: Mapping[str, tuple[str, ...]] = {
    "guess": ("always.confirm", "always.late_which", "always.list", "always.list_kept"),
    "clock": ("always.next_time", "call_time.when.option"),
    "weekday": ("call_time.when.option",),
    "slots": ("call_time.when",),
    "slot": ("always.call_booked",),
    "reopens_at": ("safety.",),
    "violence_line": ("safety.",),
    "word": ("always.call_announced", "always.call_booked"),
    "because": ("question.",),
    "test_day": ("question.",),
    "link": ("always.page_link", "always.chat_link"),
    "minutes": ("always.page_link",),
    "code": ("always.chat_code",),
    "hours": ("always.chat_code", "always.chat_link"),
    "number": ("always.page_call",),
    "name": ("safety.", "household"),
    "sought": ("always.second_contact",),
    "people": ("household",),
    "helper": ("helper.",),
    "roll": ("household_set_up.",),
    "told": ("household.",),
}
# Named for a future in which agents' calls are announced: nothing fills them yet.
_NOBODY_FILLS = frozenset(("word", "figure", "day"))
# Placeholders that are texts of the always-layer themselves.
_NESTED = {"emergency_any": "always.two_numbers", "next_time": "always.next_time"}

T = TypeVar("T", date, time)

_DAYS = tuple(date(2026, 11, 16) + timedelta(days=n) for n in range(366))
_HOURS = tuple(time(hour) for hour in range(24))


def longest_values(lang: str, always: Mapping[str, str]) -> Mapping[str, str]:
    """A value for each placeholder; `always` are the texts outside flows, in this language."""
    values = {name: slot.longest for name, slot in SLOTS.items()}
    values |= {"clock": _longest(clock, _HOURS, lang), "until": _longest(short_date, _DAYS, lang)}
    values["resumes"] = values["clock"]
    weekday = _longest(day, _DAYS, lang)
    values |= dict.fromkeys(("window_start", "day", "exposure_day", "test_day"), weekday)
    values |= {"days": f"{weekday}, {weekday}", "guess": weekday, "weekday": weekday}
    hour = f"{weekday}, {values['clock']}"
    values |= {"slot": hour, "slots": f"1 {hour} 2 {hour} 3 another time"}
    for name, key in _NESTED.items():
        if key in always:
            known = {slot: values.get(slot, "") for slot in placeholders(always[key])}
            values[name] = render(always[key], known)
    return values | {"because": _longest_reason(always, values)}


def _longest_reason(texts: Mapping[str, str], values: Mapping[str, str]) -> str:
    """The longest sentence of the rules, filled."""
    reasons = (words for key, words in texts.items() if key.startswith("because."))
    filled = (
        render(words, {slot: values.get(slot, "") for slot in placeholders(words)})
        for words in reasons
    )
    return max(filled, key=len, default="")


def fillable(slot: str, key: str, over: str = "") -> bool:
    """Whether the text of `key` can have a value for this placeholder."""
    if slot == "days":
        return over == "days"
    if slot in _ONLY_IN:
        return key.startswith(_ONLY_IN[slot])
    return slot in SLOTS and slot not in _NOBODY_FILLS


@cache
def _longest(write: Callable[[T, str], str], moments: tuple[T, ...], lang: str) -> str:
    return max((write(moment, lang) for moment in moments), key=len)
