"""`vigie check` as an author types it."""

import re
from pathlib import Path

import pytest

from bot.__main__ import main
from flows.vocabulary import LANGUAGES

FLOW = """spec: 1
flow: visit
title: A visit
before_identity: yes
start: hello
nodes:
  hello:
    ask: yes_no
    text: "{agency}: is this you? 1 yes 2 no"
    then: over
  over:
    end: done
    text: "Thank you."
"""
PO = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Language: fr\\n"

msgctxt "visit.hello.text"
msgid "{agency}: is this you? 1 yes 2 no"
msgstr "{agency} : c'est vous ? 1 oui 2 non"

msgctxt "visit.over.text"
msgid "Thank you."
msgstr "Merci."
"""


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with a clean flow and its French."""
    (tmp_path / "visit.yaml").write_text(FLOW, "utf-8")
    catalogue = tmp_path / "locales" / "fr" / "LC_MESSAGES" / "flows.po"
    catalogue.parent.mkdir(parents=True)
    catalogue.write_text(PO, "utf-8")
    return tmp_path


def test_what_comes_with_vigie_is_clean_and_its_cost_is_shown(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check"]) == 0
    out = capsys.readouterr().out
    assert "situations walked (" in out and " case " in out
    assert out.endswith("nothing found\n")
    assert re.search(
        r"10 days in fr: case \d+ SMS \d\.\d\d USD, contact .*\(Twilio, list price", out
    )
    assert {line.split()[1] for line in out.splitlines() if line.startswith("identity")} == {
        *LANGUAGES
    }


def test_the_table_shows_each_prompt_in_each_language(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--table"]) == 0
    out = capsys.readouterr().out
    row = next(r for r in out.splitlines() if r.startswith("case.people.home"))
    # The Arabic one, in the columns' alphabetical order, takes two.
    assert row.split()[1::2] == ["2", "1", "1", "1", "1", "1"]
    priced = [line.split() for line in out.splitlines() if line.endswith(" USD")]
    assert {(line[0], line[1]) for line in priced} == {
        (role, lang) for role in ("case", "contact") for lang in LANGUAGES
    }


def test_an_authors_folder_is_checked_with_its_translations(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder), "--languages", "en,fr"]) == 0
    assert ", visit " in capsys.readouterr().out


def test_a_language_that_lacks_is_a_finding_unless_the_author_leaves_it_out(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["check", str(folder)]) == 1
    out = capsys.readouterr().out
    assert "visit.yaml:12: over: text (tr) has no translation" in out
    assert "text (fr)" not in out


def test_a_language_that_we_do_not_speak_is_refused_in_one_line(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["check", "--languages", "en,de"]) == 2
    assert "“de” is none of fr, en" in capsys.readouterr().err


def test_findings_name_file_line_and_node_and_exit_with_1(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = folder / "visit.yaml"
    file.write_text(FLOW.replace("Thank you.", "Thank you, no worries."), "utf-8")
    assert main(["check", str(folder), "--languages", "en,fr"]) == 1
    out = capsys.readouterr().out
    assert f"{file}:12: over: text comforts (“no worries”)" in out
    assert f"{file}:12: over: text (fr) is older than its English" in out
    assert out.endswith("2 findings\n")


def test_a_flow_takes_the_place_of_the_shipped_one_and_its_callers_are_checked_again(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "visit.yaml").write_text(FLOW.replace("flow: visit", "flow: identity"), "utf-8")
    assert main(["check", str(folder / "visit.yaml")]) == 1
    out = capsys.readouterr().out
    assert "case.yaml:" in out
    assert "“identity” never ends with “proven”" in out


def test_a_file_that_is_no_yaml_is_a_finding_on_its_line(
    folder: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (folder / "visit.yaml").write_text(FLOW + "  - what: [", "utf-8")
    assert main(["check", str(folder)]) == 1
    assert f"{folder / 'visit.yaml'}:14: not YAML" in capsys.readouterr().out


def test_a_broken_rule_pack_is_a_finding(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    pack = tmp_path / "island.yaml"
    pack.write_text("pack: island\nillness: measles\n", "utf-8")
    assert main(["check", str(pack)]) == 1
    assert f"{pack}:1: the pack does not say" in capsys.readouterr().out


@pytest.mark.parametrize("words", ["nowhere.yaml", "notes.txt", "--budget=0"])
def test_wrong_use_is_said_in_one_line(
    words: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["check", words]) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_an_empty_folder_is_wrong_use(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", str(tmp_path)]) == 2
    assert "no .yaml or .po file" in capsys.readouterr().err


def test_past_its_budget_it_refuses(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["check", "--budget", "10", str(folder)]) == 1
    assert "more than 10 situations: not checked" in capsys.readouterr().out
