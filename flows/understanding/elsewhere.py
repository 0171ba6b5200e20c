"""What is told of somewhere else: people on a screen, an animal, a thing, patients at one's work.

Nobody can be helped there. It is left out where that is plain, or where the reply also says that
all is well here; else it stays a doubt for a person. Whoever speaks of themselves, or of somebody
of theirs, is never elsewhere.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from flows.understanding.findings import Finding
from flows.understanding.likened import likened
from flows.understanding.people import Mention
from flows.understanding.scene import Hit, Scene

Elsewhere = Literal["surely", "perhaps", "no"]

_REACH = 9  # words from whom it is told of to what they have
_LISTED = 4  # words between one thing told and the next: "infarto e convulsão"
_STRANGERS = ("ELSE_ACTOR", "ELSE_PATIENTS", "ELSE_ANIMAL", "ELSE_DOLL")
_AT_WORK = ("ELSE_PATIENTS", "ELSE_TREAT", "ELSE_ACTOR")
_THINGS = ("THINGW", "CHANNEL")
# What a telephone or a car does when it "dies".
_UNANSWERED = frozenset({"unresponsive"})
_OF_THINGS = _UNANSWERED | {"severe_breathlessness", "seizure", "other_emergency"}
# What people say that joy, fear or embarrassment nearly did to them.
_NEARLY = frozenset({
    "chest_pain", "fainting", "severe_breathlessness", "other_emergency", "stroke_signs",
})  # fmt: skip


class World(NamedTuple):
    """Somebody or something elsewhere; `plain` where nothing else need be said."""

    who: Hit
    plain: bool
    codes: frozenset[str] | None = None


class _Told(NamedTuple):
    """A reply with those elsewhere, in order, and where others or another clause cut in."""

    found: Scene
    worlds: Sequence[World]
    ours: Sequence[int]
    cuts: Sequence[int]
    contrasts: Sequence[int]


def elsewhere(
    found: Scene, findings: Sequence[Finding], mentioned: Sequence[Mention]
) -> dict[int, Elsewhere]:
    """By its index each finding that is told of somewhere else, and how surely."""
    if not any(code.startswith("ELSE_") or code in _THINGS for code in found.by_code):
        return {}
    away: dict[int, Elsewhere] = dict.fromkeys(_explained(found, findings), "surely")
    away |= dict.fromkeys(likened(found, findings, mentioned), "surely")
    worlds = [*_filmed(found), *_shown(found), *_things(found), *_treated(found), *_topics(found)]
    if not worlds:
        return away
    told = _Told(
        found,
        sorted(worlds, key=_start),
        _ours(found, mentioned),
        _starts(found, "AND", "BUT"),
        _starts(found, "BUT"),
    )
    calm = _all_is_well(found)
    last: tuple[int, Elsewhere] | None = None
    for at in sorted(range(len(findings)), key=lambda each: findings[each].start):
        one = findings[at]
        standing = _standing(told, one, calm=calm)
        if standing == "no" and last and _goes_on(told, last[0], one):
            standing = last[1]
        if standing != "no":
            away.setdefault(at, standing)
            last = (one.end, standing)
    return away


def _standing(told: _Told, one: Finding, *, calm: bool) -> Elsewhere:
    first = bisect_left(told.worlds, one.start - 2 * _REACH, key=_start)
    last = bisect_right(told.worlds, one.end, key=_start)
    for world in told.worlds[first:last]:
        fits = world.codes is None or one.code in world.codes
        if fits and _tells(told, world.who, one):
            return "surely" if world.plain or calm else "perhaps"
    return "no"


def _tells(told: _Told, who: Hit, one: Finding) -> bool:
    """Whether a finding is what these have: nobody else stands between, and no "and" or "but"."""
    low, high = who.end, max(one.start, who.end)
    if high - low > _REACH or told.found.sentence[who.start] != told.found.sentence[one.start]:
        return False
    on_screen = who.code == "ELSE_ACTOR" and bool(told.found.spoken("ELSE_FILM"))
    cuts = told.contrasts if on_screen else told.cuts
    return not _any_within(cuts, low, high) and not _any_within(told.ours, low, high)


def _goes_on(told: _Told, end: int, one: Finding) -> bool:
    """Whether a finding goes on with what was told before it: "collapses and coughs blood"."""
    near = one.start - end <= _LISTED
    together = told.found.sentence[end] == told.found.sentence[one.start]
    return near and together and not _any_within(told.ours, end, one.start)


def _any_within(places: Sequence[int], low: int, high: int) -> bool:
    at = bisect_right(places, low)
    return at < len(places) and places[at] < high


def _start(world: World) -> int:
    return world.who.start


def _starts(found: Scene, *codes: str) -> list[int]:
    return sorted(hit.start for code in codes for hit in found.spoken(code))


def _ours(found: Scene, mentioned: Iterable[Mention]) -> list[int]:
    """Where the sender, or somebody of theirs, is spoken of."""
    strangers = {hit.start for hit in found.of(*_STRANGERS)}
    # "The cat at mine" is a cat.
    strangers |= {at + 1 for at in strangers}
    return sorted(one.start for one in mentioned if one.start not in strangers)


def _filmed(found: Scene) -> Iterator[World]:
    """Somebody of a film, told after it: "a series where a woman faints"."""
    films = sorted(hit.end for hit in found.spoken("ELSE_FILM"))
    for actor in found.spoken("ELSE_ACTOR") if films else ():
        at = bisect_left(films, actor.start) - 1
        if at < 0 or actor.start - films[at] > _REACH or _owned(found, actor):
            continue
        if found.sentence[films[at]] == found.sentence[actor.start]:
            yield World(actor, True)


def _shown(found: Scene) -> Iterator[World]:
    """An animal, or a doll of a course."""
    yield from (World(animal, False) for animal in found.spoken("ELSE_ANIMAL"))
    yield from (World(doll, True) for doll in found.spoken("ELSE_DOLL"))


def _things(found: Scene) -> Iterator[World]:
    # Who faints lies in front of a door, or drops the telephone: only an answer fails to come.
    yield from (World(line, True, _UNANSWERED) for line in found.spoken("CHANNEL"))
    for thing in found.spoken("THINGW"):
        # "He is in the car, choking" tells of him.
        opens = thing.start < 2 or found.segment[thing.start - 2] != found.segment[thing.start]
        yield World(thing, True, _OF_THINGS if opens else _UNANSWERED)
        if any(faint.start == thing.end + 1 for faint in found.of("fainting")):
            yield World(thing, True, frozenset({"fainting"}))


def _treated(found: Scene) -> Iterator[World]:
    """Those whom somebody of the trade sees at work: "I'm a medic, I see faints all day".

    The verb may stand last: "paramedic, a stroke and two faints today brought in".
    """
    jobs = found.spoken("ELSE_JOB")
    seen = _starts(found, *_AT_WORK) if jobs else []
    if not seen:
        return
    for who in (hit for code in _AT_WORK for hit in found.spoken(code)):
        if not (who.code == "ELSE_ACTOR" and _owned(found, who)):
            yield World(who, False)
    yield from (World(job, False) for job in jobs)


def _topics(found: Scene) -> Iterator[World]:
    """What a course, an exam or a leaflet is about."""
    topics = found.spoken("ELSE_TOPIC")
    for about in found.spoken("ABOUTW") if topics else ():
        if any(found.sentence[topic.start] == found.sentence[about.start] for topic in topics):
            yield World(about, True)


def _owned(found: Scene, actor: Hit) -> bool:
    """ "My man" is somebody of theirs."""
    return any(hit.end == actor.start - 1 for hit in found.by_code.get("SELF", ()))


def _all_is_well(found: Scene) -> bool:
    """Whether the reply says that here all is well, laughs, or begins with a no."""
    opening = any(hit.start == 0 for hit in found.spoken("NO"))
    signs = ("ELSE_FINE", "ELSE_VET", "LAUGH", "LOL")
    return opening or any(found.spoken(code) for code in signs)


def _explained(found: Scene, findings: Sequence[Finding]) -> Iterator[int]:
    """Findings with a harmless cause: blue by paint, daily pills, nearly, a dream, a lesson."""
    tinted, routine = _sentences(found, "ELSE_TINT"), _sentences(found, "ELSE_ROUTINE")
    laughs = found.spoken("LOL") or found.spoken("LAUGH")
    nearly = _sentences(found, "ELSE_NEARLY") if laughs else frozenset()
    dreams = _starts(found, "ELSE_DREAM")
    # Turkish says of what before it says "about".
    topics = _sentences(found, "ELSE_TOPIC")
    about = [hit.start for hit in found.spoken("ABOUTW") if hit.lang == "tr"] if topics else []
    for at, one in enumerate(findings):
        sentence = found.sentence[one.start]
        if (
            (one.code == "blue_lips" and sentence in tinted)
            or (sentence in routine and any(part.code == "PILLS" for part in one.parts))
            or (sentence in nearly and one.code in _NEARLY)
            or (sentence in topics and any(0 < at - one.end <= 2 for at in about))
            or (dreams and _any_within(dreams, one.start - _REACH, one.start))
        ):
            yield at


def _sentences(found: Scene, code: str) -> frozenset[int]:
    return frozenset(found.sentence[hit.start] for hit in found.spoken(code))
