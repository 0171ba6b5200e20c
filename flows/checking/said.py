"""Every text of a library as it is said in each language, beside the place of its English."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from flows.wording.catalogues import ENGLISH, Catalogues
from flows.wording.extract import Text


@dataclass(frozen=True, slots=True)
class Said:
    """One text in one language. `stale` and `missing` as in the catalogues."""

    text: Text
    lang: str
    words: str
    stale: bool = False
    missing: bool = False

    @property
    def node(self) -> str:
        """The node, or the key of a text that belongs to no flow."""
        head, _, rest = self.text.key.partition(".")
        return rest if head == "always" else self._of_flow(rest)

    def _of_flow(self, rest: str) -> str:
        return self.text.key if self.text.key.startswith("safety.") else rest.split(".")[0]

    @property
    def place(self) -> str:
        """`flow.node`, for texts of flows."""
        return ".".join(self.text.key.split(".")[:2])

    @property
    def part(self) -> str:
        """The part of a node's words, named with its language where it is a translation."""
        part = ".".join(self.text.key.split(".")[2:]) or "text"
        return part if self.lang == ENGLISH else f"{part} ({self.lang})"


def all_said(
    texts: Iterable[Text], catalogues: Catalogues, declared: Sequence[str]
) -> Iterator[Said]:
    """Each text in English, in the declared languages and in those that have a translation."""
    langs = dict.fromkeys((ENGLISH, *declared, *catalogues.languages))
    for text in texts:
        for lang in langs:
            wording = catalogues.lookup(lang, text.key, text.english)
            if lang in declared or not wording.missing:
                yield Said(text, lang, wording.text, wording.stale, wording.missing)
