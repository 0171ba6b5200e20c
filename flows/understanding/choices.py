"""Which option was chosen: by number, ordinal, letter, label or another word for it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA

from flows.understanding.lexemes import lex
from flows.understanding.numbers import Number
from flows.understanding.reading import NOT_UNDERSTOOD, Option, Question, Understood
from flows.understanding.scan import Scan, scan
from flows.understanding.text import Text, fold, normalise
from flows.understanding.words import Words, words_for

_LETTERS = "abcdefghij"
_PLAIN = frozenset({"filler", "the", "negation"})
# What a word comes nearest to where no option says just that.
_NEAREST = {"no": "refuse", "refuse": "no", "night": "evening", "evening": "night",
            "nobody": "none", "later": "tomorrow"}  # fmt: skip
_LIKE = 82.0
_MOST_COMPARED = 60


class Pick(NamedTuple):
    """An option pointed at by lexemes [first, last); `weight` orders the ways of pointing."""

    option: int
    weight: int
    first: int
    last: int


def _by_number(reply: Scan, count: int) -> Iterator[Pick]:
    for number in reply.numbers:
        joined = any(reply.word(at) in ("/", ".") and reply.word(at + step).isdigit()
                     for at, step in ((number.first - 1, -1), (number.last, 1)))  # fmt: skip
        # "the last one", "the second one": the ordinal says which.
        joined = joined or (not number.digits and reply.is_a("ordinal", number.first - 1))
        if 1 <= number.value <= count and not joined and not _counts_something(reply, number.last):
            article = not number.digits and number.value == 1 and len(reply.lexemes) > 2
            weight = 3 if article else 9 if number.digits else 8
            yield Pick(number.value - 1, weight, number.first, number.last)


def leading_figure(text: Text) -> str:
    """The digit that answers before any word: "2 im a cleaner"; "" for "2 days", "3 colleagues"."""
    reply = scan(text)
    first = next(iter(reply.numbers), None)
    alone = first is not None and first.first == 0 and len(first.digits) == 1
    if first is None or not alone or _counts_something(reply, first.last):
        return ""
    return (
        "" if reply.word(first.last) in (".", "/", ":") and _figure(reply, first) else first.digits
    )


def _figure(reply: Scan, number: Number) -> bool:
    return reply.word(number.last + 1).isdigit()


def _counts_something(reply: Scan, last: int) -> bool:
    return any(reply.is_a(kind, last) for kind in ("units", "people", "relations"))


def _by_ordinal(reply: Scan, count: int) -> Iterator[Pick]:
    for i in range(len(reply.lexemes)):
        found = reply.words.at("ordinal", reply.lexemes, i)
        if found:
            index = _place(int(found.value), count)
            if index is not None:
                yield Pick(index, 8, i, i + found.length)


def _place(ordinal: int, count: int) -> int | None:
    """Where an ordinal points: 1 is the first, -1 the last, 0 the middle where there is one."""
    if ordinal == 0:
        return count // 2 if count % 2 else None
    index = ordinal - 1 if ordinal > 0 else count + ordinal
    return index if 0 <= index < count else None


def _by_letter(reply: Scan, count: int) -> Iterator[Pick]:
    words = [lexeme.word for lexeme in reply.lexemes if lexeme.is_word]
    if not words or len(words) > 3:
        return
    for i, lexeme in enumerate(reply.lexemes):
        if len(lexeme.word) == 1 and lexeme.word in _LETTERS[:count] and lexeme.word == words[-1]:
            alone = len(words) == 1
            yield Pick(_LETTERS.index(lexeme.word), 7 if alone else 5, i, i + 1)


@lru_cache(maxsize=2048)
def _label_words(label: str) -> tuple[str, ...]:
    return tuple(x.word for x in lex(normalise(label, "fr")) if x.word.isalnum())


@lru_cache(maxsize=8)
def _concept_words(lang: str) -> Words:
    return words_for(lang)


@lru_cache(maxsize=2048)
def _label_concepts(label: str, lang: str) -> frozenset[str]:
    return frozenset(value for value, _, _ in _concepts(lex(normalise(label, lang)), lang))


def _concepts(lexemes: Sequence[object], lang: str) -> list[tuple[str, int, int]]:
    words, found = _concept_words(lang), []
    i = 0
    while i < len(lexemes):
        concept = words.at("concepts", lexemes, i)  # type: ignore[arg-type]
        if concept:
            found.append((concept.value, i, i + concept.length))
        i += concept.length if concept else 1
    return found


def _plain(reply: Scan, lang: str) -> frozenset[str]:
    words = words_for(lang)
    return frozenset(w for lexeme in reply.lexemes
                     if words.any_of(_PLAIN, w := lexeme.word))  # fmt: skip


def _by_label(reply: Scan, options: Sequence[Option]) -> Iterator[Pick]:
    """A whole label within the reply, or the words of the reply within one label alone."""
    said = [lexeme.word for lexeme in reply.lexemes]
    for index, option in enumerate(options):
        label = _label_words(option.label) if option.label else ()
        at = _within(label, said)
        if at is not None:
            # "no" opens many an answer that is not the option "No".
            alone = len(label) > 1 or len(said) < 3
            yield Pick(index, 6 + min(len(label), 3) if alone else 4, at, at + len(label))
        elif fold(option.code).replace("_", " ") == " ".join(said):
            yield Pick(index, 8, 0, len(said))


def _within(label: Sequence[str], said: Sequence[str]) -> int | None:
    size = len(label)
    if not size:
        return None
    for at in range(min(len(said) - size + 1, 200)):
        if tuple(said[at : at + size]) == tuple(label):
            return at
    return None


def _bare(word: str) -> str:
    """An Arabic word without its article and prefixes."""
    for prefix in ("بال", "وال", "فال", "لل", "ال"):
        if word.startswith(prefix) and len(word) - len(prefix) >= 3:
            return word[len(prefix) :]
    return word


def _by_part(reply: Scan, options: Sequence[Option], lang: str) -> Iterator[Pick]:
    """Words that stand in one label alone, misspelt ones too."""
    plain = _plain(reply, lang)
    labels = [frozenset(map(_bare, _label_words(option.label))) for option in options]
    for i, lexeme in enumerate(reply.lexemes[:_MOST_COMPARED]):
        word = _bare(lexeme.word)
        if not word[0].isalpha() or len(word) < 2:
            continue
        holders = [index for index, label in enumerate(labels) if word in label]
        if len(holders) == 1:
            yield Pick(holders[0], 4 if word in plain else 6, i, i + 1)
        elif not holders and len(word) >= 4 and word not in plain:
            yield from _misspelt(word, i, labels)


def _misspelt(word: str, i: int, labels: Sequence[frozenset[str]]) -> Iterator[Pick]:
    scores = []
    for index, label in enumerate(labels):
        near = max((_likeness(word, other) for other in label if len(other) >= 4), default=0.0)
        scores.append((near, index))
    scores.sort(reverse=True)
    if scores and scores[0][0] >= _LIKE and (len(scores) == 1 or scores[1][0] < scores[0][0] - 5):
        yield Pick(scores[0][1], 4, i, i + 1)


def _likeness(word: str, other: str) -> float:
    if len(other) > len(word) >= 4 and other.startswith(word):
        return 95.0
    if len(word) > len(other) >= 4 and word.startswith(other):
        return 88.0
    if min(len(word), len(other)) <= 6:
        slips = OSA.distance(word, other, score_cutoff=1)
        return 90.0 if slips <= 1 and word[0] == other[0] else 0.0
    return fuzz.ratio(word, other, score_cutoff=_LIKE)


def _by_concept(reply: Scan, options: Sequence[Option], lang: str) -> Iterator[Pick]:
    labels = [_label_concepts(option.label, lang) for option in options]
    for concept, first, last in _concepts(reply.lexemes[:_MOST_COMPARED], lang):
        holders = [index for index, label in enumerate(labels) if concept in label]
        if not holders and concept in _NEAREST:
            holders = [at for at, label in enumerate(labels) if _NEAREST[concept] in label]
        if len(holders) == 1:
            weak = concept in ("yes", "no", "today") and len(reply.lexemes) > 3
            yield Pick(holders[0], 3 if weak else 5, first, last)


def _is_refused(reply: Scan, pick: Pick, options: Sequence[Option]) -> bool:
    """ "not the morning": an option named to be turned down."""
    unsure = reply.ends_a("negation", pick.first - 1) and pick.weight == 5
    if unsure:
        return True
    if pick.weight >= 9 or not reply.ends_a("negation", pick.first):
        near = reply.ends_a("the", pick.first) and reply.ends_a("negation", pick.first - 1)
        if pick.weight >= 9 or not near:
            return False
    label = _label_words(options[pick.option].label)
    return reply.word(pick.first - 1) not in label


def _picks(reply: Scan, options: Sequence[Option], lang: str) -> list[Pick]:
    count = len(options)
    ways = (
        *_by_number(reply, count),
        *_by_ordinal(reply, count),
        *_by_letter(reply, count),
        *_by_label(reply, options),
        *_by_part(reply, options, lang),
        *_by_concept(reply, options, lang),
    )
    return [pick for pick in ways if not _is_refused(reply, pick, options)]


def _settled(reply: Scan, picks: list[Pick]) -> tuple[Pick, bool]:
    """The option meant, and whether nothing speaks for another."""
    top = max(pick.weight for pick in picks)
    best = [pick for pick in picks if pick.weight == top]
    chosen = best[0]
    if len({pick.option for pick in best}) > 1:
        between = range(best[0].last, best[-1].first)
        corrected = any(reply.is_a("correction", i) for i in between)
        tallied = _most_spoken_for(picks)
        if not corrected and tallied is not None:
            return tallied, True
        return (best[-1], True) if corrected else (chosen, False)
    rivals = [p for p in picks if p.option != chosen.option and p.weight >= 6 and top < 9]
    strong = [p for p in picks if p.option != chosen.option and p.weight >= 8]
    return chosen, not strong and (not rivals or top >= 8)


def _most_spoken_for(picks: list[Pick]) -> Pick | None:
    """The option that more words speak for than for any other."""
    votes: dict[int, set[int]] = {}
    for pick in picks:
        if pick.weight < 9:
            votes.setdefault(pick.option, set()).update(range(pick.first, pick.last))
    ranked = sorted(votes.items(), key=lambda item: -len(item[1]))
    if len(ranked) < 2 or any(pick.weight >= 8 for pick in picks):
        return None
    if len(ranked[0][1]) <= len(ranked[1][1]):
        return None
    return next(pick for pick in picks if pick.option == ranked[0][0])


def read_choice(text: Text, question: Question) -> Understood:
    """The code of the option that was chosen."""
    reply = scan(text)
    options = question.options
    if not reply.lexemes or not options:
        return NOT_UNDERSTOOD
    picks = _picks(reply, options, question.lang)
    if not picks:
        return NOT_UNDERSTOOD
    pick, sure = _settled(reply, picks)
    sure = sure and pick.weight > 3
    span = reply.span(pick.first, pick.last, "choice")
    status = "understood" if sure else "unsure"
    return Understood(options[pick.option].code, status, (span,))  # type: ignore[arg-type]
