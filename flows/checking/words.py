"""Looks for words that a text must not hold, in the language of the text."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from functools import cache
from importlib import resources
from typing import Any

from flows.spec.yaml_loader import load

_LETTER = r"[^\W_]"


def found(listed: str, text: str, lang: str) -> tuple[str, ...]:
    """The words of one list (secret, status, health, comfort, violence) that stand in the text."""
    plain = folded(text)
    if listed in ("secret", "health"):
        plain = _pattern("harmless", lang).sub(" ", plain)
    return tuple(dict.fromkeys(hit[0].strip() for hit in _pattern(listed, lang).finditer(plain)))


def keywords() -> Mapping[str, Mapping[str, str]]:
    """The words in capitals that texts ask for: what they do → language → word."""
    words: Mapping[str, Mapping[str, str]] = _lists()["keywords"]
    return words


def asks_for(word: str, text: str) -> bool:
    """Whether a text asks for this word in capitals."""
    return re.search(rf"(?<![A-Z{{]){re.escape(word)}(?![A-Z}}])", text) is not None


def folded(text: str) -> str:
    """Lower case, without accents, one kind of apostrophe and space; placeholders left out."""
    bare = re.sub(r"\{[a-z0-9_]*\}", " ", text).casefold().replace("ı", "i")
    apart = unicodedata.normalize("NFKD", bare)
    kept = "".join(char for char in apart if unicodedata.category(char) != "Mn")
    return re.sub(r"\s+", " ", re.sub("[’ʼ`´]", "'", kept))


@cache
def _pattern(listed: str, lang: str) -> re.Pattern[str]:
    words = [folded(str(word)) for word in _lists()[listed].get(lang, ())]
    if not words:
        return re.compile(r"(?!)")
    return re.compile("|".join(_as_patterns(words, joined=lang == "ar")))


def _as_patterns(words: Iterable[str], joined: bool) -> list[str]:
    """The longest first, so that a finding shows the whole phrase."""
    longest = sorted(words, key=len, reverse=True)
    if joined:
        return [re.escape(word) for word in longest]
    return [_whole(word) for word in longest]


def _whole(word: str) -> str:
    ending = rf"{_LETTER}*" if word.endswith("*") else ""
    return rf"(?<!{_LETTER}){re.escape(word.rstrip('*'))}{ending}(?!{_LETTER})"


@cache
def _lists() -> Mapping[str, Any]:
    file = resources.files("flows.checking") / "words.yaml"
    read: Any = load(file.read_text("utf-8"), "flows/checking/words.yaml")
    lists: Mapping[str, Any] = read
    return lists
