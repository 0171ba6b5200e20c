"""Each fault that a flow can hold is planted in a small one, and found with file, line and node."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from flows.checking.library import check_library
from flows.checking.report import Report
from flows.checking.sources import Source, check_sources, shipped_sources
from flows.checking.values import longest_values
from flows.checking.words import found
from flows.rules import shipped_packs
from flows.spec.library import read_library
from flows.spec.nodes import KIND_BANDS, UNIVERSAL_BANDS
from flows.vocabulary import LANGUAGES
from flows.wording import catalogues
from flows.wording.catalogues import Catalogues, Translation
from flows.wording.extract import Text, shipped_texts

FILE = "visit.yaml"
HEAD = "spec: 1\nflow: visit\ntitle: A visit\nbefore_identity: yes\n"
DANGER = """
spec: 1
flow: danger
title: After a danger
before_identity: yes
start: reached
nodes:
  reached:
    ask: yes_no
    text: "Could you reach help? 1 yes 2 no"
    then: over
  over:
    end: answered
"""
PROOF = """
spec: 1
flow: proof
title: A proof
before_identity: yes
start: year
nodes:
  year:
    ask: birth_year
    text: "Your year of birth?"
    then: {match: proven, rest: lost}
  proven:
    end: proven
    do: [identity_proven]
  lost:
    end: failed
"""
ASKS = '{text: "Well?", then: over}'


def _checked(flow: str, *others: str, **options: object) -> Report:
    files = [(FILE, HEAD + flow), ("danger.yaml", DANGER)]
    files += [(f"other{n}.yaml", text) for n, text in enumerate(others)]
    given_options = {"declared": ("en",), "catalogues": Catalogues()} | options
    return check_library(read_library(files), **given_options)  # type: ignore[arg-type]


def _marked_line(flow: str) -> int:
    """The line on which the flow says `# fault`."""
    lines = (HEAD + flow).splitlines()
    return next(n for n, line in enumerate(lines, 1) if "# fault" in line)


PLANTED = {
    "a node that nothing leads to": (
        """
start: hello
nodes:
  hello: {say: "Hello.", then: over}
  lost: {say: "Nobody hears this.", then: over} # fault
  over: {end: done}
""",
        "lost",
        "nothing leads here",
    ),
    "a row below one that takes every case": (
        """
start: sort
reads: {told: [yes, no]}
nodes:
  sort:
    decide:
      - {when: {told: [yes, no]}, go: over}
      - {when: {told: no}, go: over} # fault
      - {go: over} # never either
  over: {end: done}
""",
        "sort",
        "this row never holds",
    ),
    "a circle without a question": (
        """
start: hello
nodes:
  hello: {say: "Hello.", then: again} # fault
  again: {decide: [{go: hello}]}
""",
        "hello",
        "circle without a question",
    ),
    "rounds that go round with nobody to ask about": (
        """
start: round
nodes:
  round: # fault is on the next line
    collect: date
    over: doubtful
    text: "When?"
    then: {given: round, rest: over}
  over: {end: done}
""",
        "round",
        "circle without a question",
    ),
    "a way that never ends": (
        """
start: hello
nodes:
  hello: # fault is on the next line
    ask: yes_no
    text: "Again?"
    then: hello
""",
        "hello",
        "no end can be reached",
    ),
    "a fact that no flow knows": (
        """
start: sort
nodes:
  sort:
    decide:
      - {when: {weather: fine}, go: over} # fault
      - {go: over}
  over: {end: done}
""",
        "sort",
        "“weather” is no fact",
    ),
    "an answer read before it is known": (
        """
start: maybe
reads: {told: [yes, no]}
nodes:
  maybe:
    decide:
      - {when: {told: yes}, go: tea}
      - {go: sort}
  tea: {ask: yes_no, text: "Tea?", then: sort}
  sort:
    decide:
      - {when: {tea: yes}, go: over} # fault
      - {go: over}
  over: {end: done}
""",
        "sort",
        "“tea” is read before it is known",
    ),
    "a band that never comes out": (
        """
start: tea
nodes:
  tea: {ask: yes_no, text: "Tea?", then: sort}
  sort:
    decide:
      - {when: {tea: perhaps}, go: over} # fault
      - {go: over}
  over: {end: done}
""",
        "sort",
        "“tea” is never “perhaps”",
    ),
    "more wanted than there is": (
        """
