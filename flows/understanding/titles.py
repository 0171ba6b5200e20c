"""People called by a title: "Mme Aubert", "Dr Martin", "M. et Mme Durand"."""

from __future__ import annotations

from flows.understanding import calling
from flows.understanding.cutting import Cut, Piece
from flows.understanding.letters import repair

DOCTORS = frozenset({"dr", "docteur", "doctor", "doctora", "doutor", "doutora", "doktor", "دكتور",
                      "دكتوره", "الدكتور", "الدكتوره", "doctoresse", "dra"})  # fmt: skip


def couple(cut: Cut) -> bool:
    """ "M. et Mme Durand": two people."""
    reply = cut.reply
    found = reply.words.at("couple_titles", reply.lexemes, cut.i)
    if found is None:
        return False
    first, last = cut.i, cut.i + found.length
    last += reply.word(last) == "."
    if last >= len(reply.lexemes) or not reply.lexemes[last].is_word:
        return False
    end = calling.name_end(reply, last, cut.taken, loud=cut.loud)
    surname = reply.raw(last, end)
    titles = [i for i in range(first, last) if reply.words.has("titles", reply.word(i))]
    for at in (titles[0], titles[-1]):
        cut.put("name", end, repair(f"{reply.raw(at, at + 1)} {surname}", reply.text.lang),
                first=first)  # fmt: skip
        cut.pieces.append(Piece("sep", end, end, "couple"))
    cut.pieces.pop()
    cut.i, cut.slot = end, "strong"
    return True


def titled(cut: Cut) -> bool:
    """ "Mme Aubert", "Dr Martin"."""
    reply = cut.reply
    found = reply.words.at("titles", reply.lexemes, cut.i)
    if found is None:
        return False
    at = cut.i + found.length
    at += reply.word(at) == "."
    if at >= len(reply.lexemes) or at in cut.taken or not reply.lexemes[at].is_word:
        return False
    if calling.is_ordinary(reply, reply.word(at)) and not calling.is_capital(reply, at):
        return False
    elided = len(reply.word(at)) == 1 and reply.word(at + 1) == "'"
    if reply.is_a("relation", at) or (reply.is_a("and", at) and not elided):
        return False
    if len(reply.word(at)) < 2 and not elided:
        return False
    short = found.length == 1 and len(reply.word(cut.i)) == 1 and not calling.is_capital(reply, at)
    if short and reply.word(cut.i + 1) != ".":
        return False
    last = calling.name_end(reply, at, cut.taken, loud=cut.loud)
    name = repair(reply.raw(cut.i, last), reply.text.lang)
    if reply.word(cut.i) in DOCTORS:
        cut.pieces.append(Piece("doctor", cut.i, cut.i))
    cut.put("name", last, name)
    cut.slot = "strong"
    return True
