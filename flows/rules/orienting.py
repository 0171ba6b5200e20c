"""From our answers to the official questionnaire, the more severe reading where it is coarser."""

from __future__ import annotations

from flows.rules.facts import CheckInFacts, PersonFacts
from flows.rules.orientation import Answers

_ACHES = frozenset({"sore_throat", "muscle_pain", "headache", "unbearable_headache"})
_SMELL = frozenset({"loss_of_smell", "loss_of_taste"})
_TIRED = frozenset({"fatigue", "bedridden"})


def official_answers(person: PersonFacts, answer: CheckInFacts) -> Answers:
    """The questionnaire as we can fill it. What we never asked counts as no."""
    signs = answer.symptoms | answer.dangers | answer.doubts
    return Answers(
        age_range=_age_range(person),
        imc=person.bmi or 0.0,
        temperature_cat=_temperature(answer),
        cough="cough" in signs,
        agueusia_anosmia=bool(signs & _SMELL),
        sore_throat_aches=bool(signs & _ACHES),
        diarrhea="diarrhoea" in signs,
        tiredness=bool(signs & _TIRED),
        tiredness_details="bedridden" in signs,
        feeding_day="unable_to_drink" in signs,
        breathlessness=_breathless(answer, signs),
        immunosuppressant_disease=int(person.weak_defences is True),
        pregnant=int(person.pregnant is True),
        breathing_disease=person.long_illness is True,
    )


def _breathless(answer: CheckInFacts, signs: frozenset[str]) -> bool:
    on_little = "breathlessness" in signs and answer.effort in ("rest", "small")
    return "severe_breathlessness" in signs or on_little


def _temperature(answer: CheckInFacts) -> str:
    degrees = answer.temperature
    if degrees is None:
        return "NSP" if answer.feverish else "35.5-37.7"
    if degrees < 35.5:
        return "inf_35.5"
    if degrees < 37.8:
        return "35.5-37.7"
    return "37.8-38.9" if degrees < 39 else "sup_39"


def _age_range(person: PersonFacts) -> str:
    if person.age is None:
        return _age_range_unknown(person)
    if person.age < 15:
        return "inf_15"
    if person.age >= 65 or person.over_65:
        return "sup_65"
    return "from_15_to_49" if person.age < 50 else "from_50_to_64"


def _age_range_unknown(person: PersonFacts) -> str:
    """Nobody is taken for a child on a guess: `less_15` would look away from their breathing."""
    return "sup_65" if person.over_65 else "from_50_to_64"
