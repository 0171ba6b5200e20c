"""“Add Zoe”, “I forgot Zoe”: written at another question, it joins the list and is no answer."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.engine import facts, naming, running
from flows.engine.keywords import places_of, says
from flows.engine.pausing import open_ask
from flows.engine.replies import question
from flows.spec.nodes import Brings
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.understanding import normalise, read
from flows.vocabulary import ContactNamed, Conversation, Named, PersonHere

# These hear whom somebody adds in words of their own.
_HEAR_NAMES = frozenset(("contacts", "summary", "which", "full_name", "own_name", "ages"))
_CLOSED = ("listed", "following")
_RELAYED = "relay"


@dataclass(frozen=True, slots=True)
class _Addition:
    """Whom a message adds, and what it says before that."""

    found: Sequence[Mapping[str, Any]]
    before: str


def wants_to_add(words: str) -> bool:
    """Whether a message may add somebody to the list."""
    return says(words, "add")


def add(
    making: Making, words: str, here: PersonHere, conversation: Conversation | None, asked: str
) -> bool:
    """Whoever is added joins the list, which is told; then the open question. False where the
    message adds nobody. No name is said to whoever is added so: that wants a word of its own."""
    case = here.case
    if case is None or not case.told_by or asked in _HEAR_NAMES or "?" in words:
        return False
    if not wants_to_add(words) or not _is_open(making, here, conversation):
        return False
    found = _read(making, words, here, conversation)
    if found is None:
        return False
    talk = _listing(making, conversation)
    rows = talk.named if talk else _kept(making)
    named = naming.merge(rows, found.found, Brings(day="said"), None)
    known = {row.number: row for row in rows}
    address = making.address.id
    new = [row for row in named if known.get(row.number) != row]
    making.deeds.extend(ContactNamed(case.id, address, row) for row in new)
    if talk:
        making.put(replace(talk, named=named))
    making.trail("command", here, command="add")
    _tell(making, here, named, closed=talk is None or case.state in _CLOSED)
    if conversation and talk and talk.id == conversation.id:
        conversation = replace(conversation, named=named)
    _go_on(making, found.before, here, conversation)
    return True


def _is_open(making: Making, here: PersonHere, talk: Conversation | None) -> bool:
    """Whether the one who writes has proved who they are, and no agent is at work."""
    if making.address.silence or (talk is not None and talk.status == "held"):
        return False
    if talk is not None and talk.frames and talk.frames[-1].flow == "danger":
        return False
    # As it stood before this message: to write is no proof.
    ground = replace(making.ground(here), address=making.scene.address)
    return here.link.proven_at is not None and facts.identity(ground) == "proven"


def _read(
    making: Making, words: str, here: PersonHere, talk: Conversation | None
) -> _Addition | None:
    """Whom these words add; None where they may be anything else, or answer what is asked."""
    tokens = normalise(words, "fr").tokens
    at = sorted(places_of(tuple(token.word for token in tokens), "add"))
    if not at:
        return None
    before, after = words[: tokens[at[0]].start], words[tokens[at[-1]].end :].strip(" '’:,.")
    ground = making.ground(here)
    if not after:
        # “Zoe 0639980001 ekleyin”: the word that adds stands at the end.
        before, after = "", before
    reading = read(after, question(None, ground, "contacts"))
    rows = reading.value or []
    if reading.status != "understood" or not rows or not all(row.get("name") for row in rows):
        return None
    return _Addition(rows, before.strip(" ,.;"))


def _listing(making: Making, conversation: Conversation | None) -> Conversation | None:
    """The talk in which the list grows, wherever it stands; it holds more than the record."""
    standing = [one for one in (conversation, *making.open_ones()) if one is not None]
    return next(
        (one for one in standing if one.status != "ended" and _is_of_case(one)),
        None,
    )


def _is_of_case(talk: Conversation) -> bool:
    return bool(talk.frames) and talk.frames[0].flow == "case"


def _kept(making: Making) -> tuple[Named, ...]:
    """The list as the record has it; a number that was taken back is not given again."""
    rows = {row.number: row for row in making.scene.listed if row.setting != _RELAYED}
    last = max(rows, default=0)
    return tuple(rows.get(n, Named(n, removed=True)) for n in range(1, last + 1))


def _tell(making: Making, here: PersonHere, named: Sequence[Named], closed: bool) -> None:
    ground = making.ground(here)
    name = "list_kept" if closed else "list"
    guess = naming.said(named, ground)
    making.draft(Voice(making.desk, ground).say(f"always.{name}", values={"guess": guess}), "reply")


def _go_on(
    making: Making, before: str, here: PersonHere, conversation: Conversation | None
) -> None:
    """What was said before the addition answers the open question, or that comes again."""
    if conversation is None or conversation.status != "open":
        return
    ground = making.ground(here)
    ask = open_ask(conversation, ground)
    if ask is not None and before:
        reading = read(before, question(ask, ground))
        if running.would_settle(conversation, before, reading, ground):
            making.take(running.hear(conversation, before, reading, ground, ()), here)
            return
    if again := running.ask_again(conversation, ground):
        making.take(again, here)
