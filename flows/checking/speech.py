"""Whether what a call says can be said: by a variant of its own, or by rule as it stands."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.checking.said import Said
from flows.checking.texts import open_to_all
from flows.spec.faults import Fault
from flows.wording.speech import lost, names_writing

VARIANT = "spoken."
# The flows that calls go through.
FLOWS = ("identity", "reproof", "contact", "case", "check_in", "danger", "this_phone", "call_time")
# Names are asked by an agent, and calls are repeated by their own rule: neither is said.
_NEVER_SAID = ("case.people.", "case.code_for_others.")
# Said before anybody proved who they are.
_OPEN = ("spoken.identity.", "spoken.reproof.")


def speech_faults(said: Sequence[Said]) -> Iterator[Fault]:
    """What a call would have to say and cannot, and what is wrong with the variants."""
    keys = {one.text.key for one in said}
    if not any(key.startswith(VARIANT) for key in keys):
        return
    for one in said:
        if one.text.key.startswith(VARIANT):
            yield from _variant(one, keys)
        elif _is_said(one.text.key) and VARIANT + one.text.key not in keys:
            yield from _as_it_stands(one)


def _is_said(key: str) -> bool:
    flow, *_, part = key.split(".")
    skipped = part == "reminder" or ".option." in key or key.startswith(_NEVER_SAID)
    return flow in FLOWS and not skipped


def _variant(one: Said, keys: set[str]) -> Iterator[Fault]:
    if one.text.key.removeprefix(VARIANT) not in keys:
        yield _at(one, "is the spoken form of a text that is not there")
    if not one.missing and (word := names_writing(one.words, one.lang)):
        yield _at(one, f"says “{word}” in {one.lang}, but nobody writes in a call")
    if one.text.key.startswith(_OPEN):
        yield from open_to_all(one)


def _as_it_stands(one: Said) -> Iterator[Fault]:
    if not one.missing and (gone := lost(one.words, one.lang)):
        says = f"cannot be said in {one.lang} (“{gone}” is about writing): give it a spoken text"
        yield _at(one, says)


def _at(one: Said, says: str) -> Fault:
    return Fault(one.text.file, one.text.line, one.text.key, says)
