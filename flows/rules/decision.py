"""What a rule said, and which row said it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Decision(Generic[T]):
    """A value, the row that decided it, and why in a key that pages can put into words.

    `missing` names the facts without which no row could decide: then nothing is said to the
    person and a review is made.
    """

    value: T
    row: str = ""
    why: str = ""
    missing: tuple[str, ...] = ()
