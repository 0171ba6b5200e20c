"""A conversation played without a service: for the terminal, for golden talks, for authors.

Only what touches this one person is carried out (what they told of themselves, their follow-up);
deeds elsewhere are shown and left.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime, timedelta

from flows.rules import delay
from flows.turn import Desk, hand_back, remind_here, start, take_turn, wake
from flows.vocabulary import (
    Address,
    Case,
    CheckedIn,
    CheckIn,
    Contact,
    ContactNamed,
    Conversation,
    Enrol,
    Exposure,
    FollowUp,
    Frame,
    Incoming,
    Link,
    Named,
    Person,
    PersonHere,
    PersonLearned,
    ReachElsewhere,
    Scene,
    StateMoved,
    Timer,
    Turn,
)

_ADDRESS = 1
PAUSE = timedelta(minutes=1)


class Rehearsal:
    """One person at one address, with those for whom they answer; only this moves the clock."""

    def __init__(
        self,
        desk: Desk,
        here: PersonHere,
        now: datetime,
        channel: str = "sms",
        others: Sequence[PersonHere] = (),
        word: str = "",
    ) -> None:
        self.desk = desk
        self.now = now
        address = Address(_ADDRESS, "telegram" if channel == "telegram" else "sms", "+33639980001")
        address = replace(address, word=word, shared=bool(word))
        link = replace(here.link, person_id=here.person.id, address_id=_ADDRESS)
        self.scene = Scene(address, (replace(here, link=link), *others), ())
        self.timers: dict[str, Timer] = {}
        self._heard: list[tuple[datetime, str]] = []
        self._replies: dict[str, datetime] = {}
        self.turns: list[Turn] = []
        self._count = 0

    def begin(self, flow: str) -> Turn:
        """Begin a flow with the one who answers."""
        here = self.scene.people[0]
        self._count += 1
        talk = Conversation(
            id=self._count,
            address_id=_ADDRESS,
            person_id=here.person.id,
            frames=(Frame(flow, self.desk.library[flow].start),),
            case_id=here.case.id if here.case else None,
            contact_id=here.contact.id if here.contact else None,
            follow_up_id=here.follow_up.id if here.follow_up else None,
            day=self.now.date(),
        )
        self.scene = replace(self.scene, conversations=(*self.scene.conversations, talk))
        return self._done(start(self.scene, self.desk, self.now, f"s:{talk.id}"))

    def hear(self, text: str, after: timedelta = PAUSE, **how: object) -> Turn:
        """The person writes, so long after what came before."""
        self.now += after
        self._count += 1
        self._lately()
        incoming = Incoming(
            self.scene.address.channel,
            f"SM{self._count}",
            self.scene.address.value,
            "38000",
            text,
            **how,  # type: ignore[arg-type]
        )
        turn = take_turn(self.scene, incoming, self.desk, self.now, 1000 + self._count)
        self._heard.append((self.now, text))
        return self._done(turn)

    def _lately(self) -> None:
        """What was written a moment ago, whose replies wait, and what ended last."""
        since = self.now - delay(self.desk.pack(self.now.date()), "routine_reply", self.now.date())
        over = [c for c in self.scene.conversations if c.status == "ended" and c.hearing]
        self.scene = replace(
            self.scene,
            lately=tuple(text for at, text in self._heard if at >= since),
            waiting=frozenset(key for key, at in self._replies.items() if at >= self.now),
            ended=over[-1] if over else None,
        )

    def wait(self, how_long: timedelta) -> Iterator[Turn]:
        """Time passes; each timer that falls due is fired in its order."""
        until = self.now + how_long
        while due := min(self.timers.values(), key=lambda timer: timer.due_at, default=None):
            if due.due_at > until:
                break
            self.now = max(self.now, due.due_at)
            del self.timers[due.key]
            turn = self._done(wake(self.scene, due, self.desk, self.now))
            yield turn
            yield from self._nowhere_else(turn)
        self.now = until

    def _nowhere_else(self, turn: Turn) -> Iterator[Turn]:
        """Here a person has one address: another channel is this one again."""
        for deed in turn.deeds:
            if isinstance(deed, ReachElsewhere) and deed.way == "second_channel":
                self._count += 1
                cause = f"i:{self._count}"
                yield self._done(
                    remind_here(self.scene, deed.conversation_id, self.desk, self.now, cause)
                )

    def hand_back(self) -> Turn:
        """An agent hands the conversation back."""
        self._count += 1
        return self._done(hand_back(self.scene, self.desk, self.now, f"h:{self._count}"))

    @property
    def standing(self) -> str:
        """Where the conversation stands: "check_in.fever", or "ended: done"."""
        for conversation in self.scene.conversations:
            if conversation.status in ("open", "held", "queued") and conversation.frames:
                frame = conversation.frames[-1]
                held = " (held)" if conversation.status == "held" else ""
                return f"{frame.flow}.{frame.node}{held}"
        last = max(self.scene.conversations, key=lambda one: one.id, default=None)
        return f"{last.status}: {last.outcome}" if last else ""

    def _done(self, turn: Turn) -> Turn:
        self.turns.append(turn)
        for key in turn.taken_back:
            self._replies.pop(key, None)
        self._replies |= {d.key: d.not_before for d in turn.drafts if d.not_before}
        for key in turn.dropped_timers:
            self.timers.pop(key, None)
        self.timers.update({timer.key: timer for timer in turn.timers})
        changed = {c.id: c for c in turn.conversations}
        standing = [changed.pop(c.id, c) for c in self.scene.conversations] + list(changed.values())
        people = tuple(self._person(here, turn) for here in self.scene.people)
        self.scene = replace(
            self.scene,
            address=turn.address or self.scene.address,
            people=people,
            listed=self._listed(turn),
            conversations=tuple(sorted(standing, key=lambda c: c.status != "open")),
        )
        return turn

    def _listed(self, turn: Turn) -> tuple[Named, ...]:
        """Whom the case named so far, as the record would have it."""
        rows = {row.number: row for row in self.scene.listed}
        rows |= {d.named.number: d.named for d in turn.deeds if isinstance(d, ContactNamed)}
        return tuple(rows[number] for number in sorted(rows))

    def _person(self, here: PersonHere, turn: Turn) -> PersonHere:
        link = next((row for row in turn.links if row.person_id == here.person.id), here.link)
        here = replace(here, link=link)
        for deed in turn.deeds:
            match deed:
                case PersonLearned() if deed.person_id == here.person.id:
                    here = _learned(here, deed)
                case Enrol() if here.follow_up is None and deed.person_id == here.person.id:
                    here = replace(here, follow_up=self._follow_up(here, deed))
                case StateMoved() if deed.what == "case" and here.case:
                    here = replace(here, case=replace(here.case, state=deed.state))
                case CheckedIn() if deed.person_id == here.person.id:
                    earlier = tuple(c for c in here.history if c.day != deed.day)
                    here = replace(here, history=(*earlier, self._check_in(deed)))
        return here

    def _follow_up(self, here: PersonHere, deed: Enrol) -> FollowUp:
        case, contact = here.case, here.contact
        return FollowUp(
            id=1,
            person_id=here.person.id,
            role=deed.role,
            starts_on=self.now.date(),
            until=None,
            case_id=case.id if case else None,
            contact_id=contact.id if contact else None,
        )

    def _check_in(self, deed: CheckedIn) -> CheckIn:
        self._count += 1
        return CheckIn(
            self._count,
            deed.follow_up_id,
            deed.person_id,
            deed.day,
            "answered" if deed.complete else "missed",
            deed.answers,
            deed.assessment,
            self.now,
        )


def _learned(here: PersonHere, deed: PersonLearned) -> PersonHere:
    person, case = here.person, here.case
    for name, value in deed.values.items():
        if name == "case.onset" and case:
            case = replace(case, onset=date.fromisoformat(value))
        elif name == "case.no_symptoms" and case:
            case = replace(case, no_symptoms=True)
        elif name == "relay.last_day":
            last_day = date.fromisoformat(value)
            met = tuple(replace(e, last_day=last_day) for e in here.exposures)
            here = replace(here, exposures=met)
        elif name.startswith("facts."):
            person = replace(person, facts={**person.facts, name.removeprefix("facts."): value})
        else:
            person = replace(person, **{name: value})
    return replace(here, person=person, case=case)


def somebody(
    role: str,
    lang: str,
    today: date,
    *,
    given_name: str = "Sophie",
    family_name: str = "Le Goff",
    birth_date: date | None = None,
    proven: bool = False,
    told: bool = True,
    now: datetime | None = None,
) -> PersonHere:
    """A fictional person for a rehearsal: a case, a contact, or one in their daily follow-up."""
    person = Person(
        id=1,
        given_name=given_name,
        family_name=family_name,
        birth_date=birth_date or (date(1985, 3, 2) if role == "case" else None),
        language=lang,  # type: ignore[arg-type]
        check_code="K7P42",
    )
    link = Link(1, _ADDRESS, proven_at=now if proven else None)
    tested, onset = today - timedelta(days=2), today - timedelta(days=3)
    if role == "case":
        case = Case(
            1,
            1,
            test_date=tested,
            onset=onset,
            told_by="doctor" if told else "",
            relay_code="RK4829",
        )
        return PersonHere(person, link, case=case)
    # The case of the home where this contact lives: ill since the same day.
    home = {"kind": "home", "setting": "home", "case_until": onset + timedelta(days=10)}
    exposure = Exposure(1, 1, 1, 1, last_day=onset, **home)  # type: ignore[arg-type]
    return PersonHere(person, link, contact=Contact(1, 1), exposures=(exposure,))


def member(
    number: int, name: str, born: date, today: date, role: str = "guardian", **facts: str
) -> PersonHere:
    """A fictional member of a household, followed at the phone of the one who answers."""
    person = Person(
        id=number,
        given_name=name,
        birth_date=born,
        facts=facts,
        minor=today.year - born.year < 18,
        check_code=f"K7P{number}",
    )
    link = Link(number, _ADDRESS, role=role)
    follow_up = FollowUp(number, number, "contact", today, None, contact_id=number)
    return PersonHere(person, link, contact=Contact(number, number), follow_up=follow_up)


def lines(turn: Turn) -> Iterator[tuple[str, str]]:
    """What a turn shows, as a golden talk writes it: ("<", text) and ("=", review or deed)."""
    if turn.taken_back:
        yield "=", "the reply before is taken back"
    for draft in turn.drafts:
        yield "<", draft.text
    for wanted in turn.reviews:
        yield "=", f"review {wanted.priority} {wanted.reason}"
    for deed in turn.deeds:
        if isinstance(deed, ReachElsewhere):
            yield "=", f"reach by {deed.way}"
