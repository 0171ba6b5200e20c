"""How a reply was understood, kept beside its words for those who read the talk."""

from __future__ import annotations

from typing import Any

from flows.understanding import Reading
from flows.vocabulary import Conversation


def record(reading: Reading) -> dict[str, Any]:
    """A reading, JSON-ready, for the transcript."""
    spans = [[span.start, span.end, span.code] for span in reading.spans]
    return {**reading.told(), "spans": spans}


def status_of(before: Conversation, after: Conversation | None) -> str:
    """Of a reply that means nothing by itself: "0" may be the answer to the very question."""
    if after is None or not before.frames:
        return "not_understood"
    asked, now = before.frames[-1], after.frames[-1] if after.frames else None
    if now and (now.flow, now.node, now.item) == (asked.flow, asked.node, asked.item):
        return "not_understood"
    band = after.bands.get(f"{asked.flow}.{asked.node}", "unclear")
    return "not_understood" if band == "unclear" else "understood"
