"""YAML is read as text with places, and refused in words."""

from pathlib import Path

import pytest

from flows.spec.yaml_loader import MarkedDict, MarkedStr, YamlFault, load

REFUSED = [
    ("a: 1\nb: 2\na: 3", 3, "twice"),
    ("a: &x 1\nb: *x", 2, "aliases"),
    ("", 1, "empty"),
    ("a: [", 1, "not YAML"),
    ("a: !!python/name:os.system", 1, "tags"),
    ("a:\n  - !secret b", 2, "tags"),
    ("? [1]\n: 2", 1, "plain word"),
    ("---\na: 1\n---\nb: 2", 3, "single document"),
    ("a: \x07", 1, "special characters"),
]


def test_scalars_stay_strings_and_know_their_line() -> None:
    read = load("a: no\nb:\n  - 2020-05-11\n  - c: 1\n    d:\n", "f.yaml")
    assert isinstance(read, MarkedDict)
    assert read == {"a": "no", "b": ["2020-05-11", {"c": "1", "d": ""}]}
    day = read["b"][0]
    assert isinstance(day, MarkedStr) and (day.file, day.line) == ("f.yaml", 3)
    assert (read["b"].line, read["b"][1].line, read.key_line("b")) == (3, 4, 2)


@pytest.mark.parametrize(("text", "line", "word"), REFUSED)
def test_what_is_not_plain_is_refused_with_its_line(text: str, line: int, word: str) -> None:
    with pytest.raises(YamlFault) as caught:
        load(text, "f.yaml")
    assert (caught.value.file, caught.value.line) == ("f.yaml", line)
    assert word in caught.value.message


def test_a_file_that_cannot_be_read_is_a_fault_of_that_file(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"a: caf\xe9")
    for path, words in ((latin, "UTF-8"), (tmp_path / "absent.yaml", "No such file")):
        with pytest.raises(YamlFault, match=words):
            load(path, path.name)
