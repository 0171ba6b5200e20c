"""Words beside a name that are no part of it, and people told of without a name."""

from __future__ import annotations

import re

from flows.understanding import calling
from flows.understanding.cutting import Cut
from flows.understanding.relations import Relation

_INSTRUMENTAL = re.compile(r"(.*\w{3})y?l[ae]")
_COPULAS = frozenset({"es", "e", "est", "is", "was", "era", "son", "sont", "are", "sao", "eh"})
_RELATIVES = frozenset({"que", "q", "k", "qui", "ki", "who", "that", "quien", "he", "she", "elle",
                        "ella", "ela", "ele"})  # fmt: skip
_INDEFINITE = frozenset({"un", "una", "um", "uma", "une", "a", "an", "bir", "some"})
_SOMEBODY = frozenset({
    "hombre", "tipo", "senor", "senora", "rapaz", "homem", "mulher", "senhor", "senhora", "moco",
    "moca", "mec", "type", "gars", "homme", "blond", "blonde", "dame", "monsieur", "guy", "man",
    "woman", "bloke", "lady", "adam", "kadin", "واحد", "رجل", "وحده", "شخص", "mujer", "chaval",
    "kid", "meuf", "nana", "cara", "gajo", "gaja",
})  # fmt: skip
_LACKING = frozenset({"sin", "sem", "sans", "without", "no", "pas", "بدون", "بلا"})


def describes(cut: Cut) -> bool:
    """ "Who is diabetic", "a new girl": what somebody is like, not how they are called."""
    reply, i = cut.reply, cut.i
    told = reply.word(i - 1) in _COPULAS and reply.word(i - 2) in _RELATIVES
    before = cut.pieces[-1] if cut.pieces else None
    if told or before is None or before.kind != "relation" or before.last != i:
        return told
    return any(reply.word(at) in _INDEFINITE for at in range(before.first, before.value.last))


def stranger(cut: Cut) -> bool:
    """ "A blond guy, I don't know his name": somebody all the same."""
    reply, i = cut.reply, cut.i
    if reply.word(i) not in _SOMEBODY or not (
        reply.word(i - 1) in _INDEFINITE or reply.word(i - 2) in _INDEFINITE or i == 0
    ):
        return False
    if not any(reply.is_a("dont_know", at) for at in range(i + 1, i + 7)):
        return False
    cut.put("relation", i + 1, Relation(None, i, i + 1, False, None, False, False, False))
    cut.slot = "word"
    return True


def lacking(cut: Cut) -> bool:
    """ "No children": who is not there is nobody's relation."""
    reply, at = cut.reply, cut.i + 1
    if reply.word(cut.i) not in _LACKING or not reply.is_a("relations", at):
        return False
    found = reply.words.at("relations", reply.lexemes, at)
    cut.put("word", at + (found.length if found else 1))
    cut.slot = "word"
    return True


def are_two(cut: Cut, last: int) -> bool:
    """ "Mes colocs léa hugo": behind a word for several, two given names are two people."""
    before = cut.pieces[-1] if cut.pieces else None
    several = before is not None and before.kind == "relation" and before.value.plural
    known = all(calling.is_known(cut.reply, at) for at in (cut.i, cut.i + 1))
    return several and last == cut.i + 2 and known


def without_with(written: str, lang: str) -> str:
    """ "Fatma Yılmazla": the Turkish "with" is no part of the name."""
    found = _INSTRUMENTAL.fullmatch(written) if lang == "tr" else None
    return found[1] if found else written
