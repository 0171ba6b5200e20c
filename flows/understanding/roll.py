"""From pieces to people: which relation, telephone and day belong to whom."""

from __future__ import annotations

from dataclasses import dataclass, field

from flows.understanding.cutting import Piece
from flows.understanding.groups import Group, of_relation
from flows.understanding.relations import FAMILY, Relation
from flows.understanding.scan import Scan
from flows.understanding.seen import Event, Person, give_days
from flows.understanding.segments import (
    BESIDE,
    PEOPLE,
    Segment,
    alternates,
    is_name_alone,
    one_relation,
    segments,
)

_MOST_UNNAMED = 12
_OF_TRADE = frozenset({"teacher", "health_worker", "carer"})


@dataclass(slots=True)
class Many:
    """A plural relation that the names after it share: "mes collègues Paul et Marie"."""

    relation: Relation
    at: int  # Where in the roll its people begin.
    used: int = 0
    heading: bool = False


@dataclass(slots=True)
class Roll:
    """The people and groups of a reply as they are found."""

    reply: Scan
    taken: frozenset[int]
    people: list[Person] = field(default_factory=list)
    groups: list[Group] = field(default_factory=list)
    many: Many | None = None
    pending: str | None = None
    events: list[Event] = field(default_factory=list)
    opened: int = 0  # Where in the roll the present sentence began.
    doctor: bool = False
    heading: bool = False  # A colon follows, and then the people: "My family: …".

    def add(self, person: Person) -> Person:
        """One more person."""
        self.people.append(person)
        self.events.append(("person", person))
        if self.pending:
            person.phone, self.pending = self.pending, None
        return person


def _describes(roll: Roll, parts: list[Segment], at: int) -> bool:
    """Whether a relation alone says who the person just named is."""
    part = parts[at]
    last = roll.people[-1] if len(roll.people) > roll.opened else None
    if last is None or last.name is None or last.relation or part.joiner.endswith("and"):
        return False
    if part.joiner in BESIDE:
        return True
    following = parts[at + 1] if at + 1 < len(parts) else None
    dated = [p for p in part.of("day") if p.first < part.of("relation")[0].first]
    if dated:
        return False
    carries = part.of("phone", "day") or (
        following is not None and following.sentence == part.sentence
        and following.joiner == "comma" and following.only("phone", "day")
    )  # fmt: skip
    if carries and last.phone is None and last.day is None:
        return True
    # "… and Mr Jorge, neighbour.": a bare role that ends a sentence.
    ends = following is None or following.sentence != part.sentence
    word = part.of("relation")[0]
    if (
        part.joiner == "comma"
        and ends
        and word.last - word.value.first == 1
        and part.only("relation")
    ):
        return not word.value.mine and not word.value.plural
    # "Mrs Ruiz, my boss, and Kevin": a role between commas before the last of a list.
    closes = following is not None and following.joiner == "comma and"
    relation = one_relation(part)
    role = closes and relation is not None and relation.value.code not in FAMILY
    return part.joiner == "comma" and (role or alternates(parts, at))


def _names(roll: Roll, parts: list[Segment], at: int) -> bool:
    """Whether a name alone says how the person just described is called."""
    part = parts[at]
    last = roll.people[-1] if len(roll.people) > roll.opened else None
    if last is None or last.name is not None or not last.bare or roll.many is not None:
        return False
    if part.joiner in BESIDE:
        return True
    following = parts[at + 1] if at + 1 < len(parts) else None
    ends = following is None or following.sentence != part.sentence
    apposed = ends and (last.relation in _OF_TRADE or _has_article(roll, part))
    return part.joiner == "comma" and (apposed or alternates(parts, at))


def _has_article(roll: Roll, part: Segment) -> bool:
    """ "… e o marido, o Rui"."""
    return roll.reply.is_a("the", part.of("name")[0].first - 1)


def _attach_rest(roll: Roll, segment: Segment) -> None:
    for piece in segment.of("phone", "day"):
        if piece.kind == "day":
            roll.events.append(("day", piece.value))
        elif roll.people and roll.people[-1].phone is None:
            roll.people[-1].phone = piece.value


def _close_many(roll: Roll) -> None:
    """The people or the group of a plural relation whose names are all told."""
    many, roll.many = roll.many, None
    if many is None:
        return
    relation = many.relation
    count = relation.number or (2 if relation.pair else None)
    family = relation.code in FAMILY or relation.theirs
    if family and count and count <= _MOST_UNNAMED:
        unnamed = [Person(relation=relation.code, bare=True)
                   for _ in range(max(0, count - many.used))]  # fmt: skip
        where = many.at + many.used
        roll.people[where:where] = unnamed
        # They stand where the relation stood, before a day that follows it.
        place = next((i for i, (_, value) in enumerate(roll.events) if value is many), None)
        if place is not None:
            roll.events[place:place] = [("person", person) for person in unnamed]
    elif many.used == 0 and not many.heading:
        roll.groups.append(of_relation(roll.reply, relation, roll.taken))


def _relation(roll: Roll, piece: Piece, current: Person | None, segment: Segment) -> Person | None:
    relation: Relation = piece.value
    if relation.plural:
        return _plural(roll, relation, segment, piece)
    later = any(p.first > piece.first and p.kind == "name" for p in segment.pieces)
    if current and current.name and current.relation is None and not (current.phone and later):
        current.relation = relation.code
        return current
    # "her teacher, Professor Huda": two words for one relation.
    same = current and current.bare and current.name is None and current.relation == relation.code
    suffixed = roll.reply.text.lang in ("tr", "ar") and relation.code in FAMILY
    if same and not relation.mine and not suffixed:
        return current
    _close_many(roll)
    return roll.add(Person(relation=relation.code or _in_law(roll, relation), bare=True))


