"""Which question a text asks: found by its words, in any language, as a person finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.spec.nodes import Ask
from flows.turn import Desk
from flows.vocabulary import LANGUAGES
from flows.wording.rendering import for_channel

_SLOT = re.compile(r"\\\{[a-z][a-z0-9_]*\\\}")
_ASKING = ("text", "text_other", "retry", "reminder")
# So many letters at the beginning tell most questions apart at once.
_HEAD = 5


@dataclass(slots=True)
class Questions:
    """Every question of the flows; `find` says which one a text is."""

    desk: Desk
    _known: dict[str, list[tuple[re.Pattern[str], Ask]]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        for head, pattern, ask in self._patterns():
            self._known.setdefault(head, []).append((pattern, ask))

    def find(self, text: str) -> Ask | None:
        """The question that is asked, None for a text that asks nothing."""
        for head in (text[:_HEAD], ""):
            for pattern, ask in self._known.get(head, ()):
                if pattern.fullmatch(text):
                    return ask
        return None

    def _patterns(self) -> Iterator[tuple[str, re.Pattern[str], Ask]]:
        for flow in self.desk.library.flows.values():
            for node in flow.nodes.values():
                if isinstance(node, Ask):
                    for template in self._templates(node):
                        escaped = _SLOT.sub(".*", re.escape(template))
                        head = template[:_HEAD]
                        yield "" if "{" in head else head, re.compile(escaped, re.DOTALL), node

    def _templates(self, ask: Ask) -> Iterator[str]:
        for part in _ASKING:
            if part in ask.words.parts:
                for lang in LANGUAGES:
                    yield for_channel(self.desk.words(f"{ask.key}.{part}", lang), "sms")
