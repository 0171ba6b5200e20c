""" "Hold on, the kettle": who asks us to wait answers nothing yet."""

from __future__ import annotations

import re

from flows.engine.keywords import begins, plain, says_only
from flows.understanding import Reading

_CLAUSES = re.compile(r"[,;.!?…؟،\n]+")
_FEW, _CLAUSE = 8, 5
# Any words would do for an answer there.
_TAKES_ALL = frozenset({"contacts", "which", "week", "members", "text", "name"})


def waits(words: str, reading: Reading, asked: str) -> bool:
    """Whether a short reply asks us to wait, and gives no answer after that ("wait, Tuesday")."""
    if reading.danger or len(plain(words).split()) > _FEW or any(map(str.isdigit, words)):
        return False
    clauses = [one for one in _CLAUSES.split(words) if plain(one)]
    asking = [at for at, one in enumerate(clauses) if _is_wait(one)]
    if not asking:
        return False
    answered = reading.status == "understood" and asked not in _TAKES_ALL
    return asking[-1] + 1 == len(clauses) or not answered


def _is_wait(clause: str) -> bool:
    short = len(plain(clause).split()) <= _CLAUSE
    return says_only(clause, "pause") or (short and begins(clause, "pause_for"))
