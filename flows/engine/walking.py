"""The strategy of a memory walk: which cue comes now, or how the walk comes out; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from typing import Any

from flows.spec.nodes import Cue, Walk
from flows.vocabulary import Conversation

# Nobody is asked a third time: it hurts the one who is truly alone.
_BELIEVED = 2
_TERSE = 2
_EMPTY = 2

Stands = Mapping[str, frozenset[str]]


@dataclass(frozen=True, slots=True)
class Prompted:
    """One cue that was asked: of which days, how it came out, and the numbers of the new people."""

    cue: str
    days: tuple[str, ...] = ()
    out: str = ""
    new: tuple[int, ...] = ()
    groups: int = 0

    @property
    def brought(self) -> int:
        """How many people or groups it brought."""
        return len(self.new) + self.groups


@dataclass(frozen=True, slots=True)
class Trail:
    """What a walk has asked so far.

    `open` is the cue that waits for its answer. `prompts` counts every question, repeats too;
    `since` is how many there were before the last rest. `terse` counts answers of one word in a
    row, `nobody` the times that nobody was named at all. `work_day` is
    the last day of work, `began` the day on which the walk began (it goes no further), both ISO.
    """

    open: Prompted | None = None
    done: tuple[Prompted, ...] = ()
    prompts: int = 0
    since: int = 0
    terse: int = 0
    nobody: int = 0
    short: bool = False
    tired: bool = False
    resting: bool = False
    met_nobody: bool = False
    home: str = "unknown"
    week: tuple[str, ...] = ()
    work_day: str = ""
    began: str = ""

    @property
    def wants_rest(self) -> bool:
        """Whether the answers say that the person has had enough."""
        return self.tired or self.terse >= _TERSE

    @property
    def last(self) -> Prompted:
        """The last cue that was answered."""
        return self.done[-1] if self.done else Prompted("")

    def times(self, walk: Walk, cue: Cue) -> int:
        """How often this cue, or one of its family, was asked."""
        return sum(walk.cue(one.cue).family == cue.family for one in self.done)

    def on_days(self, walk: Walk) -> tuple[Prompted, ...]:
        """The prompts that went over days."""
        return tuple(one for one in self.done if walk.cue(one.cue).over_days)

    def asking(self, prompted: Prompted) -> Trail:
        """The trail once this cue is asked."""
        return replace(self, open=prompted, prompts=self.prompts + 1)


def following(walk: Walk, trail: Trail, stands: Stands, named: int) -> Cue | str:
    """The cue to ask now, or how the walk comes out: it never asks more than `walk.most`.

    `stands`: the bands of each condition that hold now; `named`: how many people and groups.
    """
    if not named and trail.nobody >= _BELIEVED:
        return "none"
    for cue in walk.cues if trail.prompts < walk.most else ():
        fits = _fits(cue, stands) and not _is_spent(walk, trail, cue)
        if fits and (cue.needed or trail.short or is_paid(walk, trail, named)):
            return cue
    return "names" if named else "none"


def _is_spent(walk: Walk, trail: Trail, cue: Cue) -> bool:
    """Asked often enough; “who else was with them?” never follows upon itself."""
    again = cue.brings is not None and cue.brings.day == "same" and trail.last.cue == cue.name
    return again or trail.times(walk, cue) >= cue.most


def _fits(cue: Cue, stands: Stands) -> bool:
    return all(stands[name] & set(bands) for name, bands in cue.when.items())


def is_paid(walk: Walk, trail: Trail, named: int) -> bool:
    """Whether one prompt more is worth it: the first few are, then the people named must pay."""
    asked = trail.prompts - trail.since
    return asked < walk.least or (trail.prompts + 1 + walk.closing) * 100 <= walk.per_person * named


def days_stand(walk: Walk, trail: Trail, left: int) -> str:
    """How the days of the window stand: two empty prompts in a row say that there is no more."""
    asked = trail.on_days(walk)
    if not left:
        return "none"
    if not asked:
        return "begin"
    if asked[-1].brought:
        return "full"
    empty = len(asked) >= _EMPTY and not any(one.brought for one in asked[-_EMPTY:])
    return "empty" if empty else "left"


def days_at_once(walk: Walk, trail: Trail) -> int:
    """Two empty days to a prompt, one where the days are full."""
    asked = trail.on_days(walk)
    return 1 if asked and asked[-1].brought > 1 else 2


def trail_in(conversation: Conversation) -> Trail:
    """The trail of this conversation's walk; a fresh one where none has begun."""
    found = (kept for key, kept in conversation.kept.items() if key.endswith(".trail"))
    kept = next(found, None)
    return _read(kept) if isinstance(kept, Mapping) else Trail()


def with_trail(conversation: Conversation, key: str, trail: Trail) -> Conversation:
    """The conversation with this trail kept under `flow.node`."""
    return replace(conversation, kept={**conversation.kept, f"{key}.trail": asdict(trail)})


def _read(kept: Mapping[str, Any]) -> Trail:
    prompts = tuple(_prompted(one) for one in kept["done"])
    opened = _prompted(kept["open"]) if kept["open"] else None
    week = tuple(kept["week"])
    rest = {k: v for k, v in kept.items() if k not in ("done", "open", "week")}
    return Trail(open=opened, done=prompts, week=week, **rest)


def _prompted(kept: Mapping[str, Any]) -> Prompted:
    return Prompted(**{**kept, "days": tuple(kept["days"]), "new": tuple(kept["new"])})