start: tea
nodes:
  tea: {ask: yes_no, text: "Tea?", then: sort}
  sort:
    decide:
      - {at_least: {n: 2, of: {tea: yes}}, go: over} # fault
      - {go: over}
  over: {end: done}
""",
        "sort",
        "it never holds",
    ),
    "a call of no flow": (
        """
start: help
nodes:
  help: {call: nowhere, then: over} # fault
  over: {end: done}
""",
        "help",
        "calls “nowhere”, which is no flow",
    ),
    "a flow that calls itself": (
        """
start: help
nodes:
  help: {call: visit, then: over} # fault
  over: {end: done}
""",
        "help",
        "flows cannot go in circles",
    ),
    "an outcome without a way on": (
        """
start: who
nodes:
  who: {call: proof, then: {proven: over}} # fault
  over: {end: done}
""",
        "who",
        "no way on when “proof” ends with: failed",
    ),
    "an outcome that never comes": (
        """
start: who
nodes:
  who: {call: proof, then: {maybe: over, rest: over}} # fault
  over: {end: done}
""",
        "who",
        "“proof” never ends with “maybe”",
    ),
    "choices without options": (
        """
start: which
nodes:
  which: {ask: choice, text: "Which?", then: over} # fault
  over: {end: done}
""",
        "which",
        "needs its “options:”",
    ),
    "a review that no rule knows": (
        """
start: over
nodes:
  over: {end: done, do: [review: no_such_reason]} # fault
""",
        "over",
        "“review: no_such_reason” has no row",
    ),
    "a deed on something unknown": (
        """
start: over
nodes:
  over: {end: done, do: [learn: shoe_size]} # fault
""",
        "over",
        "“learn: shoe_size” is not known",
    ),
    "health asked before identity is proven": (
        """
start: fever
nodes:
  fever: {ask: fever, text: "How warm?", then: over} # fault
  over: {end: done}
""",
        "fever",
        "asks about health (fever) before identity is proven",
    ),
    "contacts asked before identity is proven": (
        """
start: home
nodes:
  home: {ask: contacts, text: "Who lives there?", then: over} # fault
  over: {end: done}
""",
        "home",
        "asks what only a case is asked (contacts)",
    ),
    "a health word before identity is proven": (
        """
start: hello
nodes:
  hello: {ask: yes_no, text: "You were tested. Is this you?", then: over} # fault
  over: {end: done}
""",
        "hello",
        "“text” says “tested” before identity is proven",
    ),
    "a health word in a reminder, after a proof that failed": (
        """
start: who
nodes:
  who: {call: proof, then: {rest: hello}}
  hello: {ask: yes_no, text: "Well?", reminder: "Your cough?", then: over} # fault
  over: {end: done}
""",
        "hello",
        "“reminder” says “cough” before identity is proven; reached by",
    ),
    "a name before identity is proven": (
        """
start: hello
nodes:
  hello: {say: "Hello {first_name}.", then: over} # fault
  over: {end: done}
""",
        "hello",
        "says {first_name} before identity is proven",
    ),
    "identity said to be proven by nothing": (
        """
start: over
nodes:
  over: {end: done, do: [identity_proven]} # fault
""",
        "over",
        "no answer matched the record",
    ),
    "a proof said again after one that counts no longer": (
        """
start: who
reads: {identity: [proven, needed]}
nodes:
  who: {call: proof, then: {proven: still, rest: over}}
  still: {decide: [{when: {identity: needed}, go: again}, {go: over}]}
  again: {end: proven, do: [identity_proven]} # fault
  over: {end: done}
""",
        "again",
        "no answer matched the record",
    ),
    "a proof after a year that differed": (
        """
start: name
nodes:
  name: {ask: full_name, text: "Your name?", then: {match: year, rest: over}}
  year: {ask: birth_year, text: "Your year?", then: {differs: proven, rest: over}}
  proven: {end: proven, do: [identity_proven]} # fault
  over: {end: done}
""",
        "proven",
        "no answer matched the record",
    ),
    "the name of the case without its consent": (
        """
start: who
nodes:
  who: {call: proof, then: {proven: why, rest: over}}
  why: {say: "It is {case_name}.", then: over} # fault
  over: {end: done}
""",
        "why",
        "says {case_name} without a “decide” with “may_name: yes”",
    ),
    "the date of the exposure, allowed the name alone": (
        """
