"""Plots of figures over days or hours, drawn as SVG by the server; a table beside says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from math import ceil, log10
from typing import Final

LEFT: Final = 44
RIGHT: Final = 10
TOP: Final = 10
HEIGHT: Final = 150
FLOOR: Final = TOP + HEIGHT
WIDTH: Final = 640
# A label under each column would run into the next.
MOST_LABELS: Final = 12
ROWS: Final = 4

Figures = Sequence[float | None]


@dataclass(frozen=True, slots=True)
class Bar:
    """One figure as a column; `said` is its words."""

    x: float
    y: float
    width: float
    height: float
    said: str


@dataclass(frozen=True, slots=True)
class Dot:
    """One figure on a line."""

    x: float
    y: float
    said: str


@dataclass(frozen=True, slots=True)
class Series:
    """What is drawn in one colour. A line is broken where a figure is not known."""

    name: str
    bars: tuple[Bar, ...] = ()
    dots: tuple[Dot, ...] = ()
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Plot:
    """What the template draws. `grid` are (y, label), `ticks` (x, label)."""

    grid: tuple[tuple[float, str], ...]
    ticks: tuple[tuple[float, str], ...]
    series: tuple[Series, ...]
    width: int = WIDTH
    height: int = FLOOR + 24
    floor: int = FLOOR
    left: int = LEFT


def columns(labels: Sequence[str], series: Sequence[tuple[str, Figures]], unit: str = "") -> Plot:
    """Columns side by side for each label."""
    top = _top([figure for _, figures in series for figure in figures])
    slot = _slot(labels)
    width = max(slot * 0.8 / max(len(series), 1), 1.0)
    drawn = tuple(
        Series(
            name,
            bars=tuple(
                _bar(n, slot, row, width, figure, top, f"{labels[n]}: {name} {_said(figure, unit)}")
                for n, figure in enumerate(figures)
                if figure
            ),
        )
        for row, (name, figures) in enumerate(series)
    )
    return Plot(_grid(top, unit), _ticks(labels), drawn)


def lines(
    labels: Sequence[str], series: Sequence[tuple[str, Figures]], unit: str = "", top: float = 0.0
) -> Plot:
    """One line for each series over the labels; `top` where the scale is known beforehand.

    A single line bears its figures; of several only those that no line joins, to keep pages light.
    """
    high = top or _top([figure for _, figures in series for figure in figures])
    return Plot(
        _grid(high, unit),
        _ticks(labels),
        tuple(
            _line(name, labels, figures, high, unit, dotted=len(series) == 1)
            for name, figures in series
        ),
    )


def _line(
    name: str, labels: Sequence[str], figures: Figures, top: float, unit: str, *, dotted: bool
) -> Series:
    slot = _slot(labels)
    runs: list[list[Dot]] = [[]]
    for n, figure in enumerate(figures):
        if figure is None:
            runs.append([])
        else:
            said = f"{labels[n]}: {name} {_said(figure, unit)}"
            runs[-1].append(Dot(round(LEFT + slot * (n + 0.5), 1), _height(figure, top), said))
    return Series(
        name,
        dots=tuple(dot for run in runs for dot in run if dotted or len(run) == 1),
        lines=tuple(" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1),
    )


def _bar(n: int, slot: float, row: int, width: float, figure: float, top: float, said: str) -> Bar:
    y = _height(figure, top)
    x = LEFT + slot * (n + 0.1) + width * row
    return Bar(round(x, 1), y, round(width, 1), round(FLOOR - y, 1), said)


def _slot(labels: Sequence[str]) -> float:
    return (WIDTH - LEFT - RIGHT) / max(len(labels), 1)


def _height(figure: float, top: float) -> float:
    return round(FLOOR - HEIGHT * min(figure / top, 1.0), 1)


def _top(figures: Figures) -> float:
    """A round figure above all that is drawn."""
    highest = max((figure for figure in figures if figure), default=0.0)
    if highest <= ROWS:
        return float(ROWS)
    step = 10 ** int(log10(highest))
    return next(
        float(ceil(highest / part) * part)
        for part in (step / 5, step / 2, step)
        if ceil(highest / part) * part >= highest
    )


def _grid(top: float, unit: str) -> tuple[tuple[float, str], ...]:
    rows = [top * n / ROWS for n in range(ROWS + 1)]
    return tuple((_height(row, top), _said(row, unit)) for row in rows)


def _ticks(labels: Sequence[str]) -> tuple[tuple[float, str], ...]:
    slot, every = _slot(labels), ceil(len(labels) / MOST_LABELS) or 1
    last = len(labels) - 1
    # Counted back from the last: today is always named.
    return tuple(
        (round(LEFT + slot * (n + 0.5), 1), name)
        for n, name in enumerate(labels)
        if (last - n) % every == 0
    )


def _said(figure: float | None, unit: str) -> str:
    return "–" if figure is None else f"{figure:.3g}{unit}" if figure < 1000 else f"{figure:.0f}"
