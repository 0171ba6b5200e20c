"""A stretch of a reply with everything found in it: what is said, of whom, and the dangers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from flows.understanding.danger import Danger, Stated, dangers, mild
from flows.understanding.elsewhere import elsewhere
from flows.understanding.findings import findings
from flows.understanding.measures import measured
from flows.understanding.people import Mention, mentions, subject
from flows.understanding.polarity import state
from flows.understanding.reading import Question
from flows.understanding.saying import Said
from flows.understanding.scene import Scene, scene
from flows.understanding.text import Text, normalise

_CHUNK, _OVERLAP = 80, 16


@dataclass(frozen=True, slots=True)
class Heard:
    """One stretch of a reply with everything found in it."""

    found: Scene
    stated: tuple[Stated, ...]
    mentioned: tuple[Mention, ...]
    dangers: tuple[Danger, ...]


def hear(text: Text, question: Question) -> Heard:
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


def stretches(text: Text) -> Iterator[Text]:
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
