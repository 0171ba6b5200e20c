"""Translations are found by key: never by the English words, and never lost when these change."""

import argparse
import io
import re
from pathlib import Path

import pytest
from babel.messages.extract import extract as babel_extract
from babel.messages.pofile import PoFileError

from bot.commands import messages
from flows.wording import extract
from flows.wording.catalogues import Catalogues, Gaps, Wording, read_catalogue
from flows.wording.extract import Text, by_key, shipped_texts, texts_of
from flows.wording.merging import updated

HELLO, BYE = "visit.hello.text", "visit.bye.text"
FLOW = """
spec: 1
flow: visit
title: A visit
start: hello
nodes:
  hello:
    ask: choice
    text: "Hello {first_name}, tea or coffee?"
    retry: "Tea or coffee?"
    options: {tea: "Tea", coffee: "Coffee"}
    then: bye
  bye:
    end: done
    text: "Goodbye."
"""


def _texts(**english: str) -> list[Text]:
    keys = {"hello": HELLO, "bye": BYE}
    return [Text(keys[name], words, "visit.yaml", 1) for name, words in english.items()]


def _translate(po: str, english: str, french: str) -> str:
    return po.replace(f'msgid "{english}"\nmsgstr ""', f'msgid "{english}"\nmsgstr "{french}"')


def _french(po: str) -> Catalogues:
    return Catalogues({"fr": read_catalogue(po, "fr")})


@pytest.fixture
def po() -> str:
    """A French catalogue of two texts, both translated."""
    empty = updated("", "fr", _texts(hello="Hello {first_name}.", bye="Goodbye."))
    half = _translate(empty, "Hello {first_name}.", "Bonjour {first_name}.")
    return _translate(half, "Goodbye.", "Au revoir.")


def test_a_text_is_said_in_its_language(po: str) -> None:
    found = _french(po).lookup("fr", HELLO, "Hello {first_name}.")
    assert found == Wording("Bonjour {first_name}.")


def test_english_is_never_missing_nor_stale(po: str) -> None:
    assert _french(po).lookup("en", "no.such.key", "Anything") == Wording("Anything")


def test_a_missing_translation_falls_back_to_english_and_says_so(po: str) -> None:
    wanted = Wording("New", missing=True)
    assert _french(po).lookup("fr", "visit.new.text", "New") == wanted
    assert _french(po).lookup("es", BYE, "New") == wanted


def test_a_changed_english_text_keeps_its_translation_and_marks_it_stale(po: str) -> None:
    found = _french(po).lookup("fr", BYE, "So long.")
    assert found == Wording("Au revoir.", stale=True)


def test_a_changed_english_text_stays_translated_and_stale_after_an_update(po: str) -> None:
    after = updated(po, "fr", _texts(hello="Hello {first_name}.", bye="So long."))
    assert _french(after).lookup("fr", BYE, "So long.") == Wording("Au revoir.", stale=True)
    assert _french(after).lookup("fr", HELLO, "Hello {first_name}.").stale is False
    assert updated(after, "fr", _texts(hello="Hello {first_name}.", bye="So long.")) == after


def test_a_stale_text_is_fresh_again_when_a_translator_unmarks_it(po: str) -> None:
    after = updated(po, "fr", _texts(bye="So long."))
    mended = after.replace("#, fuzzy\n", "").replace("Au revoir.", "À bientôt.")
    assert _french(mended).lookup("fr", BYE, "So long.") == Wording("À bientôt.")


def test_a_similar_text_under_another_key_gets_no_translation(po: str) -> None:
    new = Text("visit.parting.text", "Goodbye!", "visit.yaml", 2)
    after = updated(po, "fr", [*_texts(bye="Goodbye."), new])
    assert _french(after).lookup("fr", new.key, new.english) == Wording("Goodbye!", missing=True)


