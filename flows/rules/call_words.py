"""The word that an agent says on a call announced by text, so that it is known for ours."""

from __future__ import annotations

from datetime import date

from flows.rules.packs import Pack
from flows.rules.rows import in_force

_FALLBACK = "en"


def call_word(pack: Pack, lang: str, draw: int, on: date) -> str:
    """The word of a draw (any whole number) in a language; English where it has no list."""
    rows = in_force(pack.table("call_words"), on)
    by_lang = {row.text("language"): row.words("words") for row in reversed(rows)}
    words = by_lang.get(lang) or by_lang[_FALLBACK]
    return words[draw % len(words)]
