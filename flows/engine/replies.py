"""A reply to an open question, and how it came out: what every judge of replies shares."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flows.engine.ground import Ground
from flows.engine.keywords import plain
from flows.rules import is_fragile, person_facts
from flows.spec.nodes import Ask
from flows.understanding import Member, Option, Question, Reading, choices, normalise, read
from flows.vocabulary import Named, PersonHere

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
    "own_name": "name",
    "contacts": "contacts",
    "numbers": "contacts",
    "summary": "contacts",
    "count": "count",
    "members": "contacts",
    "teen_number": "contacts",
    "household": "household",
    "family_word": "household",
    "danger_who": "household",
    "household_right": "household",
    "week": "contacts",
}
_FEW_WORDS = 2
# The code of the one who answers, among those for whom they do.
SELF = "self"


@dataclass(frozen=True, slots=True)
class Reply:
    """What was asked, what came, and how understanding reads it for this question.

    `day`, `items` and `about` belong to a round of a `collect`: its day, the people it is about,
    the member of the household it is about.
    `offered` are the hours for a call between which it chooses, ISO. `repeated`: the question was
    put a second time already.
    """

    ask: Ask
    raw: str
    reading: Reading
    ground: Ground
    named: tuple[Named, ...] = ()
    day: date | None = None
    items: tuple[Named, ...] = ()
    about: PersonHere | None = None
    offered: tuple[str, ...] = ()
    repeated: bool = False

    def question(self, expect: str, about: tuple[Member, ...]) -> Question:
        """The question about these people alone."""
        return replace(question(self.ask, self.ground, expect), about=about)

    @property
    def options(self) -> tuple[Option, ...]:
        """The options of the question as the person reads them."""
        return tuple(Option(c, label(self.ask, c, self.ground)) for c in self.ask.options)

    def again(self, expect: str, raw: str | None = None) -> Reading:
        """The reply, or a piece of it, read for something else."""
        return read(self.raw if raw is None else raw, question(self.ask, self.ground, expect))


@dataclass(frozen=True, slots=True)
class Heard:
    """How a reply came out. `band` None: not understood; `guess`: to be confirmed first.

    `rows` is what it says of members of a household, by person.
    """

    band: str | None
    kept: Any = None
    named: tuple[Named, ...] | None = None
    guess: str = ""
    dangers: tuple[str, ...] = field(default=())
    rows: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)


UNCLEAR = Heard(None)


def question(ask: Ask | None, ground: Ground, expect: str = "") -> Question:
    """The question that understanding gets for this node."""
    labels = tuple(Option(code, label(ask, code, ground)) for code in ask.options) if ask else ()
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
    """Those for whom somebody answers: what is danger depends on who it is."""
    if ground.members:
        return tuple(as_member(ground, one) for one in ground.members)
    return (as_member(ground, ground.here),) if ground.about_other else ()


def as_member(ground: Ground, one: PersonHere) -> Member:
    """Somebody as understanding knows them; the one who answers has the code `self`."""
    own = one.person.id == ground.here.person.id and not ground.about_other
    known = person_facts(one.person, "contact", ground.today)
    fragile = is_fragile(ground.pack, known, ground.today).value
    return Member(SELF if own else str(one.person.id), name_of(one), known.age_months, fragile)


def name_of(one: PersonHere) -> str:
    """How somebody is called at home."""
    return one.person.given_name or one.person.family_name


def label(ask: Ask, code: str, ground: Ground) -> str:
    """The option as the person reads it."""
    english = ask.words.parts.get(f"option.{code}", code)
    key = f"{ask.key}.option.{code}"
    return ground.catalogues.lookup(ground.lang, key, english).text


def is_none(raw: str) -> bool:
    """Whether the reply is the nought that stands for nothing."""
    return plain(raw) in ("0", "zero", "o")


def leading_figure(raw: str) -> str:
    """The digit of an answer that goes on in words; "" where it counts something."""
    return choices.leading_figure(normalise(raw, "fr"))


def says_no(reply: Reply) -> bool:
    """A no that stands first; further on it may assert, and beside a danger it is none."""
    reading = reply.reading if reply.reading.value is False else reply.again("yes_no")
    if reading.value is not False or reply.reading.danger:
        return False
    first = any(span.code == "no" and span.start <= 1 for span in reading.spans)
    return first or len(plain(reply.raw).split()) <= _FEW_WORDS
