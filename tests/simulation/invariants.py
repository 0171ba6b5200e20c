"""What must be true at the end of every world, whatever happened in it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from datetime import timedelta

from bot.simulation.world import World
from bot.store.times import micros
from tests.simulation.ledger import Ledger, Row

LATE = timedelta(minutes=10)
SWEPT = timedelta(days=2)
DANGERS = ("danger", "self_harm", "violence")
# The ladder of reminders knows two, for any question.
REMINDERS = 2
MOST_SAID = 50
AGAIN = ":again"
OUR_STATES = frozenset(
    "accepted sent delivered read refused undelivered uncertain cancelled waiting".split()  # noqa: SIM905
)


class Book:
    """A world's end, indexed."""

    def __init__(self, ledger: Ledger, world: World) -> None:
        self.world = world
        self.ledger = ledger
        self.messages = ledger.messages()
        self.reviews = ledger.reviews()
        self.numbers = ledger.numbers()
        self.address = {number: key for key, number in self.numbers.items()}
        self.heard = {row["provider_id"]: row for row in self.messages if row["direction"] == "in"}
        self.timers = ledger.rows("SELECT * FROM timers")
        self.conversations = ledger.rows("SELECT * FROM conversations")
        self.now = micros(world.clock.now())


def broken(ledger: Ledger, world: World) -> list[str]:
    """Every invariant that does not hold, in words."""
    book = Book(ledger, world)
    return [f"{rule.__name__}: {fault}" for rule in RULES for fault in rule(book)]


def every_message_is_in_the_trail_once(book: Book) -> Iterator[str]:
    rows = Counter(row["provider_id"] for row in book.messages if row["direction"] == "in")
    since = book.world.clock.true() - SWEPT
    wanted = {one.provider_id for at, one in book.world.provider.received if at > since}
    wanted |= {one.provider_id for one in book.world.provider.acknowledged}
    for provider_id in sorted(wanted):
        if rows[provider_id] != 1:
            yield f"{provider_id} is there {rows[provider_id]} times"
    known = {one.provider_id for _, one in book.world.provider.received}
    yield from (f"{one} was never written" for one in sorted(rows.keys() - known))


def nothing_was_sent_twice(book: Book) -> Iterator[str]:
    kinds = {row["key"]: row["kind"] for row in book.messages}
    taken = Counter(kept.outgoing.key for kept in book.world.provider.taken)
    for key, count in taken.items():
        if count > 1 and kinds.get(key) != "safety":
            yield f"{key} ({kinds.get(key)}) went out {count} times"
        if key not in kinds:
            yield f"{key} went out and is not in the trail"


def each_prompt_went_out_once_for_its_reason(book: Book) -> Iterator[str]:
    """The same question of one conversation: once, and its reminders, until somebody writes."""
    rows = {row["key"]: row for row in book.messages}
    asked: Counter[tuple[object, ...]] = Counter()
    spoke: Counter[int] = Counter()
    events = [(row["at"], row["id"], "in", row) for row in book.heard.values()]
    for kept in book.world.provider.taken:
        row = rows.get(kept.outgoing.key)
        if row is not None and row["kind"] in ("question", "reminder"):
            events.append((row["at"], row["id"], "out", row))
    for _, _, way, row in sorted(events, key=lambda one: one[:2]):
        if way == "in":
            spoke[row["address_id"]] += 1
            continue
        # What was lost on its way goes out once more, and what another talk held up is taken up.
        cause = ":".join(row["key"].split(":")[:3]) + row["key"].endswith(AGAIN) * AGAIN
        mark = (row["conversation_id"], row["text"], row["kind"], cause)
        mark += (spoke[row["address_id"]],)
        asked[mark] += 1
        if asked[mark] > (REMINDERS if row["kind"] == "reminder" else 1):
            yield f"{row['kind']} {row['key']} was asked {asked[mark]} times"


def every_danger_has_its_p1(book: Book) -> Iterator[str]:
    for one in book.world.people:
        for _, kind, provider_id in one.said:
            row = book.heard.get(provider_id)
            if kind in DANGERS and row is not None:
                if not any(_speaks_of(review, row) for review in book.reviews):
                    yield f"{kind} of {one.phone} ({provider_id}) has no review of priority P1"
                yield from _safety_text(book, row)


def _speaks_of(review: Row, row: Row) -> bool:
    if review["address_id"] != row["address_id"] or review["reason"] not in DANGERS:
        return False
    lowered = any("lowered" in one for one in review["said"])
    words = any(one.get("words") == row["text"] for one in review["said"])
    return (words or len(review["said"]) >= MOST_SAID) and (review["priority"] == "P1" or lowered)


def _safety_text(book: Book, row: Row) -> Iterator[str]:
    texts = [one for one in book.messages if one["key"].startswith(f"m:{row['id']}:")]
    safety = [one for one in texts if one["kind"] == "safety"]
    if not safety:
        yield f"danger in {row['provider_id']} got no safety text"
    for one in safety:
        if one["state"] in ("refused", "undelivered", "uncertain") and not _told(book, one):
            yield f"safety text {one['key']} did not arrive ({one['reason']}) and no P1 says so"


