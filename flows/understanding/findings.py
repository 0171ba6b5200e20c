"""What a reply says of bodies and dangers: every finding, asserted or not, about somebody."""

from __future__ import annotations

from bisect import bisect_left, bisect_right, insort
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from flows.understanding.lexicon import COMMON, LANGS, Combination, bits, finders, makers
from flows.understanding.scene import Hit, Scene
from flows.understanding.sounds import is_plain, symbols

State = Literal["asserted", "denied", "over", "hypothetical"]

# Findings of one topic that overlap are one finding: the first rule that holds reads it.
_TOPICS = {
    "severe_breathlessness": "breath",
    "breathlessness": "breath",
    "breath_ok": "breath",
    "idiom": "breath",
    "self_harm": "harm",
    "violence": "harm",
    "unresponsive": "wake",
    "confusion": "wake",
    "drowsiness": "wake",
    "aside": "wake",
    "very_high_fever": "fever",
    "loss_of_appetite": "eat",
    "unable_to_drink": "eat",
    "coughing_blood": "cough",
    "cough": "cough",
    # Blood in the phlegm is no cold.
    "runny_nose": "cough",
    "nausea": "vomit",
    "vomiting": "vomit",
}


_LONGEST_PHRASE = 10
_BRIEF, _FEW_LETTERS = 4, 7  # words of a reply; letters of a danger in another language
_FAR = 8  # A rule that reaches this far reaches over commas too.


@dataclass(frozen=True, slots=True)
class Finding:
    """Something found of tokens start..end (end included), and how it is said.

    `weak` is what words that oftener say something else may mean: a doubt at most.
    """

    code: str
    lang: str
    start: int
    end: int
    parts: tuple[Hit, ...] = ()
    weak: bool = False


def _apart(one: Hit, other: Hit) -> int:
    """Words between two hits; -1 where they share a word."""
    if one.start > other.start:
        one, other = other, one
    return max(-1, other.start - one.end - 1)


def _joins(found: Scene, rule: Combination, parts: tuple[Hit, ...], hit: Hit) -> bool:
    last = parts[-1]
    if hit.lang != last.lang and COMMON not in (hit.lang, last.lang):
        return False
    place = found.clause if rule.gap >= _FAR else found.segment
    if place[hit.start] != place[last.end]:
        return False
    if rule.ordered and hit.start < last.start:
        return False
    apart = min(_apart(part, hit) for part in parts)
    if apart < 0:
        return (hit.morph or last.morph) and hit != last
    return apart <= rule.gap


def _grow(
    found: Scene, rule: Combination, parts: tuple[Hit, ...], rest: tuple[str, ...]
) -> Iterator[tuple[Hit, ...]]:
    if not rest:
        yield parts
        return
    near = [
        hit for hit in _around(found, rest[0], parts, rule.gap) if _joins(found, rule, parts, hit)
    ]
    near.sort(key=lambda hit: min(_apart(part, hit) for part in parts))
    for hit in near[:2]:
        yield from _grow(found, rule, (*parts, hit), rest[1:])


def _around(found: Scene, code: str, parts: tuple[Hit, ...], gap: int) -> list[Hit]:
    """Hits of a code that may be near enough: a window, so that hostile repeats stay cheap."""
    hits = found.by_code[code]
    low = min(part.start for part in parts) - gap - _LONGEST_PHRASE
    high = max(part.end for part in parts) + gap + 1
    return hits[bisect_left(hits, low, key=_start) : bisect_right(hits, high, key=_start)]


def _start(hit: Hit) -> int:
    return hit.start


def _matches(found: Scene, rule: Combination) -> Iterator[tuple[Hit, ...]]:
    for hit in list(found.by_code[rule.atoms[0]]):
        yield from _grow(found, rule, (hit,), rule.atoms[1:])


def _combined(found: Scene) -> Iterator[Finding]:
    """Apply the combinations: those that make new meanings, then the others, in order."""
    bit, under = bits(), finders()
    for rule in makers():
        if all(atom in found.by_code for atom in rule.atoms):
            for parts in _matches(found, rule):
                _note(found, _made(rule, parts))
    here = 0
    near: list[tuple[int, Combination]] = []
    for code in found.by_code:
        here |= bit.get(code, 0)
        near += under.get(code, ())
    for _, rule in sorted(near, key=_place):
        if here & rule.mask == rule.mask:
            for parts in _matches(found, rule):
                yield _made(rule, parts)


def _place(rule: tuple[int, Combination]) -> int:
    return rule[0]


def _made(rule: Combination, parts: tuple[Hit, ...]) -> Finding:
    start, end = min(part.start for part in parts), max(part.end for part in parts)
    lang = next((part.lang for part in parts if part.lang != COMMON), COMMON)
    return Finding(rule.code.rstrip("?"), lang, start, end, parts, rule.code[-1] == "?")


def _note(found: Scene, one: Finding) -> None:
    """A new meaning for the rules that follow."""
    hits = found.by_code.setdefault(one.code, [])
    made = Hit(one.code, one.lang, one.start, one.end, all(part.morph for part in one.parts))
    if made not in hits:
        insort(hits, made, key=_start)


def _direct(found: Scene) -> Iterator[Finding]:
    for hit in found.hits:
        if hit.code == "CRY" or (hit.code == "HELPME" and _cry(found, hit)):
            yield Finding("other_emergency", hit.lang, hit.start, hit.end, (hit,))
        elif hit.code.islower() and not (hit.code[-1] == "$" and _goes_on(found, hit)):
            # "!" marks a phrase whose own words deny ("koku yok"): its negation is its meaning.
            parts = (hit, hit) if hit.code[-1] == "!" else (hit,)
            weak = "?" in hit.code
            yield Finding(hit.code.rstrip("!?$"), hit.lang, hit.start, hit.end, parts, weak)


