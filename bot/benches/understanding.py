"""`bench understand`: short replies read whole, beside a bare folding of the same words."""

from __future__ import annotations

import gc
import time
import unicodedata
from collections.abc import Iterator
from datetime import datetime

from bot.benches.figures import Figures, Size, paired
from flows.understanding import Question, read
from flows.understanding.ear import open_ears

NAME = "understand"
_NOW = datetime(2026, 11, 23, 10, 0)
_ROUNDS = {"quick": 2, "usual": 40, "full": 200}
_HOSTILE_LENGTH = 1600
# (language, what was asked, the reply): ordinary short replies, calm and not.
REPLIES: tuple[tuple[str, str, str], ...] = (
    ("fr", "yes_no", "non pas du tout"),
    ("fr", "temperature", "38,2 ce matin"),
    ("fr", "symptoms", "je tousse un peu et mal à la gorge"),
    ("fr", "contacts", "ma femme Léa 0612345678 et Paul"),
    ("fr", "yes_no", "oui et j'ai du mal à respirer"),
    ("en", "yes_no", "nope all good"),
    ("en", "temperature", "101.3"),
    ("en", "symptoms", "just a runny nose"),
    ("es", "symptoms", "tos y dolor de cabeza"),
    ("es", "yes_no", "no, nada"),
    ("pt", "temperature", "38 e meio"),
    ("pt", "symptoms", "nariz escorrendo"),
    ("tr", "symptoms", "öksürüyorum ateşim yok"),
    ("tr", "yes_no", "hayır"),
    ("ar", "symptoms", "عندي كحة ومفيش حرارة"),
    ("ar", "yes_no", "لا الحمد لله"),
)
_SHREDS = (
    *("38 ", "0612345678 ", "pas ", "no ", "et ", "mal "),
    *("ا", "(((", "aaaa", "Jean-", "le 17 "),
)
_HOSTILE_TO = ("contacts", "temperature", "date", "symptoms", "choice")


def run(size: Size) -> Figures:
    """Replies a second on one core, the median microseconds, and the slowest hostile text."""
    open_ears()  # As a service does at its start.
    rounds = _ROUNDS[size]
    asked = [(text, Question(expect, lang=lang, now=_NOW)) for lang, expect, text in REPLIES]

    def replies() -> int:
        for _ in range(rounds):
            for text, question in asked:
                read(text, question)
        return rounds * len(asked)

    def folding() -> int:
        for _ in range(rounds):
            for text, _question in asked:
                _fold(text)
        return rounds * len(asked)

    replies()
    for expect in _HOSTILE_TO:
        read("ok 2 fievrre", Question(expect, now=_NOW))  # Lexicons are read at the first use.
    gc.freeze()  # As a service does, which is not to look through them ever after.
    mine, bare, ratio = paired(replies, folding)
    return Figures(
        NAME,
        {
            "replies_per_s": round(mine),
            "us": round(1e6 / mine, 1),
            "reference_per_s": round(bare),
            "ratio": round(ratio, 4),
            "hostile_ms": round(max(_hostile()), 1),
        },
    )


def _fold(text: str) -> list[str]:
    """The bare metal: decompose, drop accents, fold the case, split."""
    plain = unicodedata.normalize("NFKD", text)
    return "".join(c for c in plain if not unicodedata.combining(c)).casefold().split()


def _hostile() -> Iterator[float]:
    """Milliseconds of processor for 1,600 characters of each noise, as each kind of answer."""
    for shred in _SHREDS:
        text = (shred * _HOSTILE_LENGTH)[:_HOSTILE_LENGTH]
        for expect in _HOSTILE_TO:
            started = time.process_time()
            read(text, Question(expect, now=_NOW))
            yield (time.process_time() - started) * 1000