start: who
reads: {may_name: [yes, no]}
nodes:
  who: {call: proof, then: {proven: may, rest: over}}
  may: {decide: [{when: {may_name: yes}, go: why}, {go: over}]}
  why: {say: "It was on {exposure_day}.", then: over} # fault
  over: {end: done}
""",
        "why",
        "says {exposure_day} without a “decide” with “may_date: yes”",
    ),
    "a doubtful answer about danger without a review": (
        """
start: who
nodes:
  who: {call: proof, then: {proven: danger, rest: over}}
  danger: # fault is on the next line
    ask: danger_signs
    text: "Trouble breathing?"
    do: {refused: [review: silent], silent: [review: silent]}
    then: over
  over: {end: done}
""",
        "danger",
        "“unclear” at a question about danger needs a person",
    ),
    "a yes to danger that leads back": (
        """
start: who
nodes:
  who: {call: proof, then: {proven: danger, rest: over}}
  danger: # fault is on the next line
    ask: danger_signs
    text: "Trouble breathing?"
    do: {"*": [review: silent]}
    then: {yes: danger, rest: over}
  over: {end: done}
""",
        "danger",
        "“yes” to danger must lead on",
    ),
    "silence at danger that nobody hears of": (
        """
start: who
nodes:
  who: {call: proof, then: {proven: danger, rest: over}}
  danger: # fault is on the next line
    ask: danger_signs
    text: "Trouble breathing?"
    do: {unclear: [review: silent], refused: [review: silent]}
    then: {silent: fever, rest: over}
  fever: {ask: fever, text: "Fever?", then: over}
  over: {end: done}
""",
        "danger",
        "silence at a question about danger can end without a review",
    ),
    "a comforting verdict": (
        """
start: over
nodes:
  over: {end: done, text: "Noted. No worries, You are fine."} # fault
""",
        "over",
        "comforts (“you are fine”)",
    ),
    "a placeholder that nobody fills": (
        """
start: over
nodes:
  over: {end: done, text: "Hello {shoe_size}."} # fault
""",
        "over",
        "nobody fills here: {shoe_size}",
    ),
    "a brace that is no placeholder": (
        """
start: over
nodes:
  over: {end: done, text: "Hello {Name}."} # fault
""",
        "over",
        "a brace here is no placeholder",
    ),
    "a text of two SMS": (
        f"""
start: over
nodes:
  over: {{end: done, text: "{"Thank you. " * 16}"}} # fault
""",
        "over",
        "costs 2 SMS, the budget is 1",
    ),
    "a text that fits only with a short value": (
        f"""
start: over
nodes:
  over: {{end: done, text: "{"Thank you. " * 14}{{agency}}"}} # fault
""",
        "over",
        "costs 2 SMS",
    ),
    "letters that SMS does not know": (
        """
start: over
nodes:
  over: {end: done, text: "Thank you…"} # fault
