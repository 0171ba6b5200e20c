"""Dangers that are figures: a low saturation, a very high fever, a fever in a newborn."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from flows.understanding import oxygen, temperature
from flows.understanding.danger import Danger, Stated, doubtful
from flows.understanding.findings import Finding
from flows.understanding.people import Mention, Subject, subject
from flows.understanding.polarity import Said, state
from flows.understanding.reading import Member, Question
from flows.understanding.scene import Scene

# Where health is asked after, a bare decimal is a temperature.
_HEALTH = frozenset({"temperature", "symptoms", "household", "text", "yes_no"})
LOW_OXYGEN = 92  # NHS England's home oximetry pathway: 92 % or less calls the emergency number.
VERY_HIGH = 40.0
INFANT_FEVER = 38.0
_INFANT_MONTHS = 3
_INFANT_WEEKS = 12
_INFANT_DAYS = 90
_HOTTEST = 44.0
# In free text a bare figure needs its decimal point to be a temperature.
_OPEN = frozenset({"text", "yes_no"})
_PLAIN_FIGURE = re.compile(r"[0-9٠-٩۰-۹]{2}[.,٫°'][0-9٠-٩۰-۹]\b")


def _token_at(found: Scene, offset: int) -> int:
    return max(0, bisect_right(found.text.tokens, offset, key=lambda token: token.start) - 1)


def _said(found: Scene, code: str, at: int, end: int) -> bool:
    """Whether a figure is asserted: not "if I have 40", not "last year"."""
    return state(Said(found, ()), Finding(code, found.text.lang, at, end)) == "asserted"


def infant_in_words(found: Scene) -> bool:
    """A baby under three months by the words: "bébé de 2 mois", "6 weeks old", "nouveau-né"."""
    if any(True for _ in found.spoken("NEWBORN")):
        return True
    old = ("OLDMONTHS", "OLDWEEKS", "OLDDAYS")
    if any(code in found.by_code for code in old) and _young(found, old):
        return True
    child = any(True for code in ("BABY", "CHILD") for _ in found.spoken(code))
    return child and _young(found, ("MONTHS", "WEEKS", "DAYS"))


def _young(found: Scene, units: tuple[str, str, str]) -> bool:
    """Whether an age in months, weeks or days is under three months."""
    for code, limit in zip(units, (_INFANT_MONTHS - 1, _INFANT_WEEKS, _INFANT_DAYS), strict=True):
        for hit in found.of(code):
            if hit.start > 0 and _number(found, hit.start - 1) <= limit:
                return True
    return False


def _number(found: Scene, at: int) -> int:
    """A number before a unit of age; "two" and the like as 2, anything else as very many."""
    word = found.text.tokens[at].word
    if any(hit.start == hit.end == at for hit in found.spoken("SMALLNUMBER")):
        return 2
    return int(word) if word.isdigit() and len(word) <= 2 else 999


def _infant(about: Sequence[Member], who: Subject) -> Member | None:
    """The infant a fever is about: the one named, or the only one asked after."""
    infants = [m for m in about if m.age_months is not None and m.age_months < _INFANT_MONTHS]
    for member in infants:
        if member.code == who.code or (not who.said and len(about) == 1):
            return member
    return None


def _fevers(found: Scene, question: Question, mentioned: Sequence[Mention]) -> Iterator[Danger]:
    young = infant_in_words(found)
    loose = young or question.expect in _HEALTH
    for celsius, start, end in temperature.find(found.text, loose=loose):
        if not INFANT_FEVER <= celsius <= _HOTTEST:
            continue
        if question.expect in _OPEN and not _PLAIN_FIGURE.search(found.text.raw[start : end + 1]):
            loosely = temperature.find(found.text)
            if all(place != start for _, place, _ in loosely):
                continue
        at, last = _token_at(found, start), _token_at(found, max(start, end - 1))
        who = subject(found, at, last, mentioned)
        infant = _infant(question.about, who)
        if (celsius >= VERY_HIGH or infant or young) and _said(found, "very_high_fever", at, last):
            code = infant.code if infant else who.code
            yield Danger("very_high_fever", at, last, False, code)


def _feverish_infants(
    question: Question, found: Scene, stated: Sequence[Stated]
) -> Iterator[Danger]:
    young = infant_in_words(found)
    for one in stated:
        if one.finding.code != "fever" or one.state != "asserted":
            continue
        infant = _infant(question.about, one.subject)
        if young or (infant and infant.code == one.subject.code):
            about = infant.code if infant else one.subject.code
            yield Danger("very_high_fever", one.finding.start, one.finding.end, False, about)


def _saturations(found: Scene, mentioned: Sequence[Mention]) -> Iterator[Danger]:
    for percent, start, end in oxygen.find(found.text):
        at, last = _token_at(found, start), _token_at(found, max(start, end - 1))
        if percent <= LOW_OXYGEN and _said(found, "low_oxygen", at, last):
            finding = Finding("low_oxygen", found.text.lang, at, last)
            who = subject(found, at, last, mentioned)
            yield Danger("low_oxygen", at, last, doubtful(found, finding), who.code)


def measured(
    found: Scene, question: Question, stated: Sequence[Stated], mentioned: Sequence[Mention]
) -> Iterator[Danger]:
    """Every danger that a figure tells, in passing or not."""
    if any(token.word[:1].isdigit() for token in found.text.tokens) or "BABY" in found.by_code:
        yield from _saturations(found, mentioned)
        yield from _fevers(found, question, mentioned)
    yield from _feverish_infants(question, found, stated)
