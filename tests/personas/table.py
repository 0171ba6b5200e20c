"""The table of what the walk and the plain question get out of each persona."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from tests.personas.playing import Result, asked_plainly, personas, walked


def table() -> str:
    """Two tables in Markdown: by persona, and by cue."""
    return "\n".join([*_by_persona(), "", *_by_cue()])


def _by_persona() -> Iterator[str]:
    yield "| persona | met | names | traceable | fragile | prompts | per person | plain: names | traceable | fragile |"  # noqa: E501
    yield "| --- | --- | --- | --- | --- | --- | --- | --- | --- | --- |"
    ours, theirs, met = Result(), Result(), 0
    for persona in personas():
        walk, plain = walked(persona), asked_plainly(persona)
        yield _row(f"{persona.id}: {persona.who}", len(persona.met), walk, plain)
        met += len(persona.met)
        for total, one in ((ours, walk), (theirs, plain)):
            total.names += one.names
            total.traceable += one.traceable
            total.fragile += one.fragile
            total.prompts += one.prompts
    yield _row("all", met, ours, theirs)


def _row(who: str, met: int, walk: Result, plain: Result) -> str:
    per_person = f"{walk.per_person:.2f}" if walk.names else "–"
    cells = (walk.names, walk.traceable, walk.fragile, walk.prompts, per_person)
    beside = (plain.names, plain.traceable, plain.fragile)
    return "| " + " | ".join(map(str, (who, met, *cells, *beside))) + " |"


def by_cue() -> tuple[Counter[str], Counter[str]]:
    """How often each cue was asked, and how many people it brought or completed."""
    asked, brought = Counter[str](), Counter[str]()
    for persona in personas():
        result = walked(persona)
        asked.update(result.cues)
        brought.update(result.yields)
    return asked, brought


def _by_cue() -> Iterator[str]:
    asked, brought = by_cue()
    yield "| cue | asked | people brought or completed | for each prompt |"
    yield "| --- | --- | --- | --- |"
    for cue, times in sorted(asked.items(), key=lambda pair: -brought[pair[0]] / pair[1]):
        yield f"| `{cue}` | {times} | {brought[cue]} | {brought[cue] / times:.1f} |"
