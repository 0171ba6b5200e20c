"""A reply seen as meanings in clauses: what is said where, before anything is concluded."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import NamedTuple

from flows.understanding.lexicon import COMMON, Node, lexicon
from flows.understanding.sounds import guesses, looks_arabizi, symbols
from flows.understanding.text import Text, Token

_HARD = re.compile(r"[.;!?؟؛\n。]")
_SOFT = re.compile(r"[,،()…]|\.\.| [-–—] |^ ?[-–—] | [-–—]$")
_STARTS_CLAUSE = ("BUT", "ONLY")
_LONGEST_GAP = 2
_LONGEST_WORD = 32
# What a longer phrase of the same language does not swallow.
_UNSWALLOWED = frozenset({
    "CHILD", "BABY", "PARTNER", "PARENT", "PERSON", "SELF", "NUMBERWORD", "DAYS",
    "WEEKS", "MONTHS",
})  # fmt: skip
# A year before this service was founded.
_YEAR = re.compile(r"(?:19[3-9]|20[01])\d\Z|202[0-5]\Z")
_IN = frozenset({"en", "in", "em", "في", "سنه", "عام", "ف", "annee", "ano", "year", "f", "3am"})
_IN_AFTER = frozenset({"da", "de", "ta", "te", "yilinda", "senesinde", "yili"})
# Answers, commands and courtesies are read beside what is said of bodies, never instead.
_BESIDE = (
    "YESNO", "STOP_", "START", "HELP", "HUMAN", "WRONG", "OTHER_", "PROXY", "POLITE", "FUNC",
    "BEREAVED", "DECEASED", "HOSPITAL", "LANG_", "UNWELL", "CHASED", "WHATDO", "TELL", "WILL",
    "IFPOST", "ELSE_", "NOLONGER", "ABOUTW", "HOWANSWER", "ALLWELL",
    # How a body's function is said otherwise: "répond plus" stays a negation for its neighbours.
    "AROUSE", "AWOKE", "BITTONGUE", "CLUTCH", "COUGHUP", "DAYLONG", "DRAGV", "ENTERV", "EYESROLL",
    "FEWWORDS", "FILLED", "FORGOT", "LIKEDOG", "LIKEDRUNK", "NOTLONG", "ONEEYE", "RETRACT",
    "STAYPUT", "STIFFV", "TOOKMY", "WHOIAM", "WHOLEBODY",
)  # fmt: skip


class Hit(NamedTuple):
    """A meaning of tokens start..end (end included) in one language."""

    code: str
    lang: str
    start: int
    end: int
    morph: bool = False


@dataclass(slots=True)
class Scene:
    """The tokens of a reply, where its clauses are cut, and every meaning found in it.

    `clause[i]` numbers the clause of token i (cut at full stops and contrasts), `segment[i]` is
    cut at commas too, `sentence[i]` at full stops alone.
    """

    text: Text
    hits: list[Hit]
    sentence: list[int]
    clause: list[int]
    segment: list[int]
    asked: frozenset[int]
    by_code: dict[str, list[Hit]] = field(default_factory=dict)
    leading: frozenset[str] = frozenset()

    def of(self, *codes: str) -> Iterator[Hit]:
        """Hits of these codes, one code after the other."""
        for code in codes:
            yield from self.by_code.get(code, ())

    def spoken(self, code: str) -> list[Hit]:
        """Hits of a code in the languages that the reply is written in."""
        hits = self.by_code.get(code)
        return [hit for hit in hits if hit.lang in self.leading] if hits else []

    def known(self) -> set[int]:
        """The tokens that mean something in the languages that the reply is written in."""
        return {
            at
            for hit in self.hits
            if hit.lang in self.leading
            for at in range(hit.start, hit.end + 1)
        }


_Been = set[tuple[int, int]]


def _walk(
    node: Node, at: int, words: list[tuple[str, ...]], been: _Been
) -> Iterator[tuple[int, Node]]:
    """Every end of a phrase that goes on at `at`, as (last token, node).

    Many ways lead to one place of a chain: `been` keeps those that were walked from.
    """
    if node.codes:
        yield at - 1, node
    if at < len(words):
        yield from _step(node, at, words, been)
        if node.gap is not None:
            for further in range(at, min(at + _LONGEST_GAP + 1, len(words))):
                yield from _step(node.gap, further, words, been)


def _step(
    node: Node, at: int, words: list[tuple[str, ...]], been: _Been
) -> Iterator[tuple[int, Node]]:
    edges, chains = node.edges, node.chains
    for symbol in words[at]:
        if symbol in edges:
            yield from _walk(edges[symbol], at + 1, words, been)
        if chains and symbol in chains:
            for further in chains[symbol]:
                if (id(further), at) not in been:
                    been.add((id(further), at))
                    yield from _walk(further, at + 1, words, been)


# "Olmak" and "ölmek" fold alike where the vowels after them do not tell.
_BECOME = ("olu", "old", "olmu", "olmus")
_DYING = frozenset({
    "other_emergency", "self_harm", "DIE", "DECEASED", "SELFDEAD", "BEREAVED", "DEAD",
})  # fmt: skip
# What the endings of Turkish verbs say.
_ENDINGS = {"tr!unable": "UNABLE", "tr!not": "VERBNOT", "tr!if": "IFPOST"}


class _Word(NamedTuple):
    """What one word says alone, and where phrases that begin with it go on."""

    alone: tuple[tuple[str, str, bool], ...]
    onward: tuple[Node, ...]
    symbols: tuple[str, ...]


@lru_cache(maxsize=65_536)
def _word(word: str, langs: tuple[str, ...]) -> _Word:
    """A word as written, and as it may be misspelt in some languages."""
    alone: list[tuple[str, str, bool]] = []
    onward: list[Node] = []
    root = lexicon().root
    written = (*symbols(word), *(guesses(word, langs) if langs else ()))
    for symbol in written:
        if symbol[2:3] == "!":
            alone.append((_ENDINGS[symbol], "tr", True))
            continue
        for node in root.after(symbol):
            alone.extend((code, spoken, False) for spoken, code in node.codes)
            if node.edges or node.chains or node.gap:
                onward.append(node)
    return _Word(tuple(dict.fromkeys(alone)), tuple(onward), written)


def _hits(words: list[_Word]) -> Iterator[Hit]:
    phrases = [word.symbols for word in words]
    for start, word in enumerate(words):
        for code, lang, morph in word.alone:
            yield Hit(code, lang, start, start, morph)
        for node in word.onward:
            for end, last in _walk(node, start + 1, phrases, set()):
                if end > start:
                    for lang, code in last.codes:
                        yield Hit(code, lang, start, end)


def _unswallowed(hits: list[Hit]) -> list[Hit]:
    """Hits that no longer hit of their language covers: "mal de tête" swallows "mal"."""
    longest: dict[tuple[str, int], tuple[int, int]] = {}
    for hit in hits:
        # A phrase that names a symptom leaves its words free: "lost taste n smell".
        if (
            hit.end > hit.start
            and not hit.morph
            and hit.code.isupper()
            and not hit.code.startswith(_BESIDE)
            and hit.code != "GOOD"
        ):
            for at in range(hit.start, hit.end + 1):
                start, end = longest.get((hit.lang, at), (at, at))
                if hit.end - hit.start > end - start:
                    longest[hit.lang, at] = (hit.start, hit.end)
    if not longest:
        return hits
    return [hit for hit in hits if hit.morph or not _swallowed(hit, longest)]


def _swallowed(hit: Hit, longest: dict[tuple[str, int], tuple[int, int]]) -> bool:
    start, end = longest.get((hit.lang, hit.start), (hit.start, hit.end))
    larger = end - start > hit.end - hit.start
    inside = larger and start <= hit.start and hit.end <= end
    return inside and hit.code not in _UNSWALLOWED and not hit.code.startswith(_BESIDE)


def _leading(hits: list[Hit], lang: str) -> frozenset[str]:
    """The languages a reply is written in: the profile's and those that cover as many words."""
    covered: dict[str, set[int]] = {}
    for hit in hits:
        covered.setdefault(hit.lang, set()).update(range(hit.start, hit.end + 1))
    weights = {each: len(tokens) + 0.9 * (each == lang) for each, tokens in covered.items()}
    most = max((weight for each, weight in weights.items() if each != COMMON), default=0.0)
    return frozenset(each for each, weight in weights.items() if weight >= 0.8 * most) | {COMMON}


