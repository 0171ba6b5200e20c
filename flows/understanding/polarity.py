"""How a finding is said: asserted, denied, over, or only supposed."""

from __future__ import annotations

import re

from flows.understanding.findings import Finding, State
from flows.understanding.lexicon import negates
from flows.understanding.nevers import never, until_now
from flows.understanding.past import over
from flows.understanding.saying import MEANT, REACH, Said, between, start_of
from flows.understanding.scene import Hit, Scene

# How a Turkish statement ends: "agriyor", "cikti", "halsizim", "var".
_PREDICATE = re.compile(r"(?:[iu]yo(?:r\w{0,3})?|[dt][iu][mk]?|s[iu]z(?:[iu]m)?|var)\Z")
_NEGATORS = ("NOT", "NO")
_OWN = MEANT | {"UNABLE", "NOTPOST"}
_SUPPOSING = frozenset({
    "INCASE", "IFEVER", "WHATIS", "IF", "IFPOST", "WHATDO", "WILL", "TELL", "ILLNESS",
    "SYMPTOMWORD",
})  # fmt: skip


def _carried_over_commas(found: Scene, hit: Hit, finding: Finding) -> bool:
    """Whether "no fever, cough or pain" denies across its commas: an "or" holds the list."""
    if found.segment[hit.end] == found.segment[finding.start]:
        return True
    linked = any(
        hit.end < link.start <= finding.end + 6
        and found.clause[link.start] == found.clause[finding.start]
        for link in found.of("OR")
    )
    return linked and not between([*found.of("AMOUNT", "AND")], hit.end, finding.start)


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
            if not (hit.start < finding.start and finding.start - hit.end <= REACH):
                continue
            if found.clause[hit.start] != found.clause[finding.start] or _ends_in_and(found, hit):
                continue
            if finding.code == "breath_ok" and finding.start - hit.end > 2:
                continue
            if _only_so_many(found, hit):
                continue
            barred = between(found.spoken("SUBJ"), hit.end, finding.start)
            if barred and not _raised(found, hit):
                continue
            if _carried_over_commas(found, hit, finding):
                return not _answers_another(said, hit)
    return False


def _only_so_many(found: Scene, hit: Hit) -> bool:
    """Whether a word that denies means "only" here, before a figure: "عندو غير 7 سمانات"."""
    following = found.text.tokens[hit.end + 1 : hit.end + 2]
    if not (following and following[0].word.isdigit()):
        return False
    return any(only.start == hit.start for only in found.spoken("ONLY"))


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
        if _has_its_verb(found, finding, hit) or _list_closed(said, finding, hit):
            continue
        if not between([*found.of("EXIST", "SUBJ")], finding.end, hit.start):
            return True
    return any(
        hit.start == finding.end + 1 and _closes(found, hit, finding)
        for code in (*_NEGATORS, "ZERO")
        for hit in said.relevant(finding, code)
    )


def _list_closed(said: Said, finding: Finding, no: Hit) -> bool:
    """Whether "a and b" ended before a comma: "ishal ve bulantı, ateş yok" denies the fever."""
    found = said.found
    part = found.segment[finding.end]
    if no.lang != "tr" or part == found.segment[no.start]:
        return False
    joined = any(found.segment[one.start] == part for one in found.spoken("AND"))
    denied = any(found.segment[one.start] == found.segment[no.start] for one in said.findings)
    return joined and denied


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
    first, last = sorted(parts, key=start_of)
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
    if until_now(said.found, finding):
        return "asserted"
    if _denied_within(said.found, finding) or _denied_before(said, finding):
        return "denied"
    if _denied_inside(said.found, finding) or _asked_and_denied(said.found, finding):
        return "denied"
    if _denied_after(said, finding) or never(said.found, finding):
        return "denied"
    return "over" if over(said, finding) else "asserted"
