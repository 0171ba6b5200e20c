"""The approved WhatsApp templates of this deployment: which stands for which text of ours."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from flows.spec.faults import Fault
from flows.spec.yaml_loader import YamlFault, load
from flows.turn import Desk
from flows.vocabulary import LANGUAGES, Prompt, Template
from flows.wording.rendering import in_order

_SID: Final = re.compile(r"HX[0-9a-f]{32}")
_COLUMNS: Final = frozenset({"approved", "quick", "places"})


@dataclass(frozen=True, slots=True)
class Standby:
    """What Twilio keeps for one text in one language.

    `approved` may go at any time; `quick` has quick replies, and goes within the window alone.
    `places` are our placeholders in the order of its numbered ones.
    """

    approved: str = ""
    quick: str = ""
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Templates:
    """By key and language."""

    by_text: Mapping[tuple[str, str], Standby] = field(default_factory=dict)

    def approved(self, prompt: Prompt | None) -> Template | None:
        """What may stand for a text at any time; None where nothing was approved."""
        found = self._of(prompt)
        return _filled(found.approved, found, prompt) if found and prompt else None

    def quick(self, prompt: Prompt | None) -> Template | None:
        """The same text with quick replies, for somebody who wrote within the window."""
        found = self._of(prompt)
        return _filled(found.quick, found, prompt) if found and prompt else None

    def _of(self, prompt: Prompt | None) -> Standby | None:
        return self.by_text.get((prompt.key, prompt.lang)) if prompt else None


class TemplateFaults(Exception):
    """A file of templates that cannot be used; every fault found."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults


def read_templates(path: Path, desk: Desk) -> Templates:
    """The templates of a file, checked against our texts; `TemplateFaults` otherwise."""
    faults: list[Fault] = []
    found: dict[tuple[str, str], Standby] = {}
    try:
        top: Any = load(path, str(path))
        for key, rows in _mapping(top, "templates", faults).items():
            for lang, row in _mapping(rows, "", faults).items():
                found[key, lang] = _row(key, lang, row, desk, faults)
    except YamlFault as fault:
        faults.append(Fault(fault.file, fault.line, "", fault.message))
    if faults:
        raise TemplateFaults(tuple(sorted(faults)))
    return Templates(found)


def _mapping(value: Any, name: str, faults: list[Fault]) -> Mapping[Any, Any]:
    inner = value.get(name) if name and isinstance(value, dict) else value
    if isinstance(inner, dict):
        return inner
    wants = f"wants `{name}:` with our texts by key" if name else "wants languages"
    faults.append(Fault(value.file, value.line, "", wants))
    return {}


def _row(key: Any, lang: Any, row: Any, desk: Desk, faults: list[Fault]) -> Standby:
    if not isinstance(row, dict):
        faults.append(Fault(key.file, lang.line, str(key), "wants `approved:` or `quick:`"))
        return Standby()
    wanted = _places(str(key), str(lang), desk)
    given = row.get("places")
    places = tuple(str(name) for name in given) if given is not None else wanted
    made = Standby(str(row.get("approved", "")), str(row.get("quick", "")), places)
    says = _faults(str(key), str(lang), frozenset(row), made, wanted, desk)
    faults += [Fault(key.file, lang.line, str(key), one) for one in says]
    return made


def _faults(
    key: str, lang: str, columns: frozenset[str], row: Standby, wanted: tuple[str, ...], desk: Desk
) -> Iterator[str]:
    if lang not in LANGUAGES:
        yield f"“{lang}” is none of our languages"
    if key not in desk.english:
        yield "there is no text of this key"
    if unknown := sorted(columns - _COLUMNS):
        yield f"`{unknown[0]}` is none of approved, quick, places"
    sids = [sid for sid in (row.approved, row.quick) if sid]
    if not sids:
        yield "has neither `approved` nor `quick`"
    for sid in sids:
        if not _SID.fullmatch(sid):
            yield f"“{sid}” is no ContentSid: HX and 32 of 0-9 and a-f"
    if key in desk.english and sorted(row.places) != sorted(wanted):
        yield f"fills {_list(row.places)}, but the text has {_list(wanted)}"


def _list(names: tuple[str, ...]) -> str:
    return ", ".join(f"{{{name}}}" for name in names) or "nothing"


def _places(key: str, lang: str, desk: Desk) -> tuple[str, ...]:
    """Our placeholders as they follow each other in that language."""
    return in_order(desk.words(key, lang)) if key in desk.english else ()


def _filled(sid: str, row: Standby, prompt: Prompt) -> Template | None:
    if not sid or not set(row.places) <= set(prompt.values):
        return None
    return Template(sid, tuple(prompt.values[name] for name in row.places))
