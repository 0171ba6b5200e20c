"""One reply read whole: danger first, then what is asked at any time, then the answer."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from flows.understanding import ear
from flows.understanding.answering import answer, apart_from
from flows.understanding.commands import command
from flows.understanding.danger import DANGERS, Danger, about_by_code
from flows.understanding.details import detail
from flows.understanding.hearing import Heard, hear, stretches
from flows.understanding.measures import INFANT_FEVER, LOW_OXYGEN, VERY_HIGH, infant_in_words
from flows.understanding.people import subject
from flows.understanding.reading import Question, Reading, Span, Understood
from flows.understanding.scene import Scene
from flows.understanding.text import Text, normalise

# Danger is read to the end of any message; an answer stands in its first characters.
_ANSWER_LENGTH = 4_000
# Most replies are "2", "non", "ok", "37,5": what they mean is worked out once.
_SHORT = 24
# What these mean hangs on no day or hour.
_TIMELESS = frozenset({"yes_no", "temperature", "oxygen", "symptoms", "choice", "text"})

_BODILY = DANGERS | {"breathlessness", "breath_ok"}


def _silent(every: Sequence[Heard]) -> bool:
    """Whether the rules found no danger at all, not even one denied, past or supposed."""
    return not any(
        heard.dangers or any(one.finding.code in _BODILY for one in heard.stated) for heard in every
    )


def heard_by_rules(raw: str, question: Question) -> bool | None:
    """Whether the rules hear a danger for sure; None where they find nothing, not even denied."""
    every = [hear(part, question) for part in stretches(normalise(raw, question.lang))]
    if _silent(every):
        return None
    return any(not one.doubt for heard in every for one in heard.dangers)


def _accounted_for(heard: Heard) -> bool:
    """Whether a symptom is told in words that are all known: "a dry cough since Monday"."""
    found = heard.found
    return bool(heard.stated) and len(found.known()) == len(found.text.tokens)


def _at_ease(heard: Heard) -> bool:
    """Whether the sender, speaking of nobody else, is well, or speaks of a thing or a price."""
    found = heard.found
    if any(one.code != "self" for one in heard.mentioned) or found.spoken("THIRD"):
        return False
    return any(found.spoken(code) for code in _AT_EASE)


_AT_EASE = ("ELSE_FINE", "ELSE_PRICE", "THINGW")
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
        code = ear.hear(heard.found, at_ease=_at_ease(heard))
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
    parts = [hear(stretch, question) for stretch in stretches(text)]
    first = parts[0]
    every = [one for heard in parts for one in _doubted(heard)]
    spans = [span for heard in parts for span in _danger_spans(heard, heard.found.text.offset)]
    every += _second_ear(parts, question)
    opening = _opening(text)
    told = answer(opening, question, first)
    every += _answered_danger(question, told, first.found)
    asides, aside_spans = detail(first.found, question.expect)
    asked, asked_spans = command(
        first.found, question.expect if told.value is not None else "", asides
    )
    if asked:
        told = apart_from((asked, asked_spans), opening, question, first, told)
    certain = {one.code for one in every if not one.doubt}
    codes = {one.code for one in every}
    return Reading(
        told.status, told.value, told.groups, asked, asides, tuple(sorted(codes)),
        tuple(sorted(codes - certain)), dict(sorted(about_by_code(every).items())),
        _unique([*told.spans, *spans, *aside_spans, *asked_spans]),
    )  # fmt: skip


def _opening(text: Text) -> Text:
    return (
        text if len(text.raw) <= _ANSWER_LENGTH else normalise(text.raw[:_ANSWER_LENGTH], text.lang)
    )
