"""Whether somebody says that all is well: over, a misunderstanding, or already seen to."""

from __future__ import annotations

import re

from flows.understanding.scene import Scene, scene
from flows.understanding.text import normalise

_PIECE = re.compile(r"[^,،;.!?؟\n]+[,،;.!?؟\n]?")
_NOT_REACH = 3  # words from "not" to what it denies: "I'm not at all fine"
# What makes of "fine" no more than hope.
_SPOILT = ("DOUBT", "KEEPSON")


def says_all_is_well(raw: str, lang: str) -> bool:
    """Asserted, and neither denied, doubted nor asked; "no, I'm fine" denies nothing."""
    pieces = [found.group() for found in _PIECE.finditer(raw)]
    scenes = [(piece, scene(normalise(piece, lang))) for piece in pieces]
    if any(found.spoken(code) for _, found in scenes for code in _SPOILT):
        return False
    return any(piece[-1] not in "?؟" and _asserted(found) for piece, found in scenes)


def _asserted(found: Scene) -> bool:
    return any(
        not any(
            0 < hit.start - no.end <= _NOT_REACH and no.lang == hit.lang
            for no in (*found.of("NOT"), *found.of("IF"))
        )
        for hit in found.spoken("ALLWELL")
    )
