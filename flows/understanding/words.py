"""The words of the value lexicons by meaning, for the languages that a reply is written in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from importlib.resources import files
from typing import Any, NamedTuple

import yaml

from flows.understanding.endings import Page, grow
from flows.understanding.lexemes import Lexeme, words_of
from flows.understanding.text import fold

LANGS = ("fr", "en", "es", "ar", "pt", "tr")
_NAME_LEAST = 3
_FOREIGN_LEAST = 4  # A shorter word of another language is too often a word of this one.


class Phrase(NamedTuple):
    """The rest of a phrase after its first word, and what it means."""

    rest: tuple[str, ...]
    value: str


class Found(NamedTuple):
    """A meaning and how many lexemes it took."""

    value: str
    length: int


Book = dict[str, dict[str, list[Phrase]]]  # By first word, then by kind.

_EMPTY: dict[str, list[Phrase]] = {}


class Words:
    """What words mean, kind by kind: the languages of a reply first, then words of the others."""

    __slots__ = ("_books", "_known", "_met")

    def __init__(self, books: tuple[Book, ...]) -> None:
        self._books = books
        self._known = frozenset[str]().union(*books)
        self._met: dict[str, dict[str, list[Phrase]]] = {}

    def _kinds(self, word: str) -> dict[str, list[Phrase]]:
        """What a word may open, kind by kind; put together when the word is first met."""
        if word not in self._known:
            return _EMPTY
        kinds = self._met.get(word)
        if kinds is not None:
            return kinds
        kinds = {}
        for book in self._books:
            for kind, phrases in book.get(word, _EMPTY).items():
                kinds.setdefault(kind, []).extend(phrases)
        self._met[word] = kinds
        return kinds

    def at(self, kind: str, lexemes: Sequence[Lexeme], i: int) -> Found | None:
        """The longest phrase of this kind that starts at lexeme i."""
        phrases = self._kinds(lexemes[i].word).get(kind)
        if phrases is None:
            return None
        for rest, value in phrases:
            if not rest:
                return Found(value, 1)
            length = _match(rest, lexemes, i + 1)
            if length:
                return Found(value, length + 1)
        return None

    def value(self, kind: str, word: str) -> str | None:
        """What the single word means within this kind."""
        for rest, value in self._kinds(word).get(kind, ()):
            if not rest:
                return value
        return None

    def has(self, kind: str, word: str) -> bool:
        """Whether the single word is of this kind."""
        kinds = self._kinds(word)
        return kind in kinds and self.value(kind, word) is not None

    def any_of(self, kinds: frozenset[str], word: str) -> bool:
        """Whether the single word is of any of these kinds."""
        return _is_single(self._kinds(word), kinds)

    def any_own(self, kinds: frozenset[str], word: str) -> bool:
        """Whether the word is of any of these kinds in a language of the reply itself."""
        return any(_is_single(book.get(word, _EMPTY), kinds) for book in self._books[:-1])

    def may_open(self, kinds: frozenset[str], word: str) -> bool:
        """Whether a phrase of any of these kinds could start with the word."""
        return not kinds.isdisjoint(self._kinds(word))

    def knows(self, word: str) -> bool:
        """Whether the word opens a phrase of any kind."""
        return bool(self._kinds(word))

    def any_in(self, kind: str, words: Iterable[str]) -> bool:
        """Whether a phrase of this kind could start among these words: a cheap first look."""
        return any(kind in self._kinds(word) for word in words)


def _is_single(opened: Mapping[str, list[Phrase]], kinds: frozenset[str]) -> bool:
    return any(
        kind in kinds and any(not phrase.rest for phrase in phrases)
        for kind, phrases in opened.items()
    )


_SKIPPED = frozenset("'-.")


def _match(rest: tuple[str, ...], lexemes: Sequence[Lexeme], i: int) -> int:
    """How many lexemes the words take, apostrophes, hyphens and points between them included."""
    start, count = i, len(lexemes)
    for word in rest:
        while i < count and lexemes[i].word in _SKIPPED:
            i += 1
        if i >= count or lexemes[i].word != word:
            return 0
        i += 1
    return i - start


def _listed(node: object) -> Iterable[tuple[str, str]]:
    """(meaning, phrase) pairs of one kind: a plain list means nothing but itself."""
    if isinstance(node, Mapping):
        for value, phrases in node.items():
            yield from ((value, phrase) for phrase in phrases)
    elif isinstance(node, list):
        yield from (("", phrase) for phrase in node)


# It keeps every scalar a string (in plain YAML a bare no is a boolean); in C where there is one.
_LOADER: Any = getattr(yaml, "CBaseLoader", yaml.BaseLoader)


@cache
def _pages(lang: str) -> Mapping[str, Page]:
    source = files("flows.understanding.lexicons").joinpath(f"values_{lang}.yaml")
    nodes = yaml.load(source.read_text("utf-8"), Loader=_LOADER)  # noqa: S506
    pages: dict[str, Page] = {}
    for kind, node in nodes.items():
        page = [(value, words_of(fold(phrase))) for value, phrase in _listed(node)]
        pages[kind] = [(value, words) for value, words in page if words]
    return grow(lang, pages)


def _travels(words: tuple[str, ...], local: frozenset[str]) -> bool:
    if not words[0].isascii():
        return True
    return sum(map(len, words)) >= _FOREIGN_LEAST and " ".join(words) not in local


def _book(pages: Iterable[tuple[str, str, tuple[str, ...]]]) -> Book:
    book: Book = {}
    first: dict[tuple[str, tuple[str, ...]], str] = {}
    for kind, value, words in pages:
        first.setdefault((kind, words), value)
    for (kind, words), value in first.items():
        book.setdefault(words[0], {}).setdefault(kind, []).append(Phrase(words[1:], value))
    for kinds in book.values():
        for phrases in kinds.values():
            phrases.sort(key=lambda phrase: -len(phrase.rest))
    return book


@cache
def _own(lang: str) -> Book:
    """Every word of one language."""
    pages = _pages(lang).items()
    return _book((kind, value, words) for kind, page in pages for value, words in page)


@cache
def _given_names() -> frozenset[str]:
    return frozenset(words[0] for lang in LANGS for _, words in _pages(lang).get("given_names", ()))


@cache
def _abroad() -> Book:
    """The words that keep their meaning inside a sentence of another language."""
    travelling = []
    named = _given_names()
    for lang in LANGS:
        local = frozenset(" ".join(words) for _, words in _pages(lang).get("local", ()))
        for kind, page in _pages(lang).items():
            travelling += [
                (kind, value, words) for value, words in page
                if (_travels(words, local) and words[0] not in named) or (
                    kind == "given_names" and len(words[0]) >= _NAME_LEAST
                )
            ]  # fmt: skip
    return _book(travelling)


@cache
def _arabic_words() -> frozenset[str]:
    return frozenset(_own("ar"))


@cache
def openings(kind: str) -> frozenset[str]:
    """Every word of any language that opens a phrase of this kind: for a cheap first look."""
    return frozenset(word for lang in LANGS for word, kinds in _own(lang).items() if kind in kinds)


def knows_arabic(word: str) -> bool:
    """Whether a word of Arabic script opens a phrase of the lexicon."""
    return word in _arabic_words()


@cache
def words_for(*langs: str) -> Words:
    """The words of these languages, the first one first, and the longer words of the others."""
    return Words((*(_own(lang) for lang in langs), _abroad()))


_TELLING = ("filler", "mine", "and", "of", "the", "negation", "number", "months", "weekdays",
            "days", "units")  # fmt: skip


@cache
def _speakers() -> Mapping[str, tuple[str, ...]]:
    """Which languages use a common word."""
    speakers: dict[str, list[str]] = {}
    for lang in LANGS:
        seen = {words[0] for kind in _TELLING for _, words in _pages(lang).get(kind, ())
                if len(words) == 1 and words[0] not in _given_names()}  # fmt: skip
        for word in seen:
            speakers.setdefault(word, []).append(lang)
    return {word: tuple(langs) for word, langs in speakers.items()}


_SHORT = 8  # Lexemes of a reply so short that function words may be missing.


def _only_speaker(words: Sequence[str], lang: str) -> str:
    """Another language that knows every word of a reply of which this one knows none."""
    if not words or any(word in _own(lang) for word in words):
        return lang
    known = (other for other in LANGS if all(word in _own(other) for word in words))
    return next(known, lang)


def languages(lexemes: Sequence[Lexeme], lang: str) -> tuple[str, ...]:
    """The person's language and, where the words speak more for another one, that one before it."""
    speakers, score = _speakers(), dict.fromkeys(LANGS, 0.0)
    for lexeme in lexemes:
        for speaker in speakers.get(lexeme.word, ()):
            score[speaker] += 1.0 if len(lexeme.word) > 1 else 0.4
    best = max(LANGS, key=lambda other: (score[other], other == lang))
    if score[best] < 1 and len(lexemes) <= _SHORT:
        best = _only_speaker([x.word for x in lexemes if x.is_word], lang)
        return (lang,) if best == lang else (best, lang)
    if best == lang or score[best] < score[lang] + 1:
        return (lang,)
    return (best, lang) if score[best] >= score[lang] + 2 or not score[lang] else (lang, best)


def vocabulary(lexemes: Sequence[Lexeme], lang: str) -> Words:
    """The words to read this reply with."""
    return words_for(*languages(lexemes, lang))
