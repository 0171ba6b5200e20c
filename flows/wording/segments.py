"""How many SMS a text costs, which characters make it dear, and a cheaper spelling."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Literal

from flows.wording import gsm7

Encoding = Literal["GSM-7", "UCS-2"]

# (alone, in each part of a longer message): the parts carry a header of six octets.
_ROOM: dict[Encoding, tuple[int, int]] = {"GSM-7": (160, 153), "UCS-2": (70, 67)}
_JOINER = "\u200d"


@dataclass(frozen=True, slots=True)
class Segments:
    """The cost of one text: septets or UTF-16 code units, parts, and what forbids GSM-7."""

    encoding: Encoding
    units: int
    segments: int
    offending: tuple[str, ...]


def measure(text: str) -> Segments:
    """Measure a text as providers bill it; an empty text is still one message."""
    offending = tuple(dict.fromkeys(char for char in text if char not in gsm7.ALPHABET))
    encoding: Encoding = "UCS-2" if offending else "GSM-7"
    sizes = list(_ucs2_sizes(text) if offending else _gsm7_sizes(text))
    units = sum(sizes)
    alone, part = _ROOM[encoding]
    return Segments(encoding, units, 1 if units <= alone else _parts(sizes, part), offending)


def rewrite(text: str) -> str:
    """The nearest GSM-7 spelling, or the text itself where there is none or it costs more."""
    if text_is_gsm7(text):
        return text
    spelled = gsm7.spell(text)
    cheaper = measure(spelled).segments <= measure(text).segments
    return spelled if text_is_gsm7(spelled) and cheaper else text


def text_is_gsm7(text: str) -> bool:
    return gsm7.ALPHABET.issuperset(text)


def _gsm7_sizes(text: str) -> Iterator[int]:
    return (2 if char in gsm7.EXTENDED else 1 for char in text)


def _ucs2_sizes(text: str) -> Iterator[int]:
    """The code units of each visible character, which a part never cuts in two."""
    size, previous, flags = 0, "", 0
    for char in text:
        flags = flags + 1 if _is_flag_half(char) else 0
        if size and not _continues(previous, char, flags):
            yield size
            size = 0
        size += 2 if ord(char) > 0xFFFF else 1
        previous = char
    if size:
        yield size


def _continues(previous: str, char: str, flags: int) -> bool:
    if _is_flag_half(char):
        return flags % 2 == 0
    extends = unicodedata.category(char) in ("Mn", "Me", "Mc") or char in (_JOINER, "\u200c")
    tone = 0x1F3FB <= ord(char) <= 0x1F3FF
    return extends or tone or (previous == _JOINER and unicodedata.category(char) == "So")


def _is_flag_half(char: str) -> bool:
    return 0x1F1E6 <= ord(char) <= 0x1F1FF


def _parts(sizes: Iterable[int], room: int) -> int:
    """Parts filled in turn; only a character larger than a whole part is ever cut."""
    parts, free = 0, 0
    for size in sizes:
        if size > free:
            parts, free = parts + 1, room
        while size > free:
            size, parts = size - free, parts + 1
        free -= size
    return parts
