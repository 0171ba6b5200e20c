"""One who answers for several: who they are, what was said of each, what it amounts to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from flows.engine.ground import Ground
from flows.engine.weighing import weigh
from flows.rules.triage import Assessment
from flows.vocabulary import Conversation, Link, PersonHere

KEPT = "household"
ANSWERED_FOR = ("guardian", "proxy")

Rows = Mapping[str, Mapping[str, Any]]


def responder(people: Sequence[PersonHere]) -> PersonHere | None:
    """Who most likely writes from an address: its own holder before those answered for."""
    here = [one for one in people if not one.link.dropped]
    own = [one for one in here if one.link.role not in ANSWERED_FOR]
    return next(iter(own or here), None)


def members(people: Iterable[PersonHere], answers: PersonHere) -> tuple[PersonHere, ...]:
    """Those of whom `answers` tells each day, themselves first; nobody where it is only they."""
    followed = [one for one in people if _is_followed(one)]
    others = [one for one in followed if one.link.role in ANSWERED_FOR]
    if not [one for one in others if one.person.id != answers.person.id]:
        return ()
    own = [one for one in followed if one.person.id == answers.person.id]
    return (*own, *(one for one in others if one.person.id != answers.person.id))


def may_be_answered_for(link: Link) -> bool:
    """An adult is answered for only where they agreed; a guardian needs no agreement."""
    return link.role != "proxy" or link.agreed_at is not None


def _is_followed(one: PersonHere) -> bool:
    silent = one.link.dropped or one.link.stopped or one.person.condition
    return one.follow_up is not None and not silent and may_be_answered_for(one.link)


def id_of(code: str | None, ground: Ground) -> int:
    """The person of a member's code; what is said of nobody is the one's who answers."""
    known = {one.person.id for one in ground.members}
    return int(code) if code and code.isdigit() and int(code) in known else ground.here.person.id


def rows(conversation: Conversation) -> Rows:
    """What was said so far, by person."""
    kept: Rows = conversation.kept.get(KEPT, {})
    return kept


def missing(ground: Ground, conversation: Conversation) -> tuple[PersonHere, ...]:
    """Those of whom nothing was said yet."""
    told = rows(conversation)
    return tuple(one for one in ground.members if str(one.person.id) not in told)


def with_rows(conversation: Conversation, new: Rows) -> Conversation:
    """The conversation with these rows added to what was said before; a figure is replaced."""
    if not new:
        return conversation
    every = dict(rows(conversation))
    for key, row in new.items():
        before = every.get(key, {})
        symptoms = {*row.get("symptoms", ())}
        if not row.get("instead"):
            symptoms |= {*before.get("symptoms", ())}
        every[key] = {
            "symptoms": sorted(symptoms),
            "temperature": row.get("temperature") or before.get("temperature"),
            "dangers": sorted({*before.get("dangers", ()), *row.get("dangers", ())}),
        }
    return replace(conversation, kept={**conversation.kept, KEPT: every})


def with_dangers(
    conversation: Conversation, ground: Ground, about: Mapping[str, str | None]
) -> Conversation:
    """The dangers of somebody's words, kept with those of whom they were said."""
    found: dict[str, dict[str, Any]] = {}
    for code, who in about.items():
        row = found.setdefault(str(id_of(who, ground)), {"dangers": []})
        row["dangers"].append(code)
    return with_rows(conversation, found)


def in_danger(conversation: Conversation) -> dict[int, tuple[str, ...]]:
    """Those of whom a danger is known in this conversation."""
    told = rows(conversation).items()
    return {int(key): tuple(row["dangers"]) for key, row in told if row.get("dangers")}


def fresh_dangers(
    before: Conversation, now: Conversation, said: Iterable[str]
) -> dict[int, tuple[str, ...]]:
    """Dangers that this answer brought, but for those that its words said themselves."""
    known = in_danger(before)
    found = {
        one: tuple(sorted(set(codes) - {*known.get(one, ()), *said}))
        for one, codes in in_danger(now).items()
    }
    return {one: codes for one, codes in found.items() if codes}


def answers_of(
    ground: Ground, conversation: Conversation, one: PersonHere
) -> dict[str, Any] | None:
    """A member's day as `CheckIn.answers` keeps it; None where nothing was said of them."""
    row = rows(conversation).get(str(one.person.id))
    if row is None:
        return None
    asked = conversation.bands.get("household.danger")
    dangers = list(row.get("dangers", ()))
    answers = {
        "danger": "yes" if dangers else ("no" if asked in ("yes", "no") else asked),
        "dangers": [code for code in dangers if code != "unspecified"],
        "temperature": row.get("temperature"),
        "symptoms": list(row.get("symptoms", ())),
        "none": not (row.get("symptoms") or row.get("temperature") or dangers),
        "by": None if one.person.id == ground.here.person.id else "proxy",
    }
    return {key: value for key, value in answers.items() if value not in (None, [], False)}


def weigh_member(ground: Ground, one: PersonHere, answers: Mapping[str, Any]) -> Assessment:
    """What the rules make of a member's answers: by who it is, beside what the words say."""
    return weigh(replace(ground, here=one), answers)


def take_in(conversation: Conversation, ground: Ground, new: Rows) -> Conversation:
    """Rows just told, with the dangers that the rules see in them beside what the words say."""
    told = with_rows(conversation, new)
    about = {key: {"dangers": _seen_in(told, ground, key)} for key in new}
    return with_rows(told, about)


def _seen_in(told: Conversation, ground: Ground, key: str) -> list[str]:
    one = next((member for member in ground.members if str(member.person.id) == key), None)
    if one is None:
        return []
    signs = {name: value for name, value in rows(told)[key].items() if name != "dangers" and value}
    return list(weigh_member(ground, one, signs).dangers)
