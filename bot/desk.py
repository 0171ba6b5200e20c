"""The desk of this deployment: shipped flows, translations and rules, read once at the start."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime
from itertools import product

from bot.setting_faults import SettingFault
from flows.rules import shipped_packs
from flows.spec.library import shipped as shipped_library
from flows.turn import Desk
from flows.understanding import Question, read
from flows.understanding.ear import open_ears
from flows.understanding.reading import EXPECTED
from flows.vocabulary import LANGUAGES
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


@contextmanager
def _for_ever() -> Iterator[None]:
    """What is read within stays as long as the process: the collector need never look at it."""
    gc.disable()
    try:
        yield
    finally:
        gc.enable()
        gc.freeze()


def desk_for(pack: str, now: datetime) -> Desk:
    """The desk of a start; `SettingFault` where the rules of the pack do not hold now."""
    with _for_ever():
        return _warm(open_desk(pack), pack, now)


def _warm(desk: Desk, pack: str, now: datetime) -> Desk:
    if not desk.holds(now.date()):
        wants = f"wants rules that hold today, and {pack} does not hold on {now.date()}"
        raise SettingFault("VIGIE_PACK", wants)
    for lang, expect in product(LANGUAGES, EXPECTED):
        # Lexicons are read with the first reply of a kind: nobody in danger waits for that.
        read("ok 2", Question(expect, lang=lang))
    open_ears()
    return desk
