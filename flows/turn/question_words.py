"""What people ask back: the phrases and texts of `_questions.yaml`, made ready to be compared."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Any

from flows.spec.yaml_loader import load
from flows.understanding import normalise

_FILE = "flows/library/_questions.yaml"
LEAST_SOUNDED = 5

Phrase = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One way to ask: groups that must all stand in a sentence, each one of several phrases.

    `opens`: for each group the words with which its phrases begin.
    """

    code: str
    groups: tuple[tuple[Phrase, ...], ...]
    opens: tuple[frozenset[str], ...]
    asked: bool
    whole: bool


@dataclass(frozen=True, slots=True)
class Tongue:
    """How one language asks.

    `words` are all that its rules are made of, `sounded` those long enough to be known when they
    are misspelt, by their first letter.
    """

    lang: str
    asking: tuple[Phrase, ...]
    opening: tuple[Phrase, ...]
    denying: frozenset[str]
    rules: tuple[Rule, ...]
    words: frozenset[str]
    sounded: Mapping[str, frozenset[str]]


@cache
def _document() -> Any:
    file = resources.files("flows") / "library" / "_questions.yaml"
    return load(file.read_text("utf-8"), _FILE)


@cache
def variants() -> Mapping[str, Mapping[str, str]]:
    """The English texts of each question, by the situation in which each is said."""
    return {str(code): dict(row["texts"]) for code, row in _document()["questions"].items()}


@cache
def reviews_of() -> Mapping[str, Mapping[str, str]]:
    """What a person must look at beside an answer, by question and situation."""
    return {
        str(code): dict(row.get("review", {})) for code, row in _document()["questions"].items()
    }


@cache
def tongues() -> Mapping[str, Tongue]:
    """How each language asks."""
    top = _document()
    return {str(lang): _tongue(top, str(lang)) for lang in top["asking"]}


def _tongue(top: Any, lang: str) -> Tongue:
    phrases = [str(word) for word in top["asking"][lang]]
    rules = [
        _rule(str(code), str(line))
        for code, row in top["questions"].items()
        for line in row["words"].get(lang, ())
    ]
    words = frozenset(w for rule in rules for group in rule.groups for p in group for w in p)
    sounded: dict[str, set[str]] = {}
    for word in words:
        if word.isascii() and len(word) >= LEAST_SOUNDED:
            sounded.setdefault(word[0], set()).add(word)
    return Tongue(
        lang,
        asking=tuple(_phrase(p) for p in phrases if not p.startswith("^")),
        opening=tuple(_phrase(p[1:]) for p in phrases if p.startswith("^")),
        denying=frozenset(word for line in top["denying"][lang] for word in _phrase(str(line))),
        rules=tuple(rules),
        words=words,
        sounded={letter: frozenset(found) for letter, found in sounded.items()},
    )


def _rule(code: str, line: str) -> Rule:
    groups = tuple(
        tuple(_phrase(one) for one in group.split("/")) for group in line.lstrip("?= ").split(" + ")
    )
    opens = tuple(frozenset(phrase[0] for phrase in group) for group in groups)
    return Rule(code, groups, opens, line.startswith("?"), line.startswith("="))


def _phrase(words: str) -> Phrase:
    """The words of a phrase, folded as replies are; a star stays where it stood."""
    return tuple(
        token + ("*" if part.endswith("*") else "")
        for part in words.split()
        for token in words_of(part.removesuffix("*"))
    )


def words_of(raw: str) -> list[str]:
    """The words of a text, folded as replies are."""
    return [token.word for token in normalise(raw, "fr").tokens]


@cache
def joining() -> frozenset[str]:
    """Words that part an answer from the question after it."""
    return frozenset(str(word) for word in _document()["joining"])


@cache
def courtesies() -> frozenset[str]:
    """Words beside which a message of one word is still one of one word."""
    return frozenset(word for line in _document()["courtesies"] for word in words_of(str(line)))
