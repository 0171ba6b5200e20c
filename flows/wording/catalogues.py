"""Translations found by key: a changed English text marks them stale and keeps them in use."""

import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from importlib import resources
from itertools import chain

from babel.messages.catalog import Message
from babel.messages.pofile import read_po

ENGLISH = "en"


@dataclass(frozen=True, slots=True)
class Wording:
    """A text to say. `stale`: the English has changed since; `missing`: it is the English."""

    text: str
    stale: bool = False
    missing: bool = False


@dataclass(frozen=True, slots=True)
class Translation:
    """A translation and the English it was made from; `doubtful` until a translator confirms."""

    text: str
    english: str
    doubtful: bool = False


@dataclass(frozen=True, slots=True)
class Gaps:
    """The keys of one language that want a translator."""

    missing: tuple[str, ...] = ()
    stale: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Catalogues:
    """Translations by language and key (`flow.node.part`)."""

    languages: Mapping[str, Mapping[str, Translation]] = field(default_factory=dict)

    def lookup(self, lang: str, key: str, english: str) -> Wording:
        """The text of `key` in `lang`, whose English is now `english`."""
        if lang == ENGLISH:
            return Wording(english)
        found = self.languages.get(lang, {}).get(key)
        if found is None:
            return Wording(english, missing=True)
        return Wording(found.text, stale=found.doubtful or found.english != english)

    def gaps(self, lang: str, texts: Mapping[str, str]) -> Gaps:
        """What is missing or stale in `lang` for these English texts by key."""
        found = {key: self.lookup(lang, key, english) for key, english in texts.items()}
        return Gaps(
            tuple(key for key, wording in found.items() if wording.missing),
            tuple(key for key, wording in found.items() if wording.stale),
        )


def read_catalogue(po: str, lang: str) -> dict[str, Translation]:
    """The translations of one catalogue in gettext's format."""
    read = read_po(io.StringIO(po), locale=lang, abort_invalid=True)
    # Other tools put a translation aside as obsolete when its English changes: it is still the
    # best one that its key has.
    messages = chain(read.obsolete.values(), read)
    return {str(m.context): _translation(m) for m in messages if m.context and m.string}


@cache
def shipped() -> Catalogues:
    """The catalogues that come with the product."""
    return Catalogues({lang: read_catalogue(po, lang) for lang, po in _files()})


def _files() -> Iterator[tuple[str, str]]:
    locales = resources.files("flows") / "locales"
    folders = locales.iterdir() if locales.is_dir() else ()
    for folder in sorted(folders, key=lambda folder: folder.name):
        file = folder / "LC_MESSAGES" / "flows.po"
        if file.is_file():
            yield folder.name, file.read_text("utf-8")


def _translation(message: Message) -> Translation:
    return Translation(str(message.string), str(message.id), message.fuzzy)
