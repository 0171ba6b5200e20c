"""Words that work in every state, beside what understanding reads."""

from __future__ import annotations

from functools import cache, lru_cache
from importlib import resources

from flows.remembering import of_short_texts
from flows.spec.yaml_loader import MarkedDict, load
from flows.understanding import Text, normalise

_ANY_LANGUAGE = "fr"
# One message is looked at for many words.
_SHORT = 80
_A_PHRASE = 8


@cache
def _lists() -> tuple[dict[str, frozenset[str]], dict[str, tuple[str, ...]]]:
    file = resources.files("flows") / "library" / "_keywords.yaml"
    top = load(file.read_text("utf-8"), "flows/library/_keywords.yaml")
    if not isinstance(top, MarkedDict):
        raise TypeError("_keywords.yaml holds whole: and within:")
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
    return words in whole.get(meaning, ()) or any(w in padded for w in within.get(meaning, ()))


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


def listed(meaning: str) -> tuple[str, ...]:
    """The phrases that mean this wherever they stand, folded."""
    return tuple(words.strip() for words in _lists()[1].get(meaning, ()))
