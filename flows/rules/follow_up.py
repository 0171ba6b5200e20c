"""The gravity of a day of follow-up, as mesconseilscovid reckons it: 0 to 3, the highest wins.

Source: Delegation-numerique-en-sante/mesconseilscovid, suivi.js (2023-02-13).
"""

from __future__ import annotations

from flows.rules.facts import CheckInFacts

HIGH_FEVER = 39.0


def gravity(answer: CheckInFacts) -> int:
    """0 keep watching, 1 call your doctor, 2 doctor or emergency at once, 3 emergency."""
    if "much_worse" in (answer.breathing, answer.state):
        return 3
    if _worrying(answer):
        return 2
    return int(_notable(answer))


def _worrying(answer: CheckInFacts) -> bool:
    codes = answer.symptoms | answer.dangers | answer.doubts
    signs = {"confusion", "unable_to_drink", "unbearable_headache"}
    return answer.worse or bool(codes & signs)


def _notable(answer: CheckInFacts) -> bool:
    high = answer.temperature is not None and answer.temperature >= HIGH_FEVER
    signs = {"diarrhoea", "vomiting", "changed_sputum"}
    return high or answer.relieved is False or bool(answer.symptoms & signs)
