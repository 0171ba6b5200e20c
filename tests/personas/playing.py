"""Plays a persona against the walk, and against the plain question; the same words, no chance."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml

from bot.desk import open_desk
from flows.engine.grouped import groups
from flows.engine.keywords import plain
from flows.engine.naming import present, without_day
from flows.engine.recalling import fresh
from flows.engine.walking import Prompted, trail_in
from flows.rehearsal import Rehearsal, somebody
from flows.spec.library import Library
from flows.spec.nodes import Cue, Walk
from flows.spec.reading import read_flow
from flows.turn import Desk
from flows.vocabulary import Conversation, Frame, Named

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
HERE = Path(__file__).parent
WEEKDAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
# What is answered after the walk, by node; the rest of a case's talk is not of its matter.
CLOSING = {"consent": "2", "summary": "ok", "nobody_alone": "1", "nobody_call": "2"}
_MOST_REPLIES = 60


@dataclass(frozen=True, slots=True)
class Met:
    """Somebody whom the persona met, and what brings them back to mind."""

    name: str
    say: str
    words: tuple[str, ...] = ()
    days: tuple[int, ...] = ()
    beside: tuple[str, ...] = ()
    first: bool = False
    faint: bool = False
    fragile: bool = False
    tel: str = ""
    reach: str = ""
    alias: str = ""


@dataclass(frozen=True, slots=True)
class Persona:
    """Who answers, and how."""

    id: str
    who: str
    week: str
    met: tuple[Met, ...]
    most: int
    none: str
    tag: str = ""
    refuses: str = ""
    count: str = ""
    fever: str = ""
    born: str = "1985-03-02"


@dataclass(slots=True)
class Result:
    """What one way of asking got out of one persona."""

    names: int = 0
    traceable: int = 0
    fragile: int = 0
    prompts: int = 0
    cues: Counter[str] = field(default_factory=Counter)
    yields: Counter[str] = field(default_factory=Counter)

    @property
    def per_person(self) -> float:
        """Prompts for each person who was named."""
        return self.prompts / self.names if self.names else float(self.prompts)


@cache
def personas() -> tuple[Persona, ...]:
    """All of them, as written."""
    written = yaml.safe_load((HERE / "people.yaml").read_text("utf-8"))
    return tuple(_persona(row) for row in written)


def _persona(row: Mapping[str, Any]) -> Persona:
    style = row["style"]
    return Persona(
        id=row["id"],
        who=row["who"],
        week=row["week"],
        met=tuple(_met(one) for one in row["met"]),
        most=style["most"],
        none=style["none"],
        tag=style["tag"],
        refuses=style.get("refuses", ""),
        count=style.get("count", ""),
        fever=row.get("fever", ""),
        born=str(row.get("born", "1985-03-02")),
    )


def _met(row: Mapping[str, Any]) -> Met:
    return Met(
        name=row["name"],
        say=row["say"],
        words=tuple(row.get("words", ())),
        days=tuple(row.get("days", ())),
        beside=tuple(row.get("with", ())),
        first=bool(row.get("first")),
        faint=bool(row.get("faint")),
        fragile=bool(row.get("fragile")),
        tel=row.get("tel", ""),
        reach=row.get("reach", ""),
        alias=row.get("alias", ""),
    )


# -- the two ways of asking


def walked(persona: Persona) -> Result:
    """The memory walk, from the household to the summary."""
    desk = open_desk()
    talk = _begin(persona, desk, "case", "danger")
    talk.hear(persona.fever or "2")
    result, told = Result(), set[str]()
    for _ in range(_MOST_REPLIES):
        flow, _, node = talk.standing.partition(".")
        reply = _reply(persona, desk, talk, node, told) if flow in ("case", "relay") else None
        if reply is None:
            break
        before = talk.scene.conversations[0]
        talk.hear(reply)
        result.prompts += 1
        _note(result, before, talk.scene.conversations[0])
    return _counted(persona, talk.scene.conversations[0], result)


def asked_plainly(persona: Persona) -> Result:
    """“Who did you meet?”, and the numbers."""
    desk = open_desk()
    flow = read_flow((HERE / "plain.yaml").read_text("utf-8"), "plain.yaml")
    desk = replace(desk, library=Library({**desk.library.flows, "plain": flow}))
    talk = _begin(persona, desk, "plain", "met")
    first = [met for met in persona.met if met.first][: persona.most]
    result = Result(prompts=1)
    talk.hear(persona.refuses or _said(persona, first))
    if talk.standing == "plain.numbers":
        talk.hear(_numbers(persona, talk.scene.conversations[0]))
        result.prompts += 1
    return _counted(persona, talk.scene.conversations[0], result)


def _begin(persona: Persona, desk: Desk, flow: str, node: str) -> Rehearsal:
    born = date.fromisoformat(persona.born)
    here = somebody("case", "fr", NOW.date(), proven=True, now=NOW, birth_date=born)
    talk = Rehearsal(desk, here, NOW)
    frames = (Frame(flow, node),)
    asked = Conversation(7, 1, 1, frames, status="open", case_id=1, asked_at=NOW)
    talk.scene = replace(talk.scene, conversations=(asked,))
    return talk


# -- what the persona answers


def _reply(persona: Persona, desk: Desk, talk: Rehearsal, node: str, told: set[str]) -> str | None:
    conversation = talk.scene.conversations[0]
    if node == "numbers":
        return _numbers(persona, conversation)
    if node.startswith("relay"):
        return persona.count or "0"
    walk = desk.library["case"].nodes.get(node)
    if not isinstance(walk, Walk):
        return CLOSING.get(node)
    asked = trail_in(conversation).open
    if asked is None:
        return None
    return _answer(persona, walk, asked, conversation, told)


def _answer(
    persona: Persona, walk: Walk, asked: Prompted, conversation: Conversation, told: set[str]
) -> str:
    cue = walk.cue(asked.cue)
    if persona.refuses:
        return persona.refuses
    match cue.kind:
        case "week":
            return persona.week
        case "numbers":
            return _numbers(persona, conversation)
        case "rest":
            return "c'est tout"
        case "last_days":
            return _last_days(persona, conversation)
    words = set(plain(walk.words.parts[cue.name]).split())
    near = [met for met in persona.met if _comes_to_mind(met, cue, words, asked, conversation)]
    new = [met for met in near if met.name not in told]
    if cue.kind == "fragile":
        new = [met for met in persona.met if met.fragile and met.name in told] + new
    said = new[: persona.most]
    told |= {met.name for met in said}
    return _said(persona, said)


def _comes_to_mind(
    met: Met, cue: Cue, words: set[str], asked: Prompted, conversation: Conversation
) -> bool:
    if cue.over_days:
        days = {(NOW.date() - date.fromisoformat(day)).days for day in asked.days}
        return bool(days & {*met.days}) and (not met.faint or bool(words & {*met.words}))
    if cue.brings and cue.brings.day == "same":
        return any(_is(row, one) for row in fresh(conversation) for one in met.beside)
    return bool(words & {*met.words})


def _said(persona: Persona, said: Sequence[Met]) -> str:
    if not said:
        return persona.none
    return persona.tag + ", ".join(met.say for met in said)


def _numbers(persona: Persona, conversation: Conversation) -> str:
    rows = present(conversation.named)
    known = [
        f"{row.name} {met.tel}"
        for met in persona.met
        for row in rows
        if met.tel and not row.phone and _found(row, met)
    ]
    return ", ".join(known) or "PLUS TARD"


def _last_days(persona: Persona, conversation: Conversation) -> str:
    days = [
        f"{row.name} {WEEKDAYS[(NOW.date() - timedelta(days=min(met.days))).weekday()]}"
        for row in without_day(conversation.named)
        for met in persona.met
        if met.days and _found(row, met)
    ]
    return ", ".join(days) or "0"


def _is(row: Named, name: str) -> bool:
    return bool(set(plain(row.name).split()) & set(plain(name).split()))


def _found(row: Named, met: Met) -> bool:
    return _is(row, met.name) or bool(met.alias and _is(row, met.alias))


# -- what it got


def _note(result: Result, before: Conversation, after: Conversation) -> None:
    """Who was added or completed by the cue just answered."""
    done = trail_in(after).done
    if len(done) == len(trail_in(before).done):
        return
    known = {row.number: row for row in before.named}
    brought = sum(known.get(row.number) != row for row in after.named)
    result.cues[done[-1].cue] += 1
    result.yields[done[-1].cue] += brought + done[-1].groups


def _counted(persona: Persona, conversation: Conversation, result: Result) -> Result:
    rows = present(conversation.named)
    labels = [plain(str(group.get("label", ""))) for group in groups(conversation)]
    for met in persona.met:
        row = next((row for row in rows if _found(row, met)), None)
        if row is None and plain(met.name) not in labels:
            continue
        result.names += 1
        result.fragile += met.fragile
        result.traceable += bool(met.reach or (row and row.phone))
    if conversation.bands.get("case.relay") == "some":
        result.traceable += int(persona.count or 0)
    return result
