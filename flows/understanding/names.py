"""A person's own name in an answer, without the words around it."""

from __future__ import annotations

import re

from flows.understanding.letters import repair, surname_first
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Span, Understood
from flows.understanding.scan import Scan, scan
from flows.understanding.text import Text

_MOST_WORDS = 7
_INSIDE = frozenset("-'.")
_ASIDE = re.compile(r"\([^()]*\)")
_COPULAS = frozenset({":", "=", "c", "'", "est", "is", "es", "e"})
_OPENING_MARKS = frozenset(",:;.!?¿¡-=\n*\"'()")
_AFTER_MYSELF = frozenset(",?:.")


def _past_openings(reply: Scan, i: int) -> tuple[int, bool]:
    """Past greetings, "my name is" and "my son": where the name begins, and whether introduced."""
    introduced = False
    while i < len(reply.lexemes):
        words, lexemes = reply.words, reply.lexemes
        intro = words.at("name_intro", lexemes, i)
        greeting = words.at("greeting", lexemes, i)
        if intro and i + intro.length < len(lexemes):
            i, introduced = i + intro.length, True
        elif greeting and i + greeting.length < len(lexemes):
            i += greeting.length
        elif reply.is_a("myself", i) and reply.word(i + 1) in _AFTER_MYSELF:
            i += 2
        elif _opens_nothing(reply, i):
            i += 1
        elif reply.is_a("mine", i) and (related := _relation_end(reply, i + 1)):
            i, introduced = related, True
        else:
            break
    return i, introduced


def _opens_nothing(reply: Scan, i: int) -> bool:
    """An article before a title, "alias", a mark."""
    if reply.is_a("the", i) and reply.is_a("titles", i + 1):
        return True
    if reply.is_a("nickname", i) and i + 1 < len(reply.lexemes):
        return True
    return reply.word(i) in _OPENING_MARKS


def _relation_end(reply: Scan, i: int) -> int:
    found = reply.words.at("relation", reply.lexemes, i) if i < len(reply.lexemes) else None
    return i + found.length if found and i + found.length < len(reply.lexemes) else 0


def _last_intro(reply: Scan) -> int:
    """Where the last clear "my name is" begins, for a sentence that says other things first."""
    for i in range(len(reply.lexemes) - 2, 0, -1):
        intro = reply.words.at("name_intro", reply.lexemes, i)
        telling = intro and (intro.length >= 2 or len(reply.word(i)) >= 5)
        # "… but they call me Juju": the name said before is the one for a file.
        if i and reply.is_a("nick_intro", i) and reply.has_a("name_intro"):
            continue
        if intro and telling and i + intro.length < len(reply.lexemes):
            return i
    return 0


def _is_inside(reply: Scan, i: int) -> bool:
    """A hyphen, an apostrophe or the point of an initial within a name."""
    if reply.word(i) not in _INSIDE or i + 1 >= len(reply.lexemes):
        return False
    before, mark, after = reply.lexemes[i - 1], reply.lexemes[i], reply.lexemes[i + 1]
    if mark.word == "'" and after.word == "s":
        return False
    if mark.word == ".":
        return len(before.word) <= 3 and after.is_word
    return before.end == mark.start and mark.end == after.start and after.is_word


def _stops(reply: Scan, i: int, first: int) -> bool:
    """Whether the name is over at lexeme i."""
    word = reply.word(i)
    if reply.words.has("particle", word) and i > first and i + 1 < len(reply.lexemes):
        return reply.is_a("relation", i + 1)
    if i == first:
        return False
    written = reply.raw(i, i + 1)
    if written[:1].isupper() and len(word) > 1 and not reply.is_a("name_outro", i):
        return False
    if any(reply.is_a(kind, i) for kind in ("name_outro", "nickname", "the", "mine", "relation")):
        return True
    if reply.is_a("with", i) or (reply.is_a("and", i) and _is_ordinary(reply, reply.word(i + 1))):
        return True
    return reply.words.has("filler", word) and not reply.words.has("given_names", word)


