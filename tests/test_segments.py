"""SMS segments are counted as providers bill them, and the cheaper spelling stays readable."""

import json
import subprocess
import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.wording import gsm7
from flows.wording.segments import Segments, measure, rewrite

FLAG = "🇫🇷"
FAMILY = "👨\u200d👩\u200d👧"
TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400)
GSM7_TEXTS = st.text(alphabet=sorted(gsm7.ALPHABET), max_size=700)


@pytest.mark.parametrize(
    ("text", "encoding", "units", "segments"),
    [
        ("", "GSM-7", 0, 1),
        ("a" * 160, "GSM-7", 160, 1),
        ("a" * 161, "GSM-7", 161, 2),
        ("a" * 306, "GSM-7", 306, 2),
        ("a" * 307, "GSM-7", 307, 3),
        ("é" * 160, "GSM-7", 160, 1),
        ("€" * 80, "GSM-7", 160, 1),
        ("€" * 81, "GSM-7", 162, 2),
        ("a" * 152 + "€" + "a" * 152, "GSM-7", 306, 3),
        ("a" * 151 + "€" + "a" * 153, "GSM-7", 306, 2),
        ("ê" * 70, "UCS-2", 70, 1),
        ("ê" * 71, "UCS-2", 71, 2),
        ("ê" * 134, "UCS-2", 134, 2),
        ("ê" * 135, "UCS-2", 135, 3),
        ("🙂" * 35, "UCS-2", 70, 1),
        ("🙂" * 36, "UCS-2", 72, 2),
        ("ê" * 66 + "🙂" + "ê" * 66, "UCS-2", 134, 3),
        ("ê" * 65 + FLAG + "ê" * 65, "UCS-2", 134, 3),
        ("ê" * 63 + FAMILY + "ê" * 63, "UCS-2", 134, 3),
        ("ê€", "UCS-2", 2, 1),
        ("\r\n\f", "GSM-7", 4, 1),
    ],
)
def test_a_text_costs_what_the_standard_says(
    text: str, encoding: str, units: int, segments: int
) -> None:
    found = measure(text)
    assert (found.encoding, found.units, found.segments) == (encoding, units, segments)


def test_a_letter_with_endless_accents_is_cut_all_the_same() -> None:
    assert measure("a" + "\u0301" * 200).segments == 3


def test_the_characters_that_forbid_gsm7_are_named_once_in_their_order() -> None:
    assert measure("Reçu ! Êtes-vous prêt, ça va ?") == Segments(
        "UCS-2", 30, 1, offending=("ç", "Ê", "ê")
    )


@pytest.mark.parametrize(
    ("text", "spelled"),
    [
        ("Répondez à l'été où ÇÉÑÜ ìòñüäöåÆæßø ¿¡ 5 €", None),
        ("l’hôpital « Broussais »…", 'l\'hopital "Broussais"...'),
        (
            "Êtes-vous prêt ? Reçu – cœur, Œuvre, ŒUVRE",
            "Etes-vous pret ? Recu - coeur, Oeuvre, OEUVRE",
        ),
        (
            "Noël, maïs, forêt, sûr, crâne, ici\u00a0: 18\u202fh",
            "Noel, mais, foret, sur, crane, ici : 18 h",
        ),
        ("Está aquí, ¿cómo? público y año", "Esta aqui, ¿como? publico y año"),
        ("não, amanhã, você, pôr, saúde, João", "nao, amanha, voce, por, saude, Joao"),
        ("Sağlığınız için İstanbul şubesi", "Sagliginiz icin Istanbul subesi"),
        ("e\u0301te\u0301, tiếng, ǘ", "été, tieng, ü"),
        ("38°5, 38,5 °C, à 38° ou plus, n°4", "38,5, 38,5 C, à 38 ou plus, no4"),
        ("un\tdeux", "un deux"),
    ],
)
def test_letters_outside_gsm7_become_their_nearest_ones(text: str, spelled: str | None) -> None:
    assert rewrite(text) == (spelled or text)


@pytest.mark.parametrize("text", ["نعم أو لا", "fièvre 🤒…", "ποιος", "38 ≥ 37 ê", "a ≠ b"])
def test_a_text_that_cannot_be_spelled_in_gsm7_is_left_alone(text: str) -> None:
    assert rewrite(text) == text


def test_a_spelling_that_would_cost_more_is_not_taken() -> None:
    text = "…" * 70
    assert (measure(text).segments, rewrite(text)) == (1, text)


@given(TEXTS)
def test_rewriting_twice_changes_nothing_more(text: str) -> None:
    assert rewrite(rewrite(text)) == rewrite(text)


@given(st.lists(st.sampled_from([*"aéçêœ…’«» °38Œı", "\u0301"]), max_size=200).map("".join))
def test_a_rewritten_text_is_never_longer_in_segments(text: str) -> None:
    assert measure(rewrite(text)).segments <= measure(text).segments


@given(TEXTS, TEXTS)
def test_more_text_never_costs_less(text: str, more: str) -> None:
    assert measure(text).segments <= measure(text + more).segments


@given(GSM7_TEXTS)
def test_gsm7_parts_hold_every_septet_and_split_no_pair(text: str) -> None:
    pairs = sum(char in gsm7.EXTENDED for char in text)
    found = measure(text)
    assert (found.encoding, found.units) == ("GSM-7", len(text) + pairs)
    if found.segments > 1:
        assert found.units <= 153 * found.segments
        # A part that cannot take a pair loses one septet at most.
        assert found.units > 152 * (found.segments - 1)


@given(TEXTS.filter(lambda text: not gsm7.ALPHABET.issuperset(text)))
def test_ucs2_units_are_utf16_code_units(text: str) -> None:
    assert measure(text).units == len(text.encode("utf-16-le")) // 2


def test_the_command_answers_every_line_and_names_the_bad_ones() -> None:
    lines = (
        b'{"id": 1, "text": "Re\xc3\xa7u"}\n\n{"id": "two"}\nnonsense\n[]\n\xff\n'
        b'{"id": 3, "text": "\\ud83d"}\n{"id": 4, "text": 5}\n{"id": 5, "text": "ok"}\n'
    )
    done = _segments(lines)
    answers = [json.loads(line) for line in done.stdout.splitlines()]
    assert answers[0] == {
        "id": 1,
        "encoding": "UCS-2",
        "units": 4,
        "segments": 1,
        "offending": ["ç"],
        "suggestion": "Recu",
    }
    assert [(a["id"], "error" in a) for a in answers[1:]] == [
        ("two", True),
        (None, True),
        (None, True),
        (None, True),
        (3, True),
        (4, True),
        (5, False),
    ]
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_command_is_content_when_every_line_is_good() -> None:
    assert _segments(b'{"id": 1, "text": ""}\n').returncode == 0


def _segments(lines: bytes) -> subprocess.CompletedProcess[bytes]:
    call = "import sys; from bot.commands.segments import run; sys.exit(run(None))"
    return subprocess.run(
        [sys.executable, "-c", call], input=lines, capture_output=True, check=False
    )
