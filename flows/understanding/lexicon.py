"""The lexicons of meaning: read once, one word graph for all six languages."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cache, reduce
from importlib.resources import files
from operator import or_

from flows.understanding.text import fold

LANGS = ("fr", "en", "es", "ar", "pt", "tr")
COMMON = "*"  # Emoji and signs that every language shares.


_NEGATIVE = re.compile(r"m[iu]yo|m[ae]d[iu]|m[ae]z|[aet]m\*|yok|degil|s[iu]z|m[ae]y|kalmad|yetm")


# An entry that spells more phrases than this has places of its own, one for each of its words.
_MOST_SPELLED = 60


@dataclass(slots=True)
class Node:
    """A place in the word graph: where each symbol leads, and what has been said by then.

    `edges` form a tree that all entries share. `chains` lead into entries of many spellings, which
    would be spelt out there by the hundred thousand.
    """

    edges: dict[str, Node] = field(default_factory=dict)
    chains: dict[str, list[Node]] = field(default_factory=dict)
    gap: Node | None = None
    codes: list[tuple[str, str]] = field(default_factory=list)

    def after(self, symbol: str) -> list[Node]:
        """Every place that a symbol leads to."""
        found = self.chains.get(symbol, [])
        return [self.edges[symbol], *found] if symbol in self.edges else found


@dataclass(slots=True)
class Lexicon:
    """All words of all languages.

    A symbol is "lang:word", "lang:stem*" or "lang:stem~" (a Turkish verb, read with its endings).
    """

    root: Node = field(default_factory=Node)
    words: dict[str, list[str]] = field(default_factory=dict)
    stems: dict[str, list[str]] = field(default_factory=dict)
    verbs: dict[str, list[str]] = field(default_factory=dict)
    plain: dict[str, set[str]] = field(default_factory=dict)

    def symbols_of(self, lang: str, pattern: str) -> list[str]:
        """The symbols of one word pattern ("peux/peut", "respir*"), noted in the vocabulary."""
        symbols = []
        for word in _alternatives(pattern):
            symbol = f"{lang}:{word}"
            table = self.words
            if word.endswith("*"):
                table, word = self.stems, word[:-1]
            elif word.endswith("~"):
                table, word = self.verbs, word[:-1]
            known = table.setdefault(word, [])
            if symbol not in known:
                known.append(symbol)
            symbols.append(symbol)
        return symbols

    def add(self, lang: str, code: str, entry: str) -> None:
        """One phrase that means `code`: words, "a/b", "word?", and "_" for up to two others."""
        ends, patterns = [self.root], entry.split()
        step = self._link if _spellings(patterns) > _MOST_SPELLED else self._step
        for pattern in patterns:
            ends = list(step(lang, ends, pattern))
        for end in ends:
            if end is self.root:
                raise ValueError(
                    f"lexicon {lang}: {code}: an entry of optional words alone: {entry}"
                )
            if (lang, code) not in end.codes:
                end.codes.append((lang, code))

    def _step(self, lang: str, ends: list[Node], pattern: str) -> Iterator[Node]:
        if pattern == "_":
            for end in ends:
                end.gap = end.gap or Node()
                yield end.gap
            return
        optional = pattern.endswith("?") and len(pattern) > 1
        symbols = self.symbols_of(lang, pattern.removesuffix("?") if optional else pattern)
        for end in ends:
            for symbol in symbols:
                yield end.edges.setdefault(symbol, Node())
            if optional:
                yield end

    def _link(self, lang: str, ends: list[Node], pattern: str) -> Iterator[Node]:
        """Like `_step`, but all words of a pattern lead to one place of this entry alone."""
        place = Node()
        yield place
        if pattern == "_":
            for end in ends:
                end.gap = place
            return
        optional = pattern.endswith("?") and len(pattern) > 1
        symbols = self.symbols_of(lang, pattern.removesuffix("?") if optional else pattern)
        for end in ends:
            for symbol in symbols:
                end.chains.setdefault(symbol, []).append(place)
        if optional:
            yield from ends


def _spellings(patterns: list[str]) -> int:
    """In how many ways an entry may be spelt."""
    ways = 1
    for pattern in patterns:
        optional = pattern.endswith("?") and len(pattern) > 1
        words = sum(1 for _ in _alternatives(pattern.removesuffix("?")))
        ways *= 1 if pattern == "_" else words + optional
    return ways


def _alternatives(pattern: str) -> Iterator[str]:
    """The words of "a/b"; "bousculee?/jete" has its last letter or not."""
    for word in pattern.split("/"):
        if word.endswith("?") and len(word) > 2:
            yield word[:-1]
            if word[-2] != "*":
                yield word[:-2]
        else:
            yield word


def _rows(name: str) -> Iterator[tuple[str, str]]:
    source = files("flows.understanding") / "lexicons" / name
    for line in source.read_text(encoding="utf-8").splitlines():
        if line.strip() and not line.startswith("#"):
            code, separator, entries = line.partition("\t")
            if not separator:
                raise ValueError(f"{name}: a tab must follow the code: {line[:40]}")
            yield code.strip(), entries


def entries(lang: str) -> Iterator[tuple[str, str]]:
    """(meaning, phrase) for every line of one language's file, as they are written there."""
    for code, phrases in _rows(f"{lang}.tsv"):
        yield from ((code, phrase.strip()) for phrase in phrases.split("|") if phrase.strip())


