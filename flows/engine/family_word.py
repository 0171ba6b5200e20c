"""The word that a family chose to begin its answers with, on a phone that others read too."""

from __future__ import annotations

from rapidfuzz.distance import OSA

from flows.engine.keywords import plain, says_only
from flows.understanding import Question, normalise, read

_FEWEST_LETTERS = 4
_MOST_WORDS = 3
# Words that an answer may begin with of itself: none of them can tell who writes.
_TOO_COMMON = ("right", "nothing", "nobody", "everybody", "human", "later", "back", "pause")


def without_word(word: str, raw: str) -> str | None:
    """What is left of a message once its family word is taken off; None where it is not there.

    Case, accents and one letter do not matter, nor whether it stands first or last.
    """
    wanted = plain(word).split()
    tokens = normalise(raw, "fr").tokens
    if not wanted or len(tokens) < len(wanted):
        return None
    first, last = tokens[: len(wanted)], tokens[-len(wanted) :]
    if _alike(" ".join(token.word for token in first), " ".join(wanted)):
        return raw[first[-1].end :].lstrip(" ,;:.-!\n")
    if _alike(" ".join(token.word for token in last), " ".join(wanted)):
        return raw[: last[0].start].rstrip(" ,;:-\n")
    return None


def fit_for_word(raw: str, own_name: str = "") -> str:
    """The word as it is kept, "" where it guesses itself: short, a figure, an answer, a name."""
    word = plain(raw.rpartition(":")[2])  # "Word: tulip".
    parts = word.split()
    letters = sum(char.isalpha() for char in word)
    if not 0 < len(parts) <= _MOST_WORDS or letters < _FEWEST_LETTERS:
        return ""
    if any(says_only(raw, meaning) for meaning in _TOO_COMMON) or word == plain(own_name):
        return ""
    return "" if _tells(raw) else word


def _tells(raw: str) -> bool:
    """Whether the words say something themselves: taken off as a word, they would go unheard."""
    meant = read(raw, Question("symptoms"))
    return bool(meant.danger or meant.command or meant.value)


def _alike(said: str, wanted: str) -> bool:
    return said == wanted or OSA.distance(said, wanted, score_cutoff=1) <= 1
