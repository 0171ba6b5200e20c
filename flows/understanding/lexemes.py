"""A folded reply cut into words, digit runs and marks, for the readers of values."""

from __future__ import annotations

import re
from typing import NamedTuple

from flows.understanding.text import Text


class Lexeme(NamedTuple):
    """A word, a run of digits or one mark; `start` and `end` are offsets in the folded text."""

    word: str
    start: int
    end: int

    @property
    def is_digits(self) -> bool:
        return self.word.isdigit()

    @property
    def is_word(self) -> bool:
        return self.word.isalnum() and not self.word.isdigit()


# A digit opens or stands in a word only in Arabizi ("7arara", "lbare7") and in "spo2".
_PIECE = re.compile(
    r"(?<!\d)[235789][a-z](?=[a-z\d]{2})(?:[a-z]|\d(?!\d))*"
    r"|\d+"
    r"|o2(?!\w)|[^\W\d_]+(?:\d[^\W\d_]+)*(?:(?<=[^\W\d_]{2})[235789](?!\d))?"
    r"|\n|[^\w\s]"
)
# What follows a digit in "3jours", "2filles": there the digit is a number.
_UNITS = (
    "jour", "mois", "heure", "semaine", "pers", "enfant", "fois", "week", "month", "year",
    "hour", "people", "kids", "amig", "copain", "collegue", "grad", "degre", "derec", "deg",
    "yas", "kisi", "hafta", "saat", "ano", "mese", "hora", "hijo", "filho", "pess", "oct",
    "nov", "dec", "jan", "feb", "fev", "mar", "avr", "apr", "abr", "mai", "may", "jun",
    "jui", "jul", "aou", "aug", "ago", "sep", "kas", "eki", "aral", "voisin", "amis",
    "amie", "min", "sist", "brot", "coll", "frien", "fill", "frere", "soeur", "ninos",
    "cel", "fah", "adult", "person", "cent", "demi",
)  # fmt: skip


def lex(text: Text) -> list[Lexeme]:
    """The pieces of a reply in order, in linear time."""
    pieces: list[Lexeme] = []
    for match in _PIECE.finditer(text.folded):
        word, start, end = match.group(), match.start(), match.end()
        if "0" <= word[0] <= "9" and not word.isdigit() and word[1:].startswith(_UNITS):
            pieces += (Lexeme(word[0], start, start + 1), Lexeme(word[1:], start + 1, end))
        else:
            pieces.append(Lexeme(word, start, end))
    return pieces


def words_of(phrase: str) -> tuple[str, ...]:
    """A phrase of a lexicon as the words that a reply would be cut into."""
    return tuple(m.group() for m in _PIECE.finditer(phrase) if m.group().isalnum())