def _told(book: Book, text: Row) -> bool:
    return any(
        review["priority"] == "P1" and any("undelivered" in said for said in review["said"])
        for review in book.reviews
        if review["address_id"] == text["address_id"]
    )


def every_conversation_waits_or_is_over(book: Book) -> Iterator[str]:
    timed = {(row["kind"], row["conversation_id"]) for row in book.timers}
    reviewed = {row["address_id"] for row in book.reviews}
    busy = {row["address_id"] for row in book.conversations if row["status"] in ("open", "held")}
    silent = {row["id"] for row in book.ledger.rows("SELECT id FROM addresses WHERE silence <> ''")}
    # Nobody may be written to there, and a review says so.
    seen_to = busy | (silent & reviewed)
    for row in book.conversations:
        waits = any((kind, row["id"]) in timed for kind in ("prompt", "silence"))
        match row["status"]:
            case "open" if not waits:
                yield f"{row['flow']} {row['id']} is open and nothing minds its silence"
            case "queued" if ("start", row["id"]) not in timed and row["address_id"] not in seen_to:
                yield f"{row['flow']} {row['id']} is queued and nothing will begin it"
            case "held" if row["address_id"] not in reviewed:
                yield f"{row['flow']} {row['id']} is held and no review says so"


def nothing_lies_about(book: Book) -> Iterator[str]:
    """Texts, timers and deeds whose time was long ago."""
    due = book.now - micros_of(LATE)
    for row in book.messages:
        if row["direction"] == "out":
            yield from _text_lies(row, due)
    for row in book.timers:
        if row["due_at"] < due:
            yield f"timer {row['key']} is overdue"
    for row in book.ledger.rows("SELECT * FROM deeds WHERE state <> 'done'"):
        if row["state"] != "waiting" or row["due_at"] < due:
            yield f"deed {row['key']} {row['kind']} is {row['state']} ({row['error']})"


def _text_lies(row: Row, due: int) -> Iterator[str]:
    if row["state"] not in OUR_STATES:
        yield f"text {row['key']} is still {row['state']}"
    if row["state"] == "waiting" and (row["not_before"] or row["at"]) < due and not row["tries"]:
        yield f"text {row['key']} ({row['kind']}) waits though its time was long ago"
    if row["state"] == "uncertain" and row["not_before"] is not None and row["not_before"] < due:
        yield f"text {row['key']} is uncertain and nobody looks it up"


def what_did_not_arrive_is_known(book: Book) -> Iterator[str]:
    """A text given up for good has a review at its number."""
    reviewed = {row["address_id"] for row in book.reviews}
    keys = {row["key"] for row in book.messages}
    for row in book.messages:
        lost = row["state"] in ("refused", "undelivered") and row["key"] + AGAIN not in keys
        lost = lost or (row["state"] == "uncertain" and row["not_before"] is None)
        if row["direction"] == "out" and lost and row["address_id"] not in reviewed:
            yield f"text {row['key']} is {row['state']} and nobody is told"


def each_day_is_asked_once(book: Book) -> Iterator[str]:
    asked = Counter(
        (row["follow_up_id"], row["day"]) for row in book.conversations if row["flow"] == "check_in"
    )
    yield from (
        f"check-in {mark} begun {count} times" for mark, count in asked.items() if count > 1
    )
    told = Counter(row["contact_id"] for row in book.conversations if row["flow"] == "contact")
    yield from (f"contact {one} told {count} times" for one, count in told.items() if count > 1)


def nobody_is_forgotten(book: Book) -> Iterator[str]:
    """An active follow-up has its next day; a case that entered is talked with or reviewed."""
    planned = {row["follow_up_id"] for row in book.timers if row["kind"] == "check_in"}
    for row in book.ledger.rows("SELECT * FROM follow_ups WHERE state <> 'closed'"):
        if row["id"] not in planned:
            yield f"follow-up {row['id']} is active and no day is planned"
    talked = {row["person_id"] for row in book.conversations}
    talked |= {row["person_id"] for row in book.reviews}
    for row in book.ledger.rows("SELECT person_id FROM cases"):
        if row["person_id"] not in talked:
            follow = "SELECT 1 FROM follow_ups WHERE person_id = ?"
            if not book.ledger.rows(follow, row["person_id"]):
                yield f"the case of person {row['person_id']} was forgotten"


def nothing_broke(book: Book) -> Iterator[str]:
    """No turn, timer or deed met a fault of the program."""
    for row in book.messages:
        if row["state"] == "kept":
            yield f"message {row['provider_id']} broke its turn"
    yield from (f"{row['key']}" for row in book.reviews if row["reason"] == "broken_turn")


def micros_of(span: timedelta) -> int:
    return int(span.total_seconds() * 1e6)


RULES = (
    every_message_is_in_the_trail_once,
    nothing_was_sent_twice,
    each_prompt_went_out_once_for_its_reason,
    every_danger_has_its_p1,
    every_conversation_waits_or_is_over,
    nothing_lies_about,
    what_did_not_arrive_is_known,
    each_day_is_asked_once,
    nobody_is_forgotten,
    nothing_broke,
)
