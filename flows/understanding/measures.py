"""Dangers that are figures: a low saturation, a very high fever, a fever in a newborn."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence

from flows.understanding import oxygen, temperature
from flows.understanding.danger import Danger, Stated, doubtful
from flows.understanding.findings import Finding
from flows.understanding.lexicon import meanings
from flows.understanding.people import Mention, Subject, subject
from flows.understanding.polarity import state
from flows.understanding.reading import Member, Question
from flows.understanding.saying import Said
from flows.understanding.scene import Hit, Scene, born

# Where health is asked after, a bare decimal is a temperature.
_HEALTH = frozenset({"temperature", "symptoms", "household", "text", "yes_no"})
LOW_OXYGEN = 92  # NHS England's home oximetry pathway: 92 % or less calls the emergency number.
VERY_HIGH = 40.0
INFANT_FEVER = 38.0
_INFANT_MONTHS = 3
_INFANT_WEEKS = 12
_INFANT_DAYS = 90
_HOTTEST = 44.0
_WHOLE_DEGREES = frozenset({"38", "39", "40", "41", "42"})
_BARE_VERY_HIGH = frozenset({"40", "41", "42"})
# In free text a bare figure needs its decimal point to be a temperature.
_OPEN = frozenset({"text", "yes_no"})
_GLUED_AGE = re.compile(r"(\d{1,2})(wks?|weeks?|sem|mo|mths?|mois|months?)\Z")
_PLAIN_FIGURE = re.compile(r"[0-9٠-٩۰-۹]{2}[.,٫°'][0-9٠-٩۰-۹]\b")


def _token_at(found: Scene, offset: int) -> int:
    return max(0, bisect_right(found.text.tokens, offset, key=lambda token: token.start) - 1)


def _said(found: Scene, code: str, at: int, end: int) -> bool:
    """Whether a figure is asserted: not "if I have 40", not "last year"."""
    return state(Said(found, ()), Finding(code, found.text.lang, at, end)) == "asserted"


def infant_in_words(found: Scene) -> bool:
    """A baby under three months by the words: "bébé de 2 mois", "6 weeks old", "nouveau-né"."""
    if any(True for code in ("NEWBORN", "JUSTBORN") for _ in found.spoken(code)):
        return True
    if any(h.end > h.start and not _lasting(found, h.start) for h in found.spoken("YOUNGAGE")):
        return True
    old = ("OLDMONTHS", "OLDWEEKS", "OLDDAYS")
    if any(code in found.by_code for code in old) and any(True for _ in _young(found, old)):
        return True
    if any(_born_lately(found, hit) for hit in found.spoken("FAR") if born(found, hit)):
        return True
    small = any(True for code in ("BABY", "CHILD", "BORN") for _ in found.spoken(code))
    return any(
        (small and not _lasting(found, at)) or _is_age(found, at)
        for at in _young(found, ("MONTHS", "WEEKS", "DAYS"))
    )


def _young(found: Scene, units: tuple[str, str, str]) -> Iterator[int]:
    """Where an age in months, weeks or days that is under three months begins."""
    for code, limit in zip(units, (_INFANT_MONTHS - 1, _INFANT_WEEKS, _INFANT_DAYS), strict=True):
        for hit in found.of(code):
            if hit.start > 0 and _number(found, hit.start - 1) <= limit:
                yield hit.start - 1
    for hit in found.spoken("YOUNGAGE"):
        yield hit.start
    for at, token in enumerate(found.text.tokens):
        glued = _GLUED_AGE.match(token.word)
        if glued and int(glued[1]) < (_INFANT_MONTHS if glued[2][0] == "m" else _INFANT_WEEKS + 1):
            yield at


def _born_lately(found: Scene, far: Hit) -> bool:
    """Whether "three weeks ago", said of a birth, is under three months ago."""
    words = [token.word for token in found.text.tokens[far.start : far.end + 1]]
    number = next((int(word) for word in words if word.isdigit()), None)
    units = {code for word in words for code in meanings(word, far.lang)}
    if "MONTHS" in units:
        small = bool(units & {"SMALLNUMBER", "YOUNGAGE"})
        return number < _INFANT_MONTHS if number is not None else small
    weeks = "WEEKS" in units and (number is None or number <= _INFANT_WEEKS)
    return weeks or "DAYS" in units


def _lasting(found: Scene, at: int) -> bool:
    """Whether a span of time is how long something lasts: "since two weeks"."""
    if any(True for _ in found.spoken("BORN")):
        return False
    return any(hit.end == at - 1 or hit.start == at for hit in found.spoken("SINCE"))


def _is_age(found: Scene, at: int) -> bool:
    """Whether "she is", "il a" stands right before a span of time, and no fever right after."""
    lasting = any(0 < hit.start - at <= 4 for hit in found.of("fever", "TEMPERATURE"))
    return not lasting and any(0 < at - hit.end <= 2 for hit in found.spoken("AGEIS"))


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


def _degrees(found: Scene, question: Question, young: bool) -> Iterator[tuple[float, int, int]]:
    """Temperatures of a fever in a reply: (Celsius, start, end)."""
    plainly = temperature.find(found.text)
    loose = young or question.expect in _HEALTH
    for celsius, start, end in temperature.find(found.text, loose=loose):
        figure = _PLAIN_FIGURE.search(found.text.raw[start : end + 1])
        open_to_doubt = question.expect in _OPEN and not figure
        if open_to_doubt and all(place != start for _, place, _ in plainly):
            continue
        if INFANT_FEVER <= celsius <= _HOTTEST:
            yield celsius, start, end
    if young:
        yield from _bare_degrees(found)


def _bare_degrees(found: Scene) -> Iterator[tuple[float, int, int]]:
    """ "3 weeks old and 38": beside a newborn a whole number of degrees is a temperature."""
    units = {hit.start for code in ("MONTHS", "WEEKS", "DAYS") for hit in found.of(code)}
    for at, token in enumerate(found.text.tokens):
        if token.word in _WHOLE_DEGREES and at + 1 not in units:
            yield float(token.word), token.start, token.end


def _fevers(found: Scene, question: Question, mentioned: Sequence[Mention]) -> Iterator[Danger]:
    young = infant_in_words(found)
    for celsius, start, end in _degrees(found, question, young):
        at, last = _token_at(found, start), _token_at(found, max(start, end - 1))
        who = subject(found, at, last, mentioned)
        infant = _infant(question.about, who)
        if (celsius >= VERY_HIGH or infant or young) and _said(found, "very_high_fever", at, last):
            code = infant.code if infant else who.code
            yield Danger("very_high_fever", at, last, False, code)


def _told_fevers(found: Scene, mentioned: Sequence[Mention]) -> Iterator[Danger]:
    """ "She hit 41", "he had 40 last night": a bare figure that only a fever has, as a doubt."""
    tokens = found.text.tokens
    for at, token in enumerate(tokens):
        if token.word not in _BARE_VERY_HIGH or not _ends_there(found, at):
            continue
        verbs = [hit for hit in found.spoken("REACHEDV") if 0 < at - hit.end <= 2]
        lately = any(found.sentence[h.start] == found.sentence[at] for h in found.spoken("RECENTW"))
        if lately:
            verbs += [hit for hit in found.spoken("HADFIG") if 0 < at - hit.end <= 2]
        who = subject(found, at, at, mentioned)
        if verbs and who.said and _said(found, "very_high_fever", at, at):
            yield Danger("very_high_fever", at, at, True, who.code)


def _ends_there(found: Scene, at: int) -> bool:
    """Whether nothing is counted by a figure: it ends there, or when it was follows."""
    if at + 1 >= len(found.segment) or found.segment[at + 1] != found.segment[at]:
        return True
    after = (*found.spoken("RECENTW"), *found.spoken("AND"))
    return any(hit.start == at + 1 for hit in after)


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
    yield from _saturations(found, mentioned)
    if any(token.word[:1].isdigit() for token in found.text.tokens) or "BABY" in found.by_code:
        yield from _fevers(found, question, mentioned)
        if question.expect in _OPEN:
            yield from _told_fevers(found, mentioned)
    yield from _feverish_infants(question, found, stated)
