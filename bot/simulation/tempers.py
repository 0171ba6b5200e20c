"""How people answer: calm, ill, in danger, silent, saying STOP, talking nonsense …"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

from flows.vocabulary import Lang


@dataclass(frozen=True, slots=True)
class Temper:
    """Chances from 0 to 1 at each question; `waits` are seconds from the shortest to the longest.

    `says`: words of their own instead of an answer, by kind (see `WORDS`). `pieces`: an answer in
    two messages within seconds. `twice`: the same again.
    """

    name: str
    answers: float = 0.97
    waits: tuple[float, float] = (10.0, 900.0)
    ill: float = 0.1
    says: Mapping[str, float] = field(default_factory=dict)
    pieces: float = 0.0
    twice: float = 0.0
    names: int = 3


# With how many of each one is drawn.
TEMPERS: Final[tuple[tuple[Temper, int], ...]] = (
    (Temper("calm"), 40),
    (Temper("ill", ill=0.8), 12),
    (Temper("quick", waits=(1.0, 6.0), pieces=0.3, twice=0.1), 8),
    (Temper("slow", answers=0.8, waits=(600.0, 30 * 3600.0)), 8),
    (Temper("silent", answers=0.15), 6),
    (Temper("in danger", ill=0.7, says={"danger": 0.12, "self_harm": 0.01}), 8),
    (Temper("under a fist", says={"violence": 0.06, "stop": 0.02}), 2),
    (Temper("tired of us", says={"stop": 0.1, "start": 0.05}), 5),
    (Temper("hard to read", says={"nonsense": 0.3, "human": 0.05, "help": 0.05}), 5),
    (Temper("of many tongues", says={"foreign_danger": 0.06, "language": 0.05}), 3),
    (Temper("somebody else", says={"wrong": 0.4}), 2),
    (Temper("in hospital", ill=0.9, says={"hospital": 0.08, "back": 0.05, "danger": 0.04}), 1),
    (Temper("mourning", says={"deceased": 0.05}), 1),
)

CALM: Final = Temper("calm", answers=1.0)

# Words that no question can make mean anything else.
DANGER: Final[Mapping[Lang, tuple[str, ...]]] = {
    "fr": ("j'étouffe", "je n'arrive plus à respirer"),
    "en": ("I can't breathe", "I am suffocating"),
    "es": ("no puedo respirar",),
    "pt": ("não consigo respirar",),
    "tr": ("nefes alamıyorum",),
    "ar": ("لا أستطيع التنفس",),
}
WORDS: Final[Mapping[str, Mapping[Lang, tuple[str, ...]]]] = {
    "self_harm": {"fr": ("je veux mourir",), "en": ("I want to kill myself",)},
    "violence": {"fr": ("mon mari me frappe",), "en": ("my husband hits me",)},
    "stop": {"fr": ("STOP", "stop"), "en": ("STOP",)},
    "start": {"fr": ("START",), "en": ("START",)},
    "human": {"fr": ("APPEL",), "en": ("CALL",)},
    "help": {"fr": ("AIDE",), "en": ("HELP",)},
    "wrong": {"fr": ("c'est pas moi",), "en": ("wrong number",)},
    "hospital": {"fr": ("je suis à l'hôpital",), "en": ("I am in hospital",)},
    "back": {"fr": ("RETOUR",), "en": ("BACK",)},
    "deceased": {"fr": ("elle est décédée",), "en": ("she died yesterday",)},
    "language": {"fr": ("English please",), "en": ("français svp",)},
    "nonsense": {
        "fr": ("mmh", "🙃🙃", "le chat dort", "???", "12/13/14", "?!\0\ud83d"),
        "en": ("hm", "the cat sleeps", "…", "0 1 2 3 4 5", "<b>yes</b>"),
        "ar": ("هههه", "؟؟؟"),
    },
}


def words_of(kind: str, lang: Lang) -> tuple[str, ...]:
    """What is said of a kind in a language, in English where we know no better."""
    if kind == "danger":
        return DANGER[lang]
    known = WORDS[kind]
    return known.get(lang) or known["en"]
