"""Reviews and the trail in words: why somebody must look, what was said of it, who did what."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from admin.dossiers import Dossier
from admin.labels import label
from admin.queue import clock, why
from admin.visits import Visit
from flows.vocabulary import Event, Review

# What the page shows elsewhere, or nobody needs to read.
_HIDDEN: Final = frozenset(
    {"about", "sent", "on_duty", "message_id", "band", "by", "at", "outcome", "answer"}
)
_IN_ALARM: Final = frozenset({"words", "dangers"})
# The group of labels that names a value.
_NAMED: Final = {"undelivered": "hold", "trend": "trend", "orientation": "orientation"}
_TOLD: Final = ("command", "to", "rule")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing said of a matter: by the service, or by a user who left a note."""

    facts: list[tuple[str, str]]
    by: str = ""
    at: datetime | None = None


@dataclass(frozen=True, slots=True)
class Matter:
    """A review in words."""

    review: Review
    why: str
    clock: str
    late: bool
    said: list[Said]
    outcome: str
    closed_by: str


def matter(visit: Visit, dossier: Dossier, review: Review) -> Matter:
    """A review as the page tells it; the words of an alarm stand above, in the alarm."""
    put_off = dossier.surge.until if dossier.surge and dossier.surge.defers(review) else None
    said = (_said(visit, dossier, one, alarm=review.priority == "P1") for one in review.detail)
    return Matter(
        review=review,
        why=why(visit, review.reason),
        clock=clock(visit, review.deadline, put_off),
        late=review.deadline < visit.now and not put_off,
        said=[one for one in said if one.facts],
        outcome=label(visit.speech, "outcome", review.outcome),
        closed_by=dossier.names.get(review.closed_by or 0, ""),
    )


def event(visit: Visit, dossier: Dossier, one: Event) -> str:
    """A line of the trail: who, what."""
    return f"{_actor(visit, dossier, one)} · {_happened(visit, one)}"


def _said(visit: Visit, dossier: Dossier, detail: Mapping[str, Any], *, alarm: bool) -> Said:
    facts = [
        (label(visit.speech, "detail", name), _value(visit, name, value))
        for name, value in detail.items()
        if name not in (_HIDDEN | _IN_ALARM if alarm else _HIDDEN)
        and value not in (None, "", [], {})
    ]
    # Only notes of users have an author.
    if "by" not in detail:
        return Said(facts)
    at = datetime.fromisoformat(str(detail["at"]))
    return Said(facts, dossier.names.get(int(detail["by"]), ""), at)


def _value(visit: Visit, name: str, value: Any) -> str:
    match value:
        case list() if name == "reasons":
            return ", ".join(_reason(visit, one) for one in value)
        case list() if name == "groups":
            return ", ".join(f"{one.get('label', '')} ({one.get('count') or '?'})" for one in value)
        case list():
            return ", ".join(label(visit.speech, "symptom", one) for one in value)
        case str() if name == "call_at":
            return visit.speech.moment(datetime.fromisoformat(value))
        case bool():
            return visit.speech("yes" if value else "no")
        case _ if name in _NAMED:
            return label(visit.speech, _NAMED[name], value)
        case _:
            return str(value)


def _reason(visit: Visit, one: Any) -> str:
    """A reason of the rules with the row that decided, and what it adds to the score."""
    if isinstance(one, Mapping):
        points = f" +{one['points']}" if one.get("points") else ""
        return f"{why(visit, str(one.get('code', '')))}{points} ({one.get('row', '')})"
    return str(one)


def _actor(visit: Visit, dossier: Dossier, one: Event) -> str:
    if one.actor.startswith("user:"):
        name = dossier.names.get(int(one.actor.removeprefix("user:")), "")
        return name or visit.speech("A colleague")
    return visit.speech("The person" if one.actor == "person" else "The service")


def _happened(visit: Visit, one: Event) -> str:
    more = [str(one.data[name]) for name in _TOLD if one.data.get(name)]
    if outcome := one.data.get("outcome"):
        more.append(label(visit.speech, "outcome", outcome))
    kind = label(visit.speech, "event", one.kind)
    if what := one.data.get("what"):
        kind = label(visit.speech, "act", what, "audit_what")
    return f"{kind}: {', '.join(more)}" if more else kind
