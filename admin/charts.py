"""Temperature and signs over the days, drawn as a small picture; a table says the same."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from admin.board import day_class
from admin.labels import label
from admin.words import Speech
from flows.vocabulary import CheckIn

STEP: Final = 44
LEFT: Final = 44
TOP: Final = 14
HEIGHT: Final = 104
ROW: Final = 20
_COLDEST: Final = 36.0
_HOTTEST: Final = 41.0
_FEVER: Final = 38.0


@dataclass(frozen=True, slots=True)
class Point:
    """A measured temperature where it stands in the picture."""

    x: int
    y: int
    said: str
    feverish: bool


@dataclass(frozen=True, slots=True)
class Sign:
    """One sign's line: on which days it was told."""

    name: str
    y: int
    at: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Chart:
    """What the template draws. `line` joins the points, `days` are (x, label, class)."""

    width: int
    height: int
    floor: int
    fever: int
    points: tuple[Point, ...]
    line: str
    signs: tuple[Sign, ...]
    days: tuple[tuple[int, str, str], ...]
    said: str


def chart(speech: Speech, days: Sequence[CheckIn]) -> Chart | None:
    """The picture of a follow-up; None where no day tells of a temperature or a sign."""
    temperatures = _points(speech, days)
    signs = _signs(speech, days, TOP + HEIGHT + (ROW if temperatures else -HEIGHT))
    if not (temperatures or signs):
        return None
    top = signs[-1].y + ROW if signs else TOP + HEIGHT + ROW
    return Chart(
        width=LEFT + STEP * len(days) + 130,
        height=top + ROW,
        floor=top,
        fever=_height(_FEVER),
        points=temperatures,
        line=" ".join(f"{one.x},{one.y}" for one in temperatures),
        signs=signs,
        days=tuple((_x(n), speech.near_day(day.day), day_class(day)) for n, day in enumerate(days)),
        said=_said(speech, days, temperatures),
    )


def _x(number: int) -> int:
    return LEFT + STEP * number + STEP // 2


def _height(figure: float) -> int:
    """Where a temperature stands: what lies outside the scale is drawn at its edge."""
    share = (min(max(figure, _COLDEST), _HOTTEST) - _COLDEST) / (_HOTTEST - _COLDEST)
    return round(TOP + HEIGHT * (1 - share))


def _points(speech: Speech, days: Sequence[CheckIn]) -> tuple[Point, ...]:
    known = [(n, day.answers.get("temperature")) for n, day in enumerate(days)]
    return tuple(
        Point(_x(n), _height(float(one)), speech.figure(float(one)), float(one) >= _FEVER)
        for n, one in known
        if one
    )


def _signs(speech: Speech, days: Sequence[CheckIn], top: int) -> tuple[Sign, ...]:
    told = [{*day.answers.get("dangers", ()), *day.answers.get("symptoms", ())} for day in days]
    codes = sorted({code for day in told for code in day} - {"unspecified"})
    return tuple(
        Sign(
            label(speech, "symptom", code),
            top + ROW * row,
            tuple(_x(n) for n, day in enumerate(told) if code in day),
        )
        for row, code in enumerate(codes, start=1)
    )


def _said(speech: Speech, days: Sequence[CheckIn], points: Sequence[Point]) -> str:
    """The picture for who does not see it; the table below has each day."""
    said = speech.count(len(days), "{n} day", "{n} days")
    if points:
        figures = ", ".join(one.said for one in points)
        said = f"{said}. {speech('Temperatures: {figures}', figures=figures)}"
    return said
