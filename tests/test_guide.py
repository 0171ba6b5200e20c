"""The guide of the first day is true: its pictures are there, and what it names is on the pages."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from admin.texts import every_text
from admin.words import catalogue
from tests.pictures import GUIDE, LANGUAGES, PICTURES
from tests.services import NOON, desk

DOCS = Path(__file__).parent.parent / "docs"
PAGES = {
    lang: (DOCS / ("guide.md" if lang == "en" else f"guide.{lang}.md")).read_text("utf-8")
    for lang in LANGUAGES
}
LARGEST = 100_000


def _labels(lang: str) -> set[str]:
    """Everything that the admin says in a language, as patterns for what it fills in."""
    texts = every_text(desk().pack(NOON.date()))
    french = catalogue("fr")
    said = texts if lang == "en" else {french[one] for one in texts}
    return {re.sub(r"\\\{\w+\\\}", r"\\S+", re.escape(one)) for one in said}


@pytest.mark.parametrize("lang", LANGUAGES)
def test_what_the_guide_names_is_written_so_in_the_admin(lang: str) -> None:
    named = {" ".join(one.split()) for one in re.findall(r"\*\*(.+?)\*\*", PAGES[lang], re.DOTALL)}
    known = re.compile("|".join(_labels(lang)))
    assert len(named) > 20
    assert [one for one in sorted(named) if not known.fullmatch(one)] == []


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_pictures_of_the_guide_are_those_that_are_made_and_they_are_small(lang: str) -> None:
    shown = re.findall(r"\]\(pictures/(.+?)\)", PAGES[lang])
    assert sorted(shown) == sorted(f"guide-{lang}-{name}.png" for name in GUIDE)
    sizes = {name: (PICTURES / name).stat().st_size for name in shown}
    assert {name: size for name, size in sizes.items() if size > LARGEST} == {}
