"""Weighs every text in every language: translated, alike, short, and never comforting."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from flows.checking import words
from flows.checking.languages import SEGMENT_BUDGET, SPELLED_PLAIN
from flows.checking.report import Cost
from flows.checking.said import Said
from flows.checking.values import fillable, longest_values
from flows.spec.faults import Fault
from flows.spec.nodes import Ask, Flow, Walk
from flows.spec.slots import SLOTS
from flows.wording.catalogues import ENGLISH
from flows.wording.rendering import UnknownPlaceholder, for_channel, placeholders, render
from flows.wording.segments import Segments, measure

# Said only where every case allowed its day.
DATED = "because.contact.dated"


_LINK = re.compile(
    r"(?i)(?:https?:|www\.)\S+|\b[a-z0-9-]+\.(?:com|org|net|fr|eu|info|io|gouv|es|pt|ly|me)\b\S*"
)
_SENTENCE = re.compile(r"[.!?؟]\s")


@dataclass(frozen=True, slots=True)
class Scales:
    """What texts are weighed against.

    `declared`: the languages that must be complete; `values`: the longest value of each
    placeholder, by language; `over`: what the rounds of a `collect` go over, by `flow.node`.
    """

    declared: Sequence[str]
    values: Mapping[str, Mapping[str, str]]
    over: Mapping[str, str]


def scales(said: Iterable[Said], flows: Mapping[str, Flow], declared: Sequence[str]) -> Scales:
    """The scales for these texts."""
    always: dict[str, dict[str, str]] = {}
    for text in said:
        by_key = always.setdefault(text.lang, {})
        if text.text.key.startswith(("always.", "because.")):
            by_key[text.text.key] = text.words
    over = {
        f"{flow.name}.{node.name}": node.over
        for flow in flows.values()
        for node in flow.nodes.values()
        if isinstance(node, Ask)
    }
    # Which cues go over days is for the walk's own check.
    over |= {
        f"{flow.name}.{node.name}": "days"
        for flow in flows.values()
        for node in flow.nodes.values()
        if isinstance(node, Walk)
    }
    values = {lang: longest_values(lang, texts) for lang, texts in always.items()}
    return Scales(declared, values, over)


def text_faults(said: Said, by: Scales) -> Iterator[Fault]:
    """What is wrong with one text in one language, wherever it is said."""
    found = (*_trust(said), *_translation(said), *_slots(said, by))
    for says in (*found, *_verdicts(said), *_keywords(said)):
        yield _at(said, says)
    if said.lang in by.declared and not said.missing and not _is_spoken(said):
        for says in _length(said, by):
            yield _at(said, says)


def cost(said: Said, by: Scales) -> Cost | None:
    """What the text costs with the longest likely values; None for labels and broken texts."""
    measured = None if _is_spoken(said) else _measured(said, by)
    return Cost(said.text.key, said.lang, measured) if measured else None


def _is_spoken(said: Said) -> bool:
    """What is said in a call is no SMS."""
    return said.text.key.startswith("spoken.")


def open_to_all(said: Said) -> Iterator[Fault]:
    """A text that stands in every state may tell nothing of anybody."""
    for word in (*words.found("secret", said.words, said.lang), *_health(said)):
        yield _at(said, f"{said.part} says “{word}”, but it may be said to anybody")
    for slot in sorted(placeholders(said.words)):
        if slot in SLOTS and SLOTS[slot].discloses != "open":
            yield _at(said, f"{said.part} says {{{slot}}}, but it may be said to anybody")


def in_answer(said: Said) -> Iterator[Fault]:
    """An answer to a question back: what anybody may hear, and what the rules say to a contact.

    With the day and the days that a rule counts, a contact could count back to one evening.
    """
    key = said.text.key
    if key.startswith("question.") and key.endswith(".open"):
        yield from open_to_all(said)
    slots = placeholders(said.words)
    secrets = {name for name, slot in SLOTS.items() if slot.discloses.startswith("case_")}
    if key != DATED:
        for slot in sorted(slots & secrets):
            yield _at(said, f"{said.part} says {{{slot}}}, a secret of the case")
    if key.startswith("because.contact") and key != DATED and re.search(r"\d", said.words):
        yield _at(said, f"{said.part} holds a number: a contact could count back to the exposure")


def in_danger(said: Said) -> Iterator[Fault]:
    """A safety text names no illness; the one about violence reads as routine."""
    lists = ("secret", "violence") if ".violence" in said.text.key else ("secret",)
    for listed in lists:
        for word in words.found(listed, said.words, said.lang):
            yield _at(said, f"{said.part} says “{word}”, which a safety text must not")


def _health(said: Said) -> tuple[str, ...]:
    return words.found("health", said.words, said.lang)


def _at(said: Said, says: str) -> Fault:
    return Fault(said.text.file, said.text.line, said.node, says)


def _trust(said: Said) -> Iterator[str]:
    """Never a link, never a bank detail: scams have both, and people are told that we have not."""
    for link in _LINK.findall(said.words):
        yield f"{said.part} holds a link ({link}): scams do, we never do"
    for sentence in _SENTENCE.split(said.words):
        asked = words.found("bank", sentence, said.lang)
        if asked and not words.found("denials", sentence, said.lang):
            yield f"{said.part} speaks of “{asked[0]}” without saying that we never ask for it"


def _translation(said: Said) -> Iterator[str]:
    if said.missing:
        yield f"{said.part} has no translation: run “make messages”, then translate it"
    elif said.stale:
        yield f"{said.part} is older than its English: check the translation"


def _slots(said: Said, by: Scales) -> Iterator[str]:
    wanted, there = placeholders(said.text.english), placeholders(said.words)
    if said.lang == ENGLISH:
        over = by.over.get(said.place, "")
        for slot in sorted(there):
            if not fillable(slot, said.text.key, over):
                yield f"{said.part} has a placeholder that nobody fills here: {{{slot}}}"
        try:
            render(said.words, dict.fromkeys(there, ""))
        except UnknownPlaceholder as fault:
            yield f"{said.part}: {fault}"
    for slot in sorted(wanted - there):
        yield f"{said.part} leaves out {{{slot}}}"
    for slot in sorted(there - wanted):
        yield f"{said.part} has {{{slot}}}, which the English has not"


def _verdicts(said: Said) -> Iterator[str]:
    for phrase in words.found("comfort", said.words, said.lang):
        yield f"{said.part} comforts (“{phrase}”): no verdict may be given by text"


def _keywords(said: Said) -> Iterator[str]:
    """A translation asks for the same words in capitals, each in its own language."""
    if said.lang == ENGLISH or said.missing:
        return
    for by_lang in words.keywords().values():
        ours, theirs = by_lang[ENGLISH], by_lang.get(said.lang, "")
        wanted = theirs and words.asks_for(ours, said.text.english)
        if wanted and not words.asks_for(theirs, said.words):
            yield f"{said.part} must say {theirs} where the English says {ours}"


def _length(said: Said, by: Scales) -> Iterator[str]:
    measured = _measured(said, by)
    if measured is None:
        return
    budget = SEGMENT_BUDGET.get(said.lang, 1)
    if measured.offending and said.lang != "ar":
        letters = " ".join(measured.offending)
        yield f"{said.part} has letters that SMS does not know ({letters}): other words, please"
    elif measured.segments > budget:
        size = f"{measured.units} of {_room(measured)} letters"
        yield f"{said.part} costs {measured.segments} SMS, the budget is {budget} ({size})"


def _room(measured: Segments) -> int:
    return 160 if measured.encoding == "GSM-7" else 70


def _measured(said: Said, by: Scales) -> Segments | None:
    if ".option." in said.text.key or said.missing:
        return None
    longest = by.values[said.lang]
    values = {slot: longest.get(slot, "") for slot in placeholders(said.words)}
    try:
        filled = render(said.words, values)
    except UnknownPlaceholder:
        return None
    # For a sign people have one plain word, whatever its letters: it is spelled when it is sent.
    plain = said.lang in SPELLED_PLAIN or said.text.key.startswith("sign.")
    return measure(for_channel(filled, "sms") if plain else filled)


def by_place(said: Sequence[Said]) -> Mapping[str, list[Said]]:
    """The texts of flows by `flow.node`."""
    found: dict[str, list[Said]] = {}
    for text in said:
        found.setdefault(text.place, []).append(text)
    return found
