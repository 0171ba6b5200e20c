"""One situation of a conversation as the checker sees it: finite, and no more than matters."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import NamedTuple

from flows.spec.nodes import Ask, Decide, Flow, Walk
from flows.spec.structure import targets

# What a path has earned: an answer that matched the record, the proof that followed from it, and
# the case's consent as the last table that asked for it found it.
MATCHED, PROVEN, MAY_NAME, MAY_DATE = "matched", "proven", "may_name", "may_date"
# What it must heed: others read this phone, so that no text may name an illness, word or no word.
OTHERS_READ = "others_read"


class Standing(NamedTuple):
    """Where one flow stands, with those answers that a table may still read."""

    flow: str
    node: str
    answers: frozenset[tuple[str, str]] = frozenset()


class State(NamedTuple):
    """A situation. No frames: the end.

    `facts` are those that this very step has read: between two questions the world may change.
    `earned` is what the path has earned; `owes` the question about danger that still wants a
    review.
    """

    frames: tuple[Standing, ...]
    facts: frozenset[tuple[str, str]] = frozenset()
    earned: frozenset[str] = frozenset()
    owes: tuple[str, str] | None = None

    @property
    def top(self) -> Standing:
        """The flow that runs."""
        return self.frames[-1]

    def at(self, node: str, answers: frozenset[tuple[str, str]]) -> State:
        """The same, with the running flow at another node."""
        top = Standing(self.top.flow, node, answers)
        return self._replace(frames=(*self.frames[:-1], top))

    def earning(self, *earned: str) -> State:
        """The same, with more earned."""
        return self._replace(earned=self.earned | frozenset(earned))

    def losing(self, lost: str) -> State:
        """The same, without one thing earned."""
        return self._replace(earned=self.earned - {lost})


class Live:
    """Which answers of a flow may still be read from each of its nodes."""

    def __init__(self, flow: Flow) -> None:
        self._after: dict[str, frozenset[str]] = dict.fromkeys(flow.nodes, frozenset())
        changed = True
        while changed:
            changed = False
            for name in flow.nodes:
                found = self._from(flow, name)
                changed = changed or found != self._after[name]
                self._after[name] = found

    def _from(self, flow: Flow, name: str) -> frozenset[str]:
        node = flow.nodes[name]
        onward = (self._after.get(target, frozenset()) for target in targets(node))
        later = frozenset().union(*onward)
        if isinstance(node, Ask | Walk):
            return later - {name}
        return later | read_by(node) if isinstance(node, Decide) else later

    def kept(self, node: str, answers: Iterable[tuple[str, str]]) -> frozenset[tuple[str, str]]:
        """The answers that still matter on arrival at a node."""
        wanted = self._after.get(node, frozenset())
        return frozenset(answer for answer in answers if answer[0] in wanted)


def read_by(table: Decide) -> frozenset[str]:
    """Every fact and answer that a table reads."""
    return frozenset(key for row in table.rows for key in (*row.when, *row.among))


def live_in(flows: Mapping[str, Flow]) -> dict[str, Live]:
    """The live answers of each flow."""
    return {name: Live(flow) for name, flow in flows.items()}
