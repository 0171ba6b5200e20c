"""The load in pictures and words: what came and went by the hour, and who closed how much."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from admin.labels import label
from admin.plots import Plot, columns
from admin.visits import Visit
from bot.store.loads import Load
from bot.store.users import User

LATELY = 3


@dataclass(frozen=True, slots=True)
class Team:
    """What a team closed in the last hours, and in the whole day."""

    name: str
    people: int
    lately: int
    day: int


def hours_plot(visit: Visit, day: Load) -> Plot:
    """Reviews opened and closed in each of the last 24 hours."""
    labels = [visit.speech.clock(hour) for hour in day.hours]
    opened = [float(day.opened.get(hour, 0)) for hour in day.hours]
    closed = [float(day.closed_at(hour)) for hour in day.hours]
    return columns(
        labels, [(visit.speech("Opened"), opened), (visit.speech("Closed by people"), closed)]
    )


def by_team(visit: Visit, day: Load, known: Iterable[User]) -> list[Team]:
    """Who closed anything today, by team; those of no team by their role."""
    team_of = {user.id: _team(visit, user) for user in known}
    lately, whole = Counter[str](), Counter[str]()
    people: dict[str, set[int]] = {}
    for (hour, user_id), many in day.closed.items():
        if user_id is None:
            continue
        name = team_of.get(user_id, "–")
        people.setdefault(name, set()).add(user_id)
        whole[name] += many
        lately[name] += many if hour in day.hours[-LATELY:] else 0
    return [Team(name, len(people[name]), lately[name], whole[name]) for name in sorted(whole)]


def _team(visit: Visit, user: User) -> str:
    return user.team or label(visit.speech, "role", user.role)
