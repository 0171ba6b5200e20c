"""What a benchmark tells, as a line for people and as one line of JSON."""

from __future__ import annotations

import json
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

PAIRS = 5

# `quick` shows that a benchmark runs, and its figures mean little; `full` is as large as life.
Size = Literal["quick", "usual", "full"]


@dataclass(frozen=True, slots=True)
class Figures:
    """One benchmark's figures by key; `ratio` is against the reference of the same run."""

    name: str
    values: Mapping[str, float]

    def as_json(self) -> str:
        """One line: {"name": …, …}."""
        return json.dumps({"name": self.name, **self.values})

    def __str__(self) -> str:
        shown = "  ".join(f"{key} {value:g}" for key, value in self.values.items())
        return f"{self.name:12} {shown}"


def median(of: Sequence[float], digits: int = 1) -> float:
    """The median, rounded."""
    return round(statistics.median(of), digits)


def paired(work: Callable[[], int], reference: Callable[[], int]) -> tuple[float, float, float]:
    """Rates a second of the work and of its reference, and the median ratio of alternated pairs."""
    rates = [(rate(work), rate(reference)) for _ in range(PAIRS)]
    ratio = statistics.median(mine / bare for mine, bare in rates)
    mine, bare = (statistics.median(column) for column in zip(*rates, strict=True))
    return mine, bare, ratio


def rate(work: Callable[[], int]) -> float:
    """How many a second; `work` does some and says how many."""
    started = time.perf_counter()
    done = work()
    return done / (time.perf_counter() - started)
