"""The placeholders that texts may use, what each discloses, and its longest likely value."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal

# open: may be read by anybody. person: names or describes whom we write to, after proof.
# health: says or implies health. case_name, case_date: secrets of the case, by its consent.
Disclosure = Literal["open", "person", "health", "case_name", "case_date"]


@dataclass(frozen=True, slots=True)
class Slot:
    """One placeholder: its disclosure, and its longest likely value for counting segments."""

    discloses: Disclosure
    longest: str


SLOTS: Mapping[str, Slot] = {
    "agency": Slot("open", "Agence Santé Armor"),
    "initials": Slot("open", "M.-J.B."),
    "check_code": Slot("open", "K7P42"),
    "phone": Slot("open", "02 61 91 00 10"),
    "emergency": Slot("open", "15"),
    "emergency_eu": Slot("open", "112"),
    # One number or two, as the country has them.
    "emergency_any": Slot("open", "15 ou le 112"),
    "clock": Slot("open", "18 h 30"),
    "sms_line": Slot("open", "114"),
    "crisis": Slot("open", "3114"),
    "child_line": Slot("open", "119"),
    "violence_line": Slot("open", "114"),
    "reopens_at": Slot("open", "24/11 08:00"),
    "word": Slot("open", "MIRABELLE"),
    "relay_code": Slot("open", "RK4829"),
    "sender": Slot("open", "38000"),
    "resumes": Slot("open", "18 h 30"),
    # Hours at which an agent may call, on the person's own clock.
    "slots": Slot("open", "1 aujourd'hui 17 h 30 2 mercredi 18 17 h 30 3 autre moment"),
    "slot": Slot("open", "mercredi 18 17 h 30"),
    "weekday": Slot("open", "mercredi 18"),
    "start_word": Slot("open", "START"),
    "link": Slot("open", "https://vigie.agence-sante.example/r/" + 20 * "X"),
    "minutes": Slot("open", "30"),
    # Ties a chat in Telegram, once.
    "code": Slot("open", 12 * "X"),
    "hours": Slot("open", "48"),
    "number": Slot("open", "112"),
    "illness": Slot("health", "Covid"),
    "figure": Slot("health", "38,5"),
    # Says back what the same person has just written.
    "guess": Slot("open", "mercredi 18"),
    "first_name": Slot("person", "Jean-Pierre"),
    "window_start": Slot("person", "mercredi 18"),
    "day": Slot("person", "mercredi 18"),
    "days": Slot("person", "mercredi 18, jeudi 19"),
    # Whom a second contact is asked to make call: no more than a first name and an initial.
    "sought": Slot("open", "Jean-Pierre L"),
    "name": Slot("person", "Jean-Pierre"),
    # The household: how many they are, who, and what was just said of each.
    "how_many": Slot("open", "12"),
    "people": Slot("person", "Anne, Marie-Claude, Tom et Lou"),
    "helper": Slot("person", "Marie-Claude"),
    "roll": Slot("person", "Anne, Léo 15, Zoé 12, Tom 6, Lou 2 mois"),
    "told": Slot("health", "Anne toux et 38,5 ; Tom gorge ; Zoé, Lou rien de nouveau"),
    "names": Slot("person", "Jean-Pierre, Marie-Claude, Abdel"),
    "count": Slot("person", "12"),
    "until": Slot("health", "27/11"),
    # A sentence of the rules, measured in each language.
    "because": Slot("health", "?"),
    "test_day": Slot("health", "mercredi 18"),
    "next_time": Slot("open", "demain vers 18 h"),
    "case_name": Slot("case_name", "Sophie Le Goff"),
    "exposure_day": Slot("case_date", "mercredi 18"),
}
