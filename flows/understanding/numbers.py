"""Whole numbers in a reply, in digits of any script or in words of six languages."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from flows.understanding.lexemes import Lexeme
from flows.understanding.words import Words


class Number(NamedTuple):
    """A number at lexemes [first, last); `digits` is "" where it was written in words."""

    value: int
    first: int
    last: int
    digits: str


_MOST_DIGITS = 15
_ARABIC_AND = frozenset({"و", "w", "ou", "o", "wa", "u"})


def _added(sofar: int, value: int, word: str) -> int | None:
    """The number so far with one more number word, or None where that begins a new number."""
    low = sofar % 100
    if value == 20 and low == 4 and word.startswith("vingt"):
        return sofar + 76
    if sofar >= 100 and low == 0 and value < 100:
        return sofar + value
    if low >= 20 and low % 10 == 0 and 0 < value < 10:
        return sofar + value
    if low in (60, 80) and 10 <= value < 20:
        return sofar + value
    if low == 10 and 0 < value < 10 and (value >= 7 or word in _TURKISH_UNITS):
        return sofar + value
    return None


_TURKISH_UNITS = frozenset({"bir", "iki", "uc", "dort", "bes", "alti", "yedi", "sekiz", "dokuz"})


def _multiplied(sofar: int, value: int) -> int | None:
    if value == 100 and 0 < sofar < 10:
        return sofar * 100
    if value == 1000 and 0 < sofar < 1000:
        return sofar * 1000
    return None


def _joined(sofar: int, value: int, joiner: str) -> int | None:
    """Arabic says the units first: eight and thirty."""
    if joiner in _ARABIC_AND and 0 < sofar < 10 and value in range(20, 100, 10):
        return sofar + value
    return None


def _next_word(lexemes: Sequence[Lexeme], i: int, words: Words) -> tuple[int, str]:
    """Past a hyphen or a joiner: where the next number word may stand, and the joiner."""
    if i < len(lexemes) and lexemes[i].word == "-":
        i += 1
    if i < len(lexemes) and words.has("joiner", lexemes[i].word):
        return i + 1, lexemes[i].word
    return i, ""


def _in_words(lexemes: Sequence[Lexeme], i: int, words: Words) -> Number | None:
    found = words.at("number", lexemes, i)
    if found is None:
        return None
    sofar, last = int(found.value), i + found.length
    while last < len(lexemes):
        at, joiner = _next_word(lexemes, last, words)
        following = words.at("number", lexemes, at) if at < len(lexemes) else None
        if following is None:
            break
        value = int(following.value)
        grown = _joined(sofar, value, joiner) if joiner else _multiplied(sofar, value)
        if grown is None:
            grown = _added(sofar, value, lexemes[at].word)
        if grown is None:
            break
        sofar, last = grown, at + following.length
    return Number(sofar, i, last, "")


def find_numbers(lexemes: Sequence[Lexeme], words: Words) -> tuple[Number, ...]:
    """Every whole number in order; longer runs of digits than any count are left alone."""
    numbers: list[Number] = []
    i = 0
    while i < len(lexemes):
        word = lexemes[i].word
        number: Number | None = None
        if lexemes[i].is_digits:
            if word.isdigit() and len(word) <= _MOST_DIGITS:
                number = Number(int(word), i, i + 1, word)
        elif word.isalnum():
            number = _in_words(lexemes, i, words)
        if number:
            numbers.append(number)
        i = number.last if number else i + 1
    return tuple(numbers)
