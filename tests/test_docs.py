"""What the handbook of flows shows is true: its examples are checked, its lists are whole."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from flows.checking.facts import ARGUMENTS, READABLE_FACTS
from flows.checking.sources import Source, check_sources, shipped_sources
from flows.checking.values import fillable
from flows.rules import shipped_packs
from flows.spec.cues import CONDITIONS, CUE_KINDS, OUTCOMES
from flows.spec.nodes import COMPUTED_FACTS, DEEDS, KIND_BANDS, UNIVERSAL_BANDS
from flows.spec.slots import SLOTS
from flows.wording import catalogues

PAGE = (Path(__file__).parent.parent / "docs" / "writing-flows.md").read_text("utf-8")
# Each example and, where it has faults, the findings shown after it.
EXAMPLES = {
    name: (f"# {name}\n{body}", findings or "")
    for name, body, findings in re.findall(
        r"```yaml\n# (\S+)\n(.*?)```(?:(?:(?!```).)*?```text\n(.*?)```)?", PAGE, re.DOTALL
    )
}


def test_every_yaml_block_of_the_handbook_is_an_example() -> None:
    assert len(EXAMPLES) == PAGE.count("```yaml") >= 3


@pytest.mark.parametrize("name", EXAMPLES)
def test_an_example_of_the_handbook_is_found_as_the_handbook_says(name: str) -> None:
    text, findings = EXAMPLES[name]
    reasons = {row.id for pack in shipped_packs().packs for row in pack.table("reviews")}
    report = check_sources(
        shipped_sources(),
        [Source(name, text)],
        catalogues.shipped(),
        reasons=reasons,
        declared=("en",),
    )
    assert [str(finding) for finding in report.findings] == findings.splitlines()


def _listed(word: str) -> bool:
    """Whether a word stands in code letters, alone or before its argument."""
    return re.search(rf"`\{{?{re.escape(word)}(\}}|:[^`]*)?`", PAGE) is not None


@pytest.mark.parametrize(
    "word",
    sorted(
        {
            *KIND_BANDS,
            *UNIVERSAL_BANDS,
            *(band for bands in KIND_BANDS.values() for band in bands),
            *DEEDS,
            *READABLE_FACTS,
            *COMPUTED_FACTS,
            *ARGUMENTS["learn"],
            *("say", "ask", "collect", "walk", "decide", "call", "end"),
            *(
                "cues",
                "retry",
                "brief",
                "least",
                "most",
                "per_person",
                "closing",
                "family",
                "needed",
            ),
            *CUE_KINDS,
            *CONDITIONS,
            *OUTCOMES,
            *("retry", "reminder", "text_other", "say_other", "tries", "wait", "delay", "brings"),
            *(slot for slot in SLOTS if fillable(slot, "flow.node.text", "days")),
        }
    ),
)
def test_every_word_of_a_flow_is_in_the_handbook(word: str) -> None:
    assert _listed(word)
