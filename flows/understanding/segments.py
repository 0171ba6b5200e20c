"""The items of a list of people, and how one stands to the next."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.understanding.cutting import Piece

THINGS = frozenset({"name", "called", "relation", "phone", "day", "group", "tail"})
PEOPLE = frozenset({"name", "called", "relation"})
BESIDE = frozenset({"colon", "open", "dash"})


@dataclass(slots=True)
class Segment:
    """One item of a list: its pieces, how it is parted from the one before, its sentence."""

    joiner: str
    sentence: int
    pieces: list[Piece] = field(default_factory=list)

    def of(self, *kinds: str) -> list[Piece]:
        """Its pieces of these kinds."""
        return [piece for piece in self.pieces if piece.kind in kinds]

    def only(self, *kinds: str) -> bool:
        """Whether it speaks of these things and nothing else."""
        things = [piece.kind for piece in self.pieces if piece.kind in THINGS]
        return bool(things) and all(kind in kinds for kind in things)


def segments(pieces: list[Piece]) -> list[Segment]:
    """The items of a list."""
    parts = [Segment("start", 0)]
    sentence = 0
    for piece in pieces:
        if piece.kind != "sep":
            parts[-1].pieces.append(piece)
            continue
        if piece.value == "end":
            sentence += 1
        if parts[-1].pieces or parts[-1].joiner in ("start", "none"):
            parts.append(Segment(piece.value, sentence))
        elif parts[-1].joiner == "comma" and piece.value == "and":
            parts[-1] = Segment("comma and", sentence)
        else:
            stronger = parts[-1].joiner in BESIDE or piece.value in ("and", "none", "close")
            parts[-1] = Segment(parts[-1].joiner if stronger else piece.value, sentence)
    return [part for part in parts if part.pieces]


def _is_single(piece: Piece) -> bool:
    return piece.kind == "relation" and not piece.value.plural


def one_relation(segment: Segment) -> Piece | None:
    """The relation of an item that is a single relation and perhaps a telephone or a day."""
    people = segment.of(*PEOPLE, "group")
    return people[0] if len(people) == 1 and _is_single(people[0]) else None


def is_name_alone(segment: Segment) -> bool:
    return [p.kind for p in segment.of(*PEOPLE, "group")] == ["name"]


def alternates(parts: list[Segment], at: int) -> bool:
    """Whether names and relations take turns around here: Paul, mon frère, Marie, ma soeur."""
    kinds = []
    for part in parts:
        if part.sentence != parts[at].sentence:
            continue
        if one_relation(part):
            kinds.append("r")
        elif is_name_alone(part):
            kinds.append("n")
        elif not part.of(*PEOPLE, "group"):
            continue
        else:
            return False
    pairs = list(zip(kinds[::2], kinds[1::2], strict=False))
    return len(kinds) % 2 == 0 and len(set(pairs)) == 1 and pairs[0][0] != pairs[0][1]
