"""One reply read whole: danger first, then what is asked at any time, then the answer."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import Any

from flows.understanding import ear
from flows.understanding.choices import read_choice
from flows.understanding.commands import command
from flows.understanding.contacts import read_contacts
from flows.understanding.counts import read_count
from flows.understanding.danger import DANGERS, Danger, Stated, about_by_code, dangers, mild
from flows.understanding.dates import read_date
from flows.understanding.details import detail
from flows.understanding.elsewhere import elsewhere
from flows.understanding.findings import findings
from flows.understanding.household import read_household
from flows.understanding.measures import (
    INFANT_FEVER,
    LOW_OXYGEN,
    VERY_HIGH,
    infant_in_words,
    measured,
)
from flows.understanding.names import read_name
from flows.understanding.oxygen import read_oxygen
from flows.understanding.people import Mention, mentions, subject
from flows.understanding.phones import read_phone
from flows.understanding.polarity import Said, state
from flows.understanding.reading import (
    NOT_UNDERSTOOD,
    Question,
    Reading,
    Span,
    Understood,
)
from flows.understanding.scene import Scene, scene
from flows.understanding.symptoms import read_symptoms
from flows.understanding.temperature import read_temperature
from flows.understanding.text import Text, normalise
from flows.understanding.yes_no import read_yes_no

# Danger is read to the end of any message; an answer stands in its first characters.
_ANSWER_LENGTH = 4_000
_CHUNK, _OVERLAP = 80, 16
# Most replies are "2", "non", "ok", "37,5": what they mean is worked out once.
_SHORT = 24
# What these mean hangs on no day or hour.
_TIMELESS = frozenset({"yes_no", "temperature", "oxygen", "symptoms", "choice", "text"})

_READERS: dict[str, Callable[[Text, Question], Understood]] = {
    "temperature": read_temperature,
    "oxygen": read_oxygen,
    "date": read_date,
    "count": read_count,
    "phone": read_phone,
    "name": read_name,
    "choice": read_choice,
}


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of a reply with everything found in it."""

    found: Scene
    stated: tuple[Stated, ...]
    mentioned: tuple[Mention, ...]
    dangers: tuple[Danger, ...]


def _hear(text: Text, question: Question) -> Heard:
    found = scene(text)
    every = findings(found)
    mentioned = mentions(found, question.about)
    said = Said(found, every)
    away = elsewhere(found, every, mentioned)
    stated = tuple(
        Stated(
            one,
            state(said, one),
            mild(found, one),
            subject(found, one.start, one.end, mentioned),
            away.get(at, "no"),
        )
        for at, one in enumerate(every)
    )
    heard = (*dangers(found, stated), *measured(found, question, stated, mentioned))
    return Heard(found, stated, tuple(mentioned), heard)


def _stretches(text: Text) -> Iterator[Text]:
    """A long reply in overlapping stretches, so that reading stays linear."""
    tokens = text.tokens
    if len(tokens) <= _CHUNK:
        yield text
        return
    for start in range(0, len(tokens), _CHUNK - _OVERLAP):
        part = tokens[start : start + _CHUNK]
        low, high = part[0].start, min(part[-1].end + 12, len(text.raw))
        yield normalise(text.raw[low:high], text.lang, low)
        if start + _CHUNK >= len(tokens):
            return


_BODILY = DANGERS | {"breathlessness", "breath_ok"}


def _silent(every: Sequence[Heard]) -> bool:
    """Whether the rules found no danger at all, not even one denied, past or supposed."""
    return not any(
        heard.dangers or any(one.finding.code in _BODILY for one in heard.stated) for heard in every
    )


def heard_by_rules(raw: str, question: Question) -> bool | None:
    """Whether the rules hear a danger for sure; None where they find nothing, not even denied."""
    every = [_hear(part, question) for part in _stretches(normalise(raw, question.lang))]
    if _silent(every):
        return None
    return any(not one.doubt for heard in every for one in heard.dangers)


def _accounted_for(heard: Heard) -> bool:
    """Whether a symptom is told in words that are all known: "a dry cough since Monday"."""
    found = heard.found
    return bool(heard.stated) and len(found.known()) == len(found.text.tokens)


# Names, numbers and figures are no sentences.
_UNHEARD = frozenset({"name", "phone", "oxygen"})


def _second_ear(every: Sequence[Heard], question: Question) -> Iterator[Danger]:
    """What only sounds like danger is a doubt for a person to settle."""
    if question.expect in _UNHEARD or not _silent(every):
        return
    for heard in every:
        if set(heard.found.sentence) <= heard.found.asked:
            continue  # Who only asks ("how long do I stay at home?") tells of nothing.
        if _accounted_for(heard):
            continue
        code = ear.hear(heard.found)
        if code:
            last = len(heard.found.text.tokens) - 1
            who = subject(heard.found, 0, last, heard.mentioned)
            yield Danger(code, 0, last, True, who.code)


