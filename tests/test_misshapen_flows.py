"""An author's slip is a finding with its line, whatever stands in the file; never a traceback."""

from __future__ import annotations

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.checking.sources import Source, check_sources
from flows.spec.nodes import KIND_BANDS
from flows.wording.catalogues import Catalogues

HEAD = "spec: 1\nflow: visit\ntitle: A visit\nbefore_identity: yes\nstart: a\n"
OVER = "\n  over: {end: done}"

SLIPS = {
    "nodes: hello": "“nodes:” needs names with values",
    "reads: [told]\nnodes:\n  a: {end: done}": "“reads:” needs names with values",
    "nodes:\n  a: hello": "a node is a list of “word: value” lines",
    "nodes:\n  a.b: {end: done}\n  a: {say: x, then: a.b}": "“a.b” is no name",
    "nodes:\n  a: {say: [x], then: over}": "“say:” needs words after it",
    "nodes:\n  a: {say: x, then: [over]}": "“then:” needs words after it",
    "nodes:\n  a: {end: ''}": "“end:” needs a name",
    "nodes:\n  a: {ask: yes_no, text: x, options: [b], then: over}": "“options:” needs names",
    "nodes:\n  a: {ask: yes_no, text: x, tries: many, then: over}": "“tries:” needs a whole number",
    "nodes:\n  a: {ask: yes_no, text: x, wait: soon, then: over}": "“wait: soon” is no duration",
    "nodes:\n  a: {ask: yes_no, text: x, do: [{}], then: over}": "“do:” needs deeds",
    "nodes:\n  a: {ask: yes_no, text: x, do: [dance], then: over}": "“do: dance” is no deed",
    "nodes:\n  a: {ask: yes_no, text: x, brings: home, then: over}": "“brings:” needs",
    "nodes:\n  a: {ask: yes_no, text: x, brings: {colour: red}, then: over}": "“colour:” is not a",
    "nodes:\n  a: {ask: yes_no, text: x, brings: {kind: moon}, then: over}": "“kind:” is one of",
    "nodes:\n  a: {decide: over}": "“decide:” needs rows",
    "nodes:\n  a: {decide: [over]}": "a row is “when: … go: …”",
    "nodes:\n  a: {decide: [{when: told, go: over}, {go: over}]}": "“when:” needs names",
    "nodes:\n  a: {decide: [{at_least: 2, go: over}, {go: over}]}": "“at_least:” needs",
    "nodes:\n  a: {collect: contacts, text: x, then: over}": "“collect” needs “over: days”",
    "nodes:\n  a: {dance: wildly}": "a node has exactly one of say, ask",
    "nodes:\n  a: {say: x, colour: red, then: over}": "“colour:” is not a word for “say”",
}


@pytest.mark.parametrize("slip", SLIPS)
def test_a_slip_is_told_in_words_with_its_line(slip: str) -> None:
    text = HEAD + slip + (OVER if "nodes:\n" in slip else "")
    findings = check_sources([], [Source("visit.yaml", text)], Catalogues()).findings
    line = 6 if slip.startswith(("nodes: ", "reads")) else 7
    assert [f.line for f in findings if SLIPS[slip] in f.says][:1] == [line]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the file is empty"),
        ("- a", "begins with “spec: 1”"),
        ("a: &x 1\nb: *x", "anchors and aliases"),
        ("spec: 1", "neither a flow, nor texts, nor rules"),
        ("texts: [a]", "“texts:” needs names with values"),
        ("whole: {right: ok}", "“whole:” needs names with values"),
    ],
)
def test_a_file_that_is_no_flow_is_told_so(text: str, says: str) -> None:
    report = check_sources([], [Source("x.yaml", text)], Catalogues())
    assert [says in finding.says for finding in report.findings] == [True]


WORDS = [
    *("spec", "flow", "start", "nodes", "reads", "say", "ask", "collect", "decide", "call", "end"),
    *(
        "then",
        "do",
        "text",
        "retry",
        "options",
        "when",
        "go",
        "at_least",
        "n",
        "of",
        "over",
        "wait",
    ),
    *("tries", "brings", "kind", "day", "rest", "yes", "no", "a", "b", "1", "days", "review", ""),
    *("texts", "whole", "tables", "pack", "id", "{first_name}", "{", *KIND_BANDS),
]
anything = st.recursive(
    st.sampled_from(WORDS),
    lambda inner: st.one_of(
        st.lists(inner, max_size=3), st.dictionaries(st.sampled_from(WORDS), inner, max_size=4)
    ),
    max_leaves=12,
)
node = st.dictionaries(st.sampled_from(WORDS), anything, max_size=5)
flow = st.fixed_dictionaries(
    {"spec": st.just("1"), "flow": st.just("visit"), "start": st.just("a")},
    optional={
        "reads": anything,
        "nodes": st.one_of(
            anything, st.dictionaries(st.sampled_from("ab"), node, min_size=1, max_size=2)
        ),
    },
)


@settings(max_examples=300, deadline=None)
@given(st.one_of(anything, flow))
def test_no_file_breaks_the_check(document: object) -> None:
    own = [Source("x.yaml", yaml.safe_dump(document, allow_unicode=True))]
    report = check_sources([], own, Catalogues(), declared=("en",), budget=10_000)
    assert all(finding.file == "x.yaml" and finding.says for finding in report.findings)
