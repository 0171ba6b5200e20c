"""Every English text of the admin, for those who translate it and for the test that all are."""

from __future__ import annotations

import re
from collections.abc import Iterator
from importlib import resources
from importlib.resources.abc import Traversable

from admin import (
    board,
    cases,
    dashboard,
    doors,
    faces,
    interview,
    labels,
    measures,
    prepared,
    queue,
    shifts,
    signing,
    visits,
)
from flows.rules import Pack, review_reasons, review_rule

# speech("…"), _("…") and speech.count(n, "…", "…"), in Python and in templates.
_QUOTED = r"""(?:"((?:[^"\\]|\\.)*)"|'((?:[^'\\]|\\.)*)')"""
_SAID = re.compile(rf"(?:\bspeech|(?<![\w.])_)\(\s*{_QUOTED}")
_EITHER = re.compile(rf"speech\(\s*{_QUOTED} if [^)]*? else {_QUOTED}")
_COUNTED = re.compile(rf"\.count\([^\"']*?,\s*{_QUOTED},\s*{_QUOTED}")


def every_text(pack: Pack) -> set[str]:
    """All texts that pages may say, the reasons of this pack's reviews among them."""
    found = {text for file in _files() for text in _in_file(file.read_text("utf-8"))}
    found |= labels.every_text() | faces.every_text()
    found |= {words for _, words in visits.FLASHES.values()} | set(doors.ERRORS.values())
    found |= {name for _, name in visits.MENU + visits.SUPERVISION}
    found |= {words for _, words in (*queue.TABS, *board.SHOWS)} | set(prepared.NAMES.values())
    found |= set(interview.FAULTS.values()) | shifts.FAULTS
    found |= {signing.WRONG, signing.SLOW, *cases.REASONS}
    found |= set(dashboard.BY_WORDS.values())
    every = ((one.title, one.definition, one.apart) for one in measures.MEASURES)
    found |= {words for one in every for words in one if words}
    on = pack.starts
    return found | {review_rule(pack, reason, on).words for reason in review_reasons(pack)}


def _in_file(source: str) -> Iterator[str]:
    for pattern in (_SAID, _EITHER, _COUNTED):
        for match in pattern.finditer(source):
            yield from (_plain(text) for text in match.groups() if text)


def _plain(quoted: str) -> str:
    return quoted.replace('\\"', '"').replace("\\'", "'")


def _files() -> Iterator[Traversable]:
    def walk(folder: Traversable) -> Iterator[Traversable]:
        for entry in folder.iterdir():
            if entry.is_dir():
                yield from walk(entry)
            elif entry.name.endswith((".py", ".html")) and entry.name != "texts.py":
                yield entry

    return walk(resources.files("admin"))
