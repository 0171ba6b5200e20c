"""What was worked out of a short text is remembered: most messages are "2", "non" or "ok"."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, update_wrapper
from typing import Concatenate, ParamSpec, TypeVar

Rest = ParamSpec("Rest")
Found = TypeVar("Found")
Pure = Callable[Concatenate[str, Rest], Found]

LONGEST = 80
MOST = 8192


def of_short_texts(work_out: Pure[Rest, Found]) -> Pure[Rest, Found]:
    """Remember what a pure function gives for short texts; long ones rarely come again."""
    remembered = lru_cache(maxsize=MOST)(work_out)

    def found(raw: str, /, *rest: Rest.args, **named: Rest.kwargs) -> Found:
        return (remembered if len(raw) <= LONGEST else work_out)(raw, *rest, **named)

    update_wrapper(found, work_out)
    return found