def _name_end(reply: Scan, first: int) -> int:
    i = first
    while i < len(reply.lexemes):
        if (reply.lexemes[i].is_word and not _stops(reply, i, first)) or (
            i > first and _is_inside(reply, i)
        ):
            i += 1
        elif i > first and (aside := _past_aside(reply, i)):
            i = aside
        else:
            break
    return i


def _past_aside(reply: Scan, i: int) -> int:
    """Past the nickname in "Jean (Jeannot) Morel", where a name goes on behind it."""
    if reply.word(i) != "(":
        return 0
    for at in range(i + 1, i + 5):
        if reply.word(at) == ")" and at + 1 < len(reply.lexemes):
            goes_on = reply.lexemes[at + 1].is_word and not _stops(reply, at + 1, i)
            return at + 1 if goes_on else 0
    return 0


def _is_no_name(reply: Scan, first: int, last: int, introduced: bool) -> bool:
    words = [lexeme.word for lexeme in reply.lexemes[first:last] if lexeme.is_word]
    if (reply.is_a("the", first) and reply.raw(first, first + 1).islower() and not reply.words.has(
        "particle", words[0] if words else ""
    )) or (reply.is_a("relation", first + 1) and reply.is_a("the", first)):  # fmt: skip
        return True
    if not words or len(words) > _MOST_WORDS or all(len(word) == 1 for word in words):
        return True
    if reply.word(last) == "'" and reply.word(last + 1) == "s":
        return True
    if reply.is_a("refusal", first) or reply.is_a("dont_know", first):
        return True
    if all(reply.words.has("titles", word) for word in words):
        return True
    evasive = reply.has_a("refusal") or reply.has_a("asking") or reply.is_a("negation", last)
    if evasive and not introduced:
        return True
    odd = [w for w in words if reply.words.has("not_name", w)]
    if odd and not (introduced and len(odd) < len(words)):
        return True
    plain = [
        lexeme.word
        for at, lexeme in enumerate(reply.lexemes[first:last], first)
        if _is_ordinary(reply, lexeme.word) and (at == first or reply.raw(at, at + 1).islower())
    ]
    return (len(plain) * 2 >= len(words) and not introduced) or len(plain) == len(words)


def _is_ordinary(reply: Scan, word: str) -> bool:
    return (reply.words.has("filler", word) and not reply.words.has("given_names", word)
            and not reply.words.has("particle", word))  # fmt: skip


def _swapped(reply: Scan, first: int, last: int) -> tuple[str, int] | None:
    """ "Dupont, Marie": the surname before a comma, and nothing else."""
    if reply.word(last) != "," or last - first > 4 or last + 1 >= len(reply.lexemes):
        return None
    end = _name_end(reply, last + 1)
    if end != len(reply.lexemes) or end - last > 4:
        return None
    if _is_no_name(reply, last + 1, end, introduced=False) or reply.is_a("name_outro", last + 1):
        return None
    before, after = reply.raw(first, last), reply.raw(last + 1, end)
    # "Bond, James Bond"
    return (after if before.lower() in after.lower() else f"{after} {before}"), end


def _past_copula(reply: Scan, i: int) -> int:
    """Past ":" and "is" behind a label."""
    while reply.word(i) in _COPULAS and i + 1 < len(reply.lexemes):
        i += 1
    return i


def _parts_labels(reply: Scan, i: int) -> bool:
    joined = reply.is_a("and", i) and (reply.is_a("mine", i + 1) or _is_label(reply, i + 1))
    return joined or _is_label(reply, i)


def _is_label(reply: Scan, i: int) -> bool:
    return reply.is_a("surname_label", i) or reply.is_a("given_label", i)


