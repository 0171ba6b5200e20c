"""Groups of people without names: a class, the neighbours, twelve people at the gym."""

from __future__ import annotations

from typing import NamedTuple

from flows.understanding.calling import is_capital
from flows.understanding.relations import Relation
from flows.understanding.scan import Scan
from flows.understanding.words import Found

_SETTINGS = {"neighbour": "home", "colleague": "work", "client": "work", "classmate": "school",
             "teacher": "school", "friend": "leisure", "flatmate": "home",
             "health_worker": "care", "carer": "care", "child": "home", "sibling": "family",
             "other_family": "family"}  # fmt: skip
_OF_PEOPLE = frozenset(
    {"classe", "equipe", "famille", "team", "class", "family", "staff", "crew", "choir", "chorale",
     "band", "bande", "gang", "clase", "equipo", "familia", "turma", "equipa", "coro", "coral",
     "sinif", "sinifi", "ekip", "aile", "takim", "فريق", "صف", "عايله", "عيله", "العايله", "العيله",
     "الفريق", "القسم", "الصف", "club", "squad", "galera", "pandilla", "household", "groupe",
     "grupo", "group", "grup", "koro", "congregation", "chella", "3a2ila", "3ayla", "شله", "الشله",
     "asso", "association", "promo", "shift", "turno", "creche"}
)  # fmt: skip
_PLACES = frozenset(
    {"au", "aux", "a", "dans", "en", "at", "in", "to", "from", "no", "na", "al", "chez", "the",
     "de", "du", "ao", "sur", "vers", "on", "by", "في", "fi", "f"}
)  # fmt: skip
_MOST_LABEL = 6


class Group(NamedTuple):
    """Several people by one label, at lexemes [first, last)."""

    first: int
    last: int
    label: str
    size: int | None
    setting: str | None


def _label_end(reply: Scan, last: int, taken: frozenset[int]) -> int:
    """The label goes on over plain words to the next mark, telephone, day or "and"."""
    end = last
    for i in range(last, min(last + _MOST_LABEL, len(reply.lexemes))):
        if i in taken or not reply.lexemes[i].is_word or reply.is_a("and", i):
            break
        if reply.is_a("mine", i) or reply.is_a("days", i) or reply.is_a("weekdays", i):
            break
        if reply.is_a("met", i) and not reply.is_a("of", i):
            break
        if not reply.is_a("of", i) and not reply.is_a("the", i) and reply.word(i) not in _PLACES:
            end = i + 1
    return end


def _count_after(reply: Scan, last: int) -> tuple[int | None, int]:
    """ "(6)", ": 6", "6 personnes" behind a label: the count and where it ends."""
    at = last
    while reply.word(at) in ("(", ":", ",", "-", "=", "x") and at < last + 2:
        at += 1
    number = reply.starts.get(at)
    if number and number.value < 1000 and at > last:
        closed = reply.word(number.last) == ")" or reply.is_a("people", number.last)
        if closed or reply.word(last) in ":=x":
            end = number.last + reply.is_a("people", number.last)
            return number.value, end + (reply.word(end) == ")")
    collective = reply.words.at("collective", reply.lexemes, at) if (
        last < at < len(reply.lexemes)
    ) else None  # fmt: skip
    if collective:
        end = at + collective.length
        return int(collective.value), end + (reply.word(end) == ")")
    return None, last


def _number_within(reply: Scan, first: int, last: int) -> int | None:
    for at in range(first, last):
        number = reply.starts.get(at)
        if number and number.last <= last and number.value > 1:
            return number.value
    return None


def _made(reply: Scan, first: int, last: int, setting: str | None, taken: frozenset[int]) -> Group:
    end = _label_end(reply, last, taken)
    count, after = _count_after(reply, end)
    within = _number_within(reply, first, end)
    label = reply.raw(first, end).strip()
    return Group(first, max(after, end), label, count or within, setting)


