"""A chain of transmission, laid out to be drawn: one column for each generation."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import pairwise
from typing import Final

from bot.store.chains import Tie, Web

WIDTH: Final = 196
HEIGHT: Final = 44
STEP_X: Final = 264
STEP_Y: Final = 56
TOP: Final = 34
LEFT: Final = 8
# So many people whom one case only met are drawn; the others stand in the table.
LEAVES: Final = 8


@dataclass(frozen=True, slots=True)
class Node:
    """One person where they stand; `left` exposed them, `right` is whom they exposed first.

    `kind`: case, contact (told, or not), over, more (`more` people who are not drawn).
    """

    person_id: int
    generation: int
    row: float
    kind: str
    by: Tie | None = None
    left: int = 0
    right: int = 0
    up: int = 0
    down: int = 0
    more: int = 0

    @property
    def x(self) -> int:
        return LEFT + STEP_X * self.generation

    @property
    def y(self) -> int:
        return TOP + round(STEP_Y * self.row)


@dataclass(frozen=True, slots=True)
class Drawing:
    """What is drawn: people, and the lines that join them; `also` are further exposures.

    `depth` is everybody's generation, drawn or not; the first known have 0.
    """

    nodes: tuple[Node, ...]
    lines: tuple[str, ...]
    also: tuple[str, ...]
    width: int
    height: int
    generations: int
    depth: Mapping[int, int]


@dataclass(slots=True)
class _Layout:
    web: Web
    drawn: dict[int, Node] = field(default_factory=dict)
    children: dict[int, list[Tie]] = field(default_factory=dict)
    row: int = 0


def draw(web: Web) -> Drawing:
    """Lay a chain out: everybody beside who exposed them first, each line of descent together."""
    layout = _Layout(web, children=_descent(web))
    for one in web.first:
        _place(layout, one, 0, None)
    nodes = _joined(layout.drawn)
    lines = [_line(nodes[node.left], node) for node in nodes.values() if node.left]
    also = [
        _line(nodes[tie.source], nodes[tie.target], bent=True)
        for tie in web.ties
        if tie.source in nodes and tie.target in nodes and nodes[tie.target].by != tie
    ]
    last = max((node.generation for node in nodes.values()), default=0)
    return Drawing(
        nodes=tuple(nodes.values()),
        lines=tuple(lines),
        also=tuple(also),
        width=LEFT * 2 + STEP_X * last + WIDTH,
        height=TOP + STEP_Y * max(layout.row, 1),
        generations=last + 1,
        depth=_depth(web.first, layout.children),
    )


def _descent(web: Web) -> dict[int, list[Tie]]:
    """Of each person those who are drawn beside them: whom nobody named before."""
    found: dict[int, list[Tie]] = {}
    taken = set(web.first)
    for tie in web.ties:
        if tie.target not in taken:
            taken.add(tie.target)
            found.setdefault(tie.source, []).append(tie)
    for ties in found.values():
        ties.sort(key=lambda tie: (tie.target not in web.cases, tie.exposure.last_day or date.max))
    return found


def _depth(first: Sequence[int], children: Mapping[int, Sequence[Tie]]) -> dict[int, int]:
    found = dict.fromkeys(first, 0)
    waiting = list(first)
    for one in waiting:
        for tie in children.get(one, ()):
            found[tie.target] = found[one] + 1
            waiting.append(tie.target)
    return found


def _place(layout: _Layout, one: int, generation: int, by: Tie | None) -> float:
    """Place somebody, and all who come after them; the row where they stand."""
    ties = layout.children.get(one, [])
    leaves = [tie for tie in ties if tie.target not in layout.web.cases]
    hidden = leaves[LEAVES:] if len(leaves) > LEAVES + 1 else []
    # Held here first, so that those who expose stand before those whom they exposed.
    layout.drawn[one] = Node(one, generation, 0, kind_of(layout.web, one), by)
    rows = [_place(layout, t.target, generation + 1, t) for t in ties if t not in hidden]
    if hidden:
        rows.append(_more(layout, one, generation + 1, len(hidden)))
    if not rows:
        rows = [float(layout.row)]
        layout.row += 1
    row = (rows[0] + rows[-1]) / 2
    layout.drawn[one] = replace(layout.drawn[one], row=row)
    return row


def _more(layout: _Layout, source: int, generation: int, many: int) -> float:
    row = float(layout.row)
    layout.row += 1
    # Nobody's id is below nothing: this box is its source's.
    layout.drawn[-source] = Node(-source, generation, row, "more", left=source, more=many)
    return row


def _joined(drawn: Mapping[int, Node]) -> dict[int, Node]:
    """Each with their neighbours, for the arrow keys."""
    columns: dict[int, list[Node]] = {}
    for node in drawn.values():
        columns.setdefault(node.generation, []).append(node)
    above: dict[int, int] = {}
    below: dict[int, int] = {}
    for column in columns.values():
        column.sort(key=lambda node: node.row)
        for upper, lower in pairwise(column):
            above[lower.person_id], below[upper.person_id] = upper.person_id, lower.person_id
    first: dict[int, int] = {}
    for node in drawn.values():
        if source := _source(node):
            first.setdefault(source, node.person_id)
    return {
        one: replace(
            node,
            left=_source(node),
            right=first.get(one, 0),
            up=above.get(one, 0),
            down=below.get(one, 0),
        )
        for one, node in drawn.items()
    }


def _source(node: Node) -> int:
    return node.by.source if node.by else node.left


def _line(source: Node, target: Node, *, bent: bool = False) -> str:
    """A curve from one box to another; a bent one leaves from below."""
    x, y = source.x + WIDTH, source.y + HEIGHT // 2 + (10 if bent else 0)
    to_x, to_y = target.x, target.y + HEIGHT // 2 + (10 if bent else 0)
    half = (x + to_x) // 2
    return f"M{x} {y}C{half} {y} {half} {to_y} {to_x} {to_y}"


def kind_of(web: Web, one: int) -> str:
    """How somebody is drawn: case, contact who was told or was not, over."""
    if one in web.cases:
        return "case"
    contact = web.contacts.get(one)
    if contact is None or contact.state in ("declared", "contacting"):
        return "untold"
    return "over" if contact.state == "closed" else "told"


def serial_interval(web: Web, tie: Tie) -> int | None:
    """Days from the first signs of one to those of the other; it may be negative."""
    pair = [web.cases.get(one) for one in (tie.source, tie.target)]
    onsets: Sequence[date] = [case.onset for case in pair if case and case.onset]
    return (onsets[1] - onsets[0]).days if len(onsets) == 2 else None
