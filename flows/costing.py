"""What a whole follow-up costs as SMS: rehearsed with a calm person, counted, priced."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal

from flows.engine.pausing import open_ask
from flows.rehearsal import Rehearsal, somebody
from flows.rules import Pack
from flows.rules.rows import Row, in_force
from flows.turn import Desk
from flows.turn.making import Making
from flows.wording.segments import measure

DAYS = 10
_MOST_REPLIES = 60
# What a calm person replies to each kind of question; "0" to any other.
_CALM: Mapping[str, str] = {
    "yes_no": "1",
    "choice": "1",
    "danger_signs": "2",
    "birth_year": "1985",
    "year": "1985",
    "full_name": "Sophie Le Goff",
    "consent": "2",
    "summary": "ok",
}


@dataclass(frozen=True, slots=True)
class Priced:
    """How many texts and SMS parts one follow-up takes; `price` is None where no row says it.

    `source`: who says what a part costs; `weak`: it was remembered, not read there.
    """

    texts: int
    segments: int
    price: Decimal | None
    currency: str
    source: str = ""
    weak: bool = False


def follow_up_cost(desk: Desk, role: str, lang: str, now: datetime, days: int = DAYS) -> Priced:
    """A `role` (case or contact) is told and enrolled, then checks in calmly on so many days."""
    talk = Rehearsal(desk, somebody(role, lang, now.date(), now=now), now)
    # One calm day is as the next.
    counts = [(_play(talk, role), 1), (_play(talk, "check_in"), days)]
    counts.append((_play(talk, "follow_up_end"), 1))
    texts, segments = (sum(how[n] * often for how, often in counts) for n in (0, 1))
    row = _price_row(desk.pack(now.date()), now.date())
    if row is None:
        return Priced(texts, segments, None, "")
    price = Decimal(row.text("per_segment")) * segments
    return Priced(texts, segments, price, row.text("currency"), row.source, row.weak)


def price_of(pack: Pack, on: date) -> tuple[Decimal | None, str]:
    """What one part of an SMS costs by the rules' `prices`, and in which currency."""
    row = _price_row(pack, on)
    return (Decimal(row.text("per_segment")), row.text("currency")) if row else (None, "")


def _price_row(pack: Pack, on: date) -> Row | None:
    rows = in_force(pack.table("prices"), on)
    return next((row for row in rows if row.text("channel") == "sms"), None)


def _play(talk: Rehearsal, flow: str) -> tuple[int, int]:
    """The texts and SMS parts of one talk, which then is a day old."""
    before = len(talk.turns)
    talk.begin(flow)
    for _ in range(_MOST_REPLIES):
        kind = _asked(talk)
        if kind is None:
            break
        talk.hear(_CALM.get(kind, "0"))
    talk.now += timedelta(hours=20)
    texts = [draft.text for turn in talk.turns[before:] for draft in turn.drafts]
    return len(texts), sum(measure(text).segments for text in texts)


def _asked(talk: Rehearsal) -> str | None:
    """The kind of the question that stands open."""
    making = Making(talk.desk, talk.scene, talk.now, "", reply=False)
    for conversation in talk.scene.conversations:
        here = making.here(conversation.person_id)
        if conversation.status == "open" and here:
            ask = open_ask(conversation, making.ground(here))
            return ask.kind if ask else None
    return None
