"""Whom somebody met: people, their numbers, relations and days, and groups without names."""

from __future__ import annotations

import re
from collections.abc import Mapping
from itertools import pairwise
from typing import Any

from flows.understanding import calling, vcard
from flows.understanding.cutting import Piece
from flows.understanding.groups import Group
from flows.understanding.names import labelled
from flows.understanding.pieces import cut
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Span, Understood
from flows.understanding.roll import Roll, call
from flows.understanding.scan import Scan, scan
from flows.understanding.seen import Person
from flows.understanding.text import Text

_NO_WORDS = frozenset(
    {"no", "non", "nao", "hayir", "yok", "لا", "la", "nope", "nah", "nan", "nn", "n", "0"}
)
_PAIR = 2
_LABEL = re.compile(
    r"['’]s \w+$|['’][nıiuü]+n \w+$|^(?:el|la|le|l['’]|o|a)? ?\w+ (?:de|du|do|da|d['’])", re.I
)
_CODES = {"name": "contact", "called": "contact", "relation": "relation", "phone": "phone",
          "day": "date", "group": "group"}  # fmt: skip


def _share_surname(reply: Scan, pieces: list[Piece], people: list[Person]) -> None:
    """ "Jean et Marie Dupont" are two Duponts."""
    for at in range(len(pieces) - 2):
        first, mark, second = pieces[at : at + 3]
        if (first.kind, mark.kind, second.kind) != ("name", "sep", "name"):
            continue
        if mark.value != "and" or mark.first == mark.last or reply.word(mark.first) in "+/":
            continue
        if _is_in_a_list(reply, pieces, at):
            continue
        given, full = first.value.split(), second.value.split()
        if len(given) == 1 and len(full) >= 2 and not _is_label(reply, second):
            _rename(people, first.value, f"{first.value} {' '.join(full[1:])}")


def _is_in_a_list(reply: Scan, pieces: list[Piece], at: int) -> bool:
    """Whether others stand before, or an article: "Manu, la Jess et Karim Benali"."""
    while at and pieces[at - 1].kind == "word" and reply.is_a("the", pieces[at - 1].first):
        at -= 1
        if pieces[at].last == pieces[at + 1].first:
            return True
    before = pieces[at - 1] if at else None
    return before is not None and before.kind == "sep" and before.value in ("comma", "and")


def _call_by_name(reply: Scan, pieces: list[Piece], people: list[Person]) -> None:
    """ "Mum is called Grace" is one person: the word of kinship gives way to the name."""
    people_named = [piece for piece in pieces if piece.kind != "word"]
    for kin, name in pairwise(people_named):
        if (kin.kind, name.kind) != ("called", "name") or kin.last == name.first:
            continue
        between = range(kin.last, name.first)
        if all(reply.is_a("naming", at) or reply.word(at) in "'’" for at in between):
            people[:] = [one for one in people if one.name != name.value]
            _rename(people, kin.value[0], name.value)


def _call_the_label(pieces: list[Piece], people: list[Person]) -> None:
    """ "Sandra's son, Iker": where nobody else is told of, the second name is his."""
    told = [piece for piece in pieces if piece.kind not in ("word", "day", "number")]
    if [piece.kind for piece in told] != ["name", "sep", "name"] or told[1].value != "comma":
        return
    label, name = told[0].value, told[2].value
    if len(people) == _PAIR and " " in label and _LABEL.search(label):
        people[:] = [one for one in people if one.name == name]


def _once(people: list[Person]) -> None:
    """Who is spoken of again ("Hasan fainted today") is no second person."""
    seen: dict[str, Person] = {}
    for person in list(people):
        name = (person.name or "").casefold()
        first = seen.setdefault(name.split()[0] if name else "", person) if name else person
        if first is person or person.phone or person.relation not in (None, first.relation):
            continue
        if name in ((first.name or "").casefold(), (first.name or "").casefold().split()[0]):
            people[:] = [one for one in people if one is not person]


def _is_label(reply: Scan, piece: Piece) -> bool:
    """A description ("la maman d'Ines") or a title ("Mme Aubert"): no surname to share."""
    return any(reply.is_a(kind, piece.first) for kind in ("the", "called", "relation", "titles"))


def _rename(people: list[Person], old: str, new: str) -> None:
    for person in people:
        if person.name == old:
            person.name = new
            return


def _as_value(person: Person) -> dict[str, str | None]:
    return {"name": person.name, "phone": person.phone,
            "relation": person.relation, "last_seen": person.day}  # fmt: skip


def _as_group(group: Group) -> Mapping[str, Any]:
    return {"label": group.label, "count": group.size, "setting": group.setting}


def _spans(reply: Scan, pieces: list[Piece]) -> tuple[Span, ...]:
    return tuple(reply.span(p.first, p.last, _CODES[p.kind]) for p in pieces if p.kind in _CODES)