def labelled(reply: Scan) -> Understood | None:
    """ "nom: DUPONT prénom: Marie": the name by its labels, or None."""
    parts: dict[str, tuple[int, int]] = {}
    for i in range(len(reply.lexemes) - 1):
        for kind in ("surname_label", "given_label"):
            label = reply.words.at(kind, reply.lexemes, i)
            at = i + label.length if label else 0
            free = label and kind not in parts and at < len(reply.lexemes)
            if free and not _is_label(reply, at):
                at = _past_copula(reply, at) - 1
                last = _name_end(reply, at + 1)
                last = next((j for j in range(at + 1, last) if _parts_labels(reply, j)), last)
                parts[kind] = (at + 1, last)
    if len(set(parts.values())) < 2 or any(first >= last for first, last in parts.values()):
        return None
    given, family = parts["given_label"], parts["surname_label"]
    name = repair(f"{reply.raw(*given)} {reply.raw(*family)}", reply.text.lang)
    return Understood(name, spans=(reply.span(*given, "name"), reply.span(*family, "name")))


def _without_title(reply: Scan, first: int, last: int) -> int:
    """A title before a full name goes; before a surname alone it is part of how one is called."""
    title = reply.words.at("titles", reply.lexemes, first)
    if title is None:
        return first
    at = first + title.length
    if reply.word(at) == "'":
        return first  # M'Baye is no Monsieur.
    at += reply.word(at) == "."
    words = sum(1 for lexeme in reply.lexemes[at:last] if lexeme.is_word)
    return at if words >= 2 else first


def _read(reply: Scan, start: int) -> Understood:
    first, introduced = _past_openings(reply, start)
    last = _name_end(reply, first)
    if first >= last or _is_no_name(reply, first, last, introduced):
        return NOT_UNDERSTOOD
    swapped = _swapped(reply, first, last)
    plain = _without_title(reply, first, last)
    written = _ASIDE.sub(" ", reply.raw(plain, last))
    written = swapped[0] if swapped else surname_first(written)
    rest = len(reply.lexemes) - last
    two = any(reply.is_a("and", i) for i in range(first + 1, last)) or (
        reply.is_a("and", last)
        and last + 1 < len(reply.lexemes)
        and not reply.words.has("filler", reply.word(last + 1))
    )
    sure = introduced or swapped is not None or rest <= 6
    sure = sure and not two and reply.word(last) != "?"
    name = repair(written, reply.text.lang)
    span = reply.span(first, swapped[1] if swapped else last, "name")
    return Understood(name, "understood" if sure else "unsure", (span,))


def _correction_end(reply: Scan) -> int:
    """Behind "well," or "I mean": the name that is meant after all, or 0."""
    for i in range(1, len(reply.lexemes) - 1):
        found = reply.words.at("correction", reply.lexemes, i)
        if found and reply.word(i - 1) in (",", ".", "-") and i + found.length < len(reply.lexemes):
            return i + found.length
    return 0


def read_name(text: Text, question: Question) -> Understood:
    """The name in an answer, as a person would write it in a file."""
    reply = scan(text)
    if not reply.lexemes:
        return NOT_UNDERSTOOD
    by_labels = labelled(reply)
    if by_labels:
        return by_labels
    for start in (_correction_end(reply), _last_intro(reply)):
        found = _read(reply, start) if start else NOT_UNDERSTOOD
        if found.value is not None:
            return found
    return _in_full(reply, _read(reply, 0))


def _in_full(reply: Scan, found: Understood) -> Understood:
    """ "Delgado, with a d. Dolores Delgado": the surname again with all that goes before it."""
    word = found.value
    if not word or " " in word or "-" in word:
        return found
    for again in re.finditer(
        rf"\b((?:[^\W\d_a-z][\w'’-]+ ){{1,3}}){re.escape(word)}\b", reply.text.raw
    ):
        # "Adım" begins with a small letter of no other alphabet's.
        if again.start() > 0 and not any(part[0].islower() for part in again.group().split()):
            span = Span(again.start(), again.end(), "name")
            return Understood(repair(again.group(), reply.text.lang), "understood", (span,))
    return found
