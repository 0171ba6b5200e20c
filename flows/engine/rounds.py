"""The rounds of a `collect`: whether one more is asked, and what earlier ones brought."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from flows.engine import calling, facts, household, naming, recalling
from flows.engine.ground import Ground
from flows.engine.replies import Reply
from flows.spec.nodes import Ask
from flows.understanding import Reading
from flows.vocabulary import Conversation


def has_round(ask: Ask, item: int, ground: Ground, conversation: Conversation) -> bool:
    """Whether there is something left to ask about, after the answer just kept."""
    if ask.over == "days":
        return item < facts.rounds(ask.over, ground, conversation)
    band = conversation.bands.get(ask.key)
    if ask.over == "missing":
        return band != "unclear" and bool(household.missing(ground, conversation))
    return band == "given" and bool(naming.without_day(conversation.named))


def with_earlier_groups(earlier: Any, now: Any) -> Any:
    """The groups of all rounds together; an answer that has none is kept as it is."""
    if isinstance(earlier, Mapping) and isinstance(now, Mapping) and "groups" in now:
        return {"groups": [*earlier.get("groups", ()), *now["groups"]]}
    return now


def reply_to(
    ask: Ask, raw: str, reading: Reading, ground: Ground, conversation: Conversation
) -> Reply:
    """A reply with what its round is about: its day, its people, its member of the household."""
    repeated = bool(conversation.frames) and conversation.frames[-1].tries > 0
    if ask.cue:
        day = recalling.day_of(ask, conversation, ground)
        items = recalling.fresh(conversation)
        named = conversation.named
        return Reply(ask, raw, reading, ground, named, day, items, repeated=repeated)
    day = None
    items = naming.doubtful_minors(conversation.named) if ask.kind == "which" else ()
    if ask.kind == "teen_number":
        items = facts.teenagers(ground, conversation)
    if ask.brings and ask.brings.day == "each":
        day = facts.window_of(ground, conversation)[1]
    elif ask.over == "days":
        day = facts.rounds_of_days(ground, conversation)[conversation.frames[-1].item][0]
    left = household.missing(ground, conversation) if ask.over == "missing" else ()
    about = next(iter(left), None)
    hours = calling.offered(conversation)
    return Reply(ask, raw, reading, ground, conversation.named, day, items, about, hours, repeated)
