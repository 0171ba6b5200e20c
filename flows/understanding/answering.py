"""What a reply answers to its question, apart from commands and from what ails the sender."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from flows.understanding.choices import read_choice
from flows.understanding.contacts import read_contacts
from flows.understanding.counts import read_count
from flows.understanding.danger import DANGERS
from flows.understanding.dates import read_date
from flows.understanding.hearing import Heard, hear
from flows.understanding.household import read_household
from flows.understanding.names import read_name
from flows.understanding.oxygen import read_oxygen
from flows.understanding.phones import read_phone
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Span, Understood
from flows.understanding.symptoms import read_symptoms
from flows.understanding.temperature import read_temperature
from flows.understanding.text import Text, normalise
from flows.understanding.yes_no import read_yes_no

_READERS: dict[str, Callable[[Text, Question], Understood]] = {
    "temperature": read_temperature,
    "oxygen": read_oxygen,
    "date": read_date,
    "count": read_count,
    "phone": read_phone,
    "name": read_name,
    "choice": read_choice,
}
# Where the words of a command would be read as an answer: "a person", "please", "I can't".
_CONFUSED = frozenset({"yes_no", "count", "name"})
_ANSWER_WORDS = 3
# Whoever is not the one we write to has answered nothing.
_NOT_THEIRS = _CONFUSED | {"symptoms", "household", "choice", "temperature"}


def answer(text: Text, question: Question, heard: Heard) -> Understood:
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
    ails = _what_ails(heard)
    dead = _dead(heard)
    if not (ailing or ails or dead):
        return text
    gone = (at for at, sentence in enumerate(found.sentence) if sentence in ailing)
    return _without(text, heard, {*gone, *ails, *dead})


# Whom one met at a funeral lives.
_FUNERALS = (
    "funeral",
    "obseq",
    "enterr",
    "entier",
    "velor",
    "cenaze",
    "جناز",
    "عزا",
    "buri",
    "luto",
)


def _dead(heard: Heard) -> set[int]:
    """The words between commas that tell of a death: "since my wife Doris passed"."""
    found = heard.found
    parts = {
        found.segment[hit.start]
        for code in ("DECEASED", "BEREAVED")
        for hit in found.spoken(code)
        if not any(
            token.word.startswith(_FUNERALS) for token in found.text.tokens[hit.start : hit.end + 1]
        )
    }
    return {at for at, part in enumerate(found.segment) if part in parts}


def _what_ails(heard: Heard) -> set[int]:
    """The words for what ails somebody named, no part of the name: "Hasan bayıldı"."""
    tokens, raw = heard.found.text.tokens, heard.found.text.raw
    return {
        at
        for one in heard.stated
        if one.finding.code in DANGERS and one.state == "asserted"
        for part in one.finding.parts
        for at in range(part.start, part.end + 1)
        if not raw[tokens[at].start].isupper() and not tokens[at].word.isdigit()
    }


def _without(text: Text, heard: Heard, places: Iterable[int]) -> Text:
    """A text with some of its words gone, everything else where it stood."""
    raw = list(text.raw)
    for at in places:
        token = heard.found.text.tokens[at]
        raw[token.start : token.end] = " " * (token.end - token.start)
    return normalise("".join(raw), text.lang)


def apart_from(
    asked: tuple[str, Sequence[Span]],
    text: Text,
    question: Question,
    heard: Heard,
    read: Understood,
) -> Understood:
    """The answer beside a command: "yes, and stop writing"; the command itself answers nothing."""
    command, spans = asked
    if command == "wrong_person" and question.expect in _NOT_THEIRS:
        return NOT_UNDERSTOOD
    if question.expect not in _CONFUSED or not spans or read.value is None:
        return read
    gone = _taken_up(heard, spans, question)
    if len(gone) == len(heard.found.text.tokens):
        return NOT_UNDERSTOOD
    return answer((rest := _without(text, heard, gone)), question, hear(rest, question))


def _taken_up(heard: Heard, spans: Sequence[Span], question: Question) -> list[int]:
    """The words of a command and all that its sentence goes on with; figures count all the same."""
    found = heard.found
    tokens = found.text.tokens
    asked = [
        at for at, token in enumerate(tokens)
        if any(span.start < token.end and token.start < span.end for span in spans)
    ]  # fmt: skip
    first = found.segment[asked[0]] if asked else 0
    # "Yes, and stop writing" answers first; "I'd like to talk to somebody, call me" does not.
    if sum(1 for segment in found.segment if segment < first) > _ANSWER_WORDS:
        first = 0
    sentences = {found.sentence[at] for at in asked}
    return [
        at for at, token in enumerate(tokens)
        if found.sentence[at] in sentences and found.segment[at] >= first
        and not (question.expect == "count" and token.word.isdigit())
    ]  # fmt: skip
