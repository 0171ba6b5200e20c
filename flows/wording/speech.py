"""A text made for reading as it is said on the telephone: choices by key, nothing on writing."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from functools import cache
from importlib import resources
from typing import Any

from flows.spec.yaml_loader import load

# How a choice is offered by voice; {n} is the key, {what} what it means.
_CHOICE: Mapping[str, str] = {
    "fr": "Pour {what}, tapez {n}.",
    "en": "For {what}, press {n}.",
    "es": "Para {what}, pulse {n}.",
    "pt": "Para {what}, prima {n}.",
    "tr": "{what} için {n} tuşuna basın.",
    "ar": "{what}: اضغطوا {n}.",
}
# Words that say how to write, beside the keywords in capitals: their sentences are not spoken.
_WRITING: Mapping[str, str] = {
    "fr": r"SMS|Réf|écrivez|chiffres?\b|Exemple",
    "en": r"SMS|Ref|write|reply|digits|example",
    "es": r"SMS|Ref|escriba|responda|cifras|ejemplo",
    "pt": r"SMS|Ref|escreva|responda|algarismos|exemplo",
    "tr": r"SMS|Ref|yazın|yanıtlayın|rakam|örne[kğ]",
    "ar": r"SMS|اكتبوا|أجيبوا|أرقام|مثال|مرجع",
}
# What no text that is said may tell, whoever worded it.
_NEVER: Mapping[str, str] = {
    "fr": r"SMS|écri[vr]|répondez par",
    "en": r"SMS|write|text us",
    "es": r"SMS|escrib",
    "pt": r"SMS|escrev",
    "tr": r"SMS|yazın",
    "ar": r"SMS|اكتب",
}
_SENTENCE = re.compile(r"(?<=[.?!؟])\s+(?!\d)|(?<=[.?!؟])\s+(?=\d \D)")
_EMERGENCY = re.compile(r"\{emergency\w*\}")
_KEYS = re.compile(r"(?<!\d)(\d) (?=\D)")


def spoken(text: str, lang: str) -> str:
    """The text as it is said: sentences on how to write are left out, choices are put as keys.

    A text of which nothing would remain is said as it stands.
    """
    said = " ".join(_sentences(text, lang))
    return said or text


def lost(text: str, lang: str) -> str:
    """The first sentence that may not be left out and would be; "" where the text can be spoken.

    A question, an emergency number, or all there is: such a text needs a variant of its own.
    """
    sentences = [one for one in _SENTENCE.split(text) if not list(_choices(one))]
    gone = [one for one in sentences if _is_on_writing(one, lang)]
    if not list(_sentences(text, lang)):
        return text
    return next((one for one in gone if one[-1:] in "?؟" or _EMERGENCY.search(one)), "")


def names_writing(text: str, lang: str) -> str:
    """The first word of a text that tells to write, "" where none does: nobody writes in a call."""
    found = re.search(rf"\b(?i:{_NEVER[lang]})", text)
    return found[0] if found else ""


def _sentences(text: str, lang: str) -> Iterator[str]:
    for sentence in _SENTENCE.split(text):
        choices = list(_choices(sentence))
        if choices:
            lead = sentence[: choices[0][0]].strip(" ,;:")
            if lead and not _is_on_writing(lead, lang):
                yield lead if lead[-1] in ".?!؟" else f"{lead}."
            for _, key, what in choices:
                yield _CHOICE[lang].format(n=key, what=what)
        elif not _is_on_writing(sentence, lang):
            yield sentence


def _choices(sentence: str) -> Iterator[tuple[int, str, str]]:
    """Where each choice begins, its key, what it means: "1 yes 2 no"; none where 1 stands alone."""
    found: list[re.Match[str]] = []
    for match in _KEYS.finditer(sentence):
        # "2 tomorrow 9 h 3 later": what does not count on is part of a choice.
        if match[1] == str(len(found) + 1):
            found.append(match)
    if len(found) < 2:
        return
    ends = [match.start() for match in found[1:]] + [len(sentence)]
    for match, end in zip(found, ends, strict=True):
        yield match.start(), match[1], sentence[match.end() : end].strip(" .?!,;")


def _is_on_writing(sentence: str, lang: str) -> bool:
    return _on_writing(lang).search(sentence) is not None


@cache
def _on_writing(lang: str) -> re.Pattern[str]:
    """Keywords as they are written, and the words for writing."""
    file = resources.files("flows.checking") / "words.yaml"
    lists: Any = load(file.read_text("utf-8"), "flows/checking/words.yaml")
    capitals = "|".join(re.escape(by[lang]) for by in lists["keywords"].values() if lang in by)
    return re.compile(rf"\b(?:{capitals})\b|\b(?i:{_WRITING[lang]})")