def test_the_same_english_under_two_keys_has_two_translations(po: str) -> None:
    texts = [*_texts(bye="Goodbye."), Text("visit.end.text", "Goodbye.", "visit.yaml", 2)]
    after = _translate(updated(po, "fr", texts), "Goodbye.", "Adieu.")
    french = _french(after)
    assert french.lookup("fr", BYE, "Goodbye.").text == "Au revoir."
    assert french.lookup("fr", "visit.end.text", "Goodbye.").text == "Adieu."


def test_a_key_that_comes_back_finds_its_translation(po: str) -> None:
    without = updated(po, "fr", _texts(hello="Hello {first_name}."))
    again = updated(without, "fr", _texts(bye="Goodbye.", hello="Hello {first_name}."))
    assert _french(again).lookup("fr", BYE, "Goodbye.").text == "Au revoir."


def test_a_translation_put_aside_by_another_tool_stays_in_use(po: str) -> None:
    aside = re.sub(r"#: [^\n]*\n(msgctxt[^\n]*bye.*)", _aside, po, flags=re.DOTALL)
    assert '#~ msgid "Goodbye."' in aside
    assert _french(aside).lookup("fr", BYE, "So long.") == Wording("Au revoir.", stale=True)


def _aside(found: re.Match[str]) -> str:
    return "\n".join(f"#~ {line}" for line in found[1].strip().splitlines())


def test_gaps_name_the_keys_that_want_a_translator(po: str) -> None:
    english = {HELLO: "Hello {first_name}.", BYE: "So long.", "visit.new.text": "New"}
    assert _french(po).gaps("fr", english) == Gaps(missing=("visit.new.text",), stale=(BYE,))


def test_a_broken_catalogue_is_refused() -> None:
    with pytest.raises(PoFileError):
        read_catalogue('msgid "a"\nnonsense\n', "fr")


def test_a_flow_gives_each_of_its_texts_under_its_key() -> None:
    assert by_key(texts_of(FLOW, "visit.yaml")) == {
        "visit.hello.text": "Hello {first_name}, tea or coffee?",
        "visit.hello.retry": "Tea or coffee?",
        "visit.hello.option.tea": "Tea",
        "visit.hello.option.coffee": "Coffee",
        "visit.bye.text": "Goodbye.",
    }


def test_the_always_layer_and_packs_give_their_texts_too() -> None:
    always = 'spec: 1\ntexts:\n  held: "Thank you."\n'
    pack = (
        "pack: armor\ntables:\n  texts:\n"
        '    - id: safety.medical\n      text: "Call {emergency}."\n'
    )
    assert [text.key for text in texts_of(always, "_always.yaml")] == ["always.held"]
    assert list(texts_of(pack, "armor.yaml")) == [
        Text("safety.medical", "Call {emergency}.", "armor.yaml", 4)
    ]


def test_babel_extracts_flows_with_the_key_as_context() -> None:
    found = list(babel_extract(extract.extract, io.BytesIO(FLOW.encode())))
    line, messages_, _comments, context = found[0]
    assert (messages_, context) == ("Hello {first_name}, tea or coffee?", "visit.hello.text")
    assert line > 1


def test_every_shipped_text_has_a_key_of_its_own() -> None:
    assert len(shipped_texts()) == len(by_key(shipped_texts())) > 100


def _messages(*words: str) -> int:
    parser = argparse.ArgumentParser()
    messages.add_arguments(parser)
    return messages.run(parser.parse_args(words))


def test_the_command_begins_a_language_and_names_what_it_lacks(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = ("--folder", str(tmp_path))
    assert _messages(*folder, "--add", "es") == 0
    total = len(shipped_texts())
    assert capsys.readouterr().out == f"es: {total} texts, {total} missing, 0 stale\n"
    assert _messages(*folder, "--check", "--verbose") == 1
    assert "  missing  always.stranger\n" in capsys.readouterr().out


def test_the_command_names_a_broken_catalogue_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = tmp_path / "es" / "LC_MESSAGES" / "flows.po"
    file.parent.mkdir(parents=True)
    file.write_text("nonsense\n")
    assert _messages("--folder", str(tmp_path)) == 1
    assert len(capsys.readouterr().err.splitlines()) == 1