def _doubted(heard: Heard) -> Iterator[Danger]:
    """What the rules heard, as a doubt where the whole sounds like no danger at all."""
    if any(not one.doubt for one in heard.dangers) and ear.doubts(heard.found):
        yield from (replace(one, doubt=True) for one in heard.dangers)
    else:
        yield from heard.dangers


def _answer(text: Text, question: Question, heard: Heard) -> Understood:
    found = heard.found
    stated = tuple(one for one in heard.stated if one.elsewhere != "surely")
    match question.expect:
        case "yes_no":
            return read_yes_no(found, stated)
        case "symptoms":
            return read_symptoms(found, stated, read_yes_no(found, ()))
        case "household":
            no = read_yes_no(found, ()).value is False
            return read_household(found, question, stated, heard.mentioned, no)
        case "text":
            trimmed = text.raw.strip()
            return Understood(trimmed) if trimmed else NOT_UNDERSTOOD
        case "contacts":
            return read_contacts(_without_what_ails(text, heard), question)
        case expect:
            return _READERS[expect](text, question)


def _without_what_ails(text: Text, heard: Heard) -> Text:
    """A list of people without the later sentences on the sender's own body, which name nobody."""
    found = heard.found
    spoken = {
        found.sentence[one.finding.start]
        for one in heard.stated
        if one.finding.code != "none" and one.subject.code == "self"
    }
    named = {found.sentence[one.start] for one in heard.mentioned if one.code != "self"}
    ailing = spoken - named - {0}
    if not ailing:
        return text
    raw = list(text.raw)
    for token, sentence in zip(found.text.tokens, found.sentence, strict=True):
        if sentence in ailing:
            raw[token.start : token.end] = " " * (token.end - token.start)
    return normalise("".join(raw), text.lang)


def _danger_spans(heard: Heard, shift: int) -> Iterator[Span]:
    tokens = heard.found.text.tokens
    for one in heard.dangers:
        yield Span(tokens[one.start].start + shift, tokens[one.end].end + shift, one.code)


def _answered_danger(question: Question, answer: Understood, found: Scene) -> Iterator[Danger]:
    """A figure that answers its own question needs no word beside it."""
    who = question.about[0].code if len(question.about) == 1 else "self"
    if question.expect == "oxygen" and answer.value is not None and answer.value <= LOW_OXYGEN:
        yield Danger("low_oxygen", 0, 0, False, who)
    if question.expect == "temperature" and answer.value is not None:
        infant = len(question.about) == 1 and (question.about[0].age_months or 0) < 3
        infant = infant and question.about[0].age_months is not None
        if answer.value >= (INFANT_FEVER if infant or infant_in_words(found) else VERY_HIGH):
            yield Danger("very_high_fever", 0, 0, False, who)


def _unique(spans: Sequence[Span]) -> tuple[Span, ...]:
    return tuple(sorted(dict.fromkeys(spans), key=lambda span: (span.start, span.end, span.code)))


def read(raw: str, question: Question) -> Reading:
    """All that a reply means for this question; the same words always mean the same."""
    if len(raw) <= _SHORT and question.expect in _TIMELESS:
        return _remembered(
            raw, question.expect, question.options, question.lang, question.country, question.about
        )
    return _read(raw, question)


@lru_cache(maxsize=8192)
def _remembered(raw: str, expect: str, *asked: Any) -> Reading:
    options, lang, country, about = asked
    return _read(raw, Question(expect, options, lang, country, about=about))


def _read(raw: str, question: Question) -> Reading:
    text = normalise(raw, question.lang)
    parts = [_hear(stretch, question) for stretch in _stretches(text)]
    first = parts[0]
    every = [one for heard in parts for one in _doubted(heard)]
    spans = [span for heard in parts for span in _danger_spans(heard, heard.found.text.offset)]
    every += _second_ear(parts, question)
    answer = _answer(_opening(text), question, first)
    every += _answered_danger(question, answer, first.found)
    asides, aside_spans = detail(first.found, question.expect)
    asked, asked_spans = command(
        first.found, question.expect if answer.value is not None else "", asides
    )
    certain = {one.code for one in every if not one.doubt}
    codes = {one.code for one in every}
    return Reading(
        answer.status, answer.value, answer.groups, asked, asides, tuple(sorted(codes)),
        tuple(sorted(codes - certain)), dict(sorted(about_by_code(every).items())),
        _unique([*answer.spans, *spans, *aside_spans, *asked_spans]),
    )  # fmt: skip


def _opening(text: Text) -> Text:
    return (
        text if len(text.raw) <= _ANSWER_LENGTH else normalise(text.raw[:_ANSWER_LENGTH], text.lang)
    )
