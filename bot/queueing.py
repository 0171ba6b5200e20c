"""A bounded queue of messages: order kept per address, no address waits behind another's flood."""

from __future__ import annotations

from collections import OrderedDict, deque
from typing import Final, Generic, TypeVar

Item = TypeVar("Item")
Place = tuple[str, str]

SPARE: Final = 50


class Full(Exception):
    """No room: to be tried again later."""


class Queue(Generic[Item]):
    """Items by address. `size` bounds all of them, `per_place` those of one address; what is
    urgent may use `SPARE` more of either."""

    def __init__(self, size: int, per_place: int) -> None:
        self._size = size
        self._per_place = per_place
        self._places: OrderedDict[Place, deque[Item]] = OrderedDict()
        self._count = 0

    def __len__(self) -> int:
        return self._count

    def put(self, place: Place, item: Item, *, urgent: bool = False) -> None:
        """Take an item in; `Full` if there is no room for it."""
        waiting = self._places.get(place)
        spare = SPARE if urgent else 0
        here = len(waiting) if waiting else 0
        if self._count >= self._size + spare or here >= self._per_place + spare:
            raise Full
        if waiting is None:
            waiting = self._places[place] = deque()
        waiting.append(item)
        self._count += 1

    def batch(self, most: int) -> list[Item]:
        """The oldest item of each of the addresses that have waited longest."""
        taken = [self._places.popitem(last=False) for _ in range(min(most, len(self._places)))]
        items = [waiting.popleft() for _, waiting in taken]
        self._places.update((place, waiting) for place, waiting in taken if waiting)
        self._count -= len(items)
        return items
