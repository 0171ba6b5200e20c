"""“That was wrong”: the last answer is read anew with other words, or its question comes again."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from flows.engine import running
from flows.engine.asking import question
from flows.engine.ground import Ground, Step
from flows.engine.keywords import cut_out, places_of, plain, says_only
from flows.engine.pausing import open_ask
from flows.remembering import of_short_texts
from flows.spec.nodes import Ask
from flows.turn.hearing import PROOFS, moved, stood_before, take_back, take_heard, without_lost
from flows.turn.making import Making
from flows.turn.pieces import going_on
from flows.turn.slots import Voice
from flows.understanding import Reading, normalise, read
from flows.vocabulary import Conversation

# A correction of these adds to what was said: names are taken away in the summary.
_PLAIN = ("fever", "date", "onset", "symptoms", "count")
_LISTS = ("contacts", "numbers", "which", "several", "symptoms")


@dataclass(frozen=True, slots=True)
class Correction:
    """That the last answer was wrong; `words` are the new one, "" where none was given.

    `sure` is an avowal ("I was wrong"); an "oops" alone corrects only where it brings an answer.
    """

    words: str
    sure: bool


@dataclass(frozen=True, slots=True)
class _Answer:
    """An answer that may be corrected: the conversation now, as it stood before, its question."""

    now: Conversation
    before: Conversation
    ask: Ask
    ground: Ground
    hearing: Mapping[str, Any]

    @property
    def key(self) -> str:
        return f"{self.before.frames[-1].flow}.{self.ask.name}"

    def said(self, words: str) -> str:
        """The words to hear anew: lists are added to, anything else is replaced."""
        earlier = self.hearing["texts"] if self.ask.kind in _LISTS else ()
        return "\n".join((*earlier, words))


@of_short_texts
def correction(raw: str) -> Correction | None:
    """The correction that a message announces, None where it announces none."""
    tokens = normalise(raw, "fr").tokens
    words = tuple(token.word for token in tokens)
    avowed, slipped = places_of(words, "corrects"), places_of(words, "oops")
    sorry = places_of(words, "sorry")
    if not avowed and not slipped and not _figure_after(words, sorry):
        return None
    gone = avowed | slipped | sorry
    if says_only(" ".join(words[: min(gone)]), "nothing"):
        # "No, that was wrong" begins with no answer.
        gone |= set(range(min(gone)))
    return Correction(cut_out(raw, [tokens[at] for at in sorted(gone)]), bool(avowed))


def _figure_after(words: Sequence[str], sorry: Collection[int]) -> bool:
    """An apology and what was measured, no word more: “sorry 38.4”; “sorry, 2” is an answer."""
    left = "".join(word for at, word in enumerate(words) if at not in sorry)
    return bool(sorry) and left.isdigit() and len(left) > 1


def correct(
    making: Making, found: Correction, conversation: Conversation | None, voice: Voice
) -> bool:
    """Correct an answer, or reopen its question. False where the message corrects nothing."""
    answers = list(_answers(making, conversation))
    if not answers or _speaks_of_now(answers[0], found):
        return False
    heard = next(_heard_anew(answers, found.words), None)
    if heard is None and not found.sure:
        return False
    take_back(making)
    if heard is None:
        _reopen(making, answers[0], found.words, voice)
    else:
        _take(making, *heard, found.words, voice)
    return True


def _take(
    making: Making, answer: _Answer, step: Step, reading: Reading, words: str, voice: Voice
) -> None:
    making.asserted.extend(reading.danger)
    making.address = replace(making.address, shared=answer.hearing.get("shared", False))
    if not going_on(making, answer.now):
        making.say(voice, "corrected")
    step = without_lost(step, answer.now)
    take_heard(making, step, answer.ground.here, answer.before, [answer.said(words)])
    _tell(making, answer, step.conversation, words)


def _answers(making: Making, conversation: Conversation | None) -> Iterator[_Answer]:
    """The answers that may be corrected here, the last first: of what stands open, or ended."""
    now = conversation if conversation and conversation.status == "open" else making.scene.ended
    here = making.here(now.person_id) if now else None
    if now is None or here is None:
        return
    ground, at = making.ground(here), now
    while (before := stood_before(at)) is not None:
        ask = open_ask(before, ground)
        if ask is None or ask.kind in PROOFS or not moved(before, at):
            return
        # The first may be anything; further back only what cannot be mistaken.
        if at is now or ask.kind in _PLAIN:
            yield _Answer(now, before, ask, ground, at.hearing or {})
        at = before


def _speaks_of_now(answer: _Answer, found: Correction) -> bool:
    """Whether the open question hears it: a list is corrected in its own words, and an "oops"
    after a danger is no reason to doubt the danger."""
    ask = open_ask(answer.now, answer.ground)
    in_danger = ask is not None and answer.now.frames[-1].flow == "danger"
    return (ask is not None and ask.kind == "summary") or (in_danger and not found.sure)


def _heard_anew(answers: Sequence[_Answer], words: str) -> Iterator[tuple[_Answer, Step, Reading]]:
    """The answers that these words change, each with the step that follows."""
    for answer in answers if words else ():
        raw, ground = answer.said(words), answer.ground
        reading = read(raw, question(answer.ask, ground))
        outright = running.would_settle(answer.before, raw, reading, ground)
        if not reading.danger and not (outright and _is_said(answer.ask, words, ground)):
            continue
        step = running.hear(answer.before, raw, reading, ground, reading.danger)
        if _answer(step.conversation, answer.key) != _answer(answer.now, answer.key):
            yield answer, step, reading


def _is_said(ask: Ask, words: str, ground: Ground) -> bool:
    """A yes or a no must be said as one: "I meant that I cough" answers another question."""
    if ask.kind != "yes_no":
        return True
    signs = read(words, replace(question(ask, ground), expect="symptoms")).value or {}
    if signs.get("present"):
        return False
    spans = read(words, question(ask, ground)).spans
    return plain(words) in ("1", "2") or any(span.code in ("yes", "no") for span in spans)


def _answer(conversation: Conversation, key: str) -> tuple[str | None, Any, Any]:
    return conversation.bands.get(key), conversation.kept.get(key), conversation.named


def _reopen(making: Making, answer: _Answer, words: str, voice: Voice) -> None:
    """What is corrected is not clear: the last question comes again, and a person reads why."""
    here = answer.ground.here
    making.say(voice, "reopened")
    making.take(running.prompt(replace(answer.before, pending=None), answer.ground), here)
    making.trail("reopened", here, question=answer.key, was=answer.now.bands.get(answer.key))
    if len(plain(words).split()) > 1:
        making.review("message", here, words=words)


def _tell(making: Making, answer: _Answer, corrected: Conversation, words: str) -> None:
    """The trail keeps both answers, and reviews that are open hear of it; none is closed."""
    here, key = answer.ground.here, answer.key
    both = {
        "question": key,
        "was": {"band": answer.now.bands.get(key), "answer": answer.now.kept.get(key)},
        "now": {"band": corrected.bands.get(key), "answer": corrected.kept.get(key)},
    }
    making.trail("corrected", here, **both)
    for review in making.scene.reviews:
        if review.person_id == here.person.id and review.conversation_id == answer.now.id:
            making.add_to(review, corrected=both, words=words)
