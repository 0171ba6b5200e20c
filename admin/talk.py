"""A transcript as a page shows it: what was said, what became of it, how it was understood."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from markupsafe import Markup, escape

from admin.labels import label
from admin.words import Speech
from flows.turn import Desk
from flows.vocabulary import Message
from flows.wording.rendering import UnknownPlaceholder, render

# A text that never reached its reader.
_SHORT: Final = 40
_LOST: Final = frozenset({"refused", "undelivered", "failed", "uncertain"})


@dataclass(frozen=True, slots=True)
class Reader:
    """Who reads a transcript: the languages that they speak, and our texts in every language."""

    desk: Desk
    reads: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Line:
    """One message ready to be shown; `text` is safe markup with its dangers marked."""

    message: Message
    text: Markup
    state: str
    understood: str
    author: str
    lost: bool
    aside: str = ""


def lines(
    speech: Speech,
    messages: Iterable[Message],
    names: Mapping[int, str],
    reader: Reader | None = None,
) -> list[Line]:
    """The transcript, in its order; `names` are the users who wrote.

    A text of ours in a language that the reader does not read has its translation beside it.
    """
    return [
        Line(
            message=one,
            text=marked(one),
            state=state_of(speech, one),
            understood=_understood(speech, one) if one.direction == "in" else "",
            author=names.get(one.author_id or 0, ""),
            lost=one.direction == "out" and one.state in _LOST,
            aside=_aside(one, speech.lang, reader) if reader else "",
        )
        for one in messages
    ]


def _aside(message: Message, lang: str, reader: Reader) -> str:
    said = message.prompt
    if said is None or said.lang in {lang, *reader.reads}:
        return ""
    try:
        # What was filled in stays in their language, and keeps its own direction.
        values = {name: f"\u2068{value}\u2069" for name, value in said.values.items()}
        return render(reader.desk.words(said.key, lang), values)
    except (KeyError, UnknownPlaceholder):
        # The text is of a version of the flow that is no more.
        return ""


def state_of(speech: Speech, message: Message) -> str:
    """What became of a text, with the reason where it was held back."""
    if message.direction == "in":
        return "" if message.state == "heard" else label(speech, "message_state", message.state)
    said = label(speech, "message_state", message.state)
    if message.reason and message.state in ("waiting", "cancelled", "refused", "undelivered"):
        said = f"{said}: {label(speech, 'hold', message.reason)}"
    return f"{said} ({message.error_code})" if message.error_code else said


def marked(message: Message) -> Markup:
    """The words, with the parts marked that were understood: dangers above all."""
    dangers = {*message.reading.get("danger", ()), *message.reading.get("danger_doubt", ())}
    spans = [(s, e, code in dangers) for s, e, code in message.reading.get("spans", ())]
    # A danger keeps its mark whatever else was read in the same words.
    found = [one for one in spans if one[2]]
    found += [one for one in spans if not one[2] and not _meets(one, found)]
    shown, end = Markup(), 0
    for start, stop, danger in sorted(found):
        if start >= end:
            shown += escape(message.text[end:start])
            mark = Markup("<mark>{}</mark>") if danger else Markup('<mark class="read">{}</mark>')
            shown += mark.format(message.text[start:stop])
            end = stop
    return shown + escape(message.text[end:])


Span = tuple[int, int, bool]


def _meets(one: Span, found: list[Span]) -> bool:
    return any(one[0] < end and start < one[1] for start, end, _ in found)


def _understood(speech: Speech, message: Message) -> str:
    """The reading, where it says more than the words themselves."""
    said = understood(speech, message.reading)
    return "" if said.casefold() == message.text.strip().casefold() else said


def understood(speech: Speech, reading: Mapping[str, Any]) -> str:
    """How a reply was read, in words."""
    parts = [label(speech, "symptom", code) for code in reading.get("danger", ())]
    doubts = set(reading.get("danger_doubt", ()))
    if doubts:
        parts.append(speech("doubtful"))
    if command := reading.get("command"):
        parts.append(speech("command: {word}", word=command))
    value = _value(speech, reading.get("value"))
    if value:
        parts.append(value)
    if not parts and reading.get("status") == "not_understood":
        return speech("not understood")
    return ", ".join(parts)


def _value(speech: Speech, value: Any) -> str:
    match value:
        case None | "" | []:
            return ""
        case bool():
            return speech("yes") if value else speech("no")
        case dict():
            return _symptoms(speech, value)
        case list():
            return speech.count(len(value), "{n} named", "{n} named")
        case _:
            # A text that is taken as it stands was not read at all.
            return str(value) if len(str(value)) <= _SHORT else ""


def _symptoms(speech: Speech, value: Mapping[str, Any]) -> str:
    if value.get("none"):
        return speech("no sign at all")
    present = [label(speech, "symptom", code) for code in value.get("present", ())]
    absent = [label(speech, "symptom", code) for code in value.get("absent", ())]
    said = ", ".join(present)
    return f"{said} ({speech('not')}: {', '.join(absent)})" if absent else said


def safety_texts(found: Iterable[Line], since: datetime) -> list[Line]:
    """The safety texts that went, or should have gone, since an alarm began."""
    return [
        line
        for line in found
        if line.message.kind == "safety"
        and line.message.direction == "out"
        and line.message.at >= since
    ]