""",
        "over",
        "letters that SMS does not know (…)",
    ),
}


@pytest.mark.parametrize("name", PLANTED)
def test_a_planted_fault_is_found_with_file_line_and_node(name: str) -> None:
    flow, node, words = PLANTED[name]
    report = _checked(flow, PROOF, reasons=("silent",))
    hits = [finding for finding in report.findings if words in finding.says]
    line = _marked_line(flow) + ("on the next line" in flow)
    assert [(hit.file, hit.line, hit.node) for hit in hits][:1] == [(FILE, line, node)], report


UNREADABLE = {
    "a table whose last row may not hold": (
        "{decide: [{when: {told: yes}, go: over}]} # fault",
        "the last row must hold always",
    ),
    "a question deaf to silence": (
        '{ask: yes_no, text: "Well?", then: {yes: over, no: over, unclear: over, refused: over}}'
        " # fault",
        "no way on for: silent",
    ),
    "a question deaf to refusal and to what is not understood": (
        '{ask: yes_no, text: "Well?", then: {yes: over, no: over, silent: over}} # fault',
        "no way on for: unclear, refused",
    ),
    "a way to no node": ("{say: Hello, then: nowhere} # fault", "leads to “nowhere”"),
    "a band of another kind": (
        '{ask: yes_no, text: "Well?", then: {perhaps: over, rest: over}} # fault',
        "“perhaps” never comes out of a yes_no question",
    ),
}


@pytest.mark.parametrize("name", UNREADABLE)
def test_what_cannot_be_read_is_a_finding_too(name: str) -> None:
    node, words = UNREADABLE[name]
    flow = f"start: here\nreads: {{told: [yes, no]}}\nnodes:\n  here: {node}\n  over: {{end: done}}"
    own = [Source(FILE, HEAD + flow)]
    report = check_sources([], own, Catalogues(), declared=("en",))
    hits = [finding for finding in report.findings if words in finding.says]
    assert [(hit.file, hit.line, hit.node) for hit in hits] == [(FILE, _marked_line(flow), "here")]


CLEAN = """
start: who
reads: {may_name: [yes, no]}
nodes:
  who: {call: proof, then: {proven: danger, failed: unknown}}
  danger:
    ask: danger_signs
    text: "Trouble breathing, chest pain? 1 yes 2 no"
    do: {unclear: [review: silent], refused: [review: silent], silent: [review: silent]}
    then: {yes: which, rest: may}
  which: {ask: symptoms, text: "Which?", then: may}
  may:
    decide:
      - {when: {may_name: yes}, go: named}
      - {go: fever}
  named: {say: "It was {case_name}.", then: fever}
  fever: {ask: fever, text: "Fever?", then: weigh}
  weigh:
    decide:
      - {at_least: {n: 2, of: {danger: yes, fever: figure}}, go: ill}
      - {go: over}
  ill: {say: "Noted. If it is serious: {emergency_any}.", then: over}
  over: {end: done, text: "Noted, thank you {first_name}."}
  unknown: {end: failed, text: "Call {phone}. Medical emergency: {emergency_any}."}
