"""The official orientation algorithm, state by state and over files."""

import argparse
import csv
from collections import Counter
from dataclasses import replace
from itertools import product
from pathlib import Path

import pytest

from bot.commands import orient
from flows.rules.orientation import AGE_RANGES, GRAVITY, Answers, State, conclude, orientation
from flows.rules.questionnaire import COLUMNS

NOBODY = Answers(
    age_range="from_15_to_49",
    imc=22.0,
    temperature_cat="35.5-37.7",
    cough=False,
    agueusia_anosmia=False,
    sore_throat_aches=False,
    diarrhea=False,
    tiredness=False,
    tiredness_details=False,
    feeding_day=False,
    breathlessness=False,
)
CASES = [
    ({}, "surveillance"),
    ({"age_range": "inf_15", "breathlessness": True}, "less_15"),
    ({"breathlessness": True}, "SAMU"),
    ({"feeding_day": True, "temperature_cat": "sup_39"}, "SAMU"),
    ({"temperature_cat": "37.8-38.9"}, "surveillance"),
    ({"temperature_cat": "37.8-38.9", "cough": True}, "consultation_surveillance_3"),
    ({"temperature_cat": "NSP", "cough": True}, "consultation_surveillance_3"),
    ({"temperature_cat": "NSP", "cough": True, "diabetes": True}, "consultation_surveillance_4"),
    (
        {
            "temperature_cat": "sup_39",
            "cough": True,
            "sickle_cell": True,
            "tiredness": True,
            "tiredness_details": True,
        },
        "consultation_surveillance_2",
    ),
    ({"diarrhea": True}, "consultation_surveillance_3"),
    ({"diarrhea": True, "age_range": "from_50_to_64"}, "consultation_surveillance_1"),
    ({"diarrhea": True, "age_range": "sup_65"}, "consultation_surveillance_1"),
    ({"temperature_cat": "inf_35.5"}, "consultation_surveillance_1"),
    ({"cough": True, "sore_throat_aches": True}, "consultation_surveillance_3"),
    ({"agueusia_anosmia": True}, "consultation_surveillance_3"),
    ({"agueusia_anosmia": True, "heart_disease": 999}, "consultation_surveillance_4"),
    ({"agueusia_anosmia": True, "immunosuppressant_disease": 999}, "consultation_surveillance_3"),
    ({"agueusia_anosmia": True, "pregnant": 888}, "consultation_surveillance_3"),
    ({"agueusia_anosmia": True, "pregnant": 1}, "consultation_surveillance_4"),
    ({"agueusia_anosmia": True, "imc": 29.9}, "consultation_surveillance_3"),
    ({"agueusia_anosmia": True, "imc": 30.0}, "consultation_surveillance_4"),
    ({"tiredness": True, "tiredness_details": True, "cancer": True}, "surveillance"),
]
ROW = dict.fromkeys(COLUMNS, "false") | {
    "age_range": "from_15_to_49",
    "imc": "22",
    "temperature_cat": "35.5-37.7",
    "cough": "true",
}


@pytest.mark.parametrize(("said", "wanted"), CASES)
def test_the_decision_list_is_followed_to_the_letter(said: dict[str, bool], wanted: str) -> None:
    assert orientation(replace(NOBODY, **said)) == wanted  # type: ignore[arg-type]


def test_the_whole_truth_table_has_the_official_counts() -> None:
    flags = product((False, True), repeat=8)
    states = {_state(age, *row) for row in flags for age in AGE_RANGES}
    assert Counter(conclude(state) for state in states) == {
        "SAMU": 320,
        "less_15": 256,
        "consultation_surveillance_1": 164,
        "consultation_surveillance_3": 56,
        "consultation_surveillance_2": 48,
        "consultation_surveillance_4": 42,
        "surveillance": 10,
    }
    assert set(GRAVITY) == {conclude(state) for state in states}


def test_rows_get_a_conclusion_and_faults_name_their_column(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    bad = [
        {"imc": "9"},
        {"cough": ""},
        {"pregnant": "999"},
        {"tiredness": "true", "tiredness_details": ""},
    ]
    code, rows = _run(tmp_path, [ROW, *(ROW | change for change in bad)])
    assert code == 1
    assert [row["computed"] for row in rows] == ["consultation_surveillance_3", "", "", "", ""]
    named = [row["fault"].split(" ")[0] for row in rows[1:]]
    assert named == ["imc", "cough", "pregnant", "tiredness_details"]


def test_details_of_tiredness_may_be_empty_for_those_who_are_not_tired(tmp_path: Path) -> None:
    code, rows = _run(tmp_path, [ROW | {"tiredness_details": "", "orientation": "SAMU"}])
    assert code == 0
    assert rows[0]["computed"] == "consultation_surveillance_3"
    assert rows[0]["orientation"] == "SAMU"


def test_a_missing_column_stops_with_its_name(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, rows = _run(tmp_path, [{k: v for k, v in ROW.items() if k != "sickle_cell"}])
    assert (code, rows) == (1, [])
    assert capsys.readouterr().err.endswith("column missing: sickle_cell\n")


@pytest.mark.parametrize("text", ["", "\n\n", "a,b\n1,2\n", '"' + "x" * 200_000])
def test_a_file_that_is_no_table_gets_one_line(
    text: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    source = tmp_path / "in.csv"
    source.write_text(text, encoding="utf-8")
    assert orient.run(argparse.Namespace(csv=source, output=None)) == 1
    said = capsys.readouterr()
    assert said.out == "" and said.err.count("\n") == 1


def test_an_absent_file_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert orient.run(argparse.Namespace(csv=tmp_path / "none.csv", output=None)) == 2
    assert "No such file" in capsys.readouterr().err


def test_semicolons_and_windows_letters_are_read(tmp_path: Path) -> None:
    source = tmp_path / "in.csv"
    names = [*ROW, "département"]
    lines = [";".join(names), ";".join([*ROW.values(), "Côtes-d'Armor"])]
    source.write_bytes("\r\n".join(lines).encode("cp1252"))
    out = tmp_path / "out.csv"
    assert orient.run(argparse.Namespace(csv=source, output=out)) == 0
    assert "Côtes-d'Armor,consultation_surveillance_3," in out.read_text(encoding="utf-8")


def _state(age: str, *flags: bool) -> State:
    """896 states: three counts of minor factors have two ways to be one, as in the official
    enumeration, and 65 or more is a prognostic factor by itself."""
    prognostic, fever, tired, major, cough, aches, anosmia, diarrhea = flags
    return State(
        age_range=age,
        prognostic=prognostic or age == "sup_65",
        minor=fever + tired,
        major=major,
        fever=fever,
        cough=cough,
        aches=aches,
        anosmia=anosmia,
        diarrhea=diarrhea,
    )


def _run(tmp_path: Path, rows: list[dict[str, str]]) -> tuple[int, list[dict[str, str]]]:
    source, out = tmp_path / "in.csv", tmp_path / "out.csv"
    with source.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    code = orient.run(argparse.Namespace(csv=source, output=out))
    if not out.exists():
        return code, []
    with out.open(newline="", encoding="utf-8") as file:
        return code, list(csv.DictReader(file))
