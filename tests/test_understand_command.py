"""`vigie understand` and `vigie evaluate` as their users meet them."""

import io
import json
import sys
from pathlib import Path
from typing import Any

import pytest

from bot.__main__ import main

KEYS = {
    "id", "expect", "status", "value", "command", "detail", "danger", "danger_doubt",
    "danger_about", "spans",
}  # fmt: skip


class Stdin:
    """Standard input of some lines, as bytes."""

    def __init__(self, lines: list[str]) -> None:
        self.buffer = io.BytesIO("\n".join(lines).encode("utf-8", "surrogatepass"))


def understand(
    lines: list[Any], monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> tuple[int, list[dict[str, Any]]]:
    written = [line if isinstance(line, str) else json.dumps(line) for line in lines]
    monkeypatch.setattr(sys, "stdin", Stdin(written))
    code = main(["understand"])
    answers = capfdbinary.readouterr().out.decode().splitlines()
    return code, [json.loads(answer) for answer in answers]


def line(**keys: Any) -> dict[str, Any]:
    return {"id": "1", "lang": "fr", "expect": "yes_no", "text": "oui"} | keys


def test_a_reply_is_answered_with_every_key(
    monkeypatch: pytest.MonkeyPatch, capfdbinary: pytest.CaptureFixture[bytes]
) -> None:
    code, answers = understand(
        [line(), line(id="2", expect="contacts", text="ma femme")], monkeypatch, capfdbinary
    )
    assert code == 0
    assert set(answers[0]) == KEYS
    assert set(answers[1]) == KEYS | {"groups"}
    assert answers[0]["value"] is True


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("not json", "not JSON"),
        ("[1]", "not a JSON object"),
        (line(lang="de"), "lang"),
        (line(expect="mood"), "expect"),
        (line(text=None), "text"),
        (line(now="yesterday"), "now"),
        (line(country="FRA"), "country"),
        (line(about=[{"name": "Léa"}]), "code"),
        (line(about=[{"code": "a", "age_months": -1}]), "age_months"),
        (line(options="none"), "options"),
        ('{"id": "1", "lang": "fr", "expect": "text", "text": "\\ud800"}', "surrogate"),
    ],
)
def test_a_bad_line_gets_an_error_and_spoils_no_other(
    bad: Any,
    said: str,
    monkeypatch: pytest.MonkeyPatch,
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    code, answers = understand([line(), bad, line(id="3")], monkeypatch, capfdbinary)
    assert code == 1
    assert said in answers[1]["error"]
    assert [answers[0]["value"], answers[2]["value"]] == [True, True]


def test_evaluating_a_file_prints_tables_and_misses(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "replies.jsonl"
    lines = [line(want={"value": True}), line(id="2", text="bof", want={"value": True})]
    file.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    assert main(["evaluate", str(file)]) == 0
    printed = capsys.readouterr().out
    assert "replies right       1 of     2   50.0 %" in printed
    assert "'bof'" in printed


def test_a_line_without_what_is_wanted_is_named(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "replies.jsonl"
    file.write_text(json.dumps(line()), encoding="utf-8")
    assert main(["evaluate", str(file)]) == 2
    assert f"{file}:1" in capsys.readouterr().err
