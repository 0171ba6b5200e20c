"""Which question a text asks: found by its words, in any language, as a person finds it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from flows.spec.nodes import Ask, Node, Walk
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
                for ask, part in _asked(node):
                    for template in self._templates(f"{ask.flow}.{ask.name}.{part}"):
                        escaped = _SLOT.sub(".*", re.escape(template))
                        head = template[:_HEAD]
                        yield "" if "{" in head else head, re.compile(escaped, re.DOTALL), ask

    def _templates(self, key: str) -> Iterator[str]:
        for lang in LANGUAGES:
            yield for_channel(self.desk.words(key, lang), "sms")


def _asked(node: Node) -> Iterator[tuple[Ask, str]]:
    """The questions of a node, each with the names of its texts."""
    match node:
        case Ask():
            yield from ((node, part) for part in _ASKING if part in node.words.parts)
        case Walk():
            for cue in node.cues:
                ask = node.ask(cue)
                yield from ((ask, part) for part in ask.words.parts if "option." not in part)