def _in_law(roll: Roll, relation: Relation) -> str | None:
    """ "My sister and her husband": a brother-in-law."""
    last = roll.people[-1] if roll.people else None
    wed = relation.spouse and last is not None and last.relation == "sibling"
    return "other_family" if wed else None


def _plural(roll: Roll, relation: Relation, segment: Segment, piece: Piece) -> Person | None:
    """A plural relation: of the names before it, or of those that follow."""
    named = [p for p in roll.people[roll.opened :] if p.name and p.relation is None]
    later = [p for p in segment.pieces if p.first > piece.first and p.kind == "name"]
    first = segment.of(*PEOPLE)[0] is piece
    dated = any(p.kind == "day" and p.first < piece.first for p in segment.pieces)
    apart = first and segment.joiner in ("comma", *BESIDE) and not dated
    within = not first and not later
    if named and not later and relation.number in (None, len(named)) and (apart or within):
        for person in named:
            person.relation = relation.code
        return None
    _close_many(roll)
    roll.many = Many(relation, len(roll.people))
    roll.events.append(("many", roll.many))
    return None


def _name(roll: Roll, piece: Piece, current: Person | None) -> Person:
    doctor, roll.doctor = roll.doctor, False
    if current and current.name is None and current.bare and current.phone is None:
        current.name, current.bare = piece.value, False
        return current
    person = Person(name=piece.value, weak=piece.weak)
    if doctor:
        person.relation = "health_worker"
    if roll.many:
        person.relation = person.relation or roll.many.relation.code
        roll.many.used += 1
    return roll.add(person)


def _phone(roll: Roll, piece: Piece, current: Person | None, segment: Segment) -> None:
    if current is not None:
        if current.phone is None:
            current.phone = piece.value
        elif any(p.first > piece.first and p.kind in PEOPLE for p in segment.pieces):
            roll.pending = piece.value
        return
    later = any(p.first > piece.first and p.kind in PEOPLE for p in segment.pieces)
    last = roll.people[-1] if roll.people else None
    if not later and last and last.phone is None and not roll.pending:
        last.phone = piece.value
    elif later:
        roll.pending = piece.value
    else:
        _flush(roll)
        roll.pending = piece.value


def _flush(roll: Roll) -> None:
    """A telephone that nobody owns is somebody all the same."""
    if roll.pending:
        roll.add(Person())


def _take(roll: Roll, segment: Segment) -> None:
    """Read one item of the list, piece by piece."""
    current: Person | None = None
    for piece in segment.pieces:
        match piece.kind:
            case "doctor":
                roll.doctor = True
            case "relation":
                current = _relation(roll, piece, current, segment)
            case "name":
                current = _name(roll, piece, current)
            case "called":
                current = roll.add(Person(name=piece.value[0], relation=piece.value[1]))
            case "tail":
                for person in roll.people[-1:]:
                    person.relation = person.relation or piece.value
            case "phone":
                _phone(roll, piece, current, segment)
            case "day":
                roll.events.append(("day", piece.value))
            case "group":
                _close_many(roll)
                if roll.heading:
                    continue
                if not roll.groups or piece.first >= roll.groups[-1].last:
                    roll.groups.append(piece.value)
                current = None


def _end_sentence(roll: Roll, carried: str | None, *, keep: bool) -> str | None:
    if not keep:
        _close_many(roll)
    events, roll.events = roll.events, []
    heading = give_days(events)
    for person in roll.people[roll.opened :]:
        person.day = person.day or carried
    roll.opened = len(roll.people)
    return heading or carried


def _is_heading(part: Segment, following: Segment) -> bool:
    """ "Collègues :" on a line of its own, names below."""
    plural = part.of("relation")
    return bool(plural) and plural[-1].value.plural and following.joiner == "colon"


def call(reply: Scan, pieces: list[Piece]) -> Roll:
    """The people and groups that the pieces speak of, in the order written."""
    taken = frozenset(
        i for p in pieces if p.kind in ("phone", "day") for i in range(p.first, p.last)
    )
    roll = Roll(reply, taken)
    parts = segments(pieces)
    carried: str | None = None
    for at, part in enumerate(parts):
        if at and part.sentence != parts[at - 1].sentence:
            keep = roll.many is not None and roll.many.used == 0 and _heads(parts, at)
            carried = _end_sentence(roll, carried, keep=keep)
        _segment(roll, parts, at)
    _flush(roll)
    last = _end_sentence(roll, carried, keep=False)
    if last and last != carried and len(parts[-1].of("word")) <= 2:
        for person in roll.people:
            person.day = person.day or last
    return roll


def _heads(parts: list[Segment], at: int) -> bool:
    """Whether the line before only announced the names of this one."""
    before = parts[at - 1]
    return before.only("relation") and parts[at].joiner == "end" and is_name_alone(parts[at])


def _segment(roll: Roll, parts: list[Segment], at: int) -> None:
    part = parts[at]
    roll.events.append(("item", None))
    following = parts[at + 1] if at + 1 < len(parts) else None
    roll.heading = bool(following and following.joiner == "colon" and following.of(*PEOPLE))
    relation = one_relation(part)
    if relation and _describes(roll, parts, at):
        roll.people[-1].relation = relation.value.code
        _attach_rest(roll, part)
    elif is_name_alone(part) and _names(roll, parts, at):
        roll.people[-1].name = part.of("name")[0].value
        _attach_rest(roll, part)
    else:
        _take(roll, part)
