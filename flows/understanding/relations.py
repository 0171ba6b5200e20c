"""How somebody is related to the sender: the word, whose it is, how many it speaks of."""

from __future__ import annotations

from typing import NamedTuple

from flows.understanding.numbers import Number
from flows.understanding.scan import Scan

FAMILY = frozenset({"partner", "child", "parent", "sibling", "grandparent", "other_family"})
_LABELLED = frozenset({"partner", "child", "parent", "sibling", "grandparent"})
_LOOK_BACK = 4


class Relation(NamedTuple):
    """A word for a relation at lexemes [first, last), its determiners included."""

    code: str | None
    first: int
    last: int
    plural: bool
    number: int | None
    mine: bool
    theirs: bool
    pair: bool
    spouse: bool = False  # "Her husband": somebody else's partner.


_THEIRS_AFTER = frozenset(
    {"dele", "dela", "deles", "delas", "dyalo", "dyalha", "dialo", "dialha", "ta3o", "ta3ha",
     "ديالو", "ديالها", "تاعو", "تاعها", "بتاعه", "بتاعها"}
)  # fmt: skip
_OF_TRADE = frozenset({"teacher", "health_worker", "carer"})
ADJECTIVES_AFTER = frozenset(
    {"cacula", "pequeno", "pequena", "mayor", "menor", "chico", "chica", "novo", "nova", "velho",
     "velha", "الصغير", "الكبير", "الصغيره", "الكبيره", "الاصغر", "الاكبر", "kbir", "kbira",
     "sghir", "sghira", "aine", "ainee", "cadet", "cadette", "jumeau", "jumelle"}
)  # fmt: skip
_GENITIVES = ("mun", "min", "muzun", "mizin", "nin", "nun")


def _is_few(number: Number | None) -> bool:
    return number is not None and number.value < 100 and len(number.digits) < 3


def _is_lead(reply: Scan, i: int) -> bool:
    """Whether lexeme i may stand between a possessive and the word for the relation."""
    word = reply.word(i)
    return (word in ADJECTIVES or reply.is_a("mine", i) or reply.is_a("theirs", i)
            or reply.is_a("the", i) or reply.is_a("all", i)
            or _is_few(reply.ends.get(i + 1)))  # fmt: skip


ADJECTIVES = frozenset(
    {"petit", "petite", "petits", "petites", "grand", "grande", "grands", "meilleur", "meilleure",
     "best", "old", "older", "younger", "little", "big", "elder", "eldest", "youngest", "new", "ex",
     "mejor", "melhor", "mayor", "menor", "pequeno", "pequena", "hermano", "jeune", "vieux",
     "vieil", "vieille", "deux", "other", "close", "good", "dear", "ancien", "ancienne", "en",
     "yakin", "eski", "buyuk", "kucuk", "velho", "velha", "viejo", "vieja", "nouveau", "nouvelle"}
)  # fmt: skip


def _lead(reply: Scan, i: int, start: int) -> int:
    """Where the determiners before a relation begin."""
    first, owned = i, False
    least = max(start, i - _LOOK_BACK)
    if i - 2 >= least and reply.is_a("mine", i - 2) and reply.lexemes[i - 1].is_word:
        return i - 2
    while first - 1 >= least and _is_lead(reply, first - 1):
        if owned and first in reply.ends:
            break  # "Malik 12, his friend": the number belongs to what was before.
        first -= 1
        owned = owned or reply.is_a("mine", first) or reply.is_a("theirs", first)
    return first


def _collective(reply: Scan, first: int) -> tuple[int, int] | None:
    """ "a dozen (of)" before a relation: how many, and where it begins."""
    for last in (first, first - 1, first - 2):
        for begin in range(max(0, last - 3), last):
            found = reply.words.at("collective", reply.lexemes, begin)
            if found and begin + found.length == last:
                return int(found.value), begin
        if last <= 0 or not reply.is_a("of", last - 1):
            break
    return None


def _counted(reply: Scan, first: int, last: int) -> int | None:
    """The number among the determiners before a relation."""
    for at in range(first, last):
        number = reply.starts.get(at)
        if number and number.last <= last and number.value > 1:
            return number.value
    return None


def _counted_after(reply: Scan, last: int) -> int | None:
    """ "enfants (2)", "wladi 3": the number behind, unless it is an age."""
    at = last + (reply.word(last) in ("(", "b"))
    number = reply.starts.get(at)
    if number and 1 < number.value <= 12 and len(number.digits) < 3:
        return None if reply.is_a("units", number.last) else number.value
    return None


def _of_others_or_two(reply: Scan, i: int) -> Relation | None:
    """ "her husband" in one word, "my two sons" in one word."""
    others = reply.words.at("relation_theirs", reply.lexemes, i)
    if others:
        code = others.value if others.value in _OF_TRADE else None
        wed = others.value == "partner"
        return Relation(code, i, i + others.length, False, None, False, True, False, wed)
    two = reply.words.at("two_of", reply.lexemes, i)
    if two:
        return Relation(two.value, i, i + two.length, True, 2, False, False, False)
    return None


def _past_adjectives(reply: Scan, i: int) -> int:
    while reply.word(i) in ADJECTIVES_AFTER or (
        reply.word(i) == "mais" and reply.word(i + 1) in ADJECTIVES_AFTER
    ):
        i += 1
    return i


