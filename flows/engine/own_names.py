"""Whether words can be somebody's name, where none is on record to compare them with."""

from __future__ import annotations

import re

from flows.engine.keywords import plain
from flows.understanding.words import words_for
from flows.vocabulary import LANGUAGES

_NO_VOWEL = re.compile(r"[b-df-hj-np-tv-xz]{3,}")
# Fingers that run along a row of keys.
_KEYS = ("azerty", "qwert", "asdfg", "qsdfg", "sdfgh", "dfghj", "fghjk", "zxcvb", "wxcvb")


def may_be_name(typed: str) -> bool:
    """A name in full, or a first name that is known; not keys struck, nor one word twice."""
    words = plain(typed).split()
    if not words or any(_is_struck(word) for word in words):
        return False
    if len(words) == 1:
        return not words[0].isascii() or _is_given(words[0])
    return len(set(words)) > 1


def _is_struck(word: str) -> bool:
    return bool(_NO_VOWEL.fullmatch(word)) or any(keys in word for keys in _KEYS)


def _is_given(word: str) -> bool:
    return any(words_for(lang).has("given_names", word) for lang in LANGUAGES)
