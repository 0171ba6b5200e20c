"""A scene with all its findings, and the small words that are free to turn them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flows.understanding.findings import Finding
from flows.understanding.lexicon import negates
from flows.understanding.scene import Hit, Scene

REACH = 8  # words from a "no" to what it denies
MEANT = frozenset({"NOT", "NO", "CANT", "VERBNOT", "EVENFLUID"})


@dataclass(frozen=True, slots=True)
class Said:
    """A scene with all its findings, and the small words that are free to turn them."""

    found: Scene
    findings: Sequence[Finding]
    taken: dict[tuple[int, int], bool] = field(default_factory=dict)

    def is_free(self, hit: Hit) -> bool:
        """Whether a negation is not itself part of what was found ("cannot breathe")."""
        place = (hit.start, hit.end)
        if place not in self.taken:
            self.taken[place] = any(
                _within(hit, one) or _doubles(self.found, hit, one)
                for one in self.findings
                if one.code != "none"
            )
        return not self.taken[place]

    def relevant(self, finding: Finding, code: str) -> Iterator[Hit]:
        """Free hits of a code in the finding's language or the reply's, near the finding."""
        hits = self.found.by_code.get(code, ())
        low = bisect_left(hits, finding.start - 2 * REACH, key=start_of)
        for hit in hits[low:]:
            if hit.start > finding.end + 2 * REACH:
                return
            if (hit.lang == finding.lang or hit.lang in self.found.leading) and self.is_free(hit):
                yield hit


def start_of(hit: Hit) -> int:
    return hit.start


def _within(hit: Hit, one: Finding) -> bool:
    inside = one.start <= hit.start and hit.end <= one.end
    return inside and (len(one.parts) > 1 or one.end > one.start)


def _doubles(found: Scene, hit: Hit, one: Finding) -> bool:
    """The other half of a negation that is the meaning: "ne respire plus"."""
    after = hit.start == one.end + 1 and found.segment[hit.start] == found.segment[one.end]
    if not (after or 0 <= one.start - hit.end <= 2):
        return False
    if any(part.code in MEANT or part.code[-1] == "!" for part in one.parts):
        return True
    if len(one.parts) > 1 or one.end == one.start:
        return False
    words = found.text.tokens[one.start : one.end + 1]
    return any(negates(word.word, one.lang) for word in words)


def between(hits: Sequence[Hit], start: int, end: int) -> bool:
    """Whether one of the hits lies strictly between two tokens."""
    return any(start < hit.start and hit.end < end for hit in hits)
