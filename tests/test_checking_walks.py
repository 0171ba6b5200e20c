"""Each fault that a memory walk can hold is planted in a small one, and found at its cue."""

from __future__ import annotations

import pytest

from flows.checking.library import check_library
from flows.spec.faults import Fault, FlowFaults
from flows.spec.library import read_library
from flows.wording.catalogues import Catalogues
from tests.test_checking import DANGER, PROOF

FILE = "people.yaml"
FLOW = """
spec: 1
flow: people
title: Whom did you meet?
before_identity: yes
start: proof
nodes:
  proof: {call: proof, then: {proven: walk, rest: over}}
  walk:
    walk: contacts
    least: 4
    most: 9
    per_person: 1.2
    closing: 1
    retry: "Again, please."
    brief: "Let us be brief."
    then: {rest: over}
    cues:
      home:
        cue: people
        text: "Who lives with you?"
        when: {home: unknown}
        brings: {kind: home, setting: home, day: each}
      days:
        cue: people
        text: "And on {days}?"
        when: {pace: full, days: [begin, full, left]}
        brings: {kind: face_to_face, setting: other, day: item}
        most: 5
      numbers:
        cue: numbers
        text: "Their numbers?"
        when: {unnumbered: yes}
      rest:
        cue: rest
        text: "1 tomorrow 2 a call 3 enough"
        options: {tomorrow: tomorrow, call: a call, enough: enough}
        when: {pace: short}
  over: {end: done}
"""


def findings(flow: str) -> tuple[Fault, ...]:
    try:
        files = [(FILE, flow), ("danger.yaml", DANGER), ("proof.yaml", PROOF)]
        library = read_library(files)
    except FlowFaults as found:
        return found.faults
    return check_library(library, Catalogues(), declared=("en",)).findings


def test_a_sound_walk_has_no_findings() -> None:
    assert findings(FLOW) == ()


PLANTED = {
    "a walk that would ask nothing": (
        ("when: {home: unknown}", "when: {home: somebody}"),
        "no cue fits where a walk at short pace begins",
    ),
    "a short walk that is none": (
        ("when: {pace: full, days: [begin, full, left]}", "when: {days: [begin, full, left]}"),
        "the short walk has 7 prompts, its budget is 5",
    ),
    "a short walk without rest": (
        ("        when: {pace: short}", "        when: {pace: full}"),
        "the short walk offers no rest",
    ),
    "more prompts at first than at most": (("least: 4", "least: 10"), "at most “most:”"),
    "a budget without an end": (("most: 9", "most: 99"), "at most 40"),
    "people who pay nothing": (("per_person: 1.2", "per_person: 0.0"), "would ask nobody"),
    "a cue that never has its turn": (
        ("      numbers:\n", "      again:\n        cue: people\n        text: 'Who?'\n"
         "        when: {home: unknown, named: yes}\n        family: home\n"
         "        brings: {kind: home, setting: home, day: each}\n      numbers:\n"),
        "the cue “again” is never asked: “home” of the same family fits whenever it does",
    ),
    "a cue asked no time": (("        most: 5", "        most: 0"), "“days” is never asked"),
    "people of whom nothing is known": (
        ("        brings: {kind: home, setting: home, day: each}\n", ""),
        "the cue “home” needs “brings:”",
    ),
    "days that no cue goes over": (
        ("And on {days}?", "And then?"),
        "the cue “days” says {days} if, and only if, it goes over days",
    ),
    "a condition that no walk knows": (
        ("when: {unnumbered: yes}", "when: {moon: full}"),
        "asks for “moon”, which no walk knows",
    ),
    "a band that never holds": (
        ("when: {unnumbered: yes}", "when: {unnumbered: maybe}"),
        "“unnumbered” is never “maybe”",
    ),
    "a kind of cue that is none": (("cue: numbers", "cue: dreams"), "“cue: dreams” is one of"),
    "a cue without words": (
        ('        text: "Their numbers?"\n', ""),
        "the cue “numbers” needs its “text:”",
    ),
    "an outcome without a way on": (
        ("then: {rest: over}\n    cues", "then: {names: over}\n    cues"),
        "no way on for: none, refused, paused, call, silent",
    ),
    "an outcome that never comes": (
        ("then: {rest: over}\n    cues", "then: {rest: over, sleep: over}\n    cues"),
        "a walk never comes out as “sleep”",
    ),
    "rest without its three ways": (
        ("call: a call, enough: enough}", "enough: enough}"),
        "needs “options:” tomorrow, call, enough",
    ),
    "a price in whole numbers": (("per_person: 1.2", "per_person: 1"), "a figure such as 1.2"),
    "no word for those who are not understood": (
        ('    retry: "Again, please."\n', ""),
        "a walk needs its “retry:”",
    ),
    "contacts asked before identity is proven": (
        ("rest: over}}", "rest: walk}}"),
        "asks what only a case is asked (walk) before identity is proven",
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", PLANTED)
def test_a_fault_planted_in_a_walk_is_found(name: str) -> None:
    (old, new), words = PLANTED[name]
    assert FLOW.count(old) == 1, "the plant itself must be sure of its place"
    found = findings(FLOW.replace(old, new))
    assert [fault for fault in found if words in fault.says], found
    assert all(fault.file == FILE for fault in found)
