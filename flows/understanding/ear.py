"""The second ear: words, letters and meanings weighed together, beside the rules.

Where the rules find nothing at all it may hear a danger, and where they find one that sounds like
none (a film, a joke, a colleague's patients) it may doubt. Either way a person looks.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import log, sqrt
from typing import NamedTuple

from flows.understanding.scene import Scene

CODES = (
    "severe_breathlessness", "chest_pain", "blue_lips", "confusion", "fainting", "unresponsive",
    "coughing_blood", "unable_to_drink", "seizure", "stroke_signs", "self_harm", "violence",
    "other_emergency",
)  # fmt: skip
_SCALE = 100.0
_LONGEST_WORD = 16
_FEWEST_WORDS = 4  # Fewer are names, figures and courtesies.
_EASE = 0.8  # "I'm fine, only …" may still be a danger.

_NEAR = 4
# Meanings that nearly every reply has.
_EVERYWHERE = frozenset({"FUNC", "YESNO"})


class Weights(NamedTuple):
    """What training found: how much each trait tells of danger, and of which one."""

    threshold: float
    bias: float
    weight: Mapping[str, float]
    counts: Mapping[str, Mapping[int, int]]
    totals: Mapping[int, int]


class Traits(NamedTuple):
    """What a reply is weighed by: how it is written, and what its words mean in any language."""

    written: frozenset[str]
    meant: frozenset[str]


def traits(found: Scene) -> Traits:
    """The traits of a reply."""
    return Traits(_written([token.word for token in found.text.tokens]), _meant(found))


def _written(words: Sequence[str]) -> frozenset[str]:
    """The words of a reply, its neighbouring pairs, and the letters that words are made of."""
    found: set[str] = set()
    before = earlier = "<"
    for word in words:
        padded = f"<{word[:_LONGEST_WORD]}>"
        found.add(padded)
        found.add(f"{before} {word}")
        found.add(f"{earlier}_{word}")
        found.update(padded[at : at + 4] for at in range(len(padded) - 3))
        earlier, before = before, word
    return frozenset(found)


def _meant(found: Scene) -> frozenset[str]:
    """The meanings of a reply, and which follows which: learnt in one language, heard in all."""
    said: dict[int, set[str]] = {}
    for hit in found.hits:
        if hit.lang in found.leading and hit.code not in _EVERYWHERE:
            said.setdefault(hit.start, set()).add(hit.code)
    # A word that is said over and over follows itself but once.
    of = {start: frozenset(codes) for start, codes in said.items()}
    near = {
        (of[start], of[further])
        for start in of
        for further in range(start + 1, start + _NEAR + 1)
        if further in of and found.segment[further] == found.segment[start]
    }
    signs = {f"#{code}" for codes in of.values() for code in codes}
    signs.update(f"#{code}>{other}" for one, two in near for code in one for other in two)
    return frozenset(signs)


def score(found: Traits, weights: Weights) -> float:
    """How much a reply sounds like danger; above the threshold it does."""
    known = weights.weight
    total = weights.bias
    for each in found:
        if each:
            total += sum([known[trait] for trait in each if trait in known]) / sqrt(len(each))
    return total


def hear(found: Scene, *, at_ease: bool = False) -> str | None:
    """The danger that a reply sounds like in which the rules find none, or None.

    Where all is said to be well, or a thing is spoken of, it must sound more like one.
    """
    if len(found.text.tokens) < _FEWEST_WORDS:
        return None
    weights, noted = _weights("ear"), traits(found)
    least = weights.threshold + (_EASE if at_ease else 0.0)
    return kind(noted, weights) if score(noted, weights) >= least else None


def doubts(found: Scene) -> bool:
    """Whether a reply in which the rules find a danger sounds like those that tell of none."""
    if len(found.text.tokens) < _FEWEST_WORDS:
        return False
    weights = _weights("doubt")
    return score(traits(found), weights) < weights.threshold


def kind(found: Traits, weights: Weights) -> str:
    """Which danger the traits of a reply were most often heard with."""
    counts = [weights.counts[trait] for each in found for trait in each if trait in weights.counts]

    def likely(code: int) -> float:
        total = weights.totals[code]
        return sum(log((each.get(code, 0) + 0.1) / total) for each in counts)

    return CODES[max(weights.totals, key=likely)]


@cache
def _weights(name: str) -> Weights:
    """The weights as `tests/train_ear.py` wrote them, read at the first use."""
    source = files("flows.understanding") / "lexicons" / f"{name}.tsv"
    return parse(source.read_text(encoding="utf-8").splitlines())


def open_ears() -> None:
    """Read the weights now, and not while somebody waits for the first reply."""
    for name in ("ear", "doubt"):
        _weights(name)


def parse(lines: Sequence[str]) -> Weights:
    """The lines of a file of weights: threshold and bias, totals by code, then a trait a line."""
    threshold, bias = map(float, lines[0].split("\t")[1:])
    totals = dict(_pairs(lines[1].split("\t")[1]))
    weight: dict[str, float] = {}
    counts: dict[str, dict[int, int]] = {}
    for line in lines[2:]:
        trait, value, codes = line.split("\t")
        weight[trait] = int(value) / _SCALE
        if codes:
            counts[trait] = dict(_pairs(codes))
    return Weights(threshold, bias, weight, counts, totals)


def _pairs(text: str) -> Iterator[tuple[int, int]]:
    for pair in text.split():
        code, number = pair.split(":")
        yield int(code), int(number)
