"""A conversation's state as JSON, and back: what stood before an answer can be taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields, replace
from datetime import date
from typing import Any

from flows.vocabulary import Conversation, Frame, Named, frame_from

_DAYS = ("last_day", "birth_date")
_NAMES = {kind: tuple(field.name for field in fields(kind)) for kind in (Frame, Named)}
_COPIED = ("status", "bands", "kept", "pending", "outcome")


def snapshot(conversation: Conversation) -> dict[str, Any]:
    """What an answer may change of a conversation, JSON-ready; its last hearing is left out."""
    return {
        "frames": [_plain(frame) for frame in conversation.frames],
        "named": [_plain(row) for row in conversation.named],
        **{name: getattr(conversation, name) for name in _COPIED},
    }


def restored(conversation: Conversation, kept: Mapping[str, Any]) -> Conversation:
    """The conversation as it stood when the snapshot was taken."""
    return replace(
        conversation,
        frames=tuple(frame_from(frame) for frame in kept["frames"]),
        named=tuple(_named(row) for row in kept["named"]),
        **{name: kept[name] for name in _COPIED},
    )


def _named(row: Mapping[str, Any]) -> Named:
    days = {name: date.fromisoformat(row[name]) for name in _DAYS if row.get(name)}
    return Named(**{**row, **days})


def _plain(one: Frame | Named) -> dict[str, Any]:
    found = {name: getattr(one, name) for name in _NAMES[type(one)]}
    return {n: v.isoformat() if isinstance(v, date) else v for n, v in found.items()}
