"""The GSM-7 alphabet of SMS (3GPP TS 23.038) and the nearest spelling inside it."""

import re
import unicodedata
from functools import cache

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ"
    " !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")
ALPHABET = BASIC | EXTENDED

# Written first as patterns: what replaces these depends on their neighbours.
_PATTERNS = (
    # French writes 38°5 for 38.5: dropping the sign would make it 385.
    (re.compile(r"(?<=\d)\s?°(?=\d)"), ","),
    (re.compile(r"(?<=\d)\s?°(?!\s?[CF]\b)"), ""),
    (re.compile(r"(?<=\d)\s?°\s?(?=[CF]\b)"), " "),
    (re.compile(r"(?<=[nN])°"), "o"),
    (re.compile(r"«\s?"), '"'),
    (re.compile(r"\s?»"), '"'),
    (re.compile(r"Œ(?=[a-zà-ÿœ])"), "Oe"),
)

_NEAREST = {
    **dict.fromkeys("‘’‚‛ʼʹ′´`‹›", "'"),
    **dict.fromkeys("“”„‟″", '"'),
    **dict.fromkeys("‐‑‒–—―−•‣", "-"),
    **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000", " "),
    **dict.fromkeys(map(chr, range(0x2000, 0x200B)), " "),
    **dict.fromkeys("\u00ad\u200b\u200e\u200f\u2060\u2066\u2067\u2068\u2069\ufeff", ""),
    **dict.fromkeys("\u2028\u2029", "\n"),
    "…": "...",
    "œ": "oe",
    "Œ": "OE",
    "þ": "th",
    "Þ": "Th",
    **dict(zip("·×ªºıłŁđĐðÐŋŊħĦ", ".xaoilLdDdDnNhH", strict=True)),
}


def spell(text: str) -> str:
    """The text with letters outside GSM-7 replaced by their nearest ones where there are any."""
    composed = unicodedata.normalize("NFC", text)
    for pattern, nearest in _PATTERNS:
        composed = pattern.sub(nearest, composed)
    return _without_loose_accents("".join(map(_nearest, composed)))


@cache
def _nearest(char: str) -> str:
    if char in ALPHABET:
        return char
    if char in _NEAREST:
        return _NEAREST[char]
    return _base(char) if char.isalpha() else char


def _base(letter: str) -> str:
    """The letter under its accents, taken off one by one (ế → ê → e), or itself."""
    peeled = letter
    while peeled not in ALPHABET:
        parts = unicodedata.decomposition(peeled).split()
        if not parts or parts[0].startswith("<"):
            return letter
        peeled = chr(int(parts[0], 16))
    return peeled


def _without_loose_accents(text: str) -> str:
    return re.sub(r"(?<=[^\W\d_])[\u0300-\u036f]+", "", text)
