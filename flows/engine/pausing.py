"""How long an open question waits: its own time, else the rules' ladder of reminders."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from flows.engine import recalling
from flows.engine.ground import Ground
from flows.engine.weighing import answers_of, weigh
from flows.rules import Silence, delay, is_fragile, person_facts, planned, reminders, resumes_at
from flows.rules.reminders import Step as Rung
from flows.spec.nodes import Ask, Walk
from flows.vocabulary import CheckIn, Conversation

_LADDERS = {
    "check_in": "check_in",
    "household": "check_in",
    "reproof": "check_in",
    "identity": "identity",
    "case": "contacts",
}
_LAST_WAIT = timedelta(hours=12)
_ALERT_LASTS = timedelta(days=3)
_RISKY = frozenset({"P1", "P2"})


@dataclass(frozen=True, slots=True)
class Due:
    """The next step of a ladder. `last`: nothing comes after; `reviewed`: an earlier step, or
    this one, brings a person in."""

    at: datetime
    step: Rung
    last: bool
    reviewed: bool


def open_ask(conversation: Conversation, ground: Ground) -> Ask | None:
    """The question now open, None where there is none."""
    if not conversation.frames:
        return None
    frame = conversation.frames[-1]
    node = ground.library[frame.flow].nodes.get(frame.node)
    if isinstance(node, Walk):
        return recalling.question(node, conversation)
    return node if isinstance(node, Ask) else None


def rung(conversation: Conversation, ground: Ground) -> Due | None:
    """The next step of the ladder for the open question; None where all were taken."""
    frame = conversation.frames[-1]
    ladder = reminders(
        ground.pack,
        _LADDERS.get(frame.flow, "routine"),
        ground.today,
        _silence(conversation, ground),
    )
    asked = (conversation.asked_at or ground.now).astimezone(ground.local.tzinfo)
    steps = planned(ground.pack, ladder, asked, usual_time(ground))
    # By number, not by place: asked again at another hour, the same steps come in another order.
    left = [(at, step) for at, step in steps if step.number not in frame.climbed]
    if not left:
        return None
    at, step = left[0]
    so_far = {one.action for _, one in steps if one.number in (*frame.climbed, step.number)}
    return Due(at, step, len(left) == 1, "review" in so_far)


def usual_time(ground: Ground) -> time | None:
    """The hour at which this person usually answers, where it was learned."""
    said = ground.here.person.facts.get("usual_hour")
    return time.fromisoformat(said) if said else None


def _silence(conversation: Conversation, ground: Ground) -> Silence:
    person = ground.here.person
    role = "case" if ground.here.case else "contact"
    facts_of = person_facts(person, role, ground.today)
    return Silence(
        fragile=is_fragile(ground.pack, facts_of, ground.today).value,
        alert=_alert(conversation, ground),
        silent_days=_silent_days(ground),
        window=person.window,
    )


def _alert(conversation: Conversation, ground: Ground) -> bool:
    """Whether what was said today so far, or on the last day that was answered, was worse or
    risky: then silence is not ordinary."""
    if conversation.frames[0].flow != "check_in":
        return False
    so_far = answers_of(conversation)
    told = any(value not in ("no", False) for value in so_far.values())
    if told and weigh(ground, so_far).priority in _RISKY:
        return True
    since = ground.today - delay(ground.pack, "alert_lasts", ground.today, _ALERT_LASTS)
    earlier = (day for day in reversed(ground.here.history) if day.day < ground.today)
    last = next((day for day in earlier if day.answers), None)
    return last is not None and last.day >= since and _was_risky(last)


def _was_risky(day: CheckIn) -> bool:
    told = day.assessment
    risky = told.get("priority") in _RISKY or told.get("trend") == "worse"
    return risky or bool(day.answers.get("dangers"))


def _silent_days(ground: Ground) -> int:
    """Days in a row before today without any answer."""
    count = 0
    for day in reversed(ground.here.history):
        if day.state == "answered" and day.day < ground.today:
            break
        count += day.day < ground.today
    return count


def waits(conversation: Conversation, ground: Ground) -> tuple[timedelta | None, timedelta | None]:
    """After how long a held-back prompt goes out, and after how long silence is minded."""
    ask = open_ask(conversation, ground) if conversation.status == "open" else None
    if ask is None:
        return None, None
    frame = conversation.frames[-1]
    if not frame.asked and ask.delay is not None:
        return ask.delay, None
    if not frame.asked and ask.cue:
        return resumes_at(ground.pack, ground.local) - ground.local, None
    if ask.wait is not None:
        return None, ask.wait
    step = rung(conversation, ground)
    return None, max(step.at - ground.now, timedelta()) if step else _LAST_WAIT
