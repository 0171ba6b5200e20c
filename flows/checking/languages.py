"""The languages that a deployment declares complete, and how many SMS a text may cost in each."""

from __future__ import annotations

from collections.abc import Mapping

# A missing or stale translation in one of these is a finding; in the others it is work to do.
DECLARED = ("en", "fr", "es", "pt", "tr", "ar")

# Sent by SMS in the nearest plain letters (á → a, ş → s), as their readers themselves type them;
# English and French choose words that need no such thing.
SPELLED_PLAIN = frozenset(("es", "pt", "tr", "ar"))

# Arabic is written in UCS-2, which holds 70 letters; the others fit the 160 of GSM-7.
SEGMENT_BUDGET: Mapping[str, int] = {"en": 1, "fr": 1, "es": 1, "pt": 1, "tr": 1, "ar": 2}
