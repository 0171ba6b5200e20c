"""How a finding is said: asserted, denied, over, or only supposed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.understanding.findings import Finding, State
from flows.understanding.scene import Hit, Scene

_REACH = 8
# "Not any more" belongs to what is said: "I don't want to live any more".
_LASTING = frozenset({"self_harm", "violence"})
_NEGATORS = ("NOT", "NO")
_MEANT = frozenset({"NOT", "NO", "CANT", "VERBNOT"})
_MEANT = frozenset({"NOT", "NO", "CANT", "VERBNOT", "NOTPOST"})
# What happened and cannot be undone by feeling better now.
EVENTS = frozenset({"fainting", "seizure", "coughing_blood", "unresponsive", "very_high_fever",
                    "self_harm", "violence", "stroke_signs", "other_emergency"})  # fmt: skip


def _between(hits: Iterator[Hit] | Sequence[Hit], start: int, end: int) -> bool:
    """Whether one of the hits lies strictly between two tokens."""
    return any(start < hit.start and hit.end < end for hit in hits)


def _free(hit: Hit, all_findings: Sequence[Finding]) -> bool:
    """Whether a negation is not itself part of what was found ("cannot breathe")."""
    return not any(
        _within(hit, one) or _doubles(hit, one) for one in all_findings if one.code != "none"
    )


def _within(hit: Hit, one: Finding) -> bool:
    inside = one.start <= hit.start and hit.end <= one.end
    return inside and (len(one.parts) > 1 or one.end > one.start)


def _doubles(hit: Hit, one: Finding) -> bool:
    """The other half of a negation that is the meaning: "ne respire plus"."""
    negative = any(part.code in _MEANT for part in one.parts)
    return negative and (hit.start == one.end + 1 or 0 <= one.start - hit.end <= 2)


def _relevant(found: Scene, finding: Finding, code: str) -> Iterator[Hit]:
    for hit in found.of(code):
        if hit.lang == finding.lang or hit.lang in found.leading:
            yield hit


def _carried_over_commas(found: Scene, hit: Hit, finding: Finding) -> bool:
    """Whether "no fever, cough or pain" denies across its commas: an "or" holds the list."""
    if found.segment[hit.end] == found.segment[finding.start]:
        return True
    return any(
        hit.end < link.start and link.start - finding.end <= 6
        and found.clause[link.start] == found.clause[finding.start]
        for link in found.of("OR")
    ) and not _between(list(found.of("AMOUNT", "AND")), hit.end, finding.start)  # fmt: skip


def _denied_before(found: Scene, finding: Finding, all_findings: Sequence[Finding]) -> bool:
    for code in _NEGATORS:
        for hit in _relevant(found, finding, code):
            if not (hit.start < finding.start and finding.start - hit.end <= _REACH):
                continue
            if found.clause[hit.start] != found.clause[finding.start] or not _free(
                hit, all_findings
            ):
                continue
            barred = _between(found.spoken("SUBJ"), hit.end, finding.start)
            if (hit.code, hit.start) in _raised(found):
                barred = False
            if not barred and _carried_over_commas(found, hit, finding):
                return not _answers_another(found, hit, all_findings)
    return False


def _raised(found: Scene) -> frozenset[tuple[str, int]]:
    """Negations of thinking ("I don't think I have"): they deny what follows, subject or not."""
    raised = {(hit.code, hit.start) for hit in found.of("NOT") for think in found.of("THINK")
              if 0 < think.start - hit.start <= 3 or 0 < hit.start - think.end <= 2}  # fmt: skip
    return frozenset(raised)


def _answers_another(found: Scene, hit: Hit, all_findings: Sequence[Finding]) -> bool:
    """Whether this negation is the answer after an earlier symptom: "fever no cough yes"."""
    last = len(found.segment) - 1
    at = hit.end
    while at < last and found.segment[at + 1] == found.segment[hit.start]:
        at += 1
    ends_in_answer = any(answer.end == at for answer in found.of("YES", "NO", "NOT", "ZERO"))
    follows = any(one.end == hit.start - 1 for one in all_findings)
    return ends_in_answer and follows and at > hit.end


def _denied_after(found: Scene, finding: Finding, all_findings: Sequence[Finding]) -> bool:
    for hit in _relevant(found, finding, "NOTPOST"):
        if hit.start < finding.end or found.clause[hit.start] != found.clause[finding.end]:
            continue
        if not _free(hit, all_findings) and not finding.start <= hit.start <= finding.end:
            continue
        if finding.start <= hit.start <= finding.end and len(finding.parts) > 1:
            continue
        if not _between(list(found.of("EXIST", "SUBJ")), finding.end, hit.start):
            return True
    return any(
        hit.start == finding.end + 1 and _closes(found, hit, finding)
        for code in (*_NEGATORS, "ZERO")
        for hit in _relevant(found, finding, code)
        if _free(hit, all_findings)
    )


def _closes(found: Scene, hit: Hit, finding: Finding) -> bool:
    """Whether a "no" right after a symptom ends what is said of it."""
    last = len(found.segment) - 1
    if hit.end == last or found.segment[hit.end + 1] != found.segment[hit.end]:
        return True
    starts = finding.start == 0 or found.segment[finding.start - 1] != found.segment[finding.start]
    at = hit.end
    while at < last and found.segment[at + 1] == found.segment[hit.start]:
        at += 1
    return starts and any(answer.end == at for answer in found.of("YES", *_NEGATORS, "ZERO"))


def _denied_within(found: Scene, finding: Finding) -> bool:
    """A verb that carries its own negation ("öksürmüyorum"), unless the negation is the meaning."""
    if len(finding.parts) != 1:
        return False
    return any(finding.start <= hit.start <= finding.end for hit in found.of("VERBNOT"))


def _over(found: Scene, finding: Finding, all_findings: Sequence[Finding]) -> bool:
    sentence = found.sentence[finding.start]
    for hit in found.spoken("FAR"):
        if found.sentence[hit.start] == sentence and not _since(found, hit):
            between = [
                o for o in all_findings if o is not finding and _lies_between(o, hit, finding)
            ]
            if found.clause[hit.start] == found.clause[finding.start] and not between:
                return True
    if finding.code in _LASTING:
        return False
    for hit in _relevant(found, finding, "RESOLVED"):
        if _free(hit, all_findings) and _resolves(found, hit, finding, all_findings):
            return True
    return False


def _lies_between(one: Finding, hit: Hit, finding: Finding) -> bool:
    low, high = sorted((hit.start, finding.start))
    return low < one.start < high and one.code != finding.code


def _since(found: Scene, far: Hit) -> bool:
    return any(0 < far.start - hit.end <= 2 or (hit.start >= far.start and hit.end <= far.end)
               for hit in found.of("SINCE"))  # fmt: skip


def _resolves(found: Scene, hit: Hit, finding: Finding, others: Sequence[Finding]) -> bool:
    negated = any(
        0 < hit.start - no.end <= 2 for no in found.of("NOT", "STILL") if no.lang == hit.lang
    )
    if negated or found.sentence[hit.start] != found.sentence[finding.start]:
        return False
    if found.clause[hit.start] == found.clause[finding.start]:
        near = 0 < hit.start - finding.end <= 4 or 0 < finding.start - hit.end <= 3
        return near and not any(_lies_between(o, hit, finding) for o in others)
    if finding.code in EVENTS:
        return False
    follows = found.clause[hit.start] == found.clause[finding.end] + 1
    return follows and not any(found.clause[o.start] == found.clause[hit.start] for o in others)


def _supposed(found: Scene, finding: Finding) -> bool:
    """Hypothetical, or a question about the illness rather than about oneself."""
    sentence = found.sentence[finding.start]
    here = lambda *codes: [
        h for c in codes for h in found.spoken(c) if found.sentence[h.start] == sentence
    ]
    if any(hit.end < finding.start for hit in here("INCASE", "WHATIS")):
        return True
    asked = sentence in found.asked
    conditions = [h for h in here("IF") if h.end < finding.start and finding.start - h.end <= 7]
    conditions += [h for h in here("IFPOST") if 0 <= h.start - finding.start <= 4]
    conditions = [h for h in conditions if found.segment[h.start] == found.segment[finding.start]]
    if conditions and (asked or here("WHATDO", "WILL", "TELL")):
        return not here("UNKNOWN")
    generic = here("ILLNESS", "SYMPTOMWORD")
    return bool(generic) and (asked or bool(here("CAUSE"))) and not here("SELF", "HAVE")


def state(found: Scene, finding: Finding, all_findings: Sequence[Finding]) -> State:
    """How a finding is said; what cannot be decided is asserted."""
    if _supposed(found, finding):
        return "hypothetical"
    if _denied_within(found, finding) or _denied_before(found, finding, all_findings):
        return "denied"
    if _denied_after(found, finding, all_findings):
        return "denied"
    return "over" if _over(found, finding, all_findings) else "asserted"
