"""A turn in the making: gathers what is to be written, in order."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from flows.engine import household
from flows.engine.ground import Asked, Ground, Saying, Step
from flows.rules import Duty, deadline, duty, review_rule
from flows.turn.desk import Desk
from flows.turn.slots import Voice
from flows.vocabulary import (
    Address,
    Conversation,
    Deed,
    Draft,
    Event,
    Link,
    NumberWrong,
    PersonHere,
    Priority,
    Prompt,
    Review,
    ReviewWanted,
    Scene,
    StateMoved,
    Timer,
    Turn,
)


@dataclass(slots=True)
class Making:
    """Everything one turn will write. `cause` makes its keys unique for ever.

    `reply` says that a person's own message is being answered: then quiet hours do not hold.
    `word`: it began with the family word; `child`: a child seems to write.
    """

    desk: Desk
    scene: Scene
    now: datetime
    cause: str
    reply: bool
    address: Address = field(init=False)
    conversations: dict[int, Conversation] = field(default_factory=dict)
    links: dict[int, Link] = field(default_factory=dict)
    drafts: list[Draft] = field(default_factory=list)
    timers: list[Timer] = field(default_factory=list)
    dropped: list[str] = field(default_factory=list)
    reviews: list[ReviewWanted] = field(default_factory=list)
    deeds: list[Deed] = field(default_factory=list)
    events: list[Event] = field(default_factory=list)
    taken_back: list[str] = field(default_factory=list)
    # Dangers that answers asserted, of the one who answers and of members; whether answered.
    asserted: list[str] = field(default_factory=list)
    asserted_of: dict[int, tuple[str, ...]] = field(default_factory=dict)
    alerted: bool = False
    reading: Mapping[str, Any] = field(default_factory=dict)
    person_id: int | None = None
    conversation_id: int | None = None
    word: bool = False
    child: bool = False
    # Each with the one it was made for, who is kept so that no other may take the same `id`.
    grounds: dict[tuple[int, ...], tuple[PersonHere, Ground]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.address = self.scene.address

    @property
    def duty(self) -> Duty:
        """Who is there now."""
        return duty(self.desk.pack(self.now.date()), self.now)

    # -- whom it is about

    def ground(self, here: PersonHere) -> Ground:
        """The ground under one person's conversation."""
        # A turn asks for it ten times; it changes with a link, the address or the word alone.
        key = (id(here), id(self.address), self.word, *map(id, self.links.values()))
        if key not in self.grounds:
            self.grounds[key] = (here, self._ground(here))
        return self.grounds[key][1]

    def _ground(self, here: PersonHere) -> Ground:
        person = here.person
        everybody = tuple(self._now(one) for one in self.scene.people)
        return Ground(
            library=self.desk.library,
            pack=self.desk.pack(self.now.date()),
            here=self._now(here),
            address=self.address,
            lang=self.address.language or person.language,
            now=self.now,
            catalogues=self.desk.catalogues,
            members=household.members(everybody, here),
            word=self.word,
            calls=self.scene.calls,
        )

    def _now(self, here: PersonHere) -> PersonHere:
        """Somebody with their link as this turn leaves it."""
        link = self.links.get(here.person.id)
        return here if link is None else replace(here, link=link)

    def here(self, person_id: int) -> PersonHere | None:
        """A person at this address."""
        return next((h for h in self.scene.people if h.person.id == person_id), None)

    # -- what it says

    def draft(
        self, text: str, kind: str, options: tuple[str, ...] = (), prompt: Prompt | None = None
    ) -> None:
        """One text to this address."""
        self.drafts.append(
            Draft(
                key=f"{self.cause}:{len(self.drafts)}",
                kind=kind,
                text=text,
                person_id=self.person_id,
                conversation_id=self.conversation_id,
                options=options,
                prompt=prompt,
            )
        )

    def say(self, voice: Voice, name: str, kind: str = "reply") -> None:
        """One text of the always-layer."""
        self.draft(voice.say(f"always.{name}"), kind)

    # -- what people must look at

    def review(
        self,
        reason: str,
        here: PersonHere | None = None,
        priority: Priority | None = None,
        **detail: Any,
    ) -> None:
        """Wants a review; one for each reason and person stays open, others add to it."""
        pack = self.desk.pack(self.now.date())
        rule = review_rule(pack, reason, self.now.astimezone(pack.zone).date())
        level = priority or rule.priority
        about = here.person.id if here else f"address-{self.address.id}"
        case = here.case if here else None
        contact = here.contact if here else None
        minutes = rule.minutes if priority in (None, rule.priority) else None
        self.reviews.append(
            ReviewWanted(
                reason=reason,
                priority=level,
                deadline=deadline(pack, level, self.now, minutes=minutes),
                key=f"{reason}:{about}",
                person_id=here.person.id if here else None,
                case_id=case.id if case else None,
                contact_id=contact.id if contact else None,
                conversation_id=self.conversation_id,
                follow_up_id=here.follow_up.id if here and here.follow_up else None,
                detail={k: v for k, v in detail.items() if v is not None},
            )
        )

    def add_to(self, review: Review, **detail: Any) -> None:
        """Says more to an open review, which stays as urgent as it is."""
        self.reviews.append(
            ReviewWanted(
                reason=review.reason,
                priority=review.priority,
                deadline=review.deadline,
                key=review.key,
                person_id=review.person_id,
                case_id=review.case_id,
                contact_id=review.contact_id,
                conversation_id=review.conversation_id,
                follow_up_id=review.follow_up_id,
                detail=detail,
            )
        )

    def lower(self, reason: str, here: PersonHere) -> None:
        """Lowers an open P1 to P2, which never closes it."""
        pack = self.desk.pack(self.now.date())
        self.reviews.append(
            ReviewWanted(
                reason=reason,
                priority="P2",
                deadline=deadline(pack, "P2", self.now),
                key=f"{reason}:{here.person.id}",
                person_id=here.person.id,
                detail={"lowered": "the person says that it was not an emergency"},
                lower_to="P2",
            )
        )

    def trail(self, kind: str, here: PersonHere | None = None, **data: Any) -> None:
        """One line of the trail."""
        self.events.append(
            Event(
                kind=kind,
                at=self.now,
                actor="person" if self.reply else "service",
                person_id=here.person.id if here else self.person_id,
                address_id=self.address.id,
                conversation_id=self.conversation_id,
                case_id=here.case.id if here and here.case else None,
                data=data,
            )
        )

    # -- conversations

    def put(self, conversation: Conversation) -> None:
        """Keep a conversation as it stands; timers go with what no longer waits."""
        self.conversations[conversation.id] = conversation
        if conversation.status != "open":
            self._drop_timers(conversation)

    def _drop_timers(self, conversation: Conversation) -> None:
        self.dropped += [f"silence:{conversation.id}", f"prompt:{conversation.id}"]

    def open_ones(self) -> tuple[Conversation, ...]:
        """The conversations of the scene as this turn left them so far."""
        return tuple(self.conversations.get(c.id, c) for c in self.scene.conversations)

    def take(self, step: Step, here: PersonHere, quiet_sayings: bool = False) -> None:
        """All that a step of the engine leads to, but for its dangers."""
        conversation = step.conversation
        self.person_id, self.conversation_id = here.person.id, conversation.id
        voice = Voice(self.desk, self.ground(here), conversation)
        for saying in () if quiet_sayings else step.sayings:
            kind = "reply" if self.reply else _unasked(saying.kind, conversation)
            options = tuple(voice.say(key, english) for key, english in saying.options)
            text = voice.say(saying.key, saying.english, saying.values)
            self.draft(text, kind, options, self._prompt(voice, saying))
        for asked in step.reviews:
            self._asked(asked, here)
        self.deeds.extend(step.deeds)
        self.asserted.extend(step.dangers)
        self.asserted_of.update(step.member_dangers)
        self._changes(step, here)
        self.put(conversation)
        self._set_timers(step)
        moved = conversation.frames[-1] if conversation.frames else None
        at = f"{moved.flow}.{moved.node}" if moved else conversation.outcome
        self.trail("moved", here, to=at, status=conversation.status)

    def _prompt(self, voice: Voice, saying: Saying) -> Prompt | None:
        """Which text it was: a template may stand for it, and who reads another language asks."""
        if self.address.channel != "whatsapp" and voice.ground.lang == voice.ground.pack.language:
            return None
        return voice.prompt(saying.key, saying.english, saying.values)

    def _asked(self, asked: Asked, here: PersonHere) -> None:
        detail = dict(asked.detail)
        priority = detail.pop("priority", None)
        about = self.here(asked.about) if asked.about is not None else None
        self.review(asked.reason, about or here, priority, **detail)

    def _changes(self, step: Step, here: PersonHere) -> None:
        link = self.links.get(here.person.id, here.link)
        if step.proven:
            self.links[here.person.id] = replace(link, proven_at=self.now, role=_own(link))
        if step.shared:
            self.address = replace(self.address, shared=True)
        if step.word:
            self.address = replace(self.address, word=step.word)
        if step.danger_lowered:
            self._lower_all(step.conversation, here)
        if step.number_wrong:
            self.number_wrong(here)

    def _lower_all(self, conversation: Conversation, here: PersonHere) -> None:
        """The alerts about those in danger in this conversation, else about the one who answers."""
        about = [self.here(one) for one in household.in_danger(conversation)]
        for one in [one for one in about if one] or [here]:
            self.lower("danger", one)

    def number_wrong(self, here: PersonHere) -> None:
        """The number leaves this person's record; nothing more is written about them here."""
        link = self.links.get(here.person.id, here.link)
        self.links[here.person.id] = replace(link, dropped=True)
        case_id = here.case.id if here.case else None
        contact_id = here.contact.id if here.contact else None
        self.deeds.append(NumberWrong(self.address.id, here.person.id, case_id, contact_id))
        if contact_id:
            self.deeds.append(StateMoved("contact", contact_id, "closed", "wrong_number"))

    def _set_timers(self, step: Step) -> None:
        conversation = step.conversation
        waits = (("prompt", step.prompt_after), ("silence", step.silent_after))
        for kind, after in waits:
            key = f"{kind}:{conversation.id}"
            if after is None:
                self.dropped.append(key)
                continue
            self.timers.append(
                Timer(
                    key=key,
                    kind=kind,
                    due_at=self.now + after,
                    address_id=self.address.id,
                    conversation_id=conversation.id,
                    person_id=conversation.person_id,
                )
            )

    # -- the outcome

    def turn(self) -> Turn:
        """What is to be written."""
        set_now = {timer.key for timer in self.timers}
        return Turn(
            address=self.address if self.address != self.scene.address else None,
            links=tuple(self.links.values()),
            conversations=tuple(self.conversations.values()),
            drafts=tuple(self.drafts),
            timers=tuple(self.timers),
            dropped_timers=tuple(key for key in dict.fromkeys(self.dropped) if key not in set_now),
            taken_back=tuple(self.taken_back),
            reviews=tuple(self.reviews),
            deeds=tuple(self.deeds),
            events=tuple(self.events),
            reading=self.reading,
            person_id=self.person_id,
            conversation_id=self.conversation_id,
        )


def _own(link: Link) -> str:
    return "self" if link.role == "said" else link.role


def _unasked(kind: str, conversation: Conversation) -> str:
    """What nobody's message brought about is no reply: it waits for the morning like a question."""
    if kind != "reply":
        return kind
    return "question" if conversation.status == "open" else "notice"
