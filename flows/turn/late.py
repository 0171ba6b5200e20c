"""An answer that comes a day late: for yesterday's check-in, or for today's?"""

from __future__ import annotations

from dataclasses import replace

from flows.engine import running
from flows.engine.asking import question
from flows.engine.keywords import plain, says
from flows.engine.pausing import open_ask
from flows.engine.weighing import answers_of
from flows.turn.hearing import take_heard
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.understanding import read
from flows.vocabulary import CheckedIn, Conversation, Frame, PersonHere
from flows.wording.moments import day as day_words

_LATE = "late"
_DAILY = ("check_in", "household")


def is_late(making: Making, conversation: Conversation, here: PersonHere) -> bool:
    """Whether this answers the check-in of a day that is over, while today's was not asked."""
    # A talk that is of no day, such as a patient's list, is taken up where it stopped.
    daily = bool(conversation.frames) and conversation.frames[0].flow in _DAILY
    ended = daily and conversation.status == "lapsed" and conversation.day is not None
    return ended and conversation.day < making.ground(here).today  # type: ignore[operator]


def answer_late(
    making: Making, text: str, message_id: int, conversation: Conversation, here: PersonHere
) -> None:
    """Attach the answer to its day where the words tell which; ask “for yesterday?” otherwise."""
    asked = (conversation.pending or {}).get(_LATE)
    which = _which(text, asked=asked is not None)
    words = text if asked is None else asked
    if which == "then":
        _attach(making, words, conversation, here)
    elif which == "today":
        _start_today(making, words, message_id, conversation, here)
    else:
        _ask(making, words, conversation, here)


def _which(text: str, *, asked: bool) -> str:
    if says(text, "yesterday") or (asked and plain(text) == "1"):
        return "then"
    if says(text, "today") or (asked and plain(text) == "2"):
        return "today"
    # Asked once already: what was timed out is what was answered.
    return "then" if asked else ""


def _ask(making: Making, words: str, conversation: Conversation, here: PersonHere) -> None:
    ground = making.ground(here)
    on = conversation.day or ground.today
    voice = Voice(making.desk, ground, conversation)
    values = {"guess": day_words(on, ground.lang)}
    making.draft(voice.say("always.late_which", values=values), "reply")
    making.put(replace(conversation, pending={_LATE: words}))


def _attach(making: Making, words: str, conversation: Conversation, here: PersonHere) -> None:
    """That day's question hears it; the day is kept as far as it came, and is over."""
    ground = making.ground(here)
    before = replace(conversation, pending=None)
    ask = open_ask(before, ground)
    if ask is not None:
        reading = read(words, question(ask, ground))
        if running.would_settle(before, words, reading, ground):
            step = running.hear(before, words, reading, ground, ())
            quiet = replace(step.conversation, status="ended", outcome="late", frames=())
            making.take(replace(step, conversation=quiet), here, quiet_sayings=True)
            before = quiet
    making.put(replace(before, status="ended", outcome="late", pending=None))
    making.say(Voice(making.desk, ground, conversation), "late")
    if before.follow_up_id is not None and before.day is not None:
        answers = answers_of(before)
        deed = CheckedIn(before.follow_up_id, here.person.id, before.day, answers, {}, False)
        making.deeds.append(deed)
    making.trail("late", here, day=before.day.isoformat() if before.day else "")


def _start_today(
    making: Making, words: str, message_id: int, conversation: Conversation, here: PersonHere
) -> None:
    """Today's check-in begins with these words."""
    ground = making.ground(here)
    making.put(replace(conversation, status="ended", outcome="overtaken", pending=None))
    flow = making.desk.library["check_in"]
    fresh = replace(
        conversation,
        id=message_id,
        frames=(Frame(flow.name, flow.start, flow.structure),),
        status="queued",
        bands={},
        kept={},
        pending=None,
        hearing=None,
        day=ground.today,
        outcome="",
    )
    begun = running.begin(fresh, ground)
    ask = open_ask(begun.conversation, ground)
    reading = read(words, question(ask, ground))
    if ask and running.would_settle(begun.conversation, words, reading, ground):
        step = running.hear(begun.conversation, words, reading, ground, ())
        take_heard(making, step, here, begun.conversation, [words])
        return
    making.take(begun, here)
