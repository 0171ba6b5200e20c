"""One row of official columns to the questionnaire of the orientation algorithm, or its fault."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from flows.rules.orientation import AGE_RANGES, TEMPERATURES, UNKNOWN, Answers, orientation

NOT_APPLICABLE = 888
_YES = frozenset({"1", "true"})
_NO = frozenset({"0", "false"})
_NUMBER = re.compile(r"\d{1,3}(\.\d+)?")
_FLAGS = (
    "cough",
    "agueusia_anosmia",
    "sore_throat_aches",
    "diarrhea",
    "tiredness",
    "feeding_day",
    "breathlessness",
    "diabetes",
    "cancer",
    "breathing_disease",
    "kidney_disease",
    "liver_disease",
    "sickle_cell",
)
COLUMNS = (
    "age_range",
    "imc",
    "temperature_cat",
    *_FLAGS,
    "tiredness_details",
    "heart_disease",
    "immunosuppressant_disease",
    "pregnant",
)
Cells = Mapping[str, str]


class RowFault(ValueError):
    """A cell that cannot be; the message names its column."""


def computed(cells: Cells) -> str:
    """The official conclusion for a row; RowFault where a cell is empty or impossible.

    Columns the algorithm does not read (dates, postal code, `fever_algo`, the drug column that
    version 2020-06-09 dropped, the recorded `orientation`) are left alone.
    """
    return orientation(answers(cells))


def answers(cells: Cells) -> Answers:
    """The questionnaire of a row."""
    flags = {name: _flag(cells, name) for name in _FLAGS}
    return Answers(
        age_range=_one_of(cells, "age_range", AGE_RANGES),
        imc=_imc(cells),
        temperature_cat=_one_of(cells, "temperature_cat", TEMPERATURES),
        tiredness_details=_details(cells, tired=flags["tiredness"]),
        heart_disease=_three(cells, "heart_disease", UNKNOWN),
        immunosuppressant_disease=_three(cells, "immunosuppressant_disease", UNKNOWN),
        pregnant=_three(cells, "pregnant", NOT_APPLICABLE),
        **flags,
    )


def missing_columns(header: Sequence[str]) -> tuple[str, ...]:
    """The columns that a file must have and has not."""
    return tuple(name for name in COLUMNS if name not in header)


def _cell(cells: Cells, name: str) -> str:
    text = (cells.get(name) or "").strip()
    if not text:
        raise RowFault(f"{name} is empty")
    return text


def _one_of(cells: Cells, name: str, allowed: tuple[str, ...]) -> str:
    text = _cell(cells, name)
    if text not in allowed:
        raise RowFault(f"{name} cannot be {_shown(text)}: {', '.join(allowed)}")
    return text


def _flag(cells: Cells, name: str) -> bool:
    text = _cell(cells, name).lower()
    if text not in _YES | _NO:
        raise RowFault(f"{name} cannot be {_shown(text)}: true or false")
    return text in _YES


def _details(cells: Cells, tired: bool) -> bool:
    """Asked only of the tired: whoever is not may leave it empty."""
    empty = not (cells.get("tiredness_details") or "").strip()
    return False if empty and not tired else _flag(cells, "tiredness_details")


def _three(cells: Cells, name: str, other: int) -> int:
    text = _cell(cells, name).lower()
    if text == str(other):
        return other
    if text not in _YES | _NO:
        raise RowFault(f"{name} cannot be {_shown(text)}: 0, 1 or {other}")
    return int(text in _YES)


def _imc(cells: Cells) -> float:
    text = _cell(cells, "imc")
    if not _NUMBER.fullmatch(text) or not 10 <= float(text) <= 70:
        raise RowFault(f"imc cannot be {_shown(text)}: a number from 10 to 70")
    return float(text)


def _shown(text: str) -> str:
    return repr(text if len(text) <= 20 else text[:20] + "…")
