"""How a reply to a cue of a memory walk comes out: people, the week, days, or none of these."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flows.engine import naming
from flows.engine.asking import judge
from flows.engine.birth_dates import births_beside
from flows.engine.grown import grown_beside
from flows.engine.keywords import begins, plain, says, says_only
from flows.engine.listing import ages_beside
from flows.engine.replies import UNCLEAR, Heard, Reply, is_none, says_no
from flows.spec.nodes import Brings, Cue
from flows.vocabulary import Named

_WEEK = ("work", "school", "home", "care")
_CLAUSES = re.compile(r"[,;/+&\n.]| et | and | y | e | ve | و")
_LONGEST_PAUSE = 8


def judge_cue(reply: Reply, cue: Cue) -> Heard:
    """The band of this reply; `paused` and `call` say what is wanted in place of an answer."""
    if _is_pause(reply.raw):
        return Heard("paused")
    if says(reply.raw, "person_wanted"):
        return Heard("call")
    if says_only(reply.raw, "dunno"):
        return Heard("unclear")
    heard = _JUDGES[cue.kind](reply)
    if says(reply.raw, "refusal") and not _names_somebody(reply, heard):
        return Heard("refused")
    if heard.band is None and cue.kind == "week":
        heard = Heard("unclear")
    return _with_fever(reply, heard)


def _names_somebody(reply: Reply, heard: Heard) -> bool:
    """Whether somebody is named in spite of a refusal; “not my mates” names nobody."""
    known = {row.number for row in reply.named}
    new = [row for row in heard.named or () if row.number not in known]
    return any(row.name or row.phone for row in new)


def _is_pause(raw: str) -> bool:
    """“Wait, my son cries”: a few words that begin with wait, and list nobody."""
    few = len(plain(raw).split()) <= _LONGEST_PAUSE
    return few and begins(raw, "pause") and not re.search(r"[,;+:\n\d]", raw.strip(" ,"))


def _with_fever(reply: Reply, heard: Heard) -> Heard:
    """A fever that is told beside an answer makes the walk short."""
    signs = reply.again("symptoms").value or {}
    if "fever" not in signs.get("present", ()):
        return heard
    kept = heard.kept if isinstance(heard.kept, dict) else {}
    return replace(heard, band=heard.band or "unclear", kept={**kept, "fever": True})


def _people(reply: Reply) -> Heard:
    heard = judge(reply)
    brings = reply.ask.brings or Brings()
    if brings.completes and reply.reading.value and heard.band:
        rows = naming.complete(reply.named, reply.reading.value, reply.items, brings, reply.day)
        heard = replace(heard, band="some", named=rows)
    if heard.band == "refused":
        return UNCLEAR
    if heard.named is None and (brings.completes or brings.setting == "home"):
        # Ages alone, of children named before: “9 and 14”.
        aged = births_beside(ages_beside(reply.named, reply.raw), reply)
        return replace(heard, band="some", named=aged) if aged != reply.named else heard
    if heard.named is not None:
        aged = births_beside(ages_beside(heard.named, reply.raw), reply)
        heard = replace(heard, named=_fragile(grown_beside(aged, reply.raw), reply))
    return heard


def _fragile(named: tuple[Named, ...], reply: Reply) -> tuple[Named, ...]:
    """Whom the reply itself calls old, ill or pregnant: its one new person, or a grandparent."""
    known = {row.number for row in reply.named}
    new = [row.number for row in named if row.number not in known]
    told = set(new) if len(new) == 1 and says(reply.raw, "fragile") else set()
    told |= {row.number for row in named if row.relation == "grandparent"}
    return tuple(replace(r, fragile=True) if r.number in told else r for r in named)


def _fragile_cue(reply: Reply) -> Heard:
    """Everybody in the answer is fragile, known before or new."""
    heard = judge(reply)
    spoken = set(naming.find(reply.named, reply.raw))
    named = reply.named if heard.named is None else heard.named
    spoken |= {row.number for row in named} - {row.number for row in reply.named}
    if not spoken:
        return heard
    marked = tuple(replace(r, fragile=True) if r.number in spoken else r for r in named)
    return replace(heard, band="some", named=marked)


def _week(reply: Reply) -> Heard:
    """What the days are made of, in words or by the numbers of the text; names count as well."""
    words = plain(reply.raw)
    digits = {_WEEK[int(n) - 1] for n in re.findall(r"(?<!\d)[1-4](?!\d)", words)}
    told = digits if words.replace(" ", "").isdigit() else set()
    told |= {kind for kind in _WEEK if says(reply.raw, f"week_{kind}")}
    if is_none(reply.raw) or says_only(reply.raw, "nothing") or (not told and says_no(reply)):
        told = {"home"}
    # Among words about a week only what is surely a person is one: “retired” is nobody's name.
    found = [one for one in reply.reading.value or () if _is_surely_somebody(one, reply.raw)]
    kept = {"week": [k for k in _WEEK if k in told], "work_day": _last_day_told(reply)}
    if not (told or found):
        return UNCLEAR
    named = naming.merge(reply.named, found, Brings("face_to_face", "work"), None)
    return Heard("some", kept=kept, named=named if found else None)


def _is_surely_somebody(person: Mapping[str, Any], raw: str) -> bool:
    name = str(person.get("name") or "").split()
    return bool(person.get("relation")) or (bool(name) and f" {name[0]}" in raw)


def _last_day_told(reply: Reply) -> str:
    """The latest of the days in the reply, ISO; "" where it tells none."""
    days: list[str] = []
    for clause in _CLAUSES.split(reply.raw):
        value = reply.again("date", clause).value if clause.strip() else None
        if value and date.fromisoformat(value) <= reply.ground.today:
            days.append(value)
    return max(days, default="")


def _last_days(reply: Reply) -> Heard:
    """A day beside each name, or one day for all who have none."""
    told: Sequence[dict[str, Any]] = [r for r in reply.reading.value or () if r.get("last_seen")]
    named = naming.merge(reply.named, told, Brings(day="said"), None) if told else reply.named
    if len(named) == len(reply.named) and named != reply.named:
        return Heard("some", named=named)
    day = reply.again("date").value
    if day and date.fromisoformat(day) <= reply.ground.today:
        undated = {row.number for row in naming.without_day(reply.named)}
        seen = date.fromisoformat(day)
        rows = (replace(r, last_day=seen) if r.number in undated else r for r in reply.named)
        return Heard("some", named=tuple(rows))
    return Heard("none") if is_none(reply.raw) or says_no(reply) else UNCLEAR


def _rest(reply: Reply) -> Heard:
    """The words of an option before any number in them: “un appel” is the second, not the first."""
    words = plain(reply.raw)
    labels = {option.code: plain(option.label) for option in reply.options}
    same = [code for code, label in labels.items() if label and words.endswith(label)]
    return Heard(same[0]) if len(same) == 1 else judge(reply)


_JUDGES = {
    "people": _people,
    "fragile": _fragile_cue,
    "week": _week,
    "last_days": _last_days,
    "numbers": judge,
    "rest": _rest,
}