def _breaks(text: Text) -> list[int]:
    """Before each token: 2 where a sentence is cut, 1 where a comma stands, 0 else."""
    cuts = []
    before = text.tokens[0].start if text.tokens else 0
    for token in text.tokens:
        between, last = text.raw[before : token.start], before
        before = token.end
        plain = len(between) <= 1 and between in ("", " ", "'", "’", "-")
        if plain or (between in (".", ",", "،") and _is_decimal(text, last, token)):
            cuts.append(0)
        elif _HARD.search(between.replace("...", "…")):
            cuts.append(2)
        else:
            cuts.append(1 if _SOFT.search(between) else 0)
    return cuts


def _is_decimal(text: Text, before: int, token: Token) -> bool:
    """Whether a mark stands within a figure: "38.1"."""
    return before > 0 and text.raw[before - 1].isdigit() and token.word.isdigit()


def _numbered(cuts: list[int], least: int, starts: frozenset[int] = frozenset()) -> list[int]:
    numbers, number = [], 0
    for at, cut in enumerate(cuts):
        number += cut >= least or at in starts
        numbers.append(number)
    return numbers


def _asked(text: Text, sentence: list[int]) -> frozenset[int]:
    """The sentences that end in a question mark."""
    asked = set()
    for at, token in enumerate(text.tokens):
        last = at + 1 == len(text.tokens)
        following = token.end + 12 if last else text.tokens[at + 1].start
        between = text.raw[token.end : following]
        if "?" in between or "؟" in between:
            asked.add(sentence[at])
    return frozenset(asked)


