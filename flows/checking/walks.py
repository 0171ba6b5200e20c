"""What can be wrong with a memory walk: cues that are never asked, a walk that asks nothing."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from flows.checking.places import at
from flows.spec.cues import CONDITIONS
from flows.spec.faults import Fault
from flows.spec.nodes import Cue, Flow, Walk
from flows.wording.rendering import UnknownPlaceholder, placeholders

_SHORT = 5
_MOST = 40
# How a walk begins: nothing is known yet.
_BEGIN = {"home": "unknown", "met": "unknown", "week": "unknown", "fresh": "none",
          "company": "one", "lacking": "no", "days": "begin", "undated": "no",
          "unnumbered": "no", "named": "no", "calls": "full"}  # fmt: skip


def walk_faults(flow: Flow, walk: Walk) -> Iterator[Fault]:
    """The faults of one walk."""
    yield from (at(flow, walk.line, walk.name, says) for says in (*_budget(walk), *_begins(walk)))
    yield from (at(flow, walk.line, walk.name, says) for says in _short(walk))
    for number, cue in enumerate(walk.cues):
        for says in (*_cue(walk, cue), *_shadowed(cue, walk.cues[:number])):
            yield at(flow, cue.line, walk.name, f"the cue “{cue.name}” {says}")


def _budget(walk: Walk) -> Iterator[str]:
    if not 0 < walk.least <= walk.most <= _MOST:
        yield f"“least:” is 1 or more and at most “most:”, which is at most {_MOST}"
    if walk.per_person <= 0:
        yield "“per_person:” of nothing would ask nobody about anybody"


def _begins(walk: Walk) -> Iterator[str]:
    for pace in CONDITIONS["pace"]:
        stands = {**_BEGIN, "pace": pace}
        if not any(cue.kind != "rest" and _fits(cue, stands) for cue in walk.cues):
            yield f"no cue fits where a walk at {pace} pace begins: it would ask nothing"


def _fits(cue: Cue, stands: Mapping[str, str]) -> bool:
    return all(stands[name] in bands for name, bands in cue.when.items())


def _short(walk: Walk) -> Iterator[str]:
    """Who is tired gets five prompts, then is offered rest."""
    brief = [c for c in walk.cues if "short" in c.when.get("pace", CONDITIONS["pace"])]
    asked = [c for c in brief if c.kind != "rest" and "nobody" not in c.when.get("met", ())]
    prompts = sum(cue.most for cue in asked)
    if prompts > _SHORT:
        names = ", ".join(cue.name for cue in asked)
        yield f"the short walk has {prompts} prompts, its budget is {_SHORT}: {names}"
    if not any(cue.kind == "rest" for cue in brief):
        yield "the short walk offers no rest: it needs a cue of the kind “rest”"


def _cue(walk: Walk, cue: Cue) -> Iterator[str]:
    if cue.most < 1:
        yield "is never asked: “most:” is at least 1"
    if cue.kind in ("people", "fragile") and cue.brings is None:
        yield "needs “brings:”: what its people have in common"
    if cue.kind not in ("people", "fragile") and cue.brings is not None:
        yield f"brings nobody: “{cue.kind}” asks for no people"
    try:
        slots = placeholders(walk.words.parts.get(cue.name, ""))
    except (UnknownPlaceholder, ValueError):
        return
    if ("days" in slots) != cue.over_days:
        yield "says {days} if, and only if, it goes over days: “brings: {day: item}”"


def _shadowed(cue: Cue, earlier: tuple[Cue, ...]) -> Iterator[str]:
    """A cue whose turn never comes: one of its family fits whenever it does."""
    for other in earlier:
        same = other.family == cue.family and other.most >= cue.most
        if same and all(_within(cue, name, bands) for name, bands in other.when.items()):
            yield f"is never asked: “{other.name}” of the same family fits whenever it does"


def _within(cue: Cue, name: str, bands: tuple[str, ...]) -> bool:
    return set(cue.when.get(name, CONDITIONS[name])) <= set(bands)