def _nobody(reply: Scan) -> Understood:
    """Nobody at all is an empty list; a bare "no" is asked again."""
    for i in range(len(reply.lexemes)):
        found = reply.words.at("nobody", reply.lexemes, i)
        if found:
            return Understood([], spans=(reply.span(i, i + found.length, "nobody"),))
    words = [lexeme.word for lexeme in reply.lexemes if lexeme.word.isalnum()]
    if words and words[0] in _NO_WORDS and len(words) <= 2:
        sure = words[0] == "0"
        span = reply.span(0, 1, "nobody")
        return Understood([], "understood" if sure else "unsure", (span,))
    return NOT_UNDERSTOOD


def _says_nobody(reply: Scan) -> bool:
    """ "Literally nobody, shut in my room": more than one word says so, or the first ones do."""
    for i in range(min(3, len(reply.lexemes))):
        found = reply.words.at("nobody", reply.lexemes, i)
        if found and (found.length > 1 or len(reply.lexemes[i].word) > 4):
            return True
    return False


def _is_firm(pieces: list[Piece]) -> bool:
    """Whether anything shows that people are named, beyond words that might be names."""
    return any(
        p.kind in ("phone", "called") or (p.kind == "name" and not p.weak)
        or (p.kind == "relation" and (p.value.mine or p.value.plural or p.value.number))
        or p.kind in ("relation", "group")
        for p in pieces
    )  # fmt: skip


def _is_refusal(reply: Scan, pieces: list[Piece]) -> bool:
    refused = reply.has_a("refusal")
    if not refused:
        return reply.has_a("dont_know") and not _is_firm(pieces)
    return not any(p.kind == "phone" or (p.kind == "name" and not p.weak) for p in pieces)


def _is_question(reply: Scan, pieces: list[Piece]) -> bool:
    asked = reply.text.folded.rstrip().endswith("?") or reply.is_a("asking", 0)
    return asked and not any(p.kind in ("phone", "relation", "called") for p in pieces)


def _is_bare_pair(reply: Scan, person: Person) -> bool:
    """Two words that nothing shows to be a name: no known name, no "with", no day, no capital.

    A capital on the first word alone is the telephone's; Arabic has none to tell by.
    """
    if len(reply.lexemes) != 2 or person.day or calling.is_known(reply, 0):
        return False
    shown = any(reply.is_a(kind, at) for kind in ("met", "with") for at in (0, 1))
    return reply.raw(1, 2)[:1].islower() and not shown


def _settled(reply: Scan, pieces: list[Piece], roll: Roll) -> Understood:
    lone = [p for p in roll.people if p.phone is None and p.relation is None]
    doubtful = len(roll.people) == 1 and any(
        (p.weak and len(reply.lexemes) > 2) or _is_bare_pair(reply, p) for p in lone
    )
    doubtful = doubtful or any(p.kind == "phone" and p.weak for p in pieces)
    return Understood(
        [_as_value(person) for person in roll.people],
        "unsure" if doubtful else "understood",
        _spans(reply, pieces),
        tuple(_as_group(group) for group in roll.groups),
    )


def _filled_form(reply: Scan, pieces: list[Piece]) -> Understood | None:
    """ "nom: Girard prénom: Luc tel: 06…": one person, part by part."""
    phones = [piece for piece in pieces if piece.kind == "phone"]
    by_labels = labelled(reply) if len(phones) <= 1 else None
    if by_labels is None:
        return None
    relations = [p.value.code for p in pieces if p.kind == "relation"]
    days = [p.value for p in pieces if p.kind == "day"]
    person = Person(
        name=by_labels.value,
        phone=phones[0].value if phones else None,
        relation=relations[0] if relations else None,
        day=days[0] if days else None,
    )
    return Understood([_as_value(person)], spans=_spans(reply, pieces))


def read_contacts(text: Text, question: Question) -> Understood:
    """The people whom a reply names, in the order written, and the groups beside them."""
    if vcard.is_card(text.folded):
        cards = vcard.read_cards(text.raw, question.lang, question.country)
        span = Span(0, len(text.raw), "contact")
        return Understood(cards, spans=(span,)) if cards else NOT_UNDERSTOOD
    reply = scan(text, part_unknown=True, whole=True)
    if not reply.lexemes:
        return NOT_UNDERSTOOD
    pieces = cut(reply, question)
    form = _filled_form(reply, pieces)
    if form:
        return form
    if _is_refusal(reply, pieces) or _is_question(reply, pieces):
        return NOT_UNDERSTOOD
    roll = call(reply, pieces)
    _share_surname(reply, pieces, roll.people)
    _call_by_name(reply, pieces, roll.people)
    _call_the_label(pieces, roll.people)
    _once(roll.people)
    bare = all(p.weak or not (p.phone or p.relation or p.day) for p in roll.people)
    if not roll.groups and ((bare and _says_nobody(reply)) or all(p.weak for p in roll.people)):
        nobody = _nobody(reply)
        if nobody.value is not None or not roll.people:
            return nobody
    return _settled(reply, pieces, roll)
