"""What the cues of a memory walk may say: their kinds, their conditions, how a walk comes out."""

from __future__ import annotations

from collections.abc import Mapping

# How a walk comes out, beside `silent`.
OUTCOMES = ("names", "none", "refused", "paused", "call")
WALK_BANDS = (*OUTCOMES, "silent")

# What a cue asks for: people met, what the week is made of, ages and names that lack, a last day
# for those who have none, who is fragile, numbers, or how to go on after the short walk.
CUE_KINDS = ("people", "week", "fragile", "last_days", "numbers", "rest")

# How the rest of a short walk may come out: each is an option of the cue of that kind.
REST = ("tomorrow", "call", "enough")


def rest_by(when: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """How a short walk may end under these conditions: with a call where one can be promised."""
    full = when.get("calls") == ("full",)
    return tuple(code for code in REST if not (full and code == "call"))


# What a cue's `when:` may ask of the walk so far, each with its bands.
CONDITIONS: Mapping[str, tuple[str, ...]] = {
    # short: fever, one-word answers twice or a late hour.
    "pace": ("full", "short"),
    # Whether anybody is known to sleep at the person's place.
    "home": ("unknown", "somebody", "nobody"),
    # Whether the person says of the whole time that there was nobody.
    "met": ("unknown", "nobody"),
    # What the days are made of; several may hold at once.
    "week": ("unknown", "work", "school", "home", "care"),
    # Where the last reply brought new people from.
    "fresh": ("none", "home", "elsewhere"),
    # Whether the new people are one or several; whether one lacks a name, or an age that matters.
    "company": ("one", "several"),
    "lacking": ("yes", "no"),
    # The days of the window: not begun; some left, and the last prompt on days brought somebody
    # (full) or nobody (left); two such prompts in a row brought nobody (empty); none is left.
    "days": ("begin", "full", "left", "empty", "none"),
    "undated": ("yes", "no"),
    "unnumbered": ("yes", "no"),
    "named": ("yes", "no"),
    # Whether a call can be promised: agents have free hours.
    "calls": ("free", "full"),
}
