"""Yes or no, as people say it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.understanding.danger import DANGERS, Stated
from flows.understanding.lexicon import COMMON
from flows.understanding.reading import NOT_UNDERSTOOD, Span, Understood
from flows.understanding.scene import Hit, Scene

_TOLD = 3
_CODES = {"YESNO_YES": True, "YESNO_NO": False}
# Words that are an answer whatever follows them: "non je peux pas".
_MODAL_FREE = frozenset({"non", "nan", "nope", "hayir", "لا"})


def _answers(found: Scene) -> list[tuple[Hit, bool | None]]:
    """Every yes, no and "I don't know", in order; of two on a word, the longer one."""
    lang = found.text.lang
    hits: list[tuple[Hit, bool | None]] = [(hit, None) for hit in found.of("YESNO_DUNNO")]
    hits += [(hit, said) for code, said in _CODES.items() for hit in found.of(code)]
    hits = [one for one in hits if one[1] is True or not _inside_phrase(found, one[0])]
    own = [one for one in hits if one[0].lang in (lang, COMMON)]
    other = [
        one for one in hits if one[0].lang not in (lang, COMMON) and one[0].lang in found.leading
    ]
    return sorted(_longest([*own, *(other if not own else ())]), key=lambda one: one[0].start)


def _goes_on(found: Scene, at: int) -> bool:
    """Whether the part of a sentence that holds a token goes on after it, courtesies apart."""
    polite = {place for hit in found.of("POLITE") for place in range(hit.start, hit.end + 1)}
    after = at + 1
    while after < len(found.segment) and after in polite:
        after += 1
    return after < len(found.segment) and found.segment[after] == found.segment[at]


def _inside_phrase(found: Scene, hit: Hit) -> bool:
    """Whether a "no" is only half of "I can't sleep", or of "yes and no fever"."""
    if found.text.tokens[hit.start].word in _MODAL_FREE:
        return False
    mixed = any(yes.start == hit.start and yes.end < hit.end for yes in found.of("YESNO_YES"))
    if mixed:
        return _goes_on(found, hit.end)
    if any(one.start <= hit.start and hit.end <= one.end for one in found.spoken("HELP")):
        return True
    return any(
        can.start <= hit.end and hit.start <= can.end and _goes_on(found, max(can.end, hit.end))
        for can in found.of("CANT")
        if can.lang == hit.lang
    )


def _longest(hits: Sequence[tuple[Hit, bool | None]]) -> Iterator[tuple[Hit, bool | None]]:
    taken: set[int] = set()
    for hit, answer in sorted(hits, key=lambda one: one[0].start - one[0].end):
        places = set(range(hit.start, hit.end + 1))
        if not places & taken:
            taken |= places
            yield hit, answer


def _spanned(found: Scene, hit: Hit, answer: bool) -> tuple[Span, ...]:
    tokens = found.text.tokens
    return (Span(tokens[hit.start].start, tokens[hit.end].end, "yes" if answer else "no"),)


def _implied(found: Scene, stated: Sequence[Stated]) -> Understood:
    """A symptom said instead of a yes, or denied instead of a no; a danger answers nothing."""
    if _in_danger(stated):
        return NOT_UNDERSTOOD
    states = {one.state for one in stated if one.finding.code not in ("none", "breath_ok")}
    if "asserted" in states:
        return Understood(True, "understood")
    if states and states <= {"denied", "over"}:
        return Understood(False, "understood")
    if any(one.finding.code == "none" for one in stated):
        return Understood(False, "unsure")
    return NOT_UNDERSTOOD


def _in_danger(stated: Sequence[Stated]) -> bool:
    return any(one.finding.code in DANGERS and one.state == "asserted" for one in stated)


def _contradicted(answers: Sequence[tuple[Hit, bool | None]], first: Hit, said: bool) -> bool:
    """ "Oui … enfin non": a later clear word against the first, close to it."""
    return any(
        answer is not None
        and answer != said
        and hit.end == hit.start
        and hit.start - first.end <= 3
        for hit, answer in answers
        if hit.start > first.end
    )


def read_yes_no(found: Scene, stated: Sequence[Stated]) -> Understood:
    """The first clear word decides; what follows may make it unsure."""
    answers = _answers(found)
    if answers and _in_danger(stated):
        # "He locks me in the room": who tells of a danger answers first or not at all.
        answers = [one for one in answers if one[1] is None or _opens(found, one[0])]
    if not answers:
        return _implied(found, stated)
    first, said = answers[0]
    if said is None:
        later = [(hit, answer) for hit, answer in answers if answer is not None]
        if not later:
            return NOT_UNDERSTOOD
        if _told_after(found, answers):
            return Understood(
                later[0][1], "understood", _spanned(found, later[0][0], bool(later[0][1]))
            )
        return Understood(later[0][1], "unsure", _spanned(found, later[0][0], bool(later[0][1])))
    if first.start > 0 and not _opens(found, first):
        implied = _implied(found, stated)
        if implied.value is not None and implied.value != said and first.end == first.start:
            return implied
    unsure = any(answer is None for _, answer in answers[1:]) or _contradicted(answers, first, said)
    return Understood(said, "unsure" if unsure else "understood", _spanned(found, first, said))


def _told_after(found: Scene, answers: Sequence[tuple[Hit, bool | None]]) -> bool:
    """ "Maybe yeah I slept all afternoon": an answer right behind the doubt, then what happened."""
    if len(answers) != 2 or answers[0][0].end + 1 != answers[1][0].start:
        return False
    return len(found.text.tokens) - answers[1][0].end > _TOLD


def _opens(found: Scene, hit: Hit) -> bool:
    """Whether only courtesies and sounds stand before an answer."""
    polite = {at for one in found.of("POLITE", "FUNC") for at in range(one.start, one.end + 1)}
    return all(at in polite for at in range(hit.start))
