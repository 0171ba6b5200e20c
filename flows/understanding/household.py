"""How each member of a household is, from one reply about several."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from flows.understanding import temperature
from flows.understanding.danger import Stated
from flows.understanding.people import Mention
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Span, Understood
from flows.understanding.scene import Scene
from flows.understanding.symptoms import says_none, symptom_of
from flows.understanding.temperature import read_temperature
from flows.understanding.text import normalise

_BODY = (35.0, 43.0)


def _symptoms(stated: Iterable[Stated]) -> dict[str, Any]:
    """What is present and what absent; neither is said of who has nothing."""
    told = [symptom for one in stated if (symptom := symptom_of(one))]
    present = {code for code, state in told if state == "asserted"}
    absent = {code for code, state in told if state == "denied"} - present
    return {"present": sorted(present), "absent": sorted(absent), "none": not (present or absent)}


def _temperatures(
    found: Scene, question: Question, mentioned: Sequence[Mention]
) -> dict[str, float]:
    """Each temperature, given to the member named last before it, else next after it."""
    tokens = found.text.tokens
    taken: dict[str, float] = _bare(found, question, mentioned)
    for celsius, start, _ in temperature.find(found.text, loose=True):
        before = [one for one in mentioned if tokens[one.start].start <= start]
        after = [one for one in mentioned if tokens[one.start].start > start]
        owner = before[-1] if before else after[0] if after else None
        if owner is not None:
            taken[owner.code] = celsius
    return taken


def _bare(found: Scene, question: Question, mentioned: Sequence[Mention]) -> dict[str, float]:
    """ "Tom 39": a whole number right behind a name, read as the answer to a question."""
    tokens, raw = found.text.tokens, found.text.raw
    taken: dict[str, float] = {}
    for one in mentioned:
        following = tokens[one.end + 1 : one.end + 3]
        if following and following[0].word.isdigit():
            stretch = normalise(raw[following[0].start : following[-1].end], found.text.lang)
            read = read_temperature(stretch, question)
            if read.value is not None and _BODY[0] <= read.value <= _BODY[1]:
                taken[one.code] = read.value
    return taken


def _rest(found: Scene) -> int | None:
    return next((hit.start for hit in found.spoken("REST")), None)


def _everyone(found: Scene) -> bool:
    return any(True for _ in found.spoken("ALL")) or any(True for _ in found.spoken("NOBODY"))


def _shared(stated: Sequence[Stated], since: int) -> dict[str, Any]:
    """What is said of all, or of all the others."""
    return _symptoms(one for one in stated if one.finding.start >= since)


def _rows(found: Scene, question: Question, stated: Sequence[Stated], mentioned: Sequence[Mention],
          none: bool) -> Iterator[dict[str, Any]]:  # fmt: skip
    named = {one.code for one in mentioned}
    degrees = _temperatures(found, question, mentioned)
    rest = _rest(found)
    everyone = not named & {member.code for member in question.about} and (_everyone(found) or none)
    for member in question.about:
        if member.code in named:
            own = (
                one
                for one in stated
                if one.subject.code == member.code and (rest is None or one.finding.start < rest)
            )
            yield _row(member.code, _symptoms(own), degrees.get(member.code))
        elif rest is not None:
            yield _row(member.code, _shared(stated, rest), None)
        elif everyone:
            yield _row(member.code, _shared(stated, 0), None)


def _row(about: str, symptoms: dict[str, Any], degrees: float | None) -> dict[str, Any]:
    return {"about": about, "symptoms": symptoms, "temperature": degrees}


def read_household(
    found: Scene,
    question: Question,
    stated: Sequence[Stated],
    mentioned: Sequence[Mention],
    no: bool,
) -> Understood:
    """A row for each member of `about` of whom the reply speaks."""
    none = says_none(found, stated, no)
    rows = list(_rows(found, question, stated, mentioned, none))
    if not rows and len(question.about) == 1 and any(symptom_of(one) for one in stated):
        degrees = next(iter(_temperatures(found, question, mentioned).values()), None)
        rows = [_row(question.about[0].code, _shared(stated, 0), degrees)]
    if not rows:
        return NOT_UNDERSTOOD
    tokens = found.text.tokens
    spans = tuple(Span(tokens[one.start].start, tokens[one.end].end, one.code) for one in mentioned)
    return Understood(rows, "understood", spans)
