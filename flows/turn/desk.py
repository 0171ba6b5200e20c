"""What every turn has at hand: flows, words and rules."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from flows.rules import NoPack, Pack, Packs
from flows.spec.library import Library
from flows.wording.catalogues import Catalogues


@dataclass(frozen=True, slots=True)
class Desk:
    """The library, the catalogues, the packs of this deployment, and English by key."""

    library: Library
    catalogues: Catalogues
    packs: Packs
    english: Mapping[str, str]
    illness: str
    territory: str
    start_word: str = "START"
    # Where a person's page is, before its code; "" where no pages are served.
    page_url: str = ""
    # Whether people may be called by the machine.
    calls: bool = False
    # Whether there is a bot of ours in Telegram.
    chats: bool = False
    # Whether people may be written to by WhatsApp.
    whatsapp: bool = False

    def pack(self, on: date) -> Pack:
        """The rules that hold on a day; the last that held where they have ended.

        Who writes on that day is heard all the same: that the rules have ended is said to
        operators, by `holds`.
        """
        try:
            return self.packs.for_(self.illness, self.territory, on)
        except NoPack:
            last = self.packs.last(self.illness, self.territory, on)
            if last is None:
                raise
            return last

    def holds(self, on: date) -> bool:
        """Whether any rules hold on a day."""
        try:
            self.packs.for_(self.illness, self.territory, on)
        except NoPack:
            return False
        return True

    def words(self, key: str, lang: str, english: str = "") -> str:
        """The text of a key in a language; English where no translation stands."""
        return self.catalogues.lookup(lang, key, english or self.english[key]).text
