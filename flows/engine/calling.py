"""Hours at which an agent may call: two that are free are offered, one is chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from flows.engine.ground import Ground
from flows.engine.keywords import plain
from flows.engine.replies import UNCLEAR, Heard, Reply, is_none, label, question, says_no
from flows.rules import two_of
from flows.spec.nodes import Ask
from flows.understanding import Option, read
from flows.vocabulary import Conversation
from flows.wording.moments import clock, day
from flows.wording.rendering import render

_OFFERED = "call.offered"


def offering(conversation: Conversation, ground: Ground) -> Conversation:
    """The conversation with the hours that its question offers now."""
    hours = two_of(ground.free_slots)
    if not hours:
        return conversation
    kept = {**conversation.kept, _OFFERED: [one.isoformat() for one in hours]}
    return replace(conversation, kept=kept)


def offered(conversation: Conversation) -> tuple[str, ...]:
    """The hours that were offered last, ISO."""
    return tuple(conversation.kept.get(_OFFERED, ()))


def values(ask: Ask, conversation: Conversation, ground: Ground) -> Mapping[str, str]:
    """ "1 today 5 pm 2 tomorrow 9:30 am 3 another time", on the person's own clock."""
    said = [*(_words(ask, hour, ground) for hour in offered(conversation)),
            label(ask, "other", ground)]  # fmt: skip
    return {"slots": " ".join(f"{n} {words}" for n, words in enumerate(said, 1))}


def _words(ask: Ask, hour: str, ground: Ground) -> str:
    def wording(part: str) -> str:
        return label(ask, part, ground)

    return hour_words(wording, datetime.fromisoformat(hour), ground.local, ground.lang)


def hour_words(wording: Callable[[str], str], hour: datetime, local: datetime, lang: str) -> str:
    """An hour as the person says it: today, tomorrow, or its day.

    `wording` gives the words of today, tomorrow and day; `local` is the person's own time.
    """
    there = hour.astimezone(ZoneInfo(str(local.tzinfo)))
    ahead = (there.date() - local.date()) // timedelta(days=1)
    part = {0: "today", 1: "tomorrow"}.get(ahead, "day")
    known = {"clock": clock(there.time(), lang), "weekday": day(there.date(), lang)}
    return render(wording(part), known)


def _slot(reply: Reply) -> Heard:
    """One of the hours offered, by its number or its words; another hour is for a person."""
    words = plain(reply.raw)
    if words == str(len(reply.offered) + 1):
        return Heard("other", kept=reply.raw)
    if is_none(reply.raw):
        return Heard("refused")
    options = [Option(hour, _words(reply.ask, hour, reply.ground)) for hour in reply.offered]
    options.append(Option("other", label(reply.ask, "other", reply.ground)))
    asked = replace(question(reply.ask, reply.ground, "choice"), options=tuple(options))
    found = read(reply.raw, asked)
    if found.status == "understood" and found.value == "other":
        return Heard("other", kept=reply.raw)
    if found.status == "understood" and found.value in reply.offered:
        return Heard("chosen", kept=found.value)
    if says_no(reply):
        return Heard("refused")
    return Heard("other", kept=reply.raw) if any(c.isdigit() for c in words) else UNCLEAR


ABOUT_CALLS: Mapping[str, Callable[[Reply], Heard]] = {"slot": _slot}