def of_relation(reply: Scan, relation: Relation, taken: frozenset[int]) -> Group:
    """ "les 3 voisins", "collègues compta (6)": people of one relation without names."""
    setting = _SETTINGS.get(relation.code or "")
    group = _made(reply, relation.first, relation.last, setting, taken)
    return group._replace(size=group.size or relation.number)


def _past_lead(reply: Scan, i: int) -> tuple[int, frozenset[str], int | None]:
    """Past "toute la", "mes 3", "the whole": where the noun may stand, and what was said."""
    said, count, at = set(), None, i
    while at < len(reply.lexemes) and at < i + 5:
        number = reply.starts.get(at)
        if reply.is_a("all", at):
            said.add("all")
        elif reply.is_a("mine", at):
            said.add("mine")
        elif number and number.value > 1:
            count, at = number.value, number.last - 1
        elif reply.is_a("the", at) or reply.is_a("of", at) or (at > i and reply.word(at) == "'"):
            said.add("the")
        else:
            break
        at += 1
    return at, frozenset(said), count


def group_at(reply: Scan, i: int, taken: frozenset[int], *, opening: bool) -> Group | None:
    """The group named at lexeme i; `opening`: a new item begins here."""
    at, said, count = _past_lead(reply, i)
    if at >= len(reply.lexemes) or at in taken:
        return None
    noun = reply.words.at("group", reply.lexemes, at)
    if reply.is_a("relations", at) or reply.is_a("relation", at) or reply.is_a("two_of", at):
        return None
    if count and reply.is_a("people", at) and not (noun and noun.length > 1):
        return _made(reply, i, at + 1, _setting_near(reply, at), taken)
    if noun is None and "all" in said:
        at, noun = _further(reply, at)
    if noun is None:
        return _surname(reply, i, at) if opening else None
    if reply.word(i - 1) in _PLACES:
        return None
    return _of_noun(reply, (i, at + noun.length), said, noun.value, taken, opening=opening)


def _further(reply: Scan, at: int) -> tuple[int, Found | None]:
    """ "the entire night shift": a word or two before the noun."""
    for further in range(at + 1, min(at + 3, len(reply.lexemes))):
        noun = reply.words.at("group", reply.lexemes, further)
        if noun:
            return further, noun
        if not reply.lexemes[further].is_word:
            break
    return at, None


def _of_noun(
    reply: Scan, place: tuple[int, int], said: frozenset[str], setting: str,
    taken: frozenset[int], *, opening: bool,
) -> Group | None:  # fmt: skip
    i, last = place
    word = reply.word(last - 1)
    group = _made(reply, i, last, setting, taken)
    after = reply.is_a("all", last) or reply.is_a("all", last - 1)
    of_people = word in _OF_PEOPLE or word.removesuffix("s") in _OF_PEOPLE
    if reply.word(i) in _PLACES and not group.size and "all" not in said:
        return None
    if "all" in said or after or group.size is not None:
        return group
    return group if opening and of_people and (said or group.last - i <= 3) else None


def _surname(reply: Scan, i: int, at: int) -> Group | None:
    """ "les Dupont", "the Smiths": a whole family by its surname."""
    if reply.word(i) not in ("les", "the", "los", "os") or at != i + 1:
        return None
    if not is_capital(reply, at) or reply.is_a("filler", at) or not reply.lexemes[at].is_word:
        return None
    if reply.words.has("relations", reply.word(at)) or reply.words.has("people", reply.word(at)):
        return None
    if reply.word(i) == "the" and not reply.word(at).endswith("s"):
        return None
    count, last = _count_after(reply, at + 1)
    return Group(i, max(last, at + 1), reply.raw(i, at + 1), count, "family")


def _setting_near(reply: Scan, at: int) -> str | None:
    for i in range(at + 1, min(at + 6, len(reply.lexemes))):
        noun = reply.words.at("group", reply.lexemes, i)
        if noun:
            return noun.value
    return None
