"""What a step says: texts by their key, with the values that only this moment knows."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from flows.engine import calling, facts, household, naming, recalling, roll_call
from flows.engine.ground import Ground, Saying
from flows.engine.replies import Heard, name_of
from flows.spec.nodes import Ask, End, Node, Say
from flows.vocabulary import Conversation
from flows.wording.moments import day as day_words

CONFIRM = "always.confirm"
PAUSE = "always.pause"
# Flows whose texts tell nothing of health to anybody, as the checker proves: they may be said, and
# answered, on a phone that waits for its family word.
OPEN_FLOWS = (
    "identity",
    "reproof",
    "wrong_person",
    "danger",
    "new_word",
    "helper",
    "follow_up_end",
    "call_time",
    "call_missed",
    "call_taken",
)


def part_of(
    node: Say | Ask | End, part: str, kind: str, ground: Ground, conversation: Conversation
) -> Saying:
    """One text of a node; about somebody else in its own words, where the author gave them."""
    parts = node.words.parts
    flow = conversation.frames[-1].flow
    if ground.closed and flow not in OPEN_FLOWS and not _asks_for_word(node):
        waits = isinstance(node, Ask)
        return Saying("always.word_first" if waits else "always.noted", "", kind)
    if part == "text" and isinstance(node, Ask) and node.cue:
        part = node.cue
    if part == "text" and ground.about_other and "text_other" in parts:
        part = "text_other"
    key = f"{flow}.{node.name}"
    options = tuple(
        (f"{key}.{name}", english)
        for name, english in parts.items()
        if name.startswith("option.") and isinstance(node, Ask) and node.kind == "choice"
    )
    return Saying(f"{key}.{part}", parts[part], kind, _values(node, ground, conversation), options)


def _asks_for_word(node: Node) -> bool:
    return isinstance(node, Ask) and node.kind == "family_word"


def confirmation(ask: Ask, heard: Heard, ground: Ground) -> Saying:
    """ "You mean …?" for a reply that is understood, but not surely."""
    if ask.kind == "fever":
        guess = heard.guess.replace(".", "." if ground.lang == "en" else ",")
    else:
        guess = day_words(date.fromisoformat(heard.guess), ground.lang)
    return Saying(CONFIRM, "", "question", {"guess": guess})


def _values(node: Node, ground: Ground, conversation: Conversation) -> Mapping[str, str]:
    if conversation.frames[-1].flow == "household_set_up":
        return _of_set_up(node, ground, conversation)
    if not isinstance(node, Ask):
        return {}
    if node.kind == "slot":
        return calling.values(node, conversation, ground)
    if node.cue:
        return recalling.values(conversation, ground, node)
    if node.over == "days":
        days = facts.rounds_of_days(ground, conversation)[conversation.frames[-1].item]
        return {"days": ", ".join(day_words(d, ground.lang) for d in sorted(days, reverse=True))}
    if node.over == "missing":
        left = household.missing(ground, conversation)
        return {"name": name_of(left[0]) if left else ""}
    if node.over == "doubtful":
        return {"names": naming.said(facts.people_of_round(conversation), ground)}
    if node.kind == "ages":
        return {"names": naming.said(naming.minors(conversation.named), ground)}
    if node.kind == "which" and node.name == "which_minors":
        return {"names": naming.said(naming.doubtful_minors(conversation.named), ground)}
    return {}


def _of_set_up(node: Node, ground: Ground, conversation: Conversation) -> Mapping[str, str]:
    """Whom a text of the enrolment of a household speaks of."""
    named = conversation.named
    about = {
        "ages": roll_call.ageless(named),
        "teen": facts.teenagers(ground, conversation),
        "teen_number": facts.teenagers(ground, conversation),
        "adults": facts.other_adults(ground, conversation),
        "baby": facts.infants(ground, conversation),
    }
    rows = about.get(node.name, ())
    return {"name": naming.listed(rows), "names": naming.listed(rows)}