def _spaced(entry: str) -> str:
    """Entries are cut into words as replies are: at apostrophes and hyphens."""
    return entry.replace("'", " ").replace("-", " ")


def _carries_negation(entry: str) -> bool:
    """Whether a Turkish entry is negative by its own words ("koku almiyor*")."""
    return any(_NEGATIVE.search(word) for word in entry.split())


@cache
def lexicon() -> Lexicon:
    """Every language's file, read at the first use."""
    whole = Lexicon()
    for lang in (COMMON, *LANGS):
        plain = whole.plain.setdefault(lang, set())
        for code, entries in _rows("common.tsv" if lang == COMMON else f"{lang}.tsv"):
            if code == "PLAIN":
                plain.update(fold(entries).split())
                continue
            for entry in entries.split("|"):
                if entry.strip():
                    phrase = _spaced(fold(entry))
                    negative = lang == "tr" and code.islower() and _carries_negation(phrase)
                    whole.add(lang, f"{code}!" if negative else code, phrase)
    return whole


def meanings(word: str, lang: str) -> frozenset[str]:
    """What a word means by itself, phrases apart."""
    node = lexicon().root.edges.get(f"{lang}:{word}")
    return frozenset(code for _, code in node.codes) if node else frozenset()


def negates(word: str, lang: str) -> bool:
    """Whether a word is a negation by itself."""
    return "NOT" in meanings(word, lang)


@dataclass(frozen=True, slots=True)
class Combination:
    """Meanings that, near each other in one clause, make another: `CANT BREATHE` is a danger."""

    code: str
    atoms: tuple[str, ...]
    gap: int
    ordered: bool
    mask: int


@cache
def bits() -> dict[str, int]:
    """A bit for each meaning that combinations are made of: what is absent is seen at once."""
    return {}


def _bit(atom: str) -> int:
    return bits().setdefault(atom, 1 << len(bits()))


@cache
def makers() -> tuple[Combination, ...]:
    """The combinations that make a new meaning for the others: `NOT ABLE` is `CANT`."""
    return tuple(rule for rule in combinations() if rule.code.isupper())


@cache
def finders() -> dict[str, list[tuple[int, Combination]]]:
    """The other combinations with their places in the file, each under its rarest meaning."""
    rules = [(at, rule) for at, rule in enumerate(combinations()) if rule.code.islower()]
    often = Counter(atom for _, rule in rules for atom in rule.atoms)
    under: dict[str, list[tuple[int, Combination]]] = {}
    for at, rule in rules:
        under.setdefault(min(rule.atoms, key=often.__getitem__), []).append((at, rule))
    return under


@cache
def combinations() -> tuple[Combination, ...]:
    """The rules of lexicons/combinations.tsv, in order: `A B` in any order, `A > B` in this one."""
    rules = []
    for code, entries in _rows("combinations.tsv"):
        for entry in entries.split("|"):
            words = entry.split()
            gap = next((int(word[1:]) for word in words if word[0] == "~"), 2)
            atoms = tuple(word for word in words if word[0] not in "~>")
            if atoms:
                mask = reduce(or_, map(_bit, atoms))
                rules.append(Combination(code, atoms, gap, ">" in words, mask))
    return tuple(rules)
