"""A person's name written as in a file: capitals, particles, hyphens and apostrophes put right."""

from __future__ import annotations

import re

_PART = re.compile(r"([-'’‐‑])")
_SMALL = frozenset(
    {"de", "du", "des", "da", "do", "dos", "das", "del", "von", "van", "der", "den", "di", "zu",
     "bin", "ibn", "bint", "y", "e", "ter", "ten", "of", "della", "dei"}
)  # fmt: skip
_SMALL_AFTER_DE = frozenset({"la", "las", "los", "l"})
_ELIDED = frozenset({"d", "l"})
_TITLES = {"mme": "Mme", "mlle": "Mlle", "mr": "Mr", "mrs": "Mrs", "ms": "Ms", "m": "M.",
           "m.": "M.", "dr": "Dr", "sr": "Sr.", "sra": "Sra."}  # fmt: skip
_TURKISH_UPPER = {"i": "İ", "ı": "I"}
_TURKISH_LOWER = {"I": "ı", "İ": "i"}


def _lower(word: str, lang: str) -> str:
    if lang == "tr":
        word = "".join(_TURKISH_LOWER.get(letter, letter) for letter in word)
    # A dotted capital I folds to two characters; one is enough.
    return word.lower().replace("i̇", "i")


def _capital(word: str, lang: str) -> str:
    if not word:
        return word
    if lang == "tr" and word[0] in _TURKISH_UPPER:
        return _TURKISH_UPPER[word[0]] + word[1:]
    return word[0].upper() + word[1:]


def _is_mixed(word: str) -> bool:
    """Typed with care: capitals and small letters, the first a capital."""
    return word[:1].isupper() and any(letter.islower() for letter in word[1:])


def _piece(word: str, lang: str) -> str:
    """One part between hyphens."""
    if _is_mixed(word):
        return word
    small = _lower(word, lang)
    if small.startswith("mc") and len(small) > 4:
        return "Mc" + _capital(small[2:], lang)
    return _capital(small, lang)


def _word(word: str, lang: str, *, first: bool, previous: str) -> str:
    small = _lower(word, lang)
    if not first and small in _SMALL and not _is_mixed(word):
        return small
    if small in _SMALL_AFTER_DE and previous == "de" and not _is_mixed(word):
        return small
    parts = _PART.split(word)
    made = [part if _PART.match(part) else _piece(part, lang) for part in parts]
    if len(made) >= 3 and _PART.match(made[1]) and made[1] != "-":
        head = _lower(made[0], lang)
        if head in _ELIDED and not first:
            made[0] = head
    return "".join(made).replace("’", "'").replace("‐", "-").replace("‑", "-")


def repair(written: str, lang: str) -> str:
    """The name with its letters put right: "jean-pierre LE GOFF" is "Jean-Pierre Le Goff"."""
    made: list[str] = []
    words = written.split()
    for at, word in enumerate(words):
        bare = word.rstrip(".,;:")
        key = bare.lower()
        if key in _TITLES and len(words) > 1 and at == 0:
            made.append(_TITLES[key])
            continue
        word = word if len(bare) <= 2 and word.endswith(".") and at + 1 < len(words) else bare
        if not word:
            continue
        previous = made[-1].lower() if made else ""
        made.append(_word(word, lang, first=not made, previous=previous))
    return " ".join(made)


def surname_first(written: str) -> str:
    """ "DUPONT Marie" turned to "Marie DUPONT": capitals mark the surname in a file."""
    words = written.split()
    shouted = [len(w) > 1 and w.isupper() for w in words]
    if len(words) < 2 or words[0].endswith(".") or not shouted[0] or shouted[-1]:
        return written
    cut = next(at for at, loud in enumerate(shouted) if not loud)
    if any(shouted[cut:]):
        return written
    return " ".join([*words[cut:], *words[:cut]])
