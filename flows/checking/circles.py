"""What the map of situations must not hold: circles without a question, ways without an end."""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator

from flows.checking.states import State
from flows.checking.walking import INTERRUPT, Map


def circles(found: Map) -> Iterator[State]:
    """One situation of each circle that asks nothing."""
    done: set[State] = set()
    for start in found.moves:
        if start not in done:
            yield from _circles_from(start, found, done)


def _circles_from(start: State, found: Map, done: set[State]) -> Iterator[State]:
    """Depth first, without recursion: a way may be longer than Python's own stack."""
    path = {start}
    stack = [(start, _unasked(start, found))]
    while stack:
        state, onward = stack[-1]
        target = next(onward, None)
        if target is None:
            stack.pop()
            path.discard(state)
            done.add(state)
        elif target in path:
            yield target
        elif target not in done:
            path.add(target)
            stack.append((target, _unasked(target, found)))


def _unasked(state: State, found: Map) -> Iterator[State]:
    return (move.to for move in found.moves[state] if not move.asked and move.to.frames)


def endless(found: Map) -> Iterator[State]:
    """The situations from which no end can be reached, named once: not under an interrupt too."""
    before: dict[State, list[State]] = defaultdict(list)
    for state, moves in found.moves.items():
        for move in moves:
            before[move.to].append(state)
    waiting = deque(state for state in found.moves if not state.frames)
    ending = set(waiting)
    while waiting:
        for state in before[waiting.popleft()]:
            if state not in ending:
                ending.add(state)
                waiting.append(state)
    return (state for state in found.moves if state not in ending and not _interrupted(state))


def _interrupted(state: State) -> bool:
    return len(state.frames) > 1 and state.top.flow == INTERRUPT
