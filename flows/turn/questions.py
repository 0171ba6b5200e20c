"""Which question a message asks back, by phrases and topics of six languages, misspelt or not."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise

from flows.engine.replies import leading_figure
from flows.remembering import of_short_texts
from flows.turn.question_words import (
    LEAST_SOUNDED,
    Phrase,
    Rule,
    Tongue,
    courtesies,
    joining,
    tongues,
    words_of,
)
from flows.understanding import normalise
from flows.understanding.sounds import sound, tails, within_one_letter

_ENDS = re.compile(r"[.!?;\n؟؛]+")
_CUTS = re.compile(r"[,،:()]|\.\.")
_NOTHING: frozenset[str] = frozenset()

_Place = tuple[int, int]


@dataclass(frozen=True, slots=True)
class AskedBack:
    """A question asked back, and what the message says beside it."""

    code: str
    rest: str = ""


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence: its words, where they begin and end in the message, whether it ends in `?`."""

    words: tuple[str, ...]
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    marked: bool
    cuts: tuple[int, ...]


@of_short_texts
def asked_back(raw: str, lang: str) -> AskedBack | None:
    """The question that a message asks, None where it asks nothing that we know."""
    if not any(character.isalpha() for character in raw):
        return None
    sentences = list(_sentences(raw))
    meant = [[_meant(word, lang) for word in sentence.words] for sentence in sentences]
    for spoken in (lang, *(other for other in tongues() if other != lang)):
        means = [[of.get(spoken, _NOTHING) for of in words] for words in meant]
        found = [
            _asked_in(sentence, words, tongues()[spoken])
            for sentence, words in zip(sentences, means, strict=True)
        ]
        if asked := next(((n, hit) for n, hit in enumerate(found) if hit), None):
            at, (rule, first) = asked
            others = [s for s, hit in zip(sentences, found, strict=True) if not hit]
            return AskedBack(rule.code, _rest(raw, others, sentences[at], first))
    return None


def _asked_in(
    sentence: _Sentence, meant: Sequence[frozenset[str]], tongue: Tongue
) -> tuple[Rule, int] | None:
    """The rule with the most to say that holds in this sentence, and its first word."""
    said = _NOTHING.union(*meant)
    rules = [r for r in tongue.rules if all(opens & said for opens in r.opens)] if said else []
    if not rules:
        return None
    asks = sentence.marked or _has_marker(sentence.words, tongue)
    best: tuple[Rule, int] | None = None
    weight = 0
    for rule in rules:
        places = _held(rule, sentence.words, meant) if asks or not rule.asked else []
        if places and sum(length for _, length in places) > weight:
            weight = sum(length for _, length in places)
            best = rule, min(at for at, _ in places)
    return best


def _held(rule: Rule, words: Sequence[str], meant: Sequence[frozenset[str]]) -> list[_Place]:
    """Where each group of a rule stands, as (first word, length); empty where one is missing."""
    if rule.whole:
        bare = [means for word, means in zip(words, meant, strict=True) if word not in courtesies()]
        return [(0, len(p)) for p in rule.groups[0] if len(p) == len(bare) and _at(bare, 0, p)]
    places = [place for group in rule.groups if (place := _found(meant, group))]
    return places if len(places) == len(rule.groups) else []


def _found(meant: Sequence[frozenset[str]], group: Sequence[Phrase]) -> _Place | None:
    """The longest phrase of a group that stands there."""
    places = [
        (at, len(phrase))
        for phrase in group
        for at in range(len(meant) - len(phrase) + 1)
        if _at(meant, at, phrase)
    ]
    return max(places, key=lambda place: place[1], default=None)


def _at(meant: Sequence[frozenset[str]], at: int, phrase: Phrase) -> bool:
    return all(wanted in meant[at + n] for n, wanted in enumerate(phrase))


@lru_cache(maxsize=65_536)
def _meant(word: str, own: str) -> Mapping[str, frozenset[str]]:
    """The words of our lists that a word stands for, by language; misspelt ones in one's own."""
    forms = (word,) if word.isascii() else (word, *tails(word))
    written = frozenset(form for each in forms for form in _beginnings(each))
    found = {lang: tongue.words & written for lang, tongue in tongues().items()}
    if not found[own] and word.isascii():
        near = tongues()[own].sounded.get(word[0], ())
        found[own] = frozenset(wanted for wanted in near if _near(word, wanted))
    return {lang: words for lang, words in found.items() if words}


def _beginnings(word: str) -> Iterator[str]:
    """The word, and each of its beginnings as lists write them."""
    yield word
    yield from (f"{word[:length]}*" for length in range(2, len(word) + 1))


def _near(word: str, wanted: str) -> bool:
    if wanted.endswith("*"):
        return _misspelt(word[: len(wanted) - 1], wanted[:-1])
    return _misspelt(word, wanted)


def _misspelt(word: str, wanted: str) -> bool:
    if len(word) < LEAST_SOUNDED - 1:
        return False
    return sound(word) == sound(wanted) or within_one_letter(word, wanted)


def _has_marker(words: Sequence[str], tongue: Tongue) -> bool:
    bare = next((at for at, word in enumerate(words) if word not in courtesies()), len(words))
    if any(_stands(words, bare, phrase) for phrase in tongue.opening):
        return True
    return any(
        _stands(words, at, phrase) and not _denied(words, at, len(phrase), tongue)
        for phrase in tongue.asking
        for at in range(len(words))
    )


def _stands(words: Sequence[str], at: int, phrase: Phrase) -> bool:
    return len(words) - at >= len(phrase) and all(
        wanted in _beginnings(words[at + n]) for n, wanted in enumerate(phrase)
    )


def _denied(words: Sequence[str], at: int, length: int, tongue: Tongue) -> bool:
    around = (*words[max(at - 1, 0) : at], *words[at + length : at + length + 1])
    return not tongue.denying.isdisjoint(around)


# -- the message cut up


def _sentences(raw: str) -> Iterator[_Sentence]:
    bounds = [0, *(found.end() for found in _ENDS.finditer(raw)), len(raw)]
    for start, end in pairwise(dict.fromkeys(bounds)):
        part = raw[start:end]
        tokens = normalise(part, "fr").tokens
        if tokens:
            yield _Sentence(
                tuple(token.word for token in tokens),
                tuple(start + token.start for token in tokens),
                tuple(start + token.end for token in tokens),
                any(mark in part for mark in "?؟"),
                tuple(start + cut.start() for cut in _CUTS.finditer(part)),
            )


def _rest(raw: str, others: Sequence[_Sentence], asked: _Sentence, first: int) -> str:
    """What is said beside the question: other sentences, and what stands before it in its own."""
    begins = _begins(asked, first)
    before = raw[asked.starts[0] : begins] if begins > asked.starts[0] else ""
    beside = (raw[s.starts[0] : s.ends[-1]] for s in others if not s.marked)
    joined = " ".join(part.strip(" ,;:") for part in (before, *beside) if part.strip(" ,;:"))
    if not joined:
        return leading_figure(raw)
    return joined if any(word not in courtesies() for word in words_of(joined)) else ""


def _begins(asked: _Sentence, first: int) -> int:
    """Where the question's own clause begins: after a comma or a joining word before it."""
    cuts = [cut + 1 for cut in asked.cuts if cut < asked.starts[first]]
    joins = [
        asked.starts[at] for at in range(1, first + 1) if asked.words[at] in joining()
    ]  # fmt: skip
    return max((*cuts, *joins), default=asked.starts[0])
