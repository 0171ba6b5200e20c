"""The official French orientation algorithm, version 2020-06-09, exactly: a floor, not our net.

Source: Delegation-numerique-en-sante/covid19-algorithme-orientation, pseudo-code.org (Licence
Ouverte 2.0). Names and values are the official ones. Its traps are kept: 38.5 °C is no fever
here, and a breathless child of 14 is `less_15`; `flows.rules.triage` looks at danger first.
"""

from __future__ import annotations

from dataclasses import dataclass

VERSION = "2020-06-09"

AGE_RANGES = ("inf_15", "from_15_to_49", "from_50_to_64", "sup_65")
TEMPERATURES = ("inf_35.5", "35.5-37.7", "37.8-38.9", "sup_39", "NSP")
# What each result asks of the person, on the scale of the daily follow-up (0 to 3).
GRAVITY = {
    "SAMU": 3,
    "consultation_surveillance_2": 2,
    "consultation_surveillance_1": 1,
    "consultation_surveillance_3": 1,
    "consultation_surveillance_4": 1,
    "less_15": 1,
    "surveillance": 0,
}
FIN = {
    "less_15": "FIN1",
    "consultation_surveillance_1": "FIN3",
    "consultation_surveillance_2": "FIN4",
    "SAMU": "FIN5",
    "consultation_surveillance_3": "FIN6",
    "consultation_surveillance_4": "FIN7",
    "surveillance": "FIN8",
}
UNKNOWN = 999  # heart: counts as yes; immune defences: counts as no


@dataclass(frozen=True, slots=True)
class Answers:
    """The official questionnaire. `imc` is kg/m²; 999 is "don't know", 888 "not applicable"."""

    age_range: str
    imc: float
    temperature_cat: str
    cough: bool
    agueusia_anosmia: bool
    sore_throat_aches: bool
    diarrhea: bool
    tiredness: bool
    tiredness_details: bool
    feeding_day: bool
    breathlessness: bool
    heart_disease: int = 0
    immunosuppressant_disease: int = 0
    pregnant: int = 0
    diabetes: bool = False
    cancer: bool = False
    breathing_disease: bool = False
    kidney_disease: bool = False
    liver_disease: bool = False
    sickle_cell: bool = False

    @property
    def fever_algo(self) -> bool:
        """The official fever: under 35.5, 39 or more, or not measured."""
        return self.temperature_cat in ("inf_35.5", "sup_39", "NSP")


@dataclass(frozen=True, slots=True)
class State:
    """What the decision list looks at: an age, three counts, four signs."""

    age_range: str
    prognostic: bool
    minor: int
    major: bool
    fever: bool
    cough: bool
    aches: bool
    anosmia: bool
    diarrhea: bool


def orientation(answers: Answers) -> str:
    """The official conclusion."""
    return conclude(state(answers))


def state(answers: Answers) -> State:
    """Questionnaire to factors."""
    bedridden = answers.tiredness and answers.tiredness_details
    return State(
        age_range=answers.age_range,
        prognostic=is_prognostic(answers),
        minor=answers.fever_algo + bedridden,
        major=answers.breathlessness or answers.feeding_day,
        fever=answers.fever_algo,
        cough=answers.cough,
        aches=answers.sore_throat_aches,
        anosmia=answers.agueusia_anosmia,
        diarrhea=answers.diarrhea,
    )


def is_prognostic(answers: Answers) -> bool:
    """Whether at least one unfavourable prognostic factor is there."""
    return any(
        (
            answers.age_range == "sup_65",
            answers.imc >= 30,
            answers.heart_disease in (1, UNKNOWN),
            answers.immunosuppressant_disease == 1,
            answers.pregnant == 1,
            answers.diabetes,
            answers.cancer,
            answers.breathing_disease,
            answers.kidney_disease,
            answers.liver_disease,
            answers.sickle_cell,
        )
    )


def conclude(state: State) -> str:
    """The decision list, in the official order; the first that holds."""
    if state.age_range == "inf_15":
        return "less_15"
    if state.major:
        return "SAMU"
    if state.fever and state.cough:
        return _fever_and_cough(state)
    signs = state.cough + state.aches + state.anosmia
    if state.fever or state.diarrhea or signs >= 2:
        return _several_signs(state)
    if signs == 1:
        return _surveillance(4 if state.prognostic else 3)
    return "surveillance"


def _fever_and_cough(state: State) -> str:
    if not state.prognostic:
        return _surveillance(3)
    return _surveillance(4 if state.minor < 2 else 2)


def _several_signs(state: State) -> str:
    if state.prognostic:
        return _surveillance(1 if state.minor < 2 else 2)
    young = state.age_range == "from_15_to_49"
    return _surveillance(3 if state.minor == 0 and young else 1)


def _surveillance(number: int) -> str:
    return f"consultation_surveillance_{number}"
