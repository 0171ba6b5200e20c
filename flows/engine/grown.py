"""Who is grown up by the words beside a name: a title, a mother-in-law, "no children"."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from flows.engine.keywords import plain, says
from flows.vocabulary import Named

# As `plain` writes them, in the six languages.
TITLES = frozenset({
    "m", "mr", "mrs", "ms", "mme", "mlle", "monsieur", "madame", "mister", "don", "dona", "sr",
    "sra", "senhor", "senhora", "senor", "senora", "dr", "dra", "docteur", "doctor", "bey",
    "hanim", "abla", "abi", "amca", "teyze", "hoca", "haci", "السيد", "السيده", "سيد", "سيده",
    "استاذ", "استاذه", "الحاج", "الحاجه", "ابو", "ام", "عم",
})  # fmt: skip
_KIN = """belle mere|beau pere|beau frere|belle soeur|oncle|tonton|tante|tata|tatie|mari|femme
|mother in law|father in law|brother in law|sister in law|uncle|aunt|auntie|husband|wife
|suegr[oa]|cunad[oa]|ti[oa]|marido|esposa|mujer|sogr[oa]|genro|nora|yerno|nuera
|kayinvalide\\w*|kayinpeder\\w*|kaynana\\w*|dayi\\w*|hala\\w*|teyze\\w*|amca\\w*|karim|kocam|esim
|عمي|عمتي|خالي|خالتي|حماتي|حماي|زوجتي|زوجي|مراتي|جوزي""".replace("\n", "")
_BETWEEN = r"(?: (?:don|dona|o|a|el|la|le|mr|mrs|mme))?"


def is_grown(person: Mapping[str, Any]) -> bool:
    """Whether somebody is called by a title that no child has."""
    words = plain(str(person.get("name") or "")).split()
    return len(words) > 1 and not TITLES.isdisjoint((words[0], words[-1]))


def grown_beside(named: tuple[Named, ...], raw: str) -> tuple[Named, ...]:
    """`named` with those of age whose relation in the text says so."""
    words = plain(raw)
    none = says(raw, "no_children")
    return tuple(
        replace(row, minor=False) if row.minor is None and (none or _told(row, words)) else row
        for row in named
    )


def _told(row: Named, words: str) -> bool:
    name = plain(row.name)
    return bool(name) and bool(re.search(rf"\b(?:{_KIN}){_BETWEEN} {re.escape(name)}\b", words))
