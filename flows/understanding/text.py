"""Normalisation, done once: a reply becomes folded text and tokens that remember their origin."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Token:
    """A word, a number or one emoji; `start` and `end` are offsets in the raw text."""

    word: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Text:
    """A reply and its folded form; `origin[i]` is the raw offset of folded character i.

    `offset` is where `raw` begins in a longer reply of which it is a stretch.
    """

    raw: str
    lang: str
    folded: str
    origin: Sequence[int]
    tokens: tuple[Token, ...]
    offset: int = 0

    def raw_span(self, start: int, end: int) -> tuple[int, int]:
        """Raw offsets of the folded slice [start, end)."""
        if start >= end or not self.folded:
            return (0, 0)
        last = self.origin[end - 1]
        following = self.origin[end] if end < len(self.folded) else len(self.raw)
        return self.origin[start], max(last + 1, min(following, last + 1))


_SPECIAL = {
    "‘": "'", "’": "'", "‛": "'", "ʼ": "'", "ʹ": "'", "`": "'", "´": "'", "′": "'", "＇": "'",
    "“": '"', "”": '"', "„": '"', "«": '"', "»": '"',
    "–": "-", "—": "-", "‑": "-", "‐": "-", "−": "-", "‒": "-",
    "،": ",", "؛": ";", "؟": "?", "٫": ",", "٪": "%", "٬": "", "۔": ".", "。": ".",
    "º": "°", "˚": "°", "ª": "a", "°": "°", "…": "...", "·": ".", "•": "-",
    "½": ".5", "⁄": "/",
    "ı": "i", "İ": "i", "ø": "o", "Ø": "o", "đ": "d", "Đ": "d", "ł": "l", "Ł": "l",
    "æ": "ae", "Æ": "ae", "œ": "oe", "Œ": "oe", "ð": "d", "þ": "th",
    "ى": "ي", "ة": "ه", "ی": "ي", "ک": "ك", "گ": "ك", "ڭ": "ك", "ڤ": "ف", "پ": "ب", "ڨ": "ق",
    "چ": "ش", "ٱ": "ا", "ء": "", "ـ": "", "ھ": "ه", "ہ": "ه", "ۃ": "ه",
}  # fmt: skip

_TOKEN = re.compile(r"[^\W_]+|[©®‼-㊙\U0001F000-\U0001FAFF]")
_NOT_EMOJI = frozenset(
    "…—–“”‘’′″€℃℉№™←↑→↓−∞≈≠≤≥■□●○、。「」（）￼\U0001f3fb\U0001f3fc\U0001f3fd\U0001f3fe\U0001f3ff"
)
_RUN = re.compile(r"([^\W\d_])\1\1+")
_PLAIN = re.compile(r"[a-z0-9 .,;:?!'\"()\n+/%-]*\Z")


def _fold_character(character: str) -> str:
    """What one raw character becomes: any number of folded characters, most often one."""
    special = _SPECIAL.get(character)
    if special is not None:
        return special
    if character.isdecimal():
        return str(unicodedata.decimal(character))
    folded = []
    for part in unicodedata.normalize("NFKD", character.casefold()):
        category = unicodedata.category(part)
        if category in ("Mn", "Me", "Cf", "Cs"):
            continue
        if category == "Cc":
            folded.append("\n" if part in "\n\r" else " ")
        else:
            folded.append(_SPECIAL.get(part, part.lower()))
    return "".join(folded)


class _Folding(dict[str, str]):
    """Folded forms by character, learned as they are met; bounded against hostile alphabets."""

    def __missing__(self, character: str) -> str:
        folded = _fold_character(character)
        if len(self) < 20_000:
            self[character] = folded
        return folded


_FOLDING = _Folding()


def fold(raw: str) -> str:
    """The folded form alone, for lexicons and labels."""
    return _RUN.sub(r"\1", "".join([_FOLDING[character] for character in raw]))


def _fold_with_origin(raw: str) -> tuple[str, Sequence[int]]:
    if _PLAIN.match(raw):
        return raw, range(len(raw))
    pieces = [_FOLDING[character] for character in raw]
    folded = "".join(pieces)
    if len(folded) == len(raw) and all(pieces):
        return folded, range(len(raw))
    origin = [at for at, piece in enumerate(pieces) for _ in piece]
    return folded, origin


def _collapse(folded: str, origin: Sequence[int]) -> tuple[str, Sequence[int]]:
    """Three or more of one letter become one ("ouiiii" is "oui"); doubles stay."""
    if not _RUN.search(folded):
        return folded, origin
    kept: list[int] = []
    at = 0
    for run in _RUN.finditer(folded):
        kept.extend(range(at, run.start() + 1))
        at = run.end()
    kept.extend(range(at, len(folded)))
    return "".join([folded[i] for i in kept]), [origin[i] for i in kept]


def _tokens(raw: str, folded: str, origin: Sequence[int]) -> tuple[Token, ...]:
    tokens = []
    for match in _TOKEN.finditer(folded):
        word = match.group()
        if word in _NOT_EMOJI:
            continue
        start = origin[match.start()]
        after = match.end()
        end = origin[after] if after < len(folded) else len(raw)
        # What was folded away between (marks, repeats) belongs to the word; spaces do not.
        tokens.append(Token(word, start, end if end > start else start + 1))
    return tuple(tokens)


def normalise(raw: str, lang: str, offset: int = 0) -> Text:
    """Fold a reply once, in linear time; every later reading compares folded words."""
    folded, origin = _collapse(*_fold_with_origin(raw))
    return Text(raw, lang, folded, origin, _tokens(raw, folded, origin), offset)
