"""The desk of this deployment: shipped flows, translations and rules, read once at the start."""

from __future__ import annotations

from flows.rules import shipped_packs
from flows.spec.library import shipped as shipped_library
from flows.turn import Desk
from flows.wording.catalogues import shipped as shipped_catalogues
from flows.wording.extract import by_key, shipped_texts

DEMONSTRATION = "demonstration"


def open_desk(pack: str = DEMONSTRATION) -> Desk:
    """The desk that works by the rules of a pack; `NoPack` where none has that name."""
    packs = shipped_packs()
    named = packs.named(pack)
    return Desk(
        library=shipped_library(),
        catalogues=shipped_catalogues(),
        packs=packs,
        english=by_key(shipped_texts()),
        illness=named.illness,
        territory=named.territory,
    )
