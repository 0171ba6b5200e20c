"""Names reduced to what can be found again: plain tokens and one sound key for every language."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

from rapidfuzz import fuzz

# Arabic letters by the Latin ones that they are usually written with in passports.
_ARABIC = str.maketrans(
    {
        **dict(zip("بتثجحخدذرزسشصضطظعغفقكلمنهوي", "btsjhhddrzsxsdtzagfkklmnhui", strict=True)),
        **dict.fromkeys("اأإآءئؤىة", "a"),
    }
)
_WORD = re.compile(r"[^\W_]+")
# In this order: spellings of one sound become one letter, whatever the language.
_SOUNDS = tuple(
    (re.compile(pattern), letter)
    for pattern, letter in (
        (r"sch|sh|ch|tch", "x"),
        (r"ph", "f"),
        (r"th", "t"),
        (r"gh", "g"),
        (r"kh", "h"),
        (r"ou|oo", "u"),
        (r"c(?=[eiy])", "s"),
        (r"ck|[cqk]", "k"),
        (r"[zs]", "s"),
        (r"g(?=[eiy])|dj|j", "j"),
        (r"[wv]", "v"),
        (r"^[aeiouy]+", "a"),
        (r"(?<!^)[aeiouy]+", ""),
        (r"h", ""),
        (r"(.)\1+", r"\1"),
    )
)


@lru_cache(maxsize=4096)
def tokens(name: str) -> tuple[str, ...]:
    """The words of a name: without case, accents or punctuation, each once."""
    flat = unicodedata.normalize("NFKD", name.casefold().replace("œ", "oe").replace("ı", "i"))
    bare = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return tuple(dict.fromkeys(_WORD.findall(bare)))


@lru_cache(maxsize=4096)
def sound(token: str) -> str:
    """The consonants that are heard, and a first vowel; alike for Mohamed, Muhammad and محمد."""
    heard = token.translate(_ARABIC)
    for pattern, letter in _SOUNDS:
        heard = pattern.sub(letter, heard)
    return heard


def sounds(name: str) -> tuple[str, ...]:
    """The sound keys of a name's words; a single letter says too little to be one."""
    heard = (sound(token) for token in tokens(name) if len(token) > 1)
    return tuple(dict.fromkeys(key for key in heard if key))


def may_be(said: str, given: str, family: str) -> int:
    """How many words say that a name as somebody said it is this person's own; 0 if one does not.

    Each word of the shorter name has its fellow in the longer one, and a given name is among them:
    "Sofie" may be Sophie Martin; Léo Martin, Mr Martin and Sophie Durand may not.
    """
    mine, own = tokens(said), tokens(f"{given} {family}")
    fellows = [one for one in mine if any(_alike(one, other) for other in own)]
    named = any(_alike(one, other) for one in fellows for other in tokens(given) or own)
    whole = len(fellows) >= min(len(mine), len(own))
    return len(fellows) if named and whole else 0


def _alike(one: str, other: str) -> bool:
    """The same word in another spelling, perhaps; but Paul and Paule, Léa and Léo are two."""
    if one == other:
        return True
    same_end = one[-1] == other[-1] or {one[-1], other[-1]} <= set("eiy")
    heard = sound(one) == sound(other) and len(sound(one)) > 1
    near = min(len(one), len(other)) > 4 and fuzz.ratio(one, other) >= 88
    return same_end and (heard or near)


def closeness(said: str, own: str) -> float:
    """0 to 100: how well a name as somebody said it fits one on record, in any order.

    A part fits the whole: "Léa" and "Lea Martin" are 100. An empty name fits nothing.
    """
    if not tokens(said) or not tokens(own):
        return 0.0
    spelled = fuzz.token_set_ratio(" ".join(tokens(said)), " ".join(tokens(own)))
    heard = fuzz.token_set_ratio(" ".join(sounds(said)), " ".join(sounds(own)))
    return max(spelled, heard - 5)
