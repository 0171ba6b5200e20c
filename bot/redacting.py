"""People's words without names and numbers, for those who need the words alone."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, Final

from flows.understanding.text import fold
from flows.vocabulary import Person

_WORD: Final = re.compile(r"[^\W\d_]+")
# Seven figures or more, however they are set: a telephone number, never a temperature or a year.
_NUMBER: Final = re.compile(r"\+?\d(?:[\s.()/-]?\d){6,}")
_MAIL: Final = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_SHORTEST: Final = 2


def redacted(text: str, names: Iterable[str]) -> str:
    """The text with each of these names, each number and address replaced by what it was."""
    known = {fold(word) for name in names for word in _WORD.findall(name) if len(word) >= _SHORTEST}

    def hidden(found: re.Match[str]) -> str:
        return "[name]" if fold(found[0]) in known else found[0]

    return _WORD.sub(hidden, _NUMBER.sub("[number]", _MAIL.sub("[mail]", text)))


def names_of(near: Iterable[Person], reading: Mapping[str, Any]) -> Iterator[str]:
    """Every name that may stand in a reply: of those at the number, and of those it names."""
    for person in near:
        yield from (person.given_name, person.family_name, person.second_contact.get("name", ""))
    value = reading.get("value")
    for row in value if isinstance(value, list) else ():
        if isinstance(row, Mapping):
            yield str(row.get("name") or "")
