"""What a question asked and what a reply turned out to mean: the values of this package."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Status = Literal["understood", "unsure", "not_understood"]

EXPECTED = (
    "yes_no", "choice", "temperature", "oxygen", "date", "count", "phone", "name",
    "symptoms", "household", "contacts", "text",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Option:
    """One answer of a choice question, in the order shown."""

    code: str
    label: str


@dataclass(frozen=True, slots=True)
class Member:
    """Somebody for whom the sender answers."""

    code: str
    name: str = ""
    age_months: int | None = None
    fragile: bool = False


@dataclass(frozen=True, slots=True)
class Question:
    """What was asked, of whom and when; `now` is the local moment of the reply."""

    expect: str
    options: tuple[Option, ...] = ()
    lang: str = "fr"
    country: str = "FR"
    now: datetime = datetime(2026, 1, 1)
    about: tuple[Member, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the raw text and the meaning it led to."""

    start: int
    end: int
    code: str


@dataclass(frozen=True, slots=True)
class Understood:
    """What one value reader made of a reply."""

    value: Any
    status: Status = "understood"
    spans: tuple[Span, ...] = ()
    groups: tuple[Mapping[str, Any], ...] = ()


NOT_UNDERSTOOD = Understood(None, "not_understood")


@dataclass(frozen=True, slots=True)
class Reading:
    """All that one reply means: its value, command, detail and dangers, read independently."""

    status: Status
    value: Any
    groups: tuple[Mapping[str, Any], ...] = ()
    command: str | None = None
    detail: str | None = None
    danger: tuple[str, ...] = ()
    danger_doubt: tuple[str, ...] = ()
    danger_about: Mapping[str, str | None] = field(default_factory=dict)
    spans: tuple[Span, ...] = ()

    def told(self) -> dict[str, Any]:
        """What it means, JSON-ready, without its groups and spans."""
        return {
            "status": self.status,
            "value": self.value,
            "command": self.command,
            "detail": self.detail,
            "danger": list(self.danger),
            "danger_doubt": list(self.danger_doubt),
            "danger_about": dict(self.danger_about),
        }
