"""A step in the making: what its deeds and answers have led to so far."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from flows.engine.ground import Asked, Ground
from flows.vocabulary import Conversation, Deed


@dataclass(slots=True)
class Work:
    """A step in the making."""

    ground: Ground
    conversation: Conversation
    deeds: list[Deed] = field(default_factory=list)
    reviews: list[Asked] = field(default_factory=list)
    dangers: list[str] = field(default_factory=list)
    member_dangers: dict[int, tuple[str, ...]] = field(default_factory=dict)
    word: str = ""
    proven: bool = False
    shared: bool = False
    number_wrong: bool = False
    danger_lowered: bool = False
    assessment: dict[str, Any] = field(default_factory=dict)

    def answer(self, key: str) -> Any:
        """The payload kept under `flow.node`, None where there is none."""
        return self.conversation.kept.get(key)

    @property
    def in_danger(self) -> bool:
        """Whether the answers so far told of a danger of anybody."""
        return bool(self.dangers or self.member_dangers)

    def count_left(self, key: str, words: str) -> int:
        """Two questions of one talk left without an answer that we understood: a person looks."""
        times = int(self.conversation.kept.get("left", 0)) + 1
        if times == 2:
            self.review("gave_up", at=key, answer=words)
        return times

    def review(self, reason: str, **detail: Any) -> None:
        """Wants a review, once a step for each reason."""
        if all(asked.reason != reason for asked in self.reviews):
            self.reviews.append(Asked(reason, detail))
