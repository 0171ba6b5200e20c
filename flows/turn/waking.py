"""Turns that no message causes: a start, a delayed question, silence, an agent's handing back."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

from flows.engine import running
from flows.engine.ground import Step
from flows.engine.running import FlowLost
from flows.turn.danger import answer_danger
from flows.turn.desk import Desk
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import Conversation, PersonHere, Scene, Timer, Turn

_RESTED = timedelta(hours=1)


def start(scene: Scene, desk: Desk, now: datetime, cause: str) -> Turn:
    """Begin the next queued conversation, where no other is open."""
    making = Making(desk, scene, now, cause, reply=False)
    start_next(making)
    return making.turn()


def start_next(making: Making) -> None:
    """Begin (or take up again) the next queued conversation, if none is open or held."""
    _make_way(making)
    standing = making.open_ones()
    if any(c.status in ("open", "held") for c in standing):
        return
    waiting = [c for c in standing if c.status == "queued"]
    for conversation in sorted(waiting, key=lambda c: (not _is_check_in(c), c.id)):
        here = making.here(conversation.person_id)
        if here is None or here.link.dropped:
            making.put(replace(conversation, status="ended", outcome="not_here"))
            continue
        ground = making.ground(here)
        begun = conversation.opened_at is not None
        step = (
            running.prompt(conversation, ground) if begun else running.begin(conversation, ground)
        )
        _step(making, step, here, conversation)
        return


def _make_way(making: Making) -> None:
    """A day's check-in goes before a talk that has rested a while; that one comes after it."""
    standing = making.open_ones()
    if not any(c.status == "queued" and _is_check_in(c) for c in standing):
        return
    for conversation in standing:
        rested = making.now - (conversation.asked_at or making.now) >= _RESTED
        if conversation.status == "open" and rested and not _is_pressing(conversation):
            making.put(replace(conversation, status="queued"))


def _is_check_in(conversation: Conversation) -> bool:
    return bool(conversation.frames) and conversation.frames[0].flow in ("check_in", "household")


def _is_pressing(conversation: Conversation) -> bool:
    """A check-in itself, or what waits for an answer after a safety text."""
    return _is_check_in(conversation) or conversation.frames[-1].flow == "danger"


def wake(scene: Scene, timer: Timer, desk: Desk, now: datetime) -> Turn:
    """A timer of a conversation is due: ask what waited, or mind the silence."""
    making = Making(desk, scene, now, f"t:{timer.key}:{timer.due_at.timestamp():.0f}", reply=False)
    found = next((c for c in scene.conversations if c.id == timer.conversation_id), None)
    here = making.here(found.person_id) if found else None
    if found is None or here is None or found.status != "open":
        return making.turn()
    ground = making.ground(here)
    if timer.kind == "prompt":
        _step(making, running.prompt(found, ground), here, found)
    else:
        step = running.silence(found, ground)
        if step.conversation.status == "ended":
            lapsed = replace(found, status="lapsed", outcome=step.conversation.outcome)
            step = replace(step, conversation=lapsed, silent_after=None)
        _step(making, step, here, found)
    start_next(making)
    return making.turn()


def hand_back(scene: Scene, desk: Desk, now: datetime, cause: str) -> Turn:
    """An agent hands the held conversation back: its open question is asked again."""
    making = Making(desk, scene, now, cause, reply=False)
    for conversation in scene.conversations:
        here = making.here(conversation.person_id)
        if conversation.status == "held" and here:
            _step(making, running.resume(conversation, making.ground(here)), here, conversation)
            break
    start_next(making)
    return making.turn()


def arrive(scene: Scene, desk: Desk, now: datetime, cause: str) -> Turn:
    """Somebody who proved who they are goes on here: what stands open is asked again."""
    making = Making(desk, scene, now, cause, reply=True)
    talk = next((c for c in scene.conversations if c.status == "open"), None)
    here = next((h for h in scene.people if talk is None or h.person.id == talk.person_id), None)
    if here is None:
        return making.turn()
    making.person_id = here.person.id
    making.say(Voice(desk, making.ground(here), talk), "page_welcome")
    if talk:
        _step(making, running.prove(talk, making.ground(here)), here, talk)
    return making.turn()


def _step(making: Making, step: Step, here: PersonHere, before: Conversation) -> None:
    """A step of the engine; one that is lost goes to a person and blocks nobody."""
    try:
        making.take(step, here)
    except FlowLost:
        making.put(replace(before, status="held"))
        making.review("unreadable_message", here)
        return
    if step.dangers or step.member_dangers:
        answer_danger(making, here, step.dangers, words="", members=step.member_dangers)
