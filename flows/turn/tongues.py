"""Somebody writes in another language than the record's: they are asked once which they prefer."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from flows.engine import running
from flows.engine.keywords import plain
from flows.engine.pausing import open_ask
from flows.remembering import of_short_texts
from flows.turn.calling import human
from flows.turn.commands import change_language
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.understanding import Question, normalise, read
from flows.understanding.lexicon import COMMON
from flows.understanding.scene import scene
from flows.vocabulary import LANGUAGES, Conversation, Lang, PersonHere, PersonLearned

_SEEN, _OFFERED = "tongue", "tongue_offered"
_ASKED = "facts.language_asked"
# So many messages in a row in the same other language, each of so many words, are no accident.
_TIMES, _FEWEST_WORDS = 2, 2
ARABIZI = "arabizi"


def written_in(raw: str, lang: Lang) -> str:
    """The other language that a message is surely written in; "" where it may be one's own.

    Arabic in Latin letters is a writing of its own: "arabizi".
    """
    found = _surely(raw, lang)
    return found if found != lang else ""


@of_short_texts
def _surely(raw: str, lang: Lang) -> str:
    """The one language of a message; "" where it is short, or might be several."""
    text = normalise(raw, lang)
    words = [token for token in text.tokens if not token.word.isdigit()]
    spoken = scene(text).leading - {COMMON}
    if len(words) < _FEWEST_WORDS or len(spoken) != 1:
        return ""
    found = next(iter(spoken))
    in_arabic = any("\u0600" <= char <= "\u06ff" for char in raw)
    return ARABIZI if found == "ar" and not in_arabic else found


def offer(making: Making, raw: str, here: PersonHere, conversation_id: int) -> None:
    """After the second such message in a row: which language? Once, and alone in its turn."""
    talk = making.conversations.get(conversation_id)
    if talk is None or talk.status != "open" or not _may_ask(making, here):
        return
    ground = making.ground(here)
    other = _surely(raw, ground.lang)
    seen = talk.kept.get(_SEEN, {})
    times = seen.get("times", 0) + 1 if seen.get("lang") == other else 1
    if not other:
        # "0" or "no" are of every language, and tell nothing.
        return
    if other == ground.lang or times < _TIMES:
        now = None if other == ground.lang else {"lang": other, "times": times}
        if now or _SEEN in talk.kept:
            making.put(_kept(talk, **{_SEEN: now}))
        return
    making.deeds.append(PersonLearned(here.person.id, {_ASKED: "yes"}))
    making.put(_kept(talk, **{_SEEN: None, _OFFERED: other}))
    making.drafts = [draft for draft in making.drafts if draft.kind == "safety"]
    lang = next((known for known in LANGUAGES if known == other), ground.lang)
    voice = Voice(making.desk, replace(ground, lang=lang), talk)
    making.say(voice, "script" if other == ARABIZI else "prefer", "question")


def _may_ask(making: Making, here: PersonHere) -> bool:
    asked = here.person.facts.get("language_asked") == "yes"
    alarmed = making.alerted or any(draft.kind == "safety" for draft in making.drafts)
    return making.reply and not asked and not alarmed and not making.ground(here).closed


def answered(making: Making, raw: str, here: PersonHere, talk: Conversation, voice: Voice) -> bool:
    """Whether this message answers the offer; then the open question comes again."""
    offered = talk.kept.get(_OFFERED)
    if not offered or talk.status != "open":
        return False
    without = _kept(talk, **{_OFFERED: None})
    making.put(without)
    choose = _CHOICES[ARABIZI] if offered == ARABIZI else _yes_or_no
    chosen = choose(raw, offered)
    if chosen is None:
        return False
    if chosen == "call":
        human(making, here, voice)
        return True
    if chosen:
        change_language(making, here, voice, chosen)
        return True
    ground = making.ground(here)
    if open_ask(without, ground):
        making.take(running.prompt(without, ground), here)
    return True


def _yes_or_no(raw: str, offered: str) -> str | None:
    """The offered language, "" to stay, None where it is no answer."""
    words = plain(raw)
    if words in ("1", "2"):
        return offered if words == "1" else ""
    said = read(raw, Question("yes_no", lang=offered)).value
    short = len(words.split()) <= _FEWEST_WORDS
    return {True: offered, False: ""}.get(said) if short else None


def _of_scripts(raw: str, _: str) -> str | None:
    by_digit = {"1": "fr", "2": "en", "3": "ar", "4": "call"}
    return by_digit.get(plain(raw))


_CHOICES: dict[str, Callable[[str, str], str | None]] = {ARABIZI: _of_scripts}


def _kept(talk: Conversation, **changed: Any) -> Conversation:
    kept = {name: value for name, value in talk.kept.items() if name not in changed}
    return replace(talk, kept={**kept, **{k: v for k, v in changed.items() if v is not None}})
