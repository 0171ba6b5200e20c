"""Whether every state is covered: the texts that stand before any flow, and their keywords."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping

from flows.checking import words
from flows.spec.faults import Fault
from flows.understanding import normalise

# What the always-layer says, by key: each must be there.
ALWAYS_KEYS = frozenset(
    (
        *("stranger", "genuine", "help", "rights", "human", "stopped", "stopped_one"),
        *("started", "condolence", "bereaved", "hospital", "back", "minor", "media", "pause"),
        *("language", "confirm", "again", "noted", "held", "late", "late_which", "corrected"),
        *("reopened", "proxy", "after_proof", "place", "insult", "confused", "to_person"),
        *("call_announced",),
        *("telegram_welcome", "telegram_stranger", "two_numbers", "next_time", "asks_person"),
        *("second_contact",),
        *("page_link", "page_hello", "page_year", "page_open", "page_wrong", "page_gone"),
        *("page_welcome", "page_write", "page_send", "page_leave", "page_left", "page_unsent"),
        *("page_you", "page_call"),
        *("call_silent", "call_bye", "call_later", "call_nothing", "call_machine"),
        *("word_waits", "word_first", "prefer", "script", "helper_ended"),
    )
)
_READ_ELSEWHERE = frozenset(("stop", "yes", "no"))


def uncovered(texts: Collection[str], file: str) -> Iterator[Fault]:
    """The keys of the always-layer that have no text."""
    for key in sorted(ALWAYS_KEYS - set(texts)):
        yield Fault(file, 1, key, "is said in every state, but has no text here")


def deaf_to(understood: Mapping[str, Collection[str]], file: str) -> Iterator[Fault]:
    """The words in capitals that texts ask for and that nobody understands.

    `understood`: the whole messages of each keyword, as the keyword file lists them.
    """
    for meaning, by_lang in words.keywords().items():
        heard = {_plain(str(word)) for word in understood.get(meaning, ())}
        for lang, word in by_lang.items():
            if meaning not in _READ_ELSEWHERE and _plain(word) not in heard:
                yield Fault(file, 1, meaning, f"texts in {lang} ask for {word}: add it")


def _plain(word: str) -> str:
    return " ".join(token.word for token in normalise(word, "fr").tokens)
