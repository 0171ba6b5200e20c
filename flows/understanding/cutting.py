"""Where the cutting of a reply stands: what is fixed beforehand, what was cut, what is expected."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from flows.understanding import calling
from flows.understanding.dates import mentions
from flows.understanding.lexemes import Lexeme
from flows.understanding.phones import Phone, find_doubtful, find_phones
from flows.understanding.reading import Question
from flows.understanding.scan import Scan


@dataclass(frozen=True, slots=True)
class Piece:
    """One meaningful part at lexemes [first, last); `value` by kind."""

    kind: str
    first: int
    last: int
    value: Any = None
    weak: bool = False


class Cut:
    """The walk over a reply; holds where it is and whether a name is expected there."""

    def __init__(self, reply: Scan, question: Question) -> None:
        self.reply = reply
        self.pieces: list[Piece] = []
        self.i = 0
        self.segment = 0  # Where the current item of the list began.
        self.slot = "list"
        self.fixed: dict[int, Piece] = {}
        self._fix_phones(question)
        self._fix_days(question)
        self.taken = frozenset(
            i for piece in self.fixed.values() for i in range(piece.first, piece.last)
        )
        self.loud = calling.shouts(reply.text.raw)
        self.capitals = not self.loud and any(
            calling.is_capital(reply, i) and not calling.is_ordinary(reply, reply.word(i))
            for i in range(1, len(reply.lexemes))
        )

    def _fix_phones(self, question: Question) -> None:
        folded = self.reply.text.folded
        for phone in find_phones(folded, question.country):
            self._fix_phone(phone)
        for phone in find_doubtful(folded, question.country):
            self._fix_phone(phone)

    def _fix_phone(self, phone: Phone) -> None:
        inside = [i for i, lexeme in enumerate(self.reply.lexemes)
                  if phone.start <= lexeme.start and lexeme.end <= phone.end]  # fmt: skip
        held = {i for piece in self.fixed.values() for i in range(piece.first, piece.last)}
        if inside and not held.intersection(inside):
            first, last = inside[0], inside[-1] + 1
            self.fixed[first] = Piece("phone", first, last, phone.e164, weak=not phone.sure)

    def _fix_days(self, question: Question) -> None:
        phones = [(piece.first, piece.last) for piece in self.fixed.values()]
        today = question.now.date()
        for mention in mentions(self._without_phones(), question):
            if mention.day.value > today:
                continue  # Nobody was met tomorrow: the word means something else.
            if all(mention.last <= a or mention.first >= b for a, b in phones):
                value = mention.day.value.isoformat()
                weak = not mention.day.sure
                self.fixed[mention.first] = Piece(
                    "day", mention.first, mention.last, value, weak=weak
                )

    def _without_phones(self) -> Scan:
        """The reply with the telephones struck out: "jeudi, 06.11.22 …" holds no date."""
        struck = {i for piece in self.fixed.values() for i in range(piece.first, piece.last)}
        if not struck:
            return self.reply
        lexemes = tuple(
            Lexeme("#", lexeme.start, lexeme.end) if i in struck else lexeme
            for i, lexeme in enumerate(self.reply.lexemes)
        )
        numbers = {i: number for i, number in self.reply.starts.items() if i not in struck}
        return replace(self.reply, lexemes=lexemes, starts=numbers)

    def put(self, kind: str, last: int, value: Any = None, *, first: int | None = None,
            weak: bool = False) -> None:  # fmt: skip
        """Keep a piece that ends at lexeme `last` and go there."""
        start = self.i if first is None else first
        self.pieces.append(Piece(kind, start, last, value, weak))
        self.i = max(last, self.i + 1)

    def part(self, how: str, last: int) -> None:
        """A mark or a word that parts two items."""
        self.put("sep", last, how)
        self.segment, self.slot = self.i, "list"
