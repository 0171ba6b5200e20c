"""Which symptoms a reply names, which it denies, and whether it says that there are none."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from flows.understanding.danger import Stated
from flows.understanding.findings import Finding
from flows.understanding.reading import NOT_UNDERSTOOD, Span, Understood
from flows.understanding.scene import Scene

_AS_SYMPTOM = {"severe_breathlessness": "breathlessness", "unresponsive": "drowsiness"}
_NOTHING = frozenset({
    "rien", "nada", "nothing", "none", "nenhum", "nenhuma", "ninguno", "ninguna", "aucun", "aucune",
})  # fmt: skip
_CLITICS = frozenset({"ne", "n", "me", "m", "se", "s", "te", "le", "lo", "la", "nos", "nous", "y"})
SYMPTOMS = frozenset({
    "fever", "chills", "cough", "sore_throat", "runny_nose", "loss_of_smell", "loss_of_taste",
    "headache", "fatigue", "muscle_pain", "diarrhoea", "nausea", "vomiting", "abdominal_pain",
    "breathlessness", "chest_pain", "confusion", "dizziness", "fainting", "rash", "red_eyes",
    "loss_of_appetite", "palpitations", "coughing_blood", "drowsiness",
})  # fmt: skip


def symptom_of(one: Stated) -> tuple[str, str] | None:
    """A finding as (symptom, state); breathing well denies breathlessness."""
    code, state = one.finding.code, one.state
    if code == "breath_ok":
        return "breathlessness", "asserted" if state == "denied" else "denied"
    code = _AS_SYMPTOM.get(code, code)
    if code == "other_emergency" and any(part.code == "RASH" for part in one.finding.parts):
        code = "rash"
    return (code, state) if code in SYMPTOMS else None


def others(one: Stated) -> bool:
    """Whether somebody named has it for whom the sender does not answer: "mon mari tousse"."""
    return one.subject.code == "other" and one.subject.said and one.subject.named


def split(stated: Sequence[Stated]) -> tuple[list[str], list[str]]:
    """Sorted codes present and absent; said both ways, present."""
    said = [symptom for one in stated if not others(one) and (symptom := symptom_of(one))]
    present = {code for code, state in said if state == "asserted"}
    absent = {code for code, state in said if state == "denied"} - present
    return sorted(present), sorted(absent)


def _spans(found: Scene, stated: Sequence[Stated]) -> Iterator[Span]:
    tokens = found.text.tokens
    for one in stated:
        if symptom := symptom_of(one):
            code = symptom[0] if symptom[1] == "asserted" else f"no_{symptom[0]}"
            yield Span(tokens[one.finding.start].start, tokens[one.finding.end].end, code)


def _unwell(found: Scene) -> bool:
    return any(True for _ in found.spoken("UNWELL"))


def says_none(found: Scene, stated: Sequence[Stated], answered_no: bool) -> bool:
    """Whether the reply says of everything that there is nothing."""
    if _unwell(found):
        return False
    nothing = [one.finding for one in stated if one.finding.code == "none"]
    known = found.known()
    nothing = [one for one in nothing if not _predicate(found, one, known)]
    if any(_free(found, one.start, one.end, stated) for one in nothing):
        return True
    if nothing or any(symptom_of(one) for one in stated):
        return False
    half = any(_of_something(found, hit.end, known) for hit in found.spoken("YESNO_NO"))
    return answered_no and not half and not _breaks_off(found)


def _breaks_off(found: Scene) -> bool:
    """Whether the reply ends at "I can't": what cannot be done comes with the next message."""
    return any(hit.end == len(found.segment) - 1 for hit in found.of("CANT"))


def _predicate(found: Scene, nothing: Finding, known: set[int]) -> bool:
    """Whether a "nothing" is the subject of a verb that nobody knows."""
    word = found.text.tokens[nothing.end].word
    return word in _NOTHING and _of_something(found, nothing.end, known)


def _of_something(found: Scene, at: int, known: set[int]) -> bool:
    """Whether a "no" or "nothing" goes on with a word that nobody knows: "nothing helps"."""
    after = at + 1
    while after < len(found.segment) and found.text.tokens[after].word in _CLITICS:
        after += 1
    within = after < len(found.segment) and found.segment[after] == found.segment[at]
    return within and after not in known


def _free(found: Scene, start: int, end: int, stated: Sequence[Stated]) -> bool:
    """Whether a "nothing" is not about one symptom ("no fever", "fever: none")."""
    return not any(
        found.segment[one.finding.start] == found.segment[start]
        and (-1 <= start - one.finding.end <= 2 or 0 <= one.finding.start - end <= 2)
        for one in stated
        if one.finding.code != "none" and not others(one)
    )


def read_symptoms(found: Scene, stated: Sequence[Stated], answer: Understood) -> Understood:
    """`present`, `absent` and `none`; a reply that says nothing of symptoms is not understood."""
    present, absent = split(stated)
    none = says_none(found, stated, answer.value is False and answer.status == "understood")
    over = any((one.state == "over" or others(one)) and symptom_of(one) for one in stated)
    if not (present or absent or none or over):
        return NOT_UNDERSTOOD
    if present:
        none = False
    elif absent and none:
        none = any(one.finding.code == "none" for one in stated) or none
    value: dict[str, Any] = {"present": present, "absent": absent, "none": none}
    return Understood(value, "understood", tuple(_spans(found, stated)))