def _goes_on(found: Scene, hit: Hit) -> bool:
    """Whether more is said after a phrase that must end: "she won't come to the party"."""
    after = hit.end + 1
    return after < len(found.segment) and found.segment[after] == found.segment[hit.end]


def _topic(finding: Finding) -> str:
    # All the pills at once are the poison of somebody who wants to die.
    if any(part.code in ("POISON", "PILLS", "MEDS") for part in finding.parts):
        return "harm"
    if finding.code == "other_emergency" and finding.parts[0].code == "BLOOD":
        return "cough"
    return _TOPICS.get(finding.code, finding.code)


def _first_of_each_topic(candidates: Iterable[Finding]) -> list[Finding]:
    kept: list[Finding] = []
    taken: dict[tuple[str, int], Finding] = {}
    for one in candidates:
        topic = _topic(one)
        if any((topic, at) in taken for at in range(one.start, one.end + 1)):
            continue
        kept.append(one)
        for at in range(one.start, one.end + 1):
            taken[topic, at] = one
    return kept


def _credible(found: Scene, finding: Finding, known: set[int]) -> bool:
    """In a language nobody seems to be writing, words that mean nothing in the leading ones.

    Two of them, or one where little else is said: "oui mais no puedo respirar".
    """
    if _in_passing(found, finding) or _by_mistake(found, finding) or _weary(found, finding):
        return False
    if finding.code == "blue_lips" and _violent(found, finding):
        return False
    if finding.lang in found.leading:
        return True
    words = {at for part in finding.parts for at in range(part.start, part.end + 1)}
    strange = len(words - known)
    short = len(found.text.tokens) <= 7 or 2 * len(known) < len(found.text.tokens)
    if finding.end == finding.start:
        return strange == 1 and short and len(found.text.tokens[finding.start].word) >= 6
    return strange >= 2 or (strange == 1 and short)


def _by_mistake(found: Scene, finding: Finding) -> bool:
    """Whether pills were taken by mistake: a poisoning, and no wish to die."""
    pills = finding.code == "self_harm" and any(part.code == "PILLS" for part in finding.parts)
    return pills and any(
        found.sentence[hit.start] == found.sentence[finding.start]
        for hit in found.spoken("UNMEANT")
    )


def _violent(found: Scene, finding: Finding) -> bool:
    """Whether the colour is a slip of the ear: "il devient violent" is not "violet"."""
    return any(
        found.text.tokens[at].word.startswith("violent")
        for part in finding.parts
        for at in _places(part)
    )


def _weary(found: Scene, finding: Finding) -> bool:
    """Whether it is tiredness in words of wanting: "I don't even feel like getting up"."""
    return finding.code == "self_harm" and any(
        hit.start <= finding.start and finding.end <= hit.end for hit in found.spoken("fatigue")
    )


def _in_passing(found: Scene, finding: Finding) -> bool:
    """Whether it is a short word or two of another language than the person's, in a longer text.

    "S nxt tue" is no French: of that language nothing else is said.
    """
    words = found.text.tokens
    if finding.lang in (found.text.lang, COMMON) or len(words) <= _BRIEF:
        return False
    taken = range(finding.start, finding.end + 1)
    letters = sum(len(words[at].word) for part in finding.parts for at in _places(part))
    if letters >= _FEW_LETTERS:
        return False
    own = {hit.start for hit in found.hits if hit.lang == found.text.lang}
    others = (hit.start for hit in found.hits if hit.lang == finding.lang and hit.start not in own)
    return all(at in taken or len(words[at].word) < _BRIEF for at in others)


def _places(hit: Hit) -> range:
    return range(hit.start, hit.end + 1)


def _known(found: Scene) -> set[int]:
    """Tokens that mean something, or only themselves, in a leading language."""
    hits = (hit for hit in found.hits if hit.lang in found.leading)
    known = {at for hit in hits for at in range(hit.start, hit.end + 1)}
    langs = found.leading - {COMMON}
    return known | {
        at
        for at, token in enumerate(found.text.tokens)
        if at not in known and any(is_plain(token.word, lang) for lang in langs)
    }


def _cry(found: Scene, hit: Hit) -> bool:
    """Whether "help me" is all that is said: not "help me choose", "help me with the form"."""
    at = hit.end + 1
    written = f"{hit.lang}:{found.text.tokens[hit.start].word}"
    if hit.start == hit.end and written not in symbols(written[3:])[:1]:
        return False
    if at >= len(found.segment) or found.segment[at] != found.segment[hit.end]:
        return True
    codes = {other.code for other in found.hits if other.start == at and other.lang == hit.lang}
    return bool(codes & {"POLITE", "SELF", "THIRD", "NOT", "CANT"})


def findings(found: Scene) -> list[Finding]:
    """All findings, one of a topic at a place; direct phrases first, longest first."""
    direct = sorted(_direct(found), key=lambda one: one.start - one.end)
    phrases = [one for one in direct if one.end > one.start]
    words = [one for one in direct if one.end == one.start]
    # What is surely said is read before what may be.
    candidates = sorted([*phrases, *_combined(found), *words], key=lambda one: one.weak)
    idioms = [hit for hit in found.hits if hit.code == "IGNORE"]
    known = _known(found) if len(found.leading) < len(LANGS) + 1 else set()
    meant = (one for one in candidates if _credible(found, one, known) and not _idiom(one, idioms))
    return _first_of_each_topic(meant)


def _idiom(one: Finding, idioms: list[Hit]) -> bool:
    """Whether a finding is made of an idiom's words: "je meurs" in "je meurs de faim"."""
    return any(
        hit.lang == one.lang and hit.start <= one.end and one.start <= hit.end for hit in idioms
    )
