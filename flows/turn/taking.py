"""Takes one message: its danger, its commands, then its answer to the open question."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from flows.engine import household, running
from flows.engine.asking import EXPECT, question
from flows.engine.keywords import asks_if_genuine
from flows.engine.pausing import open_ask
from flows.engine.reporting import ABOUT_HOUSEHOLD
from flows.engine.roll_call import ABOUT_MEMBERS
from flows.engine.running import FlowLost
from flows.turn import commands, tongues
from flows.turn.adding import add
from flows.turn.answering import answer_back, who_beside
from flows.turn.correcting import correct, correction
from flows.turn.danger import answer_danger, calmed, lay_danger_on_top
from flows.turn.desk import Desk
from flows.turn.doorway import by_a_child, is_closed, knock
from flows.turn.hearing import take_back, take_heard
from flows.turn.late import answer_late, is_late
from flows.turn.making import Making
from flows.turn.media import answer_media, keep_media
from flows.turn.pieces import hear_together, read_joined
from flows.turn.questions import AskedBack, asked_back
from flows.turn.recording import record, status_of
from flows.turn.slots import Voice
from flows.turn.strangers import ground_of
from flows.turn.upset import answer_upset
from flows.turn.waking import start_next
from flows.understanding import Reading, read
from flows.vocabulary import Conversation, Incoming, PersonHere, Scene, Turn

ABOUT_A_HOUSEHOLD = frozenset((*ABOUT_HOUSEHOLD, *ABOUT_MEMBERS))


@dataclass(frozen=True, slots=True)
class Heard:
    """One message at one address, with what stands open there. `here` None: a stranger."""

    message_id: int
    incoming: Incoming
    reading: Reading
    here: PersonHere | None
    conversation: Conversation | None
    voice: Voice
    asked: str = ""


def take_turn(scene: Scene, incoming: Incoming, desk: Desk, now: datetime, message_id: int) -> Turn:
    """Everything that this message leads to. Never silent to a person who writes."""
    making = Making(desk, scene, now, f"m:{message_id}", reply=True)
    making.address = replace(making.address, last_heard_at=now)
    incoming = knock(making, incoming)
    heard = _hear(making, incoming, message_id)
    making.child = by_a_child(making, heard.here, heard.reading, incoming.text)
    making.reading = record(heard.reading)
    if not incoming.answerable:
        making.review("unreadable_message", heard.here, words=incoming.text)
        return making.turn()
    if not _language_chosen(making, heard):
        _answer(making, heard)
        if heard.here and heard.conversation:
            tongues.offer(making, incoming.text, heard.here, heard.conversation.id)
    if (making.asserted or making.asserted_of) and not making.alerted:
        _danger(making, heard, tuple(dict.fromkeys(making.asserted)), making.asserted_of)
    before = heard.conversation
    if before and heard.reading.status == "not_understood":
        making.reading |= {"status": status_of(before, making.conversations.get(before.id))}
    start_next(making)
    return making.turn()


def _hear(making: Making, incoming: Incoming, message_id: int) -> Heard:
    conversation = _standing(making.scene)
    here = making.here(conversation.person_id) if conversation else None
    if here is None:
        conversation = None
        here = household.responder(making.scene.people)
    ground = ground_of(making, here)
    ask = open_ask(conversation, ground) if conversation else None
    asked_for = question(ask, ground, EXPECT.get(ask.kind, "") if ask else "")
    reading = read(incoming.text, asked_for)
    reading = read_joined(making.scene, incoming.text, reading, asked_for)
    if here:
        making.person_id = here.person.id
        making.conversation_id = conversation.id if conversation else None
    voice = Voice(making.desk, ground, conversation)
    asked = ask.kind if ask else ""
    return Heard(message_id, incoming, reading, here, conversation, voice, asked)


def _standing(scene: Scene) -> Conversation | None:
    """The conversation that a message belongs to: the open one, a held one, one that lapsed."""
    for status in ("open", "held", "lapsed"):
        found = [c for c in scene.conversations if c.status == status and c.frames]
        if found:
            return found[0]
    return None


def _answer(making: Making, heard: Heard) -> None:
    """Danger, then commands, then the flow; the safety text stands before all the rest."""
    dangers = heard.reading.danger
    if heard.incoming.link_code:
        _welcome(making, heard)
        return
    if heard.incoming.relayed:
        _passed_on(making, heard)
        return
    if heard.incoming.media and heard.incoming.text.strip():
        keep_media(making, heard.incoming, heard.here)
    if dangers:
        take_back(making)
    question = _asked_back(making, heard)
    if question and heard.here and heard.reading.command in (None, "help"):
        answer_back(making, question, heard.here, heard.conversation, heard.voice)
        return
    if heard.reading.command == "help" and _upset(making, heard):
        return
    if heard.reading.command in (None, "help") and _told_who(making, heard):
        return
    if commands.obey(making, heard.incoming, heard.reading, heard.here, heard.voice, heard.asked):
        if dangers:
            _danger_beside_a_command(making, heard, dangers)
        return
    if making.address.silence in ("violence", "stopped"):
        _silenced(making, heard, dangers)
    elif heard.incoming.media and not heard.incoming.text.strip():
        answer_media(making, heard.incoming, heard.here, heard.conversation, heard.voice)
    elif heard.here and is_closed(making, heard.here, heard.conversation):
        _outside(making, heard, heard.here, dangers)
    elif _added(making, heard) or _repaired(making, heard) or _upset(making, heard):
        return
    elif heard.conversation and heard.here and _flow_answers(heard.conversation):
        _in_flow(making, heard, heard.conversation, heard.here)
    else:
        _without_question(making, heard, dangers)


def _language_chosen(making: Making, heard: Heard) -> bool:
    """The answer to "which language do you prefer?", where nothing else is said."""
    talk, here = heard.conversation, heard.here
    if talk is None or here is None or heard.reading.danger or heard.incoming.opt_out:
        return False
    return tongues.answered(making, heard.incoming.text, here, talk, heard.voice)


def _added(making: Making, heard: Heard) -> bool:
    """Somebody is added to the list in the middle of something else."""
    text, here = heard.incoming.text, heard.here
    if here is None or heard.reading.danger or heard.incoming.media:
        return False
    return add(making, text, here, heard.conversation, heard.asked)


def _repaired(making: Making, heard: Heard) -> bool:
    """A correction of the last answer, or a further piece of it."""
    found = correction(heard.incoming.text)
    if found and heard.here and correct(making, found, heard.conversation, heard.voice):
        return True
    last = heard.conversation or making.scene.ended
    here = making.here(last.person_id) if last else None
    if last is None or here is None or heard.reading.danger or heard.incoming.media:
        return False
    return last.status != "held" and hear_together(making, heard.incoming.text, last, here)


def _upset(making: Making, heard: Heard) -> bool:
    """An insult, or somebody who is lost, at an open question."""
    conversation, here = heard.conversation, heard.here
    if conversation is None or here is None or making.address.silence:
        return False
    if is_closed(making, here, conversation):
        return False
    words = heard.incoming.text
    return answer_upset(making, words, heard.reading, conversation, here, heard.voice)


def _told_who(making: Making, heard: Heard) -> bool:
    """Whoever asks who we are beside an answer is told, and has answered."""
    here, talk, words = heard.here, heard.conversation, heard.incoming.text
    name = "genuine" if asks_if_genuine(words) else heard.reading.command
    if not name or heard.reading.detail:
        return False
    if here is None or heard.reading.danger or making.address.silence or heard.incoming.opt_out:
        return False
    if is_closed(making, here, talk):
        return False
    return who_beside(making, name, words, here, talk, heard.voice)


def _asked_back(making: Making, heard: Heard) -> AskedBack | None:
    """A question that the message asks, where the machine may answer it."""
    held = heard.conversation is not None and heard.conversation.status == "held"
    if heard.here is None or heard.reading.danger or heard.reading.detail or held:
        return None
    if making.address.silence in ("violence", "stopped"):
        return None
    if is_closed(making, heard.here, heard.conversation):
        return None
    if heard.asked in ABOUT_A_HOUSEHOLD and "?" not in heard.incoming.text:
        # "It is he who is ill" tells of somebody, and asks nothing.
        return None
    return asked_back(heard.incoming.text, heard.voice.ground.lang)


def _danger_beside_a_command(making: Making, heard: Heard, dangers: tuple[str, ...]) -> None:
    """The command is obeyed, but for its words: the safety text stands alone (STOP's beside it)."""
    if making.address.silence != "stopped":
        making.drafts.clear()
        standing = next((c for c in making.open_ones() if c.status == "open"), None)
        if standing and heard.here and "violence" not in dangers:
            step = running.wait_after_danger(standing, making.ground(heard.here))
            making.take(step, heard.here, quiet_sayings=True)
    _danger(making, heard, dangers)


def _welcome(making: Making, heard: Heard) -> None:
    """A code tied this chat to a person (or nobody's did): the open question comes again."""
    if heard.here is None:
        making.say(heard.voice, "telegram_stranger")
        return
    making.say(heard.voice, "telegram_welcome")
    conversation = heard.conversation
    if conversation and conversation.status == "open":
        making.take(running.prompt(conversation, making.ground(heard.here)), heard.here)


def _passed_on(making: Making, heard: Heard) -> None:
    """A code enrolled its sender: their talk begins, after another that stands open here."""
    if any(c.status in ("open", "held") for c in making.open_ones()):
        making.say(heard.voice, "noted")
    if heard.reading.danger:
        _danger(making, heard, heard.reading.danger)


def _flow_answers(conversation: Conversation) -> bool:
    return conversation.status in ("open", "lapsed")


def _danger(
    making: Making,
    heard: Heard,
    dangers: tuple[str, ...],
    members: Mapping[int, tuple[str, ...]] | None = None,
) -> None:
    reading = heard.reading
    answer_danger(
        making,
        heard.here,
        dangers,
        heard.incoming.text,
        reading.danger_doubt,
        reading.danger_about,
        Voice(making.desk, ground_of(making, heard.here), heard.conversation),
        members=members,
    )


def _in_flow(making: Making, heard: Heard, conversation: Conversation, here: PersonHere) -> None:
    """The open question hears it; what holds danger also brings the safety text."""
    dangers = heard.reading.danger
    if not dangers and is_late(making, conversation, here):
        answer_late(making, heard.incoming.text, heard.message_id, conversation, here)
        return
    try:
        step = running.hear(
            conversation, heard.incoming.text, heard.reading, making.ground(here), dangers
        )
    except FlowLost:
        making.put(replace(conversation, status="held"))
        making.review("unreadable_message", here, words=heard.incoming.text)
        making.say(heard.voice, "noted")
        if dangers:
            _danger(making, heard, dangers)
        return
    take_heard(making, step, here, conversation, [heard.incoming.text])
    found = dangers or step.dangers
    if found or step.member_dangers:
        _danger(making, heard, tuple(found), step.member_dangers)


def _outside(making: Making, heard: Heard, here: PersonHere, dangers: tuple[str, ...]) -> None:
    """No word, no answer: but danger is heard from anybody, and a forgotten word is replaced."""
    if dangers:
        conversation = heard.conversation
        if conversation and conversation.status == "open" and "violence" not in dangers:
            step = running.wait_after_danger(conversation, making.ground(here))
            making.take(step, here, quiet_sayings=True)
        elif conversation is None and "violence" not in dangers:
            lay_danger_on_top(making, here, heard.message_id)
        _danger(making, heard, dangers)
        return
    making.say(heard.voice, "word_waits")
    if heard.conversation is None or heard.conversation.status == "held":
        making.review("message", here, words=heard.incoming.text)


def _silenced(making: Making, heard: Heard, dangers: tuple[str, ...]) -> None:
    """After STOP or violence: danger is answered, the rest goes to a person."""
    making.review("wrote_while_silent", heard.here, words=heard.incoming.text)
    if dangers:
        _danger(making, heard, dangers)


def _without_question(making: Making, heard: Heard, dangers: tuple[str, ...]) -> None:
    """Nothing was asked (or an agent has it): a kind answer, and a person reads it."""
    if dangers:
        if heard.here and heard.conversation is None and "violence" not in dangers:
            lay_danger_on_top(making, heard.here, heard.message_id)
        _danger(making, heard, dangers)
        return
    if heard.here is None:
        name = "telegram_stranger" if making.address.channel == "telegram" else "stranger"
        making.say(heard.voice, name)
        making.review("stranger", words=heard.incoming.text)
        return
    if calmed(making, heard.incoming.text, heard.conversation, heard.here):
        making.review("message", heard.here, words=heard.incoming.text)
        return
    held = heard.conversation is not None and heard.conversation.status == "held"
    making.say(heard.voice, "held" if held else "noted")
    making.review("message", heard.here, words=heard.incoming.text)
