"""The second ear: words and letters weighed together, where the rules find nothing at all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from importlib.resources import files
from math import log, sqrt
from typing import NamedTuple

CODES = (
    "severe_breathlessness", "chest_pain", "blue_lips", "confusion", "fainting", "unresponsive",
    "coughing_blood", "unable_to_drink", "seizure", "stroke_signs", "self_harm", "violence",
    "other_emergency",
)  # fmt: skip
_SCALE = 100.0
_LONGEST_WORD = 16
_FEWEST_WORDS = 4  # Fewer are names, figures and courtesies.


class Weights(NamedTuple):
    """What training found: how much each trait tells of danger, and of which one."""

    threshold: float
    bias: float
    weight: Mapping[str, float]
    counts: Mapping[str, Mapping[int, int]]
    totals: Mapping[int, int]


def traits(words: Sequence[str]) -> set[str]:
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
    return found


def score(words: Sequence[str], weights: Weights) -> float:
    """How much a reply sounds like danger; above the threshold it does."""
    found = traits(words)
    known = weights.weight
    total = sum([known[trait] for trait in found if trait in known])
    return weights.bias + total / sqrt(len(found))


def hear(words: Sequence[str]) -> str | None:
    """The danger that a reply sounds like, or None."""
    weights = _weights()
    if len(words) < _FEWEST_WORDS or score(words, weights) < weights.threshold:
        return None
    return kind(words, weights)


def kind(words: Sequence[str], weights: Weights) -> str:
    """Which danger the traits of a reply were most often heard with."""
    found = [weights.counts[trait] for trait in traits(words) if trait in weights.counts]

    def likely(code: int) -> float:
        total = weights.totals[code]
        return sum(log((each.get(code, 0) + 0.1) / total) for each in found)

    return CODES[max(weights.totals, key=likely)]


@cache
def _weights() -> Weights:
    """The weights as `tests/train_ear.py` wrote them, read at the first use."""
    source = files("flows.understanding") / "lexicons" / "ear.tsv"
    return parse(source.read_text(encoding="utf-8").splitlines())


def parse(lines: Sequence[str]) -> Weights:
    """The lines of ear.tsv: threshold and bias, totals by code, then a trait a line."""
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
