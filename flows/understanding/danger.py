"""The dangers in a reply: who is in danger, and whether the reading is doubtful."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.understanding.elsewhere import Elsewhere
from flows.understanding.findings import Finding, State
from flows.understanding.people import Subject
from flows.understanding.scene import Scene

DANGERS = frozenset({
    "severe_breathlessness", "chest_pain", "blue_lips", "confusion", "fainting", "unresponsive",
    "coughing_blood", "unable_to_drink", "low_oxygen", "very_high_fever", "seizure",
    "stroke_signs", "self_harm", "violence", "other_emergency",
})  # fmt: skip

# What a laugh or an exaggeration is made of: "je m'étouffe de rire".
_LAUGHED_AT = frozenset({
    "severe_breathlessness", "self_harm", "unresponsive", "other_emergency", "fainting",
    "chest_pain",
})  # fmt: skip


@dataclass(frozen=True, slots=True)
class Danger:
    """One danger heard: of which tokens, how surely, about whom."""

    code: str
    start: int
    end: int
    doubt: bool
    about: str | None


@dataclass(frozen=True, slots=True)
class Stated:
    """A finding with what was decided of it."""

    finding: Finding
    state: State
    mild: bool
    subject: Subject
    elsewhere: Elsewhere = "no"


def mild(found: Scene, finding: Finding) -> bool:
    """Breathlessness of a little, or on the stairs only: a symptom, not the danger."""
    if finding.code not in ("severe_breathlessness", "breathlessness"):
        return False
    near = list(_qualifiers(found, finding, ("LITTLE", "EFFORT"), 6))
    if not near or any(_qualifiers(found, finding, ("STRONG",), 8)):
        return False
    absolute = any(part.code in ("CANT", "UNABLE", "NOT", "VERBNOT") for part in finding.parts)
    return not absolute or any(found.by_code.get("EFFORT", ()))


def _qualifiers(
    found: Scene, finding: Finding, codes: Sequence[str], reach: int
) -> Iterator[object]:
    for hit in found.of(*codes):
        if hit.lang not in found.leading and hit.lang != finding.lang:
            continue
        if found.clause[hit.start] != found.clause[finding.start]:
            continue
        if hit.code == "LITTLE" and found.segment[hit.start] != found.segment[finding.start]:
            continue
        if hit.end >= finding.start - reach and hit.start <= finding.end + reach:
            yield hit


def laughed(found: Scene, finding: Finding) -> bool:
    """Whether somebody dies or chokes of laughter here."""
    codes = ("LAUGH", "LOL") if finding.code == "other_emergency" else ("LAUGH",)
    return finding.code in _LAUGHED_AT and any(
        found.segment[hit.start] == found.segment[finding.start]
        and hit.start - finding.end <= 4
        and finding.start - hit.end <= 4
        for hit in found.of(*codes)
        if hit.lang == finding.lang or hit.lang in found.leading
    )


def _merry(found: Scene) -> bool:
    """Whether somebody laughs in the reply: "haha I'm so confused"."""
    return any(found.spoken(code) for code in ("LAUGH", "LOL"))


def doubtful(found: Scene, finding: Finding) -> bool:
    """A film, a joke, hearsay, or "I do not know if": heard, but not surely meant."""
    sentence = found.sentence[finding.start]
    told = (*found.spoken("DOUBT"), *found.spoken("UNKNOWN"))
    close = any(
        abs(found.sentence[hit.start] - sentence) <= 1 for hit in told if hit.code == "DOUBT"
    )
    return close or any(
        found.sentence[hit.start] == sentence and hit.end < finding.start for hit in told
    )


def _calm_breath(found: Scene, one: Stated) -> bool:
    """ "I don't breathe well" is the same danger as being short of breath."""
    negated = one.finding.code == "breath_ok" and one.state == "denied"
    return negated and not any(
        hit.end < one.finding.start for hit in found.of("NO") if hit.start == 0 and hit.lang != "en"
    )


def dangers(found: Scene, stated: Sequence[Stated]) -> Iterator[Danger]:
    """Every danger asserted in words, one for each code and person.

    A cry for help beside a danger that is named is no other danger: violence stays alone.
    """
    named = tuple(_asserted(found, [one for one in stated if not _is_cry(one)]))
    yield from named
    if all(one.doubt for one in named):
        yield from _asserted(found, [one for one in stated if _is_cry(one)])


def _is_cry(one: Stated) -> bool:
    return any(part.code in ("CRY", "HELPME") for part in one.finding.parts)


def _asserted(found: Scene, stated: Sequence[Stated]) -> Iterator[Danger]:
    for one in stated:
        finding = one.finding
        code = "severe_breathlessness" if _calm_breath(found, one) else finding.code
        if code not in DANGERS or (one.state != "asserted" and code == finding.code):
            continue
        if one.mild or one.elsewhere == "surely" or laughed(found, finding):
            continue
        if finding.weak and one.subject.code == "self" and _merry(found):
            continue
        doubt = finding.weak or one.elsewhere == "perhaps" or doubtful(found, finding)
        doubt = doubt or _seen_to(found, one)
        yield Danger(code, finding.start, finding.end, doubt, one.subject.code)


def _seen_to(found: Scene, one: Stated) -> bool:
    """Whether another fainted "but is fine now": told conditionally, and a person still looks."""
    return (
        one.finding.code in ("fainting", "seizure")
        and one.subject.code not in ("self", None)
        and any(
            hit.start > one.finding.end
            and found.sentence[hit.start] == found.sentence[one.finding.start]
            for hit in found.spoken("ALLWELL")
        )
        and not any(found.spoken(code) for code in ("STILL", "KEEPSON"))
    )


def about_by_code(heard: Sequence[Danger]) -> Mapping[str, str | None]:
    """Whom each danger is about; the first time it is said decides."""
    about: dict[str, str | None] = {}
    for one in heard:
        if about.get(one.code) is None:
            about[one.code] = one.about
    return about