def _read(words: list[str], lang: str) -> tuple[list[Hit], frozenset[str]]:
    """Every meaning: first as written, then misspelt in the languages that proved to be spoken."""
    hits = _unswallowed(list(dict.fromkeys(_hits([_word(word, ()) for word in words]))))
    leading = _leading(hits, lang)
    spoken = {*leading, lang} - {COMMON}
    if any(looks_arabizi(word) for word in words):
        spoken.add("ar")
    elif lang != "ar":
        # Consonants alone make names and plain words Arabic ("Mehmet").
        spoken.discard("ar")
    langs = tuple(sorted(spoken))
    second = [_word(word, langs) for word in words]
    if any(len(one.symbols) > len(symbols(word)) for one, word in zip(second, words, strict=True)):
        written, guessed = frozenset(hits), dict.fromkeys(_hits(second))
        hits = _unswallowed([hit for hit in guessed if _is_firm(hit) or hit in written])
        leading = _leading(hits, lang)
    return hits, leading


def _is_firm(hit: Hit) -> bool:
    """What takes a danger away must be written so, not guessed from a misspelling."""
    return not hit.code.startswith("ELSE_") and hit.code not in ("THINGW", "ABOUTW")


def _only_becoming(text: Text, hit: Hit) -> bool:
    """Whether "oluyorum" is "I become", not "ölüyorum", "I die": the first letter tells."""
    if hit.code not in _DYING:
        return False
    tokens = text.tokens[hit.start : hit.end + 1]
    return any(
        token.word.startswith(_BECOME) and text.raw[token.start] not in "öÖ" for token in tokens
    )


def _years(text: Text) -> Iterator[Hit]:
    """A year gone by, after "in" or with its Turkish ending: "en 2011", "2019'da"."""
    words = [token.word for token in text.tokens]
    for at, word in enumerate(words):
        if not _YEAR.match(word):
            continue
        before, after = words[at - 1] if at else "", words[at + 1] if at + 1 < len(words) else ""
        if before in _IN or after in _IN_AFTER:
            yield Hit("FAR", COMMON, at, at)


def scene(text: Text) -> Scene:
    """Find every meaning in a reply, in all languages at once."""
    hits, leading = _read([token.word[:_LONGEST_WORD] for token in text.tokens], text.lang)
    hits = [hit for hit in hits if hit.lang != "tr" or not _only_becoming(text, hit)]
    hits.extend(_years(text))
    starts = frozenset(
        hit.start for hit in hits if hit.code in _STARTS_CLAUSE and hit.lang in leading
    )
    cuts = _breaks(text)
    sentence = _numbered(cuts, 2)
    made = Scene(
        text, hits, sentence, _numbered(cuts, 2, starts), _numbered(cuts, 1, starts),
        _asked(text, sentence) if "?" in text.folded else frozenset(), {}, leading,
    )  # fmt: skip
    made.hits[:] = [hit for hit in hits if not _straddles(made, hit)]
    for hit in made.hits:
        made.by_code.setdefault(hit.code, []).append(hit)
    return made


def _straddles(found: Scene, hit: Hit) -> bool:
    """A finding in one phrase whose words stand on both sides of a comma: "no fever, I drink"."""
    return hit.code.islower() and found.segment[hit.start] != found.segment[hit.end]


def born(found: Scene, far: Hit) -> bool:
    """Whether a time past is that of a birth: "born three weeks ago" is an age."""
    return any(
        hit.start - far.end <= 2 and far.start - hit.end <= 2 for hit in found.spoken("BORN")
    )
