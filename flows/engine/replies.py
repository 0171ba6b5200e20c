"""A reply to an open question, and how it came out: what every judge of replies shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from flows.engine.ground import Ground
from flows.engine.keywords import plain
from flows.rules import is_fragile, person_facts
from flows.spec.nodes import Ask
from flows.understanding import Member, Option, Question, Reading, read
from flows.vocabulary import Named

# What understanding is asked for, by the kind of question.
EXPECT: Mapping[str, str] = {
    "yes_no": "yes_no",
    "danger_signs": "yes_no",
    "choice": "choice",
    "fever": "temperature",
    "symptoms": "symptoms",
    "onset": "date",
    "date": "date",
    "full_name": "name",
    "contacts": "contacts",
    "numbers": "contacts",
    "summary": "contacts",
    "count": "count",
}
_FEW_WORDS = 2


@dataclass(frozen=True, slots=True)
class Reply:
    """What was asked, what came, and how understanding reads it for this question.

    `day` and `items` belong to a round of a `collect`: its day, the people it is about.
    """

    ask: Ask
    raw: str
    reading: Reading
    ground: Ground
    named: tuple[Named, ...] = ()
    day: date | None = None
    items: tuple[Named, ...] = ()

    def again(self, expect: str, raw: str | None = None) -> Reading:
        """The reply, or a piece of it, read for something else."""
        return read(self.raw if raw is None else raw, question(self.ask, self.ground, expect))


@dataclass(frozen=True, slots=True)
class Heard:
    """How a reply came out. `band` None: not understood; `guess`: to be confirmed first."""

    band: str | None
    kept: Any = None
    named: tuple[Named, ...] | None = None
    guess: str = ""
    dangers: tuple[str, ...] = field(default=())


UNCLEAR = Heard(None)


def question(ask: Ask | None, ground: Ground, expect: str = "") -> Question:
    """The question that understanding gets for this node."""
    labels = tuple(Option(code, _label(ask, code, ground)) for code in ask.options) if ask else ()
    kind = ask.kind if ask else ""
    return Question(
        expect=expect or EXPECT.get(kind, "text"),
        options=labels,
        lang=ground.lang,
        country=ground.here.person.country or "FR",
        now=ground.local.replace(tzinfo=None),
        about=_about(ground),
    )


def _about(ground: Ground) -> tuple[Member, ...]:
    """The one for whom somebody else answers: what is danger depends on who it is."""
    if not ground.about_other:
        return ()
    person = ground.here.person
    known = person_facts(person, "contact", ground.today)
    fragile = is_fragile(ground.pack, known, ground.today).value
    return (Member(str(person.id), person.given_name, known.age_months, fragile),)


def _label(ask: Ask, code: str, ground: Ground) -> str:
    """The option as the person reads it."""
    english = ask.words.parts.get(f"option.{code}", code)
    key = f"{ask.key}.option.{code}"
    return ground.catalogues.lookup(ground.lang, key, english).text


def is_none(raw: str) -> bool:
    """Whether the reply is the nought that stands for nothing."""
    return plain(raw) in ("0", "zero", "o")


def says_no(reply: Reply) -> bool:
    """A no that stands first; further on it may assert, and beside a danger it is none."""
    reading = reply.reading if reply.reading.value is False else reply.again("yes_no")
    if reading.value is not False or reply.reading.danger:
        return False
    first = any(span.code == "no" and span.start <= 1 for span in reading.spans)
    return first or len(plain(reply.raw).split()) <= _FEW_WORDS
