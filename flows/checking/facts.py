"""The facts that stand before a flow begins, as the engine computes them, with their bands."""

from __future__ import annotations

from collections.abc import Mapping

from flows.spec.nodes import COMPUTED_FACTS

READABLE_FACTS: Mapping[str, tuple[str, ...]] = {
    "proof": ("birth_year", "typed_name", "call_only"),
    "role": ("case", "contact"),
    "minor": ("yes", "no"),
    "identity": ("proven", "needed"),
    "told": ("yes", "no"),
    "at_home": ("yes", "no"),
    "proof_year": ("known", "unknown"),
    "phone": ("own", "shared", "worded"),
    "onset": ("known", "none", "unknown"),
    "alone": ("likely", "unlikely"),
    "relay": ("offered", "none"),
    "may_name": ("yes", "no"),
    "may_date": ("yes", "no"),
    "until": ("known", "unknown", "none"),
    "apart": ("ask", "settled"),
    "halfway": ("yes", "no"),
}
FACTS: Mapping[str, tuple[str, ...]] = {**READABLE_FACTS, **COMPUTED_FACTS}

# What `do: learn`, `mark`, `mark_others` and `move_…` may name.
ARGUMENTS: Mapping[str, frozenset[str]] = {
    "learn": frozenset(
        (
            *("birth_year", "name", "last_met", "onset", "risks", "place", "window"),
            *("isolation", "support", "apart"),
        )
    ),
    "mark": frozenset(("minor", "adult", "may_name")),
    "mark_others": frozenset(("minor", "adult", "may_name")),
    "close_list": frozenset(("listed", "none", "refused", "silent", "later")),
    "move_case": frozenset(
        ("reported", "notifying", "interviewing", "listed", "following", "closed")
    ),
    "move_contact": frozenset(("declared", "contacting", "reached", "following", "closed")),
}
