"""What answers named beside people: groups without names, and a fever told on the way."""

from __future__ import annotations

from collections.abc import Mapping

from flows.vocabulary import Conversation


def groups(conversation: Conversation) -> list[Mapping[str, str]]:
    """The groups named without names: "the whole class"."""
    return [group for key in conversation.kept for group in groups_under(conversation, key)]


def groups_under(conversation: Conversation, key: str) -> list[Mapping[str, str]]:
    """The groups that the answers kept under this key named."""
    kept = conversation.kept.get(key)
    return list(kept.get("groups", ())) if isinstance(kept, Mapping) else []


def feverish(conversation: Conversation) -> bool:
    """Whether the person told of a fever in this very conversation."""
    signs = (kept.get("present", ()) if isinstance(kept, Mapping) else kept
             for key, kept in conversation.kept.items()
             if key.endswith((".danger", ".which_sign")))  # fmt: skip
    return any("fever" in (told or ()) for told in signs)
