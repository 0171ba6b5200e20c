"""Words that work in every state, beside what understanding reads."""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib import resources

from flows.remembering import of_short_texts
from flows.spec.yaml_loader import MarkedDict, load
from flows.understanding import Text, Token, normalise

_ANY_LANGUAGE = "fr"
# One message is looked at for many words.
_SHORT = 80
_A_PHRASE = 8


def _document() -> MarkedDict:
    text = (resources.files("flows") / "library" / "_keywords.yaml").read_text("utf-8")
    top = load(text, "flows/library/_keywords.yaml")
    if not isinstance(top, MarkedDict):
        raise TypeError("_keywords.yaml holds whole:, within: and together:")
    return top


@cache
def _together() -> dict[str, tuple[tuple[re.Pattern[str], ...], ...]]:
    """For each meaning its rows: groups of words that must stand in a message, in this order."""
    found = _document()["together"].items()
    return {str(k): tuple(_row(str(one)) for one in rows) for k, rows in found}


def _row(words: str) -> tuple[re.Pattern[str], ...]:
    return tuple(_group(part) for part in words.split(" + "))


def _group(words: str) -> re.Pattern[str]:
    stems = ((plain(one), r"\S*" if one.endswith("*") else "") for one in words.split("/"))
    ways = "|".join(re.escape(stem) + ending for stem, ending in stems)
    return re.compile(rf" (?:{ways})(?= )")


@cache
def _lists() -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    top = _document()
    whole = {str(k): frozenset(plain(w) for w in words) for k, words in top["whole"].items()}
    within = {str(k): tuple(f" {plain(w)} " for w in words) for k, words in top["within"].items()}
    return whole, within


def plain(raw: str | Text) -> str:
    """The words alone, folded, one blank between them."""
    if isinstance(raw, str):
        return _short(raw) if len(raw) <= _SHORT else _joined(normalise(raw, _ANY_LANGUAGE))
    return _joined(raw)


@lru_cache(maxsize=8192)
def _short(raw: str) -> str:
    return _joined(normalise(raw, _ANY_LANGUAGE))


def _joined(text: Text) -> str:
    return " ".join(token.word for token in text.tokens)


def says_only(raw: str | Text, meaning: str) -> bool:
    """Whether the whole message is one of the words for `meaning`."""
    return plain(raw) in _lists()[0].get(meaning, ())


def begins(raw: str | Text, meaning: str) -> bool:
    """Whether the message begins with one of the words for `meaning`."""
    return _opens(plain(raw), meaning)


@of_short_texts
def _opens(words: str, meaning: str) -> bool:
    return any(f"{words} ".startswith(f"{word} ") for word in _lists()[0].get(meaning, ()))


def says(raw: str | Text, meaning: str) -> bool:
    """Whether the message is, or somewhere holds, words for `meaning`."""
    return _holds(plain(raw), meaning)


@of_short_texts
def _holds(words: str, meaning: str) -> bool:
    whole, within = _lists()
    padded = f" {words} "
    if words in whole.get(meaning, ()) or any(w in padded for w in within.get(meaning, ())):
        return True
    return any(_in_order(row, padded) for row in _together().get(meaning, ()))


def _in_order(row: tuple[re.Pattern[str], ...], words: str) -> bool:
    at = 0
    for group in row:
        found = group.search(words, at)
        if found is None:
            return False
        at = found.end()
    return True


def asks_if_genuine(raw: str) -> bool:
    """Whether somebody wants to know that it is really us: "c VRAI ca", "vrai ?", "a scam"."""
    if says(raw, "genuine") or says(raw, "scam"):
        return True
    known = _lists()[0]["genuine"]
    if known.isdisjoint(plain(raw).split()):
        return False
    text = normalise(raw, _ANY_LANGUAGE)
    held = [raw[t.start : t.end].strip("?!.,") for t in text.tokens if t.word in known]
    if not held or len(text.tokens) > _A_PHRASE:
        return False
    # The word as we write it, or the word asked: "it is true that I cough" says something else.
    loud = raw != raw.upper() or len(text.tokens) == len(held)
    return any(mark in raw for mark in "?؟") or (loud and any(word.isupper() for word in held))


def without(raw: str, meaning: str) -> str:
    """The message with all phrases of one list blotted out; as it came where it holds none."""
    tokens = normalise(raw, _ANY_LANGUAGE).tokens
    gone = places_of(tuple(token.word for token in tokens), meaning)
    return cut_out(raw, [tokens[at] for at in sorted(gone)]) if gone else raw


def cut_out(raw: str, tokens: Sequence[Token]) -> str:
    """The message with these words blotted out."""
    left, at = "", 0
    for token in tokens:
        left, at = left + raw[at : token.start] + " ", token.end
    return " ".join(f"{left}{raw[at:]}".split()).strip(" ,.;:!?…-")


def places_of(words: Sequence[str], meaning: str) -> set[int]:
    """The places of all words that belong to a phrase of one list."""
    return {
        at + n
        for phrase in _phrases(meaning)
        for at in range(len(words) - len(phrase) + 1)
        if tuple(words[at : at + len(phrase)]) == phrase
        for n in range(len(phrase))
    }


@cache
def _phrases(meaning: str) -> tuple[tuple[str, ...], ...]:
    """The phrases of one list, the longest first."""
    phrases = (tuple(words.split()) for words in _lists()[1].get(meaning, ()))
    return tuple(sorted(phrases, key=len, reverse=True))
