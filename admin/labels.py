"""What codes are called on pages: one English text each, translated like any other."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from importlib import resources

import yaml

from admin.words import Speech


def label(speech: Speech, group: str, code: object, otherwise: str = "") -> str:
    """What a code is called, in another group if not in its own; else it is shown as it is."""
    if code in (None, ""):
        return "–"
    known = _groups()[group].get(str(code)) or _groups().get(otherwise, {}).get(str(code))
    return speech(known) if known else str(code).replace("_", " ")


def choices(speech: Speech, group: str) -> list[tuple[str, str]]:
    """All codes of a group with their names, for a list to choose from."""
    return [(code, speech(name)) for code, name in _groups()[group].items()]


def every_text() -> set[str]:
    """All English names of codes, for the translators' test."""
    return {text for group in _groups().values() for text in group.values()}


@cache
def _groups() -> Mapping[str, Mapping[str, str]]:
    text = (resources.files("admin") / "labels.yaml").read_text("utf-8")
    # BaseLoader keeps every scalar a string: in plain YAML a bare no is a boolean.
    found: dict[str, dict[str, str]] = yaml.load(text, yaml.BaseLoader)  # noqa: S506
    return found
