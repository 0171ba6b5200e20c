"""How a finding is said: asserted, denied, over, or only supposed."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from flows.understanding.findings import Finding, State
from flows.understanding.lexicon import COMMON, negates
from flows.understanding.scene import Hit, Scene, born

# How a Turkish statement ends: "agriyor", "cikti", "halsizim", "var".
_PREDICATE = re.compile(r"(?:[iu]yo(?:r\w{0,3})?|[dt][iu][mk]?|s[iu]z(?:[iu]m)?|var)\Z")
_REACH = 8
_PAST_REACH = 12  # words from what happened to when it did
_NEGATORS = ("NOT", "NO")
_MEANT = frozenset({"NOT", "NO", "CANT", "VERBNOT", "EVENFLUID"})
_OWN = _MEANT | {"UNABLE", "NOTPOST"}
# What happened is not undone by feeling better, and "not any more" belongs to what is said:
# "I don't want to live any more".
EVENTS = frozenset({
    "fainting", "seizure", "coughing_blood", "unresponsive", "very_high_fever", "self_harm",
    "violence", "stroke_signs", "other_emergency",
})  # fmt: skip
_SUPPOSING = frozenset({
    "INCASE", "IFEVER", "WHATIS", "IF", "IFPOST", "WHATDO", "WILL", "TELL", "ILLNESS",
    "SYMPTOMWORD",
})  # fmt: skip


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
        low = bisect_left(hits, finding.start - 2 * _REACH, key=_start)
        for hit in hits[low:]:
            if hit.start > finding.end + 2 * _REACH:
                return
            if (hit.lang == finding.lang or hit.lang in self.found.leading) and self.is_free(hit):
                yield hit


def _start(hit: Hit) -> int:
    return hit.start


def _within(hit: Hit, one: Finding) -> bool:
    inside = one.start <= hit.start and hit.end <= one.end
    return inside and (len(one.parts) > 1 or one.end > one.start)


def _doubles(found: Scene, hit: Hit, one: Finding) -> bool:
    """The other half of a negation that is the meaning: "ne respire plus"."""
    after = hit.start == one.end + 1 and found.segment[hit.start] == found.segment[one.end]
    if not (after or 0 <= one.start - hit.end <= 2):
        return False
    if any(part.code in _MEANT or part.code[-1] == "!" for part in one.parts):
        return True
    if len(one.parts) > 1 or one.end == one.start:
        return False
    words = found.text.tokens[one.start : one.end + 1]
    return any(negates(word.word, one.lang) for word in words)


def _between(hits: Sequence[Hit], start: int, end: int) -> bool:
    """Whether one of the hits lies strictly between two tokens."""
    return any(start < hit.start and hit.end < end for hit in hits)


def _carried_over_commas(found: Scene, hit: Hit, finding: Finding) -> bool:
    """Whether "no fever, cough or pain" denies across its commas: an "or" holds the list."""
    if found.segment[hit.end] == found.segment[finding.start]:
        return True
    linked = any(
        hit.end < link.start <= finding.end + 6
        and found.clause[link.start] == found.clause[finding.start]
        for link in found.of("OR")
    )
    return linked and not _between([*found.of("AMOUNT", "AND")], hit.end, finding.start)


def _opens_with_not(found: Scene, finding: Finding) -> bool:
    """Whether a finding begins with its own negation: nothing before it denies it once more."""
    if finding.end == finding.start:
        return False
    if any(part.start == finding.start and part.code == "CANT" for part in finding.parts):
        return True
    return negates(found.text.tokens[finding.start].word, finding.lang)


def _denied_before(said: Said, finding: Finding) -> bool:
    found = said.found
    if _opens_with_not(found, finding):
        return False
    for code in _NEGATORS:
        for hit in said.relevant(finding, code):
            if not (hit.start < finding.start and finding.start - hit.end <= _REACH):
                continue
            if found.clause[hit.start] != found.clause[finding.start] or _ends_in_and(found, hit):
                continue
            if finding.code == "breath_ok" and finding.start - hit.end > 2:
                continue
            barred = _between(found.spoken("SUBJ"), hit.end, finding.start)
            if barred and not _raised(found, hit):
                continue
            if _carried_over_commas(found, hit, finding):
                return not _answers_another(said, hit)
    return False


def _ends_in_and(found: Scene, hit: Hit) -> bool:
    """Whether a "no" is an answer with an "and" right after it: "no and I can't breathe"."""
    tokens = found.text.tokens
    if hit.start > 0 or hit.end + 1 >= len(tokens):
        return False
    if "\u0600" <= tokens[hit.end].word[0] <= "\u06ff":
        following = tokens[hit.end + 1].word
        return following[0] == "و" and negates(following[1:], "ar")
    return any(one.start == hit.end + 1 for one in found.spoken("AND"))


def _raised(found: Scene, hit: Hit) -> bool:
    """A negation of thinking ("I don't think I have") denies what follows, subject or not."""
    return any(
        0 < think.start - hit.start <= 3 or 0 < hit.start - think.end <= 2
        for think in found.of("THINK")
    )


def _last_of_segment(found: Scene, at: int) -> int:
    last = len(found.segment) - 1
    while at < last and found.segment[at + 1] == found.segment[at]:
        at += 1
    return at


def _answers_another(said: Said, hit: Hit) -> bool:
    """Whether this negation is the answer after an earlier symptom: "fever no cough yes"."""
    found = said.found
    at = _last_of_segment(found, hit.end)
    if at == hit.end or not any(one.end == hit.start - 1 for one in said.findings):
        return False
    return any(answer.end == at for answer in found.of("YES", "NO", "NOT", "ZERO"))


def _denied_after(said: Said, finding: Finding) -> bool:
    found = said.found
    for hit in said.relevant(finding, "NOTPOST"):
        if hit.start < finding.end or found.clause[hit.start] != found.clause[finding.end]:
            continue
        # "I breathe well and there is no fever": a whole statement is denied beside it alone.
        if finding.code == "breath_ok" and hit.start > finding.end + 1:
            continue
        if _has_its_verb(found, finding, hit):
            continue
        if not _between([*found.of("EXIST", "SUBJ")], finding.end, hit.start):
            return True
    return any(
        hit.start == finding.end + 1 and _closes(found, hit, finding)
        for code in (*_NEGATORS, "ZERO")
        for hit in said.relevant(finding, code)
    )


def _has_its_verb(found: Scene, finding: Finding, no: Hit) -> bool:
    """Whether a Turkish statement is whole before the comma: "my throat aches, no cough"."""
    if no.lang != "tr" or found.segment[finding.end] == found.segment[no.start]:
        return False
    last = found.text.tokens[_last_of_segment(found, finding.end)].word
    return _PREDICATE.search(last) is not None


def _closes(found: Scene, hit: Hit, finding: Finding) -> bool:
    """Whether a "no" right after a symptom ends what is said of it."""
    at = _last_of_segment(found, hit.end)
    if at == hit.end:
        return True
    starts = finding.start == 0 or found.segment[finding.start - 1] != found.segment[finding.start]
    return starts and any(answer.end == at for answer in found.of("YES", *_NEGATORS, "ZERO"))


def _denied_within(found: Scene, finding: Finding) -> bool:
    """A verb that carries its own negation, unless that is the meaning: "öksürmüyorum"."""
    hits = found.by_code.get("VERBNOT")
    if not hits or any(part.code in _OWN or part.code[-1] == "!" for part in finding.parts):
        return False
    return any(finding.start <= hit.start <= finding.end for hit in hits)


def _denied_inside(found: Scene, finding: Finding) -> bool:
    """A negation right before the last word of what was found: "in the chest no pain"."""
    parts = finding.parts
    if len(parts) != 2 or any(part.code in _OWN or part.code[-1] == "!" for part in parts):
        return False
    first, last = sorted(parts, key=_start)
    return finding.code != "breath_ok" and any(
        first.end < hit.start and hit.end == last.start - 1
        for hit in (*found.spoken("NOT"), *found.spoken("NO"))
        if hit.lang == last.lang
    )


def _asked_and_denied(found: Scene, finding: Finding) -> bool:
    """The question said again, then no: "pain in the chest? no, none"."""
    sentence = found.sentence[finding.start]
    opens = sentence == 0 or found.sentence[finding.start - 1] != sentence
    if sentence not in found.asked or not opens:
        return False
    return any(
        found.sentence[hit.start] == sentence + 1 and found.sentence[hit.start - 1] == sentence
        for hit in (*found.spoken("NO"), *found.spoken("NOT"))
        if hit.start > 0
    )


def _over(said: Said, finding: Finding) -> bool:
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


def _supposed(found: Scene, finding: Finding) -> bool:
    """Hypothetical, or a question about the illness rather than about oneself."""
    if not (found.by_code.keys() & _SUPPOSING):
        return False
    sentence = found.sentence[finding.start]

    def here(*codes: str) -> list[Hit]:
        spoken = (hit for code in codes for hit in found.spoken(code))
        return [hit for hit in spoken if found.sentence[hit.start] == sentence]

    # Who fears to be hit, or asks what to do then, is in danger already.
    if finding.code == "violence":
        return _conditional(found, finding) and bool(here("WILL", "TELL"))
    if any(hit.end < finding.start for hit in here("INCASE", "IFEVER", "WHATIS")):
        return True
    asked = sentence in found.asked
    if _conditional(found, finding) and (asked or here("WHATDO", "WILL", "TELL")):
        return not here("UNKNOWN")
    generic = min((hit.start for hit in here("ILLNESS", "SYMPTOMWORD")), default=None)
    if generic is None or not (asked or here("CAUSE")):
        return False
    return not any(hit.start >= min(generic, finding.start - 3) for hit in here("SELF", "HAVE"))


def _conditional(found: Scene, finding: Finding) -> bool:
    """Whether an "if" governs the finding."""
    before = (h for h in found.spoken("IF") if 0 < finding.start - h.end <= 7)
    after = (h for h in found.spoken("IFPOST") if finding.start <= h.start <= finding.start + 4)
    segment = found.segment[finding.start]
    return any(found.segment[hit.start] == segment for hit in (*before, *after))


def state(said: Said, finding: Finding) -> State:
    """How a finding is said; what cannot be decided is asserted."""
    if _supposed(said.found, finding):
        return "hypothetical"
    if _denied_within(said.found, finding) or _denied_before(said, finding):
        return "denied"
    if _denied_inside(said.found, finding) or _asked_and_denied(said.found, finding):
        return "denied"
    if _denied_after(said, finding):
        return "denied"
    return "over" if _over(said, finding) else "asserted"
