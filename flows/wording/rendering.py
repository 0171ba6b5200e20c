"""Fills the placeholders of a text and fits it to its channel."""

import re
import unicodedata
from collections.abc import Mapping

from flows.wording.segments import rewrite

_SLOT = re.compile(r"\{([a-z][a-z0-9_]*)\}")
# First-strong isolate and its end: a foreign value keeps its order inside a right-to-left text.
_ISOLATE, _END = "\u2068", "\u2069"
# SMS goes out without isolates. A no-break space between digits is a common separator to the
# bidirectional algorithm, so that 02 61 is not shown as 61 02; a mark keeps a last full stop.
_JOINED, _MARK = "\u00a0", "\u200e"
# No line begins with the mark that French sets off by a space.
_KEPT_TOGETHER = re.compile(r" (?=[?!:;»])|(?<=«) ")
# A voice spells out what it takes for an abbreviation.
_SHOUTED = re.compile(r"\b[^\W\d_a-zß-ÿ]{4,}\b")
_NO_ISOLATES = {ord(_ISOLATE): None, ord(_END): None}


class UnknownPlaceholder(ValueError):
    """A text asks for a value that was not given, or holds a brace that is no placeholder."""


def render(template: str, values: Mapping[str, str]) -> str:
    """The template with each `{placeholder}` replaced; braces inside values are left alone."""
    _no_stray_braces(template)
    isolating = _reads_right_to_left(template)

    def filled(slot: re.Match[str]) -> str:
        name = slot[1]
        if name not in values:
            raise UnknownPlaceholder(f"no value for the placeholder {{{name}}}")
        return _isolated(values[name]) if isolating else values[name]

    return _SLOT.sub(filled, template)


def placeholders(template: str) -> frozenset[str]:
    """The names that a template asks for."""
    return frozenset(_SLOT.findall(template))


def in_order(template: str) -> tuple[str, ...]:
    """The same names as they follow each other, each once."""
    return tuple(dict.fromkeys(_SLOT.findall(template)))


def for_channel(text: str, channel: str) -> str:
    """SMS is spelled in GSM-7 where that is possible; other channels keep full typography."""
    if channel == "sms":
        return rewrite(text.translate(_NO_ISOLATES))
    if channel == "voice":
        return _SHOUTED.sub(lambda word: word[0].lower(), text.translate(_NO_ISOLATES))
    return _KEPT_TOGETHER.sub("\u00a0", text)


def _no_stray_braces(template: str) -> None:
    if re.search(r"[{}]", _SLOT.sub("", template)):
        raise UnknownPlaceholder("a brace here is no placeholder: write {like_this}")


def _isolated(value: str) -> str:
    if not value or _reads_right_to_left(value):
        return value.replace(", ", "، ")
    joined = re.sub(r"(?<=\d) (?=\d)", _JOINED, value)
    return f"{_ISOLATE}{joined}{'' if joined[-1].isalnum() else _MARK}{_END}"


def _reads_right_to_left(text: str) -> bool:
    """Whether the first letter with a direction goes from right to left."""
    strong = (unicodedata.bidirectional(char) for char in _SLOT.sub("", text))
    return next((kind in ("R", "AL") for kind in strong if kind in ("L", "R", "AL")), False)
