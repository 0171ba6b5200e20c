"""How well replies were understood, counted against what was wanted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.json_lines import Line

_SET_KEYS = frozenset({"danger", "danger_doubt"})


@dataclass(frozen=True, slots=True)
class Judged:
    """One reply: what was wanted, what was read, and where they differ."""

    line: Line
    read: Line
    wrong: tuple[str, ...]

    @property
    def wanted_danger(self) -> frozenset[str]:
        return frozenset(self.line["want"].get("danger", ()))

    @property
    def read_danger(self) -> frozenset[str]:
        return frozenset(self.read.get("danger", ()))

    @property
    def heard(self) -> bool:
        """Whether every danger wanted was heard."""
        return self.wanted_danger <= self.read_danger

    @property
    def false_alarm(self) -> bool:
        """Danger where there is none."""
        return bool(self.read_danger) and not self.wanted_danger


@dataclass(slots=True)
class Tally:
    """Right of how many, by name."""

    right: Counter[str] = field(default_factory=Counter)
    all: Counter[str] = field(default_factory=Counter)

    def count(self, name: str, right: bool) -> None:
        """One more under this name."""
        self.all[name] += 1
        self.right[name] += right

    def rows(self) -> Iterator[tuple[str, int, int]]:
        """(name, right, all), by name."""
        for name in sorted(self.all):
            yield name, self.right[name], self.all[name]


def judge(line: Line, read: Line) -> Judged:
    """Compare one reading with the keys that are wanted; no danger or command unless wanted."""
    want: Mapping[str, Any] = {"danger": [], "command": None} | dict(line["want"])
    wrong = [key for key, value in want.items() if not _same(key, value, read.get(key))]
    return Judged(line, read, tuple(wrong))


def _same(key: str, wanted: Any, read: Any) -> bool:
    if key in _SET_KEYS:
        return set(wanted or ()) == set(read or ())
    if isinstance(wanted, dict) and isinstance(read, dict):
        # What is past or supposed may be left out of `absent`: only what is wanted is compared.
        return all(_same(part, value, read.get(part)) for part, value in wanted.items())
    if isinstance(wanted, list) and isinstance(read, list):
        pairs = zip(wanted, read, strict=False)
        return len(wanted) == len(read) and all(_same("", one, other) for one, other in pairs)
    return bool(wanted == read)


def tally(judged: Sequence[Judged], name: Callable[[Judged], str]) -> Tally:
    """Replies that are right in every key, under the name that each is given."""
    counted = Tally()
    for one in judged:
        counted.count(name(one), not one.wrong)
    return counted


@dataclass(frozen=True, slots=True)
class Summary:
    """The four figures that decide, each as (right or heard, of how many)."""

    right: tuple[int, int]
    dangers: tuple[int, int]
    false_alarms: tuple[int, int]
    commands: tuple[int, int]


def summary(judged: Sequence[Judged]) -> Summary:
    """Replies right, dangers heard, false alarms among calm replies, commands right."""
    dangerous = [one for one in judged if one.wanted_danger]
    calm = [one for one in judged if not one.wanted_danger]
    commanded = [one for one in judged if one.line["want"].get("command") or one.read["command"]]
    return Summary(
        (sum(not one.wrong for one in judged), len(judged)),
        (sum(one.heard for one in dangerous), len(dangerous)),
        (sum(one.false_alarm for one in calm), len(calm)),
        (sum("command" not in one.wrong for one in commanded), len(commanded)),
    )


def confusions(judged: Sequence[Judged]) -> Counter[tuple[str, str]]:
    """Dangers and commands wanted but read as another, or as none."""
    pairs: Counter[tuple[str, str]] = Counter()
    for one in judged:
        missed = sorted(one.wanted_danger - one.read_danger) or ["none"]
        added = sorted(one.read_danger - one.wanted_danger) or ["none"]
        if "danger" in one.wrong:
            pairs["+".join(missed), "+".join(added)] += 1
        if "command" in one.wrong:
            pairs[str(one.line["want"].get("command")), str(one.read["command"])] += 1
    return pairs
