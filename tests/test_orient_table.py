"""The orientation algorithm over its whole state space, beside the published text coded anew here.

Nothing of the product decides in this module: the counts, the six rows and their two columns are
written down from the algorithm document of 2020-06-09, not from our code.
"""

import argparse
import csv
from collections import Counter
from collections.abc import Iterator
from itertools import product
from pathlib import Path

from bot.commands import orient
from flows.rules.questionnaire import COLUMNS, computed

AGES = ("inf_15", "from_15_to_49", "from_50_to_64", "sup_65")
DEGREES = ("inf_35.5", "35.5-37.7", "37.8-38.9", "sup_39", "NSP")
SIGNS = (
    "cough",
    "agueusia_anosmia",
    "sore_throat_aches",
    "diarrhea",
    "tiredness",
    "tiredness_details",
    "feeding_day",
    "breathlessness",
)
ILLNESSES = (
    "diabetes",
    "cancer",
    "breathing_disease",
    "kidney_disease",
    "liver_disease",
    "sickle_cell",
)
# Each with whether the text counts it as a prognostic factor.
FACTORS: tuple[tuple[dict[str, str], bool], ...] = (
    ({}, False),
    ({"imc": "29.9"}, False),
    ({"imc": "30"}, True),
    ({"imc": "70"}, True),
    ({"heart_disease": "1"}, True),
    ({"heart_disease": "999"}, True),
    ({"heart_disease": "true"}, True),
    ({"immunosuppressant_disease": "1"}, True),
    ({"immunosuppressant_disease": "999"}, False),
    ({"pregnant": "1"}, True),
    ({"pregnant": "888"}, False),
    *(({name: "true"}, True) for name in ILLNESSES),
)
NOBODY = dict.fromkeys(COLUMNS, "false") | {"imc": "22"}
# condition: without a prognostic factor, with one. A pair is (fewer than two minor factors, two);
# a triple is (no minor factor under 50, no minor factor from 50 on, one or more).
TABLE = {
    3: ("consultation_surveillance_3", ("consultation_surveillance_4",
                                        "consultation_surveillance_2")),
    4: (("consultation_surveillance_3", "consultation_surveillance_1",
         "consultation_surveillance_1"), ("consultation_surveillance_1",
                                          "consultation_surveillance_2")),
    5: ("consultation_surveillance_3", "consultation_surveillance_4"),
    6: ("surveillance", "surveillance"),
}  # fmt: skip


def published(row: dict[str, str], prognostic: bool) -> str:
    """What the document says of a row; `prognostic` counts what stands outside age."""
    yes = {name for name in SIGNS if row[name] == "true"}
    fever = row["temperature_cat"] not in ("35.5-37.7", "37.8-38.9")
    bedridden = {"tiredness", "tiredness_details"} <= yes
    number = _row_of(row["age_range"], fever, yes)
    if number == 1:
        return "less_15"
    if number == 2:
        return "SAMU"
    cell = TABLE[number][prognostic or row["age_range"] == "sup_65"]
    return _in_cell(cell, int(fever) + int(bedridden), row["age_range"])


def _row_of(age: str, fever: bool, yes: set[str]) -> int:
    pairs = ({"cough", "sore_throat_aches"}, {"cough", "agueusia_anosmia"},
             {"sore_throat_aches", "agueusia_anosmia"})  # fmt: skip
    conditions = {
        1: age == "inf_15",
        2: bool(yes & {"breathlessness", "feeding_day"}),
        3: fever and "cough" in yes,
        4: fever or "diarrhea" in yes or any(pair <= yes for pair in pairs),
        5: len(yes & {"cough", "sore_throat_aches", "agueusia_anosmia"}) == 1,
        6: True,
    }
    return next(number for number, holds in conditions.items() if holds)


def _in_cell(cell: str | tuple[str, ...], minor: int, age: str) -> str:
    if isinstance(cell, str):
        return cell
    if len(cell) == 2:
        return cell[minor == 2]
    return cell[2] if minor else cell[age != "from_15_to_49"]


def questionnaires() -> Iterator[tuple[dict[str, str], bool]]:
    """Every answer to every question, with each factor once: 87,040 rows."""
    for age, degrees, signs in product(AGES, DEGREES, product(("false", "true"), repeat=8)):
        plain = NOBODY | {"age_range": age, "temperature_cat": degrees}
        said = plain | dict(zip(SIGNS, signs, strict=True))
        for change, counts in FACTORS:
            yield said | change, counts


def test_every_questionnaire_gets_what_the_published_table_says() -> None:
    differing = [row for row, counts in questionnaires() if computed(row) != published(row, counts)]
    assert differing == []


def test_the_published_table_coded_here_has_the_published_counts() -> None:
    seen = Counter(published(row, prognostic) for row, prognostic in _abstract_states())
    assert seen == {
        "SAMU": 320,
        "less_15": 256,
        "consultation_surveillance_1": 164,
        "consultation_surveillance_3": 56,
        "consultation_surveillance_2": 48,
        "consultation_surveillance_4": 42,
        "surveillance": 10,
    }


def test_the_command_writes_the_published_conclusion_for_every_state(tmp_path: Path) -> None:
    states = list(_abstract_states())
    rows = [row | {"diabetes": str(prognostic).lower()} for row, prognostic in states]
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, COLUMNS)
        writer.writeheader()
        writer.writerows(rows)
    assert orient.run(argparse.Namespace(csv=source, output=out)) == 0
    with out.open(newline="", encoding="utf-8") as file:
        written = [row["computed"] for row in csv.DictReader(file)]
    assert written == [published(row, prognostic) for row, prognostic in states]


def _abstract_states() -> list[tuple[dict[str, str], bool]]:
    """The 896: four ages and eight yes-or-no; with 65 or more there is always a factor."""
    found: dict[tuple[str, ...], tuple[dict[str, str], bool]] = {}
    for age, *flags in product(AGES, *[(False, True)] * 8):
        prognostic, fever, tired, major, *signs = flags
        prognostic = prognostic or age == "sup_65"
        row = NOBODY | {"age_range": age, "temperature_cat": "sup_39" if fever else "35.5-37.7"}
        row |= dict.fromkeys(("tiredness", "tiredness_details"), str(tired).lower())
        row |= {"breathlessness": str(major).lower()}
        named = zip(("cough", "sore_throat_aches", "agueusia_anosmia", "diarrhea"), signs,
                    strict=True)  # fmt: skip
        row |= {name: str(said).lower() for name, said in named}
        found[(*row.values(), str(prognostic))] = (row, prognostic)
    return list(found.values())
