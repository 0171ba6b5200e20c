"""Answers a question that somebody asks back, then comes back to the open one."""

from __future__ import annotations

import re
from collections.abc import Iterator

from flows.engine import facts, running, staying
from flows.engine.asking import question
from flows.engine.ground import Ground
from flows.engine.pausing import open_ask
from flows.engine.replies import leading_figure
from flows.engine.weighing import told_signs
from flows.rules import signed
from flows.turn.making import Making
from flows.turn.question_words import reviews_of, variants
from flows.turn.questions import AskedBack
from flows.turn.slots import Voice
from flows.understanding import read
from flows.vocabulary import Conversation, PersonHere

_SENTENCES = re.compile(r"[^.!?…؟]+[.!?…؟]*")
# Here a greeting beside the question would pass for the answer.
_NEVER_BESIDE = ("full_name", "text")


def answer_back(
    making: Making,
    asked: AskedBack,
    here: PersonHere,
    conversation: Conversation | None,
    voice: Voice,
) -> None:
    """The signed answer with this person's dates, or a person; then the open question again."""
    key = _said(making, asked.code, here, voice)
    making.draft(voice.say(key), "reply")
    making.trail("asked_back", here, question=asked.code, said=key)
    if conversation is None or conversation.status != "open":
        return
    if asked.rest and _answered_beside(making, asked.rest, conversation, here):
        return
    again = running.ask_again(conversation, making.ground(here))
    if again is not None:
        making.take(again, here)


def _said(making: Making, code: str, here: PersonHere, voice: Voice) -> str:
    """The key of what is said. Who has not proved who they are hears what anybody may hear."""
    texts = variants()[code]
    known = (
        tuple(situations(voice.ground, code, voice.conversation)) if _is_open(making, here) else ()
    )
    if known and making.address.shared:
        # It would stay on a phone that others read: a person tells it.
        known = ("open",)
    situation = next((one for one in (*known, "open") if one in texts), None)
    if situation is None and not known:
        return "always.after_proof"
    today = making.ground(here).today
    if situation is None or signed(voice.ground.pack, code, today) is None:
        making.review("question", here, question=code)
        return "always.asks_person"
    if reason := reviews_of()[code].get(situation):
        making.review(reason, here, question=code)
    return f"question.{code}.{situation}"


def _is_open(making: Making, here: PersonHere) -> bool:
    """Whether what concerns this person may be said here: proven, and told by somebody."""
    ground = making.ground(here)
    untold = here.case is not None and not here.case.told_by
    proven = here.link.proven_at is not None
    return proven and not untold and facts.identity(ground) == "proven"


def situations(ground: Ground, code: str, conversation: Conversation | None) -> Iterator[str]:
    """What fits this person, the most particular first: their signs, dates, tests, role."""
    is_case = ground.here.case is not None
    if not is_case and told_signs(ground.here, conversation):
        yield "signs"
    if code == "test" and not is_case:
        yield from _tests(ground, conversation)
    yield staying.until(ground, conversation)
    yield "case" if is_case else "contact"
    yield "any"


def _tests(ground: Ground, conversation: Conversation | None) -> Iterator[str]:
    """Whether the rules ask for a test on a day to come, by now, or for none."""
    days, signs = staying.test_days(ground), told_signs(ground.here, conversation)
    if any(day > ground.today for day in days) and not signs:
        yield "test_day"
    elif signs or ground.today in days:
        yield "test_now"
    elif ground.here.exposures:
        yield "no_test"


def _answered_beside(
    making: Making, rest: str, conversation: Conversation, here: PersonHere
) -> bool:
    """The open question hears what was said beside the question, if that answers it."""
    ground = making.ground(here)
    ask = open_ask(conversation, ground)
    if ask is None or ask.kind in _NEVER_BESIDE:
        return False
    reading = read(rest, question(ask, ground))
    if not running.would_settle(conversation, rest, reading, ground):
        return False
    making.take(running.hear(conversation, rest, reading, ground, ()), here)
    return True


def who_beside(
    making: Making,
    name: str,
    words: str,
    here: PersonHere,
    conversation: Conversation | None,
    voice: Voice,
) -> bool:
    """“No. A bit of a cough. Who is this?”: who we are, then the talk goes on with the answer."""
    told = " ".join(
        part for part in _SENTENCES.findall(words) if not part.strip().endswith(("?", "؟"))
    )
    told = told.strip() or leading_figure(words)
    if conversation is None or conversation.status != "open" or not told:
        return False
    said = len(making.drafts)
    making.say(voice, name)
    if _answered_beside(making, told, conversation, here):
        making.trail("command", here, command=name)
        return True
    del making.drafts[said:]
    return False
