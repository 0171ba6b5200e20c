"""Train the second ear from the written replies: `python -m tests.train_ear` (three minutes).

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
from flows.understanding.ear import CODES, Traits, Weights, kind, score, traits
from flows.understanding.lexicon import entries
from flows.understanding.replies import heard_by_rules
from flows.understanding.scene import scene
from tests.calm_days import calm_replies, everyday_messages

SETS = Path(__file__).parent / "understanding"
TARGETS = Path(__file__).parents[1] / "flows" / "understanding" / "lexicons"
# It then takes one hard trap in a hundred for danger, and nine everyday texts in a thousand.
HEARD = 1.2
DOUBTED = 0.0
EPOCHS, RATE, LEAST = 8, 0.5, 0.02
_READ = 400  # characters
FOLDS = (
    ("corpus0", "eighth", "twelfth"), ("corpus1", "ninth", "eleventh"),
    ("corpus2", "tenth", "thirteenth"), ("corpus3", "third", "fifth"),
    ("corpus4", "second", "fourth"),
)  # fmt: skip


MILD = frozenset({
    "fever", "chills", "cough", "sore_throat", "runny_nose", "loss_of_smell", "loss_of_taste",
    "headache", "fatigue", "muscle_pain", "diarrhoea", "nausea", "vomiting", "abdominal_pain",
    "rash", "red_eyes", "loss_of_appetite",
})  # fmt: skip
AROUND: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "fr": (("", "oui, ", "", "j'ai "), ("", " depuis hier", " ce matin", " mais ça va")),
    "en": (("", "yes, ", "", "i have "), ("", " since monday", " this morning", " but im ok")),
    "es": (("", "sí, ", "", "tengo "), ("", " desde ayer", " esta mañana", " pero bien")),
    "ar": (("", "نعم ", "", "عندي "), ("", " من امبارح", " الصبح", " بس انا بخير")),
    "pt": (("", "sim, ", "", "tenho "), ("", " desde ontem", " hoje cedo", " mas tô bem")),
    "tr": (("", "evet, ", "", "bende "), ("", " dünden beri", " bu sabah", " ama iyiyim")),
}


class Line(NamedTuple):
    """A written reply, the set it comes from, its dangers, and whether the rules hear any."""

    origin: str
    lang: str
    traits: Traits
    dangers: tuple[str, ...]
    by_rules: bool | None
    text: str


def line(origin: str, lang: str, text: str, dangers: Sequence[str]) -> Line:
    """A reply with what it is weighed by; of a long one its beginning."""
    begun = text[:_READ]
    found = traits(scene(normalise(begun, lang)))
    by_rules = heard_by_rules(begun, Question("text", lang=lang))
    return Line(origin, lang, found, tuple(dangers), by_rules, text)


def lines() -> Iterator[Line]:
    """Every written reply of the repository, and a part of the calm and everyday grammars."""
    for file in sorted(SETS.glob("corpus/*.jsonl")):
        for at, row in enumerate(map(json.loads, file.read_text("utf-8").splitlines())):
            yield line(f"corpus{at % 5}", row["lang"], row["text"], row["danger"])
    for file in sorted(SETS.glob("*.jsonl")):
        for row in map(json.loads, file.read_text("utf-8").splitlines()):
            dangers = row["want"].get("danger", [])
            yield line(file.stem.split("_")[0], row["lang"], row["text"], dangers)
    for lang, text in (*calm_replies()[::4], *everyday_messages()[::3], *[*ailments()][::3]):
        yield line("calm", lang, text, ())


def ailments() -> Iterator[tuple[str, str]]:
    """(language, reply) of ordinary ailments, as the lexicons say them: hard days, no danger."""
    for lang, (before, after) in AROUND.items():
        for code, entry in entries(lang):
            if code in MILD:
                words = [word.split("/")[0].strip("*~?") for word in entry.split() if word != "_"]
                for start, end in zip(before, after, strict=True):
                    yield lang, f"{start}{' '.join(words)}{end}"


def ear(rows: Sequence[Line]) -> Weights:
    """The weights that hear a danger of which the rules find nothing."""
    return train([(row.traits, _audible(row)) for row in rows], HEARD)


def doubt(rows: Sequence[Line]) -> Weights:
    """The weights that doubt a danger which the rules find."""
    return train([(row.traits, row.dangers) for row in rows if row.by_rules], DOUBTED)


def _audible(row: Line) -> tuple[str, ...]:
    """Its dangers without those of figures, which are measured and not heard."""
    return tuple(code for code in row.dangers if code in CODES)


def train(rows: Sequence[tuple[Traits, Sequence[str]]], threshold: float) -> Weights:
    """Logistic regression by steps that shrink (Adagrad), always in the same order."""
    often = Counter(trait for found, _ in rows for each in found for trait in each)
    known = {trait: at for at, trait in enumerate(sorted(t for t in often if often[t] > 1))}
    data = [([_shares(each, known) for each in found], bool(codes)) for found, codes in rows]
    weight, seen = [0.0] * len(known), [1e-3] * len(known)
    bias, bias_seen = 0.0, 1e-3
    order = Random(1)  # An order, not a secret.
    for _ in range(EPOCHS):
        order.shuffle(data)
        for parts, danger in data:
            z = bias + sum([share * sum([weight[at] for at in found]) for share, found in parts])
            error = 1 / (1 + exp(-max(-30.0, min(30.0, z)))) - danger
            if abs(error) < LEAST:
                continue
            bias_seen += error * error
            bias -= RATE * error / sqrt(bias_seen)
            for share, found in parts:
                step = error * share
                for at in found:
                    seen[at] += step * step
                    weight[at] -= RATE * step / sqrt(seen[at])
    learnt = {trait: weight[at] for trait, at in known.items()}
    return Weights(threshold, bias, learnt, *_counted(rows, learnt))


def _shares(each: frozenset[str], known: dict[str, int]) -> tuple[float, list[int]]:
    found = [known[trait] for trait in sorted(each) if trait in known]
    return 1 / sqrt(max(1, len(each))), found


def _counted(
    rows: Sequence[tuple[Traits, Sequence[str]]], known: dict[str, float]
) -> tuple[dict[str, Counter[int]], Counter[int]]:
    """How often each trait stood beside each danger, and how often each danger was told."""
    counts: dict[str, Counter[int]] = {}
    totals: Counter[int] = Counter()
    for found, codes in rows:
        for code in (CODES.index(one) for one in codes if one in CODES):
            totals[code] += 1
            for each in found:
                for trait in each & known.keys():
                    counts.setdefault(trait, Counter())[code] += 1
    return {trait: each for trait, each in counts.items() if each.total() > 1}, totals


def written(weights: Weights, kinds: bool) -> Iterator[str]:
    """The lines of a file of weights; those that round to nothing are left out."""
    yield f"threshold\t{weights.threshold}\t{weights.bias:.4f}"
    yield "totals\t" + _pairs(weights.totals)
    for trait in sorted(weights.weight):
        value = round(100 * weights.weight[trait])
        counts = weights.counts.get(trait, {}) if kinds else {}
        if abs(value) >= 20 or counts:
            yield f"{trait}\t{value}\t{_pairs(counts)}"


def _pairs(counts: Counter[int] | dict[int, int]) -> str:
    return " ".join(f"{code}:{number}" for code, number in sorted(counts.items()))


def measure(rows: Sequence[Line]) -> None:
    """Leave sets out in turn; print what is heard and doubted in them at several thresholds."""
    heard: list[tuple[float, Line, bool]] = []
    doubted: list[tuple[float, Line]] = []
    for fold in FOLDS:
        others = [row for row in rows if row.origin not in fold]
        hearing, doubting = ear(others), doubt(others)
        for row in (row for row in rows if row.origin in fold):
            if row.by_rules is None:
                right = kind(row.traits, hearing) in row.dangers
                heard.append((score(row.traits, hearing), row, right))
            elif row.by_rules:
                doubted.append((score(row.traits, doubting), row))
    for least in (0.0, 0.5, 1.0, 1.5, 2.0, 2.5, 3.0):
        at = [(row, right) for value, row, right in heard if value >= least]
        print(
            f"heard at {least}: {_share([r for r, _ in at], [r for _, r, _ in heard])}",
            f"right kind {sum(right for _, right in at)}",
        )
    for least in (-3.0, -2.0, -1.0, -0.5, 0.0, 0.5, 1.0):
        under = [row for value, row in doubted if value < least]
        print(f"doubted below {least}: {_share(under, [row for _, row in doubted])}")


def _share(some: Sequence[Line], every: Sequence[Line]) -> str:
    """How many dangers, and how many that are none, of how many."""
    real = [sum(bool(row.dangers) for row in rows) for rows in (some, every)]
    none = [len(rows) - number for rows, number in zip((some, every), real, strict=True)]
    return f"dangers {real[0]}/{real[1]}, none {none[0]}/{none[1]}"


def main(arguments: Sequence[str], say: Callable[[str], None] = print) -> None:
    """Measure, or train on everything and write the weights."""
    rows = list(lines())
    if "--measure" in arguments:
        measure(rows)
        return
    for name, weights in (("ear", ear(rows)), ("doubt", doubt(rows))):
        text = "\n".join(written(weights, kinds=name == "ear")) + "\n"
        (TARGETS / f"{name}.tsv").write_text(text, encoding="utf-8")
        say(f"{name}.tsv: {text.count(chr(10)) - 2} traits of {len(rows)} replies")


if __name__ == "__main__":
    main(sys.argv[1:])
