"""Train the second ear from the written replies: `python -m tests.train_ear` (a minute).

With `--measure` sets are left out in turn, and what is heard in them beside the rules is printed.
"""

import json
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from math import exp, sqrt
from pathlib import Path
from random import Random
from typing import NamedTuple

from flows.understanding import Question, normalise
from flows.understanding.ear import CODES, Weights, kind, score, traits
from flows.understanding.replies import is_silent
from tests.calm_days import calm_replies, everyday_messages

SETS = Path(__file__).parent / "understanding"
TARGET = Path(__file__).parents[1] / "flows" / "understanding" / "lexicons" / "ear.tsv"
THRESHOLD = 2.5  # Of 4,516 public SMS it then takes four for danger; of traps left out 1 in 200.
EPOCHS, RATE, LEAST = 8, 0.5, 0.02
FOLDS = (
    ("corpus0", "eighth"), ("corpus1", "ninth"), ("corpus2", "tenth"),
    ("corpus3", "third", "fifth"), ("corpus4", "second", "fourth"),
)  # fmt: skip


class Line(NamedTuple):
    """A written reply, the set it comes from, and its dangers."""

    origin: str
    lang: str
    words: tuple[str, ...]
    dangers: tuple[str, ...]
    text: str


def _line(origin: str, lang: str, text: str, dangers: Sequence[str]) -> Line:
    words = tuple(token.word for token in normalise(text, lang).tokens[:80])
    return Line(origin, lang, words, tuple(code for code in dangers if code in CODES), text)


def lines() -> Iterator[Line]:
    """Every written reply of the repository, and a part of the calm and everyday grammars."""
    for file in sorted(SETS.glob("corpus/*.jsonl")):
        for at, row in enumerate(map(json.loads, file.read_text("utf-8").splitlines())):
            yield _line(f"corpus{at % 5}", row["lang"], row["text"], row["danger"])
    for file in sorted(SETS.glob("*.jsonl")):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            dangers = row["want"].get("danger", [])
            yield _line(file.stem.split("_")[0], row["lang"], row["text"], dangers)
    for lang, text in (*calm_replies()[::4], *everyday_messages()[::3]):
        yield _line("calm", lang, text, ())


def train(rows: Sequence[Line]) -> Weights:
    """Logistic regression by steps that shrink (Adagrad), always in the same order."""
    known: dict[str, int] = {}
    data = [
        ([known.setdefault(t, len(known)) for t in sorted(traits(row.words))], bool(row.dangers))
        for row in rows
        if row.words
    ]
    weight, seen = [0.0] * len(known), [1e-3] * len(known)
    bias, bias_seen = 0.0, 1e-3
    order = Random(1)  # An order, not a secret.
    for _ in range(EPOCHS):
        order.shuffle(data)
        for found, danger in data:
            share = 1 / sqrt(len(found))
            z = bias + share * sum([weight[at] for at in found])
            error = 1 / (1 + exp(-max(-30.0, min(30.0, z)))) - danger
            if abs(error) < LEAST:
                continue
            bias_seen += error * error
            bias -= RATE * error / sqrt(bias_seen)
            step = error * share
            for at in found:
                seen[at] += step * step
                weight[at] -= RATE * step / sqrt(seen[at])
    return _weights(rows, {trait: weight[at] for trait, at in known.items()}, bias)


def _weights(rows: Sequence[Line], weight: dict[str, float], bias: float) -> Weights:
    counts: dict[str, Counter[int]] = {}
    totals: Counter[int] = Counter()
    for row in rows:
        for code in map(CODES.index, row.dangers):
            totals[code] += 1
            for trait in traits(row.words):
                counts.setdefault(trait, Counter())[code] += 1
    often = {trait: each for trait, each in counts.items() if each.total() > 1}
    return Weights(THRESHOLD, bias, weight, often, totals)


def written(weights: Weights) -> Iterator[str]:
    """The lines of ear.tsv; weights that round to nothing are left out."""
    yield f"threshold\t{weights.threshold}\t{weights.bias:.4f}"
    yield "totals\t" + _pairs(weights.totals)
    for trait in sorted(weights.weight):
        value = round(100 * weights.weight[trait])
        if abs(value) >= 20 or trait in weights.counts:
            yield f"{trait}\t{value}\t{_pairs(weights.counts.get(trait, {}))}"


def _pairs(counts: Counter[int] | dict[int, int]) -> str:
    return " ".join(f"{code}:{number}" for code, number in sorted(counts.items()))


def measure(rows: Sequence[Line]) -> None:
    """Leave sets out in turn: dangers that only the second ear hears, traps it falls into."""
    heard: Counter[str] = Counter()
    for fold in FOLDS:
        weights = train([row for row in rows if row.origin not in fold])
        for row in rows:
            if row.origin in fold and is_silent(row.text, Question("text", lang=row.lang)):
                sort = "danger" if row.dangers else "trap"
                heard[f"{sort}, of"] += 1
                if len(row.words) > 3 and score(row.words, weights) >= THRESHOLD:
                    heard[sort] += 1
                    heard["right kind"] += kind(row.words, weights) in row.dangers
    print(dict(heard))


def main(arguments: Sequence[str], say: Callable[[str], None] = print) -> None:
    """Measure, or train on everything and write the weights."""
    rows = list(lines())
    if "--measure" in arguments:
        measure(rows)
        return
    text = "\n".join(written(train(rows))) + "\n"
    TARGET.write_text(text, encoding="utf-8")
    say(f"{TARGET.name}: {text.count(chr(10)) - 2} traits of {len(rows)} replies")


if __name__ == "__main__":
    main(sys.argv[1:])
