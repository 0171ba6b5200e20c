"""A memory walk under way: where it stands, what its next cue says, what a reply adds to it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from flows.engine import facts, grouped, naming
from flows.engine.ground import Ground
from flows.engine.keywords import plain, says
from flows.engine.replies import Heard
from flows.engine.walking import (
    Prompted,
    Stands,
    Trail,
    days_at_once,
    days_stand,
    following,
    trail_in,
    with_trail,
)
from flows.rules import is_late
from flows.spec.nodes import Ask, Brings, Cue, Walk
from flows.vocabulary import Conversation, Named
from flows.wording.moments import day as day_words

_MOST_DAYS = 10
_NAMES_SAID = 3


def open_cue(walk: Walk, conversation: Conversation) -> Cue:
    """The cue that waits for its answer; the first where none was asked yet."""
    asked = trail_in(conversation).open
    return walk.cue(asked.cue) if asked else walk.cues[0]


def question(walk: Walk, conversation: Conversation) -> Ask:
    """The question that stands open; who is named with others has their setting and day."""
    ask = walk.ask(open_cue(walk, conversation))
    if ask.brings is None or ask.brings.day != "same":
        return ask
    rows = fresh(conversation) or conversation.named[-1:]
    if not rows:
        return ask
    like = Brings(rows[0].kind, rows[0].setting, "same", ask.brings.completes)
    return replace(ask, brings=like)


def go_on(walk: Walk, conversation: Conversation, ground: Ground) -> tuple[Conversation, str, bool]:
    """The conversation with its next cue open, how the walk comes out, and if it turned short.

    The outcome is "" where a cue is asked. One that waits for its answer is asked again.
    """
    trail = trail_in(conversation)
    if trail.open is not None:
        return conversation, "", False
    turns_short = not trail.short and _is_short(conversation, ground, trail)
    began = trail.began or ground.today.isoformat()
    trail = replace(trail, short=trail.short or turns_short, began=began)
    found = following(walk, trail, stands(walk, conversation, ground, trail), people(conversation))
    if isinstance(found, str):
        return with_trail(conversation, walk.key, trail), found, False
    days = _next_days(walk, conversation, ground, trail) if found.over_days else ()
    asked = trail.asking(Prompted(found.name, tuple(day.isoformat() for day in days)))
    return with_trail(conversation, walk.key, asked), "", turns_short


def _is_short(conversation: Conversation, ground: Ground, trail: Trail) -> bool:
    if trail.wants_rest or is_late(ground.pack, ground.local):
        return True
    # A night's rest was offered and taken: the fever told before it decides no more.
    return not trail.since and not trail.resting and grouped.feverish(conversation)


def people(conversation: Conversation) -> int:
    """How many people and groups are named."""
    return len(naming.present(conversation.named)) + len(grouped.groups(conversation))


def fresh(conversation: Conversation) -> tuple[Named, ...]:
    """Those whom the last answered cue brought."""
    new = trail_in(conversation).last.new
    return tuple(row for row in naming.present(conversation.named) if row.number in new)


# -- where it stands


def stands(walk: Walk, conversation: Conversation, ground: Ground, trail: Trail) -> Stands:
    """The bands of every condition of a cue that hold now."""
    rows = fresh(conversation)
    named = naming.present(conversation.named)
    one = {
        "pace": "short" if trail.short else "full",
        "home": trail.home,
        "met": "nobody" if trail.met_nobody else "unknown",
        "fresh": _where(rows, trail),
        "company": "several" if len(rows) > 1 else "one",
        "lacking": "yes" if any(_lacks(row) for row in rows) else "no",
        "days": days_stand(walk, trail, len(_days_left(walk, conversation, ground, trail))),
        "undated": "yes" if naming.without_day(named) else "no",
        "unnumbered": "yes" if any(not row.phone for row in named) else "no",
        "named": "yes" if people(conversation) else "no",
        "calls": facts.fact("calls", ground, conversation),
    }
    week = trail.week or ("unknown",)
    return {name: frozenset((band,)) for name, band in one.items()} | {"week": frozenset(week)}


def _where(rows: Sequence[Named], trail: Trail) -> str:
    if not trail.last.brought:
        return "none"
    return "home" if rows and rows[0].setting == "home" else "elsewhere"


def _lacks(row: Named) -> bool:
    return not row.name or (row.setting == "home" and bool(naming.doubtful_minors((row,))))


# -- days


def _days_left(
    walk: Walk, conversation: Conversation, ground: Ground, trail: Trail
) -> tuple[date, ...]:
    """The days of the window not gone through yet, the latest first."""
    first, last = facts.window_of(ground, conversation)
    last = min(last, date.fromisoformat(trail.began)) if trail.began else last
    gone = {day for one in trail.on_days(walk) for day in one.days}
    count = min((last - first).days + 1, _MOST_DAYS)
    days = (last - timedelta(days=back) for back in range(max(count, 1)))
    return tuple(day for day in days if day.isoformat() not in gone)


def _next_days(
    walk: Walk, conversation: Conversation, ground: Ground, trail: Trail
) -> tuple[date, ...]:
    return _days_left(walk, conversation, ground, trail)[: days_at_once(walk, trail)]


def day_of(ask: Ask, conversation: Conversation, ground: Ground) -> date | None:
    """The last day that the open cue itself implies."""
    trail = trail_in(conversation)
    if ask.brings is None or trail.open is None:
        return None
    match ask.brings.day:
        case "each":
            return facts.window_of(ground, conversation)[1]
        case "item" if trail.open.days:
            return date.fromisoformat(trail.open.days[0])
        case "same":
            return next((row.last_day for row in fresh(conversation)), None)
    at_work = ask.brings.setting in ("work", "school") and trail.work_day
    return date.fromisoformat(trail.work_day) if at_work else None


# -- what it says


def values(conversation: Conversation, ground: Ground, ask: Ask) -> Mapping[str, str]:
    """The placeholders that only this moment of the walk knows."""
    asked = trail_in(conversation).open
    found: dict[str, str] = {}
    if asked and asked.days:
        days = (day_words(date.fromisoformat(day), ground.lang) for day in asked.days)
        found["days"] = ", ".join(days)
    about = fresh(conversation) if ask.brings else naming.without_day(conversation.named)
    return {**found, "names": naming.said(about, ground, _NAMES_SAID)}


# -- what a reply adds


def note(
    walk: Walk, conversation: Conversation, ground: Ground, heard: Heard, raw: str
) -> Conversation:
    """The conversation once the open cue is answered."""
    trail, cue = trail_in(conversation), open_cue(walk, conversation)
    named = conversation.named if heard.named is None else heard.named
    known = {row.number for row in conversation.named}
    groups = _groups(heard)
    new = tuple(row.number for row in named if row.number not in known)
    asked = trail.open or Prompted(cue.name)
    done = replace(asked, out=heard.band or "unclear", new=new, groups=len(groups))
    trail = replace(trail, open=None, done=(*trail.done, done), resting=False)
    trail = _with_week(
        _with_nobody(_with_home(trail, cue, done, raw), cue, done, conversation), heard
    )
    trail = replace(trail, terse=_terse(trail, cue, done, raw), tired=trail.tired or _tired(heard))
    kept = dict(conversation.kept)
    if groups:
        kept[walk.key] = {"groups": [*grouped.groups_under(conversation, walk.key), *groups]}
    named = _grown(named, cue, done, ground)
    return with_trail(replace(conversation, kept=kept, named=named), walk.key, trail)


def _groups(heard: Heard) -> list[Any]:
    return list(heard.kept.get("groups", ())) if isinstance(heard.kept, Mapping) else []


def _with_home(trail: Trail, cue: Cue, done: Prompted, raw: str) -> Trail:
    """Who sleeps there; “I met nobody” says nothing of it yet, and is asked once more."""
    met_nobody = done.out == "none" and says(raw, "met_nobody")
    if not cue.brings or cue.brings.setting != "home" or done.out not in ("some", "none"):
        return replace(trail, met_nobody=trail.met_nobody or met_nobody)
    if met_nobody and not trail.met_nobody:
        return replace(trail, met_nobody=True)
    return replace(trail, home="somebody" if done.out == "some" else "nobody")


def _with_nobody(trail: Trail, cue: Cue, done: Prompted, before: Conversation) -> Trail:
    if done.brought or people(before):
        return replace(trail, nobody=0)
    nobody = cue.kind in ("people", "fragile") and done.out == "none"
    return replace(trail, nobody=trail.nobody + nobody)


def _with_week(trail: Trail, heard: Heard) -> Trail:
    if not isinstance(heard.kept, Mapping) or "week" not in heard.kept:
        return trail
    return replace(trail, week=tuple(heard.kept["week"]), work_day=heard.kept["work_day"])


def _tired(heard: Heard) -> bool:
    return isinstance(heard.kept, Mapping) and bool(heard.kept.get("fever"))


def _terse(trail: Trail, cue: Cue, done: Prompted, raw: str) -> int:
    """Answers of one word in a row that brought nobody; a plain nought or nobody is none."""
    if done.brought or done.out == "none":
        return 0
    one_word = len(plain(raw).split()) < 2
    if cue.kind not in ("people", "fragile"):
        return trail.terse + (done.out == "unclear" and one_word)
    return trail.terse + 1 if done.out == "unclear" or one_word else 0


def _grown(named: tuple[Named, ...], cue: Cue, done: Prompted, ground: Ground) -> tuple[Named, ...]:
    """Adult or minor, where the cue says it: whose age was asked and not told is grown up."""
    if cue.completes and done.out in ("some", "none"):
        grown = {row.number for row in naming.doubtful_minors(named)}
        return tuple(replace(r, minor=False) if r.number in grown else r for r in named)
    # Who shares a class with a child is a child, and with a student is none.
    child = facts.fact("minor", ground, Conversation(0, 0, 0, ())) == "yes"
    mates = {r.number for r in naming.doubtful_minors(named) if r.kind == "class"} & {*done.new}
    return tuple(replace(r, minor=child) if r.number in mates else r for r in named)


def asked_again(conversation: Conversation, ask: Ask) -> Conversation:
    """The open cue is put a second time: that is a prompt too."""
    trail = trail_in(conversation)
    return with_trail(conversation, ask.key, replace(trail, prompts=trail.prompts + 1))


def rested(walk: Walk, conversation: Conversation) -> Conversation:
    """The walk rests until tomorrow, and goes on then at its full pace."""
    trail = trail_in(conversation)
    fresh_start = replace(
        trail, short=False, tired=False, terse=0, resting=True, since=trail.prompts
    )
    return with_trail(conversation, walk.key, fresh_start)
