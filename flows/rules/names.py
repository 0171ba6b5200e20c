"""Whether a typed name is the recorded one: loose on spelling, strict on persons."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence

from rapidfuzz.distance import OSA

_LETTERS = str.maketrans({"ı": "i", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "t"})
_LIGATURES = (("œ", "oe"), ("æ", "ae"), ("ß", "ss"))


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PARTICLES = _words("de du des d la le les l el al ben bin van von der den da dos das do del y e")
_TITLES = _words("m mr mme mrs ms mlle dr sr sra bay bayan monsieur madame docteur doctor")
# A case may know somebody as "la maman de Rose": that proves nobody's name.
_NOT_NAMES = _words(
    "maman papa mere pere mom mum dad mother father frere soeur brother sister voisin voisine"
    " neighbour neighbor mari femme husband wife copain copine collegue colleague"
)
_LEAD_IN = re.compile(
    r"^(?:(?:bonjour|bonsoir|hello|hi|oui|yes|ok|salut)\s+)*"
    r"(?:(?:je suis|moi c est|c est|je m appelle|mon nom est|i am|i m|my name is|this is"
    r"|me llamo|soy|sou|eu sou|meu nome e|benim adim|adim)\s+)?"
)
Same = Callable[[str, str], bool]


def names_match(typed: str, given_name: str, family_name: str = "") -> bool:
    """Whether somebody typed the name on record.

    Accents, case, hyphens, order, titles, doubled letters and a slip of the finger do not matter.
    The given name and the surname must both be found; where the record has no surname the given
    name is enough, a surname alone never is. One name more than the record has may stand beside
    it, so that a list of guesses does not pass.
    """
    said = _tokens(_LEAD_IN.sub("", fold(typed), count=1))
    given, whole_family = _tokens(given_name), _tokens(family_name)
    family = _strong(whole_family)
    if not said or not given or _NOT_NAMES & set(given):
        return False
    beside = 1 if family else 2
    if _found(given, family, said, beside) or _joined(given, whole_family, said):
        return True
    return len(given) > 1 and _found(given[:1], family, said, 0)


def fold(name: str) -> str:
    """A name without accents, case and marks, its words apart by one space."""
    text = name.casefold().translate(_LETTERS)
    for ligature, letters in _LIGATURES:
        text = text.replace(ligature, letters)
    plain = (c for c in unicodedata.normalize("NFKD", text) if not unicodedata.combining(c))
    return " ".join(re.findall(r"[^\W\d_]+", "".join(plain)))


def _tokens(name: str) -> list[str]:
    return [word for word in fold(name).split() if word not in _TITLES]


def _strong(words: list[str]) -> list[str]:
    """The words of a surname that carry it; all of them where it is made of particles."""
    return [word for word in words if word not in _PARTICLES] or words


def _found(given: list[str], family: list[str], said: list[str], beside: int) -> bool:
    left = _without(given, said, _same_given)
    left = None if left is None else _without(family, left, _same_family)
    return left is not None and len(set(left) - _PARTICLES) <= beside


def _without(wanted: Sequence[str], said: Sequence[str], same: Same) -> list[str] | None:
    """What is left once each wanted word is found, None where one is not."""
    left = list(said)
    for word in wanted:
        found = next(
            (other for other in sorted(left, key=_closeness(word)) if same(word, other)), ""
        )
        if not found:
            return None
        left.remove(found)
    return left


def _closeness(word: str) -> Callable[[str], int]:
    return lambda other: OSA.distance(word, other)


def _joined(given: list[str], family: list[str], said: list[str]) -> bool:
    """ "Jeanpierre Legoff" for Jean-Pierre Le Goff: the same letters, the spaces elsewhere."""
    typed = _sound("".join(said))
    return typed in (_sound("".join(given + family)), _sound("".join(family + given)))


def _same_given(one: str, other: str) -> bool:
    """Given names differ by a letter between siblings (Karim, Karima; Sofia, Sonia): the ends
    must agree, and a letter may be missing, added or swapped but not replaced."""
    return _sound(one) == _sound(other) or _slip(one, other)


def _slip(one: str, other: str) -> bool:
    long_enough = min(len(one), len(other)) >= 4 and max(len(one), len(other)) >= 5
    same_ends = (one[0], one[-1]) == (other[0], other[-1])
    not_replaced = len(one) != len(other) or sorted(one) == sorted(other)
    return long_enough and same_ends and not_replaced and OSA.distance(one, other) == 1


def _same_family(one: str, other: str) -> bool:
    """One slip from five letters on, two from nine on."""
    one, other = _sound(one), _sound(other)
    shortest = min(len(one), len(other))
    allowed = 2 if shortest >= 9 else int(shortest >= 5)
    return OSA.distance(one, other) <= allowed


def _sound(word: str) -> str:
    """Ways of writing that are one name: Philippe and Phillipe, Sofie and Sophie."""
    spelt = word.replace("ph", "f").replace("y", "i").replace("ck", "k")
    return re.sub(r"(.)\1+", r"\1", spelt)
