"""What may go out at the moment of sending: written apart from the service's own rules."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.simulation.life import Life
from bot.simulation.questions import Questions
from bot.store.times import micros
from flows.vocabulary import Outgoing

OURS = ("question", "reminder", "notice")
NIGHT_ENDS, NIGHT_BEGINS = 9, 20
# "Could you reach help?" waits for neither.
NOT_URGENT = ("at night", "agent at work")
_STANDING = """
SELECT m.id, m.key, m.kind, m.at, m.tries, m.sent_at, m.person_id, m.conversation_id,
       a.silence, a.last_heard_at, d.hash IS NOT NULL AS forbidden, d.until AS forbidden_until,
       b.lease_until, l.person_id AS linked, l.dropped, l.stopped,
       p.condition, p.paused_until, p.zone, c.status
FROM messages m JOIN addresses a ON a.id = m.address_id
LEFT JOIN do_not_write d ON d.hash = a.hash
LEFT JOIN bundles b ON b.id = m.address_id
LEFT JOIN links l ON l.address_id = m.address_id AND l.person_id = m.person_id
LEFT JOIN persons p ON p.id = m.person_id
LEFT JOIN conversations c ON c.id = m.conversation_id
"""
_CLAIMED = f"{_STANDING} WHERE m.state = 'claimed'"
_ONE = f"{_STANDING} WHERE m.key = ?"
# Between the claim and the handing over lie a turn of the provider's pace and little else.
CROSSING_S = 5.0


class Oracle:
    """Judges each text as it is claimed, and says so if one that was wrong is handed over."""

    def __init__(
        self,
        file: Path,
        questions: Questions,
        now: Callable[[], datetime],
        fault: Callable[[str], None],
    ) -> None:
        self._now = now
        self.next_claim: Callable[[], None] | None = None
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._questions = questions
        self._fault = fault
        self._verdicts: dict[str, tuple[str, list[str]]] = {}
        self._seen: set[tuple[int, int]] = set()

    def close(self) -> None:
        self._db.close()

    def committed(self, life: Life) -> None:
        """Judge what was claimed just now, by the database as it stands at this very moment."""
        for row in self._db.execute(_CLAIMED):
            mark = (row["id"], row["tries"])
            if mark not in self._seen:
                self._seen.add(mark)
                self._verdicts[row["key"]] = (row["kind"], list(_wrongs(row, row["sent_at"])))
                happening, self.next_claim = self.next_claim, None
                if happening is not None:
                    happening()

    def handed(self, outgoing: Outgoing) -> None:
        """A text goes over the counter."""
        kind, wrongs = self._verdicts.get(outgoing.key, ("", ["never claimed"]))
        wrongs += self._late(outgoing)
        ask = self._questions.find(outgoing.text)
        urgent = ask is not None and ask.flow == "danger"
        wrong = [
            one for one in wrongs if not (urgent and one.startswith(("at night", "agent at work")))
        ]
        if kind != "safety" and wrong:
            self._fault(f"{kind} {outgoing.key} was sent though {', '.join(wrong)}")

    def _late(self, outgoing: Outgoing) -> list[str]:
        """What has been wrong with it for a while by now."""
        row = self._db.execute(_ONE, (outgoing.key,)).fetchone()
        now = micros(self._now())
        if row is None or now - (row["sent_at"] or now) < CROSSING_S * 1e6:
            return []
        return [f"{wrong} by now" for wrong in _wrongs(row, now)]


def _wrongs(row: sqlite3.Row, now: int) -> Iterator[str]:
    kind = row["kind"]
    yield from _of_number(row, kind, now)
    if kind != "reply" and row["person_id"] is not None:
        yield from _of_person(row, kind)
    if kind in ("question", "reminder"):
        if (row["last_heard_at"] or 0) > row["at"]:
            yield "answered meanwhile"
        if row["status"] not in (None, "open", "queued"):
            yield f"its conversation is {row['status']}"
    if kind in OURS:
        if (row["paused_until"] or 0) > now:
            yield "paused"
        if (row["lease_until"] or 0) > now:
            yield "agent at work"
        zone = ZoneInfo(row["zone"] or "Europe/Paris")
        hour = datetime.fromtimestamp(now / 1e6, UTC).astimezone(zone).hour
        if not NIGHT_ENDS <= hour < NIGHT_BEGINS:
            yield "at night"


def _of_number(row: sqlite3.Row, kind: str, now: int) -> Iterator[str]:
    silence = row["silence"]
    if silence == "stopped":
        yield "stopped"
    if silence == "violence" and kind != "agent":
        yield "violence"
    if silence in ("wrong", "bad") and kind != "reply":
        yield f"{silence} number"
    if row["forbidden"] and kind != "reply" and (row["forbidden_until"] or now + 1) > now:
        yield "do not write"


def _of_person(row: sqlite3.Row, kind: str) -> Iterator[str]:
    if row["linked"] is None or row["dropped"]:
        yield "wrong number"
    elif row["stopped"]:
        yield "stopped"
    if kind != "agent" and row["condition"]:
        yield str(row["condition"])
