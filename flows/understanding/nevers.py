"""What somebody has never done, and what nobody has ever thought of doing."""

from __future__ import annotations

from collections.abc import Iterator

from flows.understanding.findings import Finding
from flows.understanding.scene import Hit, Scene

_REACH = 12  # words from "never" to what was never done
_BESIDE = 4  # words between "never" and its verb
_THOUGHTS = ("THINK", "WANT")
_DEEDS = {"violence": ("HIT", "THREATEN"), "self_harm": (*_THOUGHTS, "SELFOBJECT")}


def never(found: Scene, finding: Finding) -> bool:
    """Whether a deed is denied for good: "he has never hit me or threatened me"."""
    verbs = [hit for code in _DEEDS.get(finding.code, ()) for hit in found.spoken(code)]
    return any(
        _governs(hit, verb)
        and hit.start - finding.end <= _BESIDE
        and finding.start - hit.end <= _REACH
        for hit in _nevers(found, finding)
        for verb in verbs
    )


def until_now(found: Scene, finding: Finding) -> bool:
    """ "He had never hit me until last night", "he never stops hitting me"."""
    nevers = list(_nevers(found, finding))
    if not nevers:
        return False
    ends = (hit for code in ("STOP", "KEEPSON") for hit in found.spoken(code))
    if any(0 <= stop.start - hit.start <= 3 for stop in ends for hit in nevers):
        return True
    place = found.clause[finding.start]
    return any(found.clause[hit.start] == place for hit in found.spoken("UNTILW"))


def _nevers(found: Scene, finding: Finding) -> Iterator[Hit]:
    if finding.code in _DEEDS:
        for hit in found.spoken("NEVERW"):
            if found.clause[hit.start] == found.clause[finding.start]:
                yield hit


def _governs(hit: Hit, verb: Hit) -> bool:
    """A verb behind "never", or a thought before it, as Turkish says it."""
    if verb.code in _THOUGHTS and 0 < hit.start - verb.end < _BESIDE:
        return True
    return 0 < verb.start - hit.end <= _BESIDE
