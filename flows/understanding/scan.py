"""One look at a reply that every reader of values shares: pieces, words and numbers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from flows.understanding.lexemes import Lexeme, lex
from flows.understanding.numbers import Number, find_numbers
from flows.understanding.reading import Span
from flows.understanding.text import Text
from flows.understanding.words import Words, knows_arabic, vocabulary


@dataclass(frozen=True, slots=True)
class Scan:
    """A reply cut up, with the words to read it with."""

    text: Text
    lexemes: tuple[Lexeme, ...]
    words: Words
    numbers: tuple[Number, ...]
    starts: Mapping[int, Number]
    ends: Mapping[int, Number]

    def word(self, i: int) -> str:
        """The word at lexeme i, or "" beyond either end."""
        return self.lexemes[i].word if 0 <= i < len(self.lexemes) else ""

    def is_a(self, kind: str, i: int) -> bool:
        """Whether a phrase of this kind starts at lexeme i."""
        return 0 <= i < len(self.lexemes) and self.words.at(kind, self.lexemes, i) is not None

    def ends_a(self, kind: str, last: int) -> bool:
        """Whether a phrase of this kind of up to four lexemes ends just before lexeme `last`."""
        for first in range(max(0, last - 4), last):
            found = self.words.at(kind, self.lexemes, first)
            if found is not None and first + found.length == last:
                return True
        return False

    def is_bound(self, first: int, last: int) -> bool:
        """Whether a figure is only a bound: more than, under, nearly."""
        after = range(last, min(last + 3, len(self.lexemes)))
        if any(self.is_a("bound_after", i) for i in after):
            return True
        return any(self.ends_a(kind, first) for kind in ("more_than", "less_than", "nearly"))

    def has_a(self, kind: str) -> bool:
        """Whether a phrase of this kind stands anywhere."""
        return any(self.words.at(kind, self.lexemes, i) for i in range(len(self.lexemes)))

    def span(self, first: int, last: int, code: str) -> Span:
        """The part of the raw text from lexeme `first` up to `last`."""
        folded_end = self.lexemes[last - 1].end
        start, end = self.text.raw_span(self.lexemes[first].start, folded_end)
        origin, raw = self.text.origin, self.text.raw
        following = origin[folded_end] if folded_end < len(origin) else len(raw)
        # A mark or a hamza that was folded away still belongs to its word.
        while end < following and not raw[end].isspace():
            end += 1
        return Span(start, end, code)

    def raw(self, first: int, last: int) -> str:
        """The words as they were written, from lexeme `first` up to `last`."""
        span = self.span(first, last, "")
        return self.text.raw[span.start : span.end]


def _part_waw(lexeme: Lexeme, known_only: bool) -> tuple[Lexeme, ...]:
    """The Arabic "and" parted from the word that it is written onto."""
    word, start, end = lexeme
    if word[0] != "و" or len(word) < 3 or end - start != len(word):
        return (lexeme,)
    rest = word[1:]
    known = knows_arabic(word)
    if known or not (knows_arabic(rest) or (not known_only and len(rest) >= 2)):
        return (lexeme,)
    return Lexeme("و", start, start + 1), Lexeme(rest, start + 1, end)


# An answer stands in its first words; readers that compare all figures stay quick.
_MOST_LEXEMES = 250


def scan(text: Text, part_unknown: bool = False, *, whole: bool = False) -> Scan:
    """Cut up a reply (its first words, or all of it if `whole`).

    With `part_unknown` the Arabic "and" leaves unknown words, which may be names, too.
    """
    lexemes = lex(text)
    if not whole:
        lexemes = lexemes[:_MOST_LEXEMES]
    if "و" in text.folded:
        lexemes = [part for at, lexeme in enumerate(lexemes)
                   for part in _part_waw(lexeme, not part_unknown or at == 0)]  # fmt: skip
    words = vocabulary(lexemes, text.lang)
    numbers = find_numbers(lexemes, words)
    starts = {number.first: number for number in numbers}
    ends = {number.last: number for number in numbers}
    return Scan(text, tuple(lexemes), words, numbers, starts, ends)