def _number_of(reply: Scan, first: int, i: int, last: int) -> tuple[int | None, int]:
    """How many a plural relation speaks of, and where its determiners begin."""
    count = _counted(reply, first, i) or _counted_after(reply, last)
    several = _collective(reply, first) if count is None else None
    return several or (count, first)


def relation_at(reply: Scan, i: int, start: int) -> Relation | None:
    """The relation named at lexeme i; its determiners are looked for back to `start`."""
    plural = reply.words.at("relations", reply.lexemes, i)
    single = reply.words.at("relation", reply.lexemes, i)
    found = single if plural is None or (single and single.length > plural.length) else plural
    if found is None or reply.is_a("two_of", i):
        return _of_others_or_two(reply, i)
    first, last = _lead(reply, i, start), i + found.length
    count = _counted(reply, first, i)
    if found is plural:
        count, first = _number_of(reply, first, i, last)
    leads = range(first, i)
    many = found is plural and (
        single is None or single.length < found.length or _many(reply, leads)
    )  # fmt: skip
    many = many or count is not None
    last = _past_adjectives(reply, last)
    after = reply.word(last) in _THEIRS_AFTER
    theirs = after or any(reply.is_a("theirs", at) for at in leads)
    mine = not theirs and any(reply.is_a("mine", at) for at in (*leads, last))
    end, through = _chain(reply, last + after, mine=mine)
    if end == last + after and found.value in _OF_TRADE:
        end = _of_a_child(reply, end)
    code = _code(reply, i, found.value, through, mine=mine and found is single, theirs=theirs)
    if through is None and end > last + after and not theirs and found.value in FAMILY:
        code = "other_family"
    elif through is None and end > last + after and found.value == "friend":
        code = None  # A friend of one's son is not one's own.
    pair = many and reply.is_a("pairs", i)
    wed = theirs and found.value == "partner"
    return Relation(code, first, end, many, count, mine, theirs, pair, wed)


def _code(
    reply: Scan, i: int, value: str, through: str | None, *, mine: bool, theirs: bool
) -> str | None:
    own = reply.words.at("relation_mine", reply.lexemes, i) if mine else None
    value = own.value if own else value
    # Somebody else's doctor or teacher is met as such; their brother is nobody's here.
    if theirs and value not in _OF_TRADE:
        return None
    return through or value


def _chain(reply: Scan, last: int, *, mine: bool) -> tuple[int, str | None]:
    """Past "of my wife" and "'s teacher": where the phrase ends, and whose relation counts."""
    at = last
    while reply.is_a("of", at):
        at += 1
    if at > last and reply.text.lang == "ar" and (owned := _single_end(reply, at)):
        return owned[0], None
    if at > last and reply.is_a("mine", at):
        whose = _single_end(reply, at + 1)
        return (whose[0], None) if whose else (last, None)
    owned = _owned(reply, last, mine=mine)
    if owned is None:
        return last, None
    if reply.text.lang == "ar" or "\u0600" <= reply.word(last)[:1] <= "\u06ff":
        return owned[0], None
    return owned[0], "other_family" if owned[1] in FAMILY else owned[1]


def _of_a_child(reply: Scan, last: int) -> int:
    """Past "of the kid" behind a teacher: whose teacher it is, not one more person met."""
    at = last
    while reply.is_a("of", at) or (at > last and reply.is_a("the", at)):
        at += 1
    whose = _single_end(reply, at) if at > last else None
    return whose[0] if whose and whose[1] == "child" else last


def _owned(reply: Scan, last: int, *, mine: bool) -> tuple[int, str] | None:
    """The second relation of "my daughter's teacher", "oğlumun öğretmeni", "مدرس ابني"."""
    if reply.text.lang == "tr" and reply.word(last - 1).endswith(_GENITIVES):
        return _single_end(reply, last) or _single_end(reply, last, "relation_theirs")
    arabic = "\u0600" <= reply.word(last - 1)[:1] <= "\u06ff"
    if arabic and reply.word(last).endswith("ي"):
        return _single_end(reply, last)
    if mine and reply.word(last) == "'" and reply.word(last + 1) == "s":
        return _single_end(reply, last + 2)
    return None


def _single_end(reply: Scan, at: int, kind: str = "relation") -> tuple[int, str] | None:
    if at >= len(reply.lexemes):
        return None
    found = reply.words.at(kind, reply.lexemes, at)
    return (at + found.length, found.value) if found else None


def _many(reply: Scan, leads: range) -> bool:
    """Whether the determiner is a plural one (fils, ados: one form for one and for many)."""
    return any(reply.word(at) in ("mes", "les", "des", "ses", "nos", "leurs") for at in leads)


def of_somebody(reply: Scan, relation: Relation) -> int | None:
    """Where the name begins in "the mother of Ines", or None."""
    if relation.plural or relation.mine or relation.theirs or relation.code not in _LABELLED:
        return None
    at = relation.last
    if not reply.is_a("of", at):
        return None
    while reply.is_a("of", at) or reply.word(at) in ("'", "la", "el", "l"):
        at += 1
    if at >= len(reply.lexemes) or reply.is_a("mine", at) or not reply.lexemes[at].is_word:
        return None
    if reply.is_a("relation", at) or reply.is_a("filler", at) or reply.is_a("the", at):
        return None
    return at
