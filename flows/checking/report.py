"""What a check says: its findings, how much was walked, what texts cost."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from flows.spec.faults import Fault
from flows.wording.segments import Segments


@dataclass(frozen=True, slots=True)
class Cost:
    """What one text costs in one language, with the longest likely values in its placeholders."""

    key: str
    lang: str
    cost: Segments


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of a check. No findings: what was checked may be published.

    `situations` is how many abstract situations were walked; `walked` tells them by flow.
    """

    findings: tuple[Fault, ...]
    situations: int = 0
    walked: Sequence[tuple[str, int]] = ()
    segments: tuple[Cost, ...] = field(default=())

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.findings
