"""What is over: gone, resolved, or of another year."""

from __future__ import annotations

from flows.understanding.findings import Finding
from flows.understanding.lexicon import COMMON
from flows.understanding.saying import Said
from flows.understanding.scene import Hit, Scene, born

_PAST_REACH = 12  # words from what happened to when it did
# What happened is not undone by feeling better, and "not any more" belongs to what is said:
# "I don't want to live any more".
EVENTS = frozenset({
    "fainting", "seizure", "coughing_blood", "unresponsive", "very_high_fever", "self_harm",
    "violence", "stroke_signs", "other_emergency",
})  # fmt: skip


def over(said: Said, finding: Finding) -> bool:
    found = said.found
    for hit in found.spoken("FAR"):
        if born(found, hit):
            continue
        near = found.segment if hit.lang == COMMON else found.clause
        same = near[hit.start] == near[finding.start] and hit.start - finding.end <= _PAST_REACH
        if not same or _since(found, hit) or _lately(found, hit, finding):
            continue
        if not _other_between(said, hit, finding):
            return True
    if finding.code in EVENTS:
        return False
    return any(_resolves(said, hit, finding) for hit in said.relevant(finding, "RESOLVED"))


def _other_between(said: Said, hit: Hit, finding: Finding) -> bool:
    low, high = sorted((hit.start, finding.start))
    return any(low < one.start < high and one.code != finding.code for one in said.findings)


def _lately(found: Scene, far: Hit, finding: Finding) -> bool:
    """Whether a "since" stands nearer than the past: "lost since noon, … sold years ago"."""
    return any(finding.end < hit.start and far.start - hit.end > 2 for hit in found.spoken("SINCE"))


def _since(found: Scene, far: Hit) -> bool:
    return any(
        0 < far.start - hit.end <= 2 or (far.lang != COMMON and far.start <= hit.start <= far.end)
        for hit in found.of("SINCE")
    )


def _resolves(said: Said, hit: Hit, finding: Finding) -> bool:
    """Whether "it is gone" is said of this, beside it or in the clause that answers it."""
    found = said.found
    persists = any(
        0 < hit.start - no.end <= 2 for no in found.of("NOT", "STILL") if no.lang == hit.lang
    ) or any(0 < no.start - hit.end <= 2 for no in found.spoken("KEEPSON"))
    if persists or found.sentence[hit.start] != found.sentence[finding.start]:
        return False
    if hit.start <= finding.start <= hit.end:
        return True
    if found.clause[hit.start] == found.clause[finding.start]:
        near = 0 < hit.start - finding.end <= 4 or 0 < finding.start - hit.end <= 3
        return near and not _other_between(said, hit, finding)
    if found.clause[hit.start] != found.clause[finding.end] + 1:
        return False
    return not any(found.clause[one.start] == found.clause[hit.start] for one in said.findings)
