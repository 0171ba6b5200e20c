"""The word that makes an agent's call known for ours: one for each person and day."""

from __future__ import annotations

from datetime import date

from bot.store.engines import Store, Tx
from flows.rules import Pack
from flows.rules.call_words import call_word


def word_of_the_day(store: Store | Tx, pack: Pack, person_id: int, lang: str, on: date) -> str:
    """The same for every agent all day; nobody without our key can tell it beforehand."""
    drawn = store.keyring.index("call_word", f"{person_id}:{on.isoformat()}")
    return call_word(pack, lang, int.from_bytes(drawn[:4], "big"), on)