"""


def test_a_clean_flow_has_no_findings() -> None:
    report = _checked(CLEAN, PROOF, reasons=("silent",))
    assert report.findings == ()
    assert report.situations > 30


def test_the_same_words_are_found_where_the_proof_may_have_failed() -> None:
    leaking = CLEAN.replace("failed: unknown", "failed: over")
    says = [finding.says for finding in _checked(leaking, PROOF).findings]
    assert any("{first_name} before identity is proven" in each for each in says)


def test_a_proof_counts_no_longer_once_the_facts_ask_for_a_new_one() -> None:
    flow = CLEAN.replace("reads: {", "reads: {identity: [proven, needed], ").replace(
        "- {when: {may_name: yes}, go: named}",
        "- {when: {identity: needed}, go: over}\n      - {when: {may_name: yes}, go: named}",
    )
    findings = _checked(flow, PROOF, reasons=("silent",)).findings
    assert {(finding.node, "{first_name}" in finding.says) for finding in findings} == {
        ("over", True)
    }


def test_a_question_without_the_danger_flow_is_a_finding() -> None:
    flow = f"start: q\nnodes:\n  q: {{ask: yes_no, {ASKS[1:]}\n  over: {{end: done}}"
    report = check_library(read_library([(FILE, HEAD + flow)]), Catalogues(), declared=("en",))
    assert [(f.node, f.line) for f in report.findings] == [("q", 7)]
    assert "no flow is called “danger”" in report.findings[0].says


def test_reads_must_name_a_fact_with_all_its_bands() -> None:
    flow = "start: over\nreads: {told: [yes], moon: [full]}\nnodes:\n  over: {end: done}"
    says = " | ".join(finding.says for finding in _checked(flow).findings)
    assert "“told” is yes, no" in says
    assert "reads “moon”, which is no fact" in says


# -- words in other languages


def _translated(flow: str, key: str, lang: str, text: str, english: str = "") -> Report:
    known = Catalogues({lang: {key: Translation(text, english)}})
    return _checked(flow, catalogues=known, declared=("en", lang))


OVER = 'start: over\nnodes:\n  over: {{end: done, text: "{}"}}'


@pytest.mark.parametrize(
    ("english", "french", "words"),
    [
        ("Thank you.", "Merci. Tout va bien.", "text (fr) comforts (“tout va bien”)"),
        ("Thank you.", "Merci, rassurez-vous.", "text (fr) comforts (“rassurez”)"),
        ("Thank you.", "Merci pour votre dépistage.", "“text (fr)” says “depistage”"),
        ("Call {phone}.", "Appelez.", "text (fr) leaves out {phone}"),
        ("Call.", "Appelez le {phone}.", "text (fr) has {phone}, which the English has not"),
        ("Write CALL.", "Écrivez un mot.", "text (fr) must say APPEL where the English says CALL"),
        ("Thank you.", "Merci à tous, à bientôt.", "text (fr) has letters that SMS does not know"),
        ("Thank you.", "Merci beaucoup. " * 11, "text (fr) costs 2 SMS"),
    ],
)
def test_a_translation_is_weighed_like_the_english(english: str, french: str, words: str) -> None:
    report = _translated(OVER.format(english), "visit.over.text", "fr", french, english)
    hits = [finding for finding in report.findings if words in finding.says]
    assert [(hit.file, hit.line, hit.node) for hit in hits] == [(FILE, 7, "over")], report


def test_a_missing_translation_is_a_finding_only_where_the_language_is_declared() -> None:
    flow = OVER.format("Thank you.")
    declared = _checked(flow, declared=("en", "fr")).findings
    assert any("has no translation" in f.says and f.node == "over" for f in declared)
    assert _checked(flow).findings == ()


def test_a_stale_translation_is_a_finding() -> None:
    report = _translated(OVER.format("Thank you."), "visit.over.text", "fr", "Salut.", "Hello.")
    assert any("older than its English" in finding.says for finding in report.findings)


@pytest.mark.parametrize(
    ("lang", "comfort", "secret"),
    [
        ("en", "Don’t worry.", "You were exposed."),
        ("fr", "Ce n'est PAS GRAVE.", "Votre isolement commence."),
        ("es", "No se preocupe.", "Su prueba está lista."),
        ("pt", "Está tudo bem.", "É o seu teste."),
        ("tr", "Merak etmeyin.", "Karantinadasınız."),
        ("ar", "لا تقلق، نحن هنا.", "أنت مخالط لشخص."),
    ],
)
def test_comfort_and_secrets_are_known_in_six_languages(
    lang: str, comfort: str, secret: str
) -> None:
    assert found("comfort", comfort, lang)
    assert found("secret", secret, lang)


def test_the_line_about_an_emergency_is_allowed_to_anybody() -> None:
    assert not found("health", "Medical emergency: 15 or 112.", "en")
    assert not found("secret", "Urgence médicale : le 15 ou le 112.", "fr")


# -- texts outside flows


def _other(key: str, english: str) -> Report:
    texts = (Text(key, english, "texts.yaml", 3),)
    return _checked(OVER.format("Thank you."), others=texts)


@pytest.mark.parametrize(
    ("key", "english", "node", "words"),
    [
        ("always.help", "Your test is here.", "help", "says “test”, but it may be said to anybody"),
        ("always.help", "Hello {first_name}.", "help", "says {first_name}, but"),
        ("safety.medical.duty", "URGENT: it is Covid.", "safety.medical.duty", "says “covid”"),
        ("safety.violence", "We tell the police.", "safety.violence", "says “police”"),
        ("safety.violence", "You are safe.", "safety.violence", "comforts (“you are safe”)"),
    ],
)
def test_texts_outside_flows_are_weighed_too(key: str, english: str, node: str, words: str) -> None:
    hits = [finding for finding in _other(key, english).findings if words in finding.says]
    assert [(hit.file, hit.line, hit.node) for hit in hits] == [("texts.yaml", 3, node)]


def test_a_state_without_its_text_is_a_finding() -> None:
    says = {f.node: f.says for f in _other("always.help", "Write STOP.").findings}
    assert "has no text here" in says["stopped"]


def test_a_word_in_capitals_that_nobody_understands_is_a_finding() -> None:
    deaf = Source("words.yaml", "spec: 1\nwhole: {genuine: [real]}\nwithin: {}\n")
    report = check_sources([], [deaf], Catalogues(), declared=("en",))
    assert any(
        f.node == "genuine" and "texts in fr ask for VRAI" in f.says for f in report.findings
    )


# -- the budget


def test_past_its_budget_a_flow_is_refused_and_not_half_checked() -> None:
    report = _checked(CLEAN, PROOF, reasons=("silent",), budget=20)
    refused = [f for f in report.findings if "more than 20 situations: not checked" in f.says]
    assert [f.file for f in refused] == [FILE]
    assert "visit" not in dict(report.walked)


# -- the shipped flows


def test_the_shipped_flows_rules_and_words_are_clean() -> None:
    reasons = {row.id for pack in shipped_packs().packs for row in pack.table("reviews")}
    report = check_sources(shipped_sources(), [], catalogues.shipped(), reasons=reasons)
    assert [str(finding) for finding in report.findings] == []
    assert report.situations > 500


def test_each_shipped_text_is_one_sms_and_two_in_arabic() -> None:
    report = check_sources(shipped_sources(), [], catalogues.shipped())
    most = {lang: 2 if lang == "ar" else 1 for lang in LANGUAGES}
    dear = [
        (cost.key, cost.lang) for cost in report.segments if cost.cost.segments > most[cost.lang]
    ]
    assert dear == []
    prompts = {text.key for text in shipped_texts() if ".option." not in text.key}
    prompts = {key for key in prompts if not key.startswith("spoken.")}
    for lang in LANGUAGES:
        assert {cost.key for cost in report.segments if cost.lang == lang} == prompts


def test_the_longest_day_of_a_language_is_the_one_that_counts() -> None:
    assert longest_values("en", {})["window_start"] == "Wednesday 18"
    assert longest_values("fr", {})["until"] == "16/11"


# -- anything goes in, a report comes out

NODES = ("a", "b", "c", "d")
BANDS = sorted({band for bands in KIND_BANDS.values() for band in bands} | {*UNIVERSAL_BANDS})
names = st.sampled_from(NODES)
says = st.sampled_from(["Well?", "Hello {first_name}.", "Fever? {case_name}", "You are fine."])
conditions = st.dictionaries(
    st.sampled_from([*NODES, "told", "may_name", "identity", "named", "moon"]),
    st.lists(st.sampled_from([*BANDS, "proven", "needed"]), min_size=1, max_size=2),
    max_size=2,
)


def _row(when: dict[str, list[str]], go: str) -> str:
    asked = ", ".join(f'"{key}": [{", ".join(bands)}]' for key, bands in when.items())
    return f"{{when: {{{asked}}}, go: {go}}}" if when else f"{{go: {go}}}"


nodes = st.one_of(
    st.builds(lambda text, then: f'{{say: "{text}", then: {then}}}', says, names),
    st.builds(
        lambda kind, text, then: f'{{ask: {kind}, text: "{text}", then: {{rest: {then}}}}}',
        st.sampled_from([kind for kind in KIND_BANDS if kind not in ("choice", "several")]),
        says,
        names,
    ),
    st.builds(
        lambda rows, last: f"{{decide: [{', '.join([*rows, f'{{go: {last}}}'])}]}}",
        st.lists(st.builds(_row, conditions, names), max_size=2),
        names,
    ),
    st.builds(lambda flow, then: f"{{call: {flow}, then: {then}}}", st.just("proof"), names),
    st.builds(
        lambda do: f"{{end: done, do: [{do}]}}",
        st.sampled_from(["assess", "identity_proven", "review: silent", "learn: moon"]),
    ),
)


@settings(max_examples=150, deadline=None)
@given(st.lists(nodes, min_size=4, max_size=4))
def test_no_small_flow_breaks_the_checker(bodies: list[str]) -> None:
    listed = "\n".join(f"  {name}: {body}" for name, body in zip(NODES, bodies, strict=True))
    reads = "reads: {told: [yes, no], may_name: [yes, no], identity: [proven, needed]}"
    own = Source(FILE, f"{HEAD}start: a\n{reads}\nnodes:\n{listed}\n")
    shipped = [Source("danger.yaml", DANGER), Source("proof.yaml", PROOF)]
    report = check_sources(shipped, [own], Catalogues(), declared=("en",), budget=50_000)
    assert all(finding.file and finding.says for finding in report.findings)
    assert report.findings or report.situations


def test_what_a_call_would_have_to_say_and_cannot_is_found() -> None:
    spoken = Source(
        "_spoken.yaml",
        "spec: 1\nprefix: spoken\ntexts:\n"
        '  identity.hello.text: "Please write to us: is it you, covid patient?"\n'
        '  identity.nowhere.text: "Is it you?"\n',
    )
    shipped = [one for one in shipped_sources() if not one.file.endswith("_spoken.yaml")]
    report = check_sources([*shipped, spoken], [], catalogues.shipped(), declared=("en",))
    says = "\n".join(map(str, report.findings))
    assert "says “write” in en, but nobody writes in a call" in says
    assert "says “covid”, but it may be said to anybody" in says
    assert "is the spoken form of a text that is not there" in says
    assert "reproof.year.text: cannot be said in en" in says
    assert "give it a spoken text" in says
