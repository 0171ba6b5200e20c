"""Whom a finding is about: the sender, a member of the household, or somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from flows.understanding.reading import Member
from flows.understanding.scene import Hit, Scene
from flows.understanding.text import fold

_RELATIONS = ("PARTNER", "CHILD", "BABY", "PARENT", "GRANDPARENT", "PERSON")
_CHILD_MONTHS = 18 * 12
_BABY_MONTHS = 30
_OLD_MONTHS = 55 * 12


@dataclass(frozen=True, slots=True)
class Subject:
    """`code` is a member's code, "self" or "other".

    `said` is False where the words leave it open; `named` is False for a bare "he" or "she".
    """

    code: str
    said: bool
    named: bool = False


@dataclass(frozen=True, slots=True)
class Mention:
    """Somebody named at some tokens."""

    start: int
    end: int
    code: str


def _names(found: Scene, about: Sequence[Member]) -> Iterator[Mention]:
    words = [token.word for token in found.text.tokens]
    for member in about:
        parts = fold(member.name).replace("-", " ").replace("'", " ").split()
        if not parts or not parts[0]:
            continue
        for at, word in enumerate(words):
            if _is_name(word, parts[0], found.text.lang):
                yield Mention(at, at, member.code)


def _is_name(word: str, name: str, lang: str) -> bool:
    """A first name as it stands in a sentence: with Turkish endings, after an Arabic "and"."""
    if word == name:
        return True
    if lang == "ar":
        return word.lstrip("ول") == name.lstrip("ول") and word.endswith(name)
    return lang == "tr" and len(name) > 2 and word.startswith(name) and len(word) <= len(name) + 4


def _fits(member: Member, code: str) -> bool:
    months = member.age_months
    if months is None:
        return False
    match code:
        case "BABY":
            return months < _BABY_MONTHS
        case "CHILD":
            return months < _CHILD_MONTHS
        case "GRANDPARENT":
            return months >= _OLD_MONTHS
        case "PARTNER" | "PARENT":
            return months >= _CHILD_MONTHS
        case _:
            return False


def _member_for(hit: Hit, found: Scene, about: Sequence[Member]) -> str:
    """The one member that a relation word can mean, by name or by age; "other" where unclear."""
    words = {token.word for token in found.text.tokens[hit.start : hit.end + 1]}
    named = [m for m in about if words & set(fold(m.name).replace("'", " ").split())]
    if len(named) == 1:
        return named[0].code
    fitting = [member for member in about if _fits(member, hit.code)]
    if not fitting and hit.code == "CHILD":
        fitting = [member for member in about if _fits(member, "BABY")]
    return fitting[0].code if len(fitting) == 1 else "other"


def mentions(found: Scene, about: Sequence[Member]) -> list[Mention]:
    """Everybody named in a reply, in order; the sender where they say "I" or "my chest"."""
    named = list(_names(found, about))
    by_name = {at for one in named for at in range(one.start, one.end + 1)}
    taken = set(by_name)
    for code in _RELATIONS:
        for hit in found.spoken(code):
            if hit.start not in taken:
                named.append(Mention(hit.start, hit.end, _member_for(hit, found, about)))
                taken.update(range(hit.start, hit.end + 1))
    # Who is called علي ("Ali", or "on me") is no "I".
    own = (hit for hit in found.spoken("SELF") if hit.start not in by_name)
    named.extend(Mention(hit.start, hit.end, "self") for hit in own)
    return sorted(named, key=lambda one: one.start)


def _owner(mentioned: Sequence[Mention], at: int) -> bool:
    """Whether a "my" stands right before somebody: "my son", not me."""
    return any(one.code != "self" and 0 < one.start - at <= 3 for one in mentioned)


_AS_IF = frozenset({"si", "if", "like", "que", "se", "كان", "كانه", "kano", "though"})


def _likened(found: Scene, at: int) -> bool:
    """ "As if somebody sat on it": that somebody has nothing."""
    return at > 0 and found.text.tokens[at - 1].word in _AS_IF


def _in_bed_elsewhere(found: Scene, end: int, at: int) -> bool:
    """ "A bit tired, my gran is in hospital": after the comma it is told what befell her."""
    part = found.segment[at]
    return part != found.segment[end] and any(
        found.segment[hit.start] == part
        for code in ("HOSPITAL", "HOSPITALISED", "DECEASED", "BEREAVED")
        for hit in found.spoken(code)
    )


def subject(
    found: Scene, start: int, end: int, mentioned: Sequence[Mention], default: str = "self"
) -> Subject:
    """The nearest person before a finding in its sentence, else right after, else the default."""
    sentence = found.sentence[start]
    people = [one for one in mentioned if found.sentence[one.start] == sentence]
    people = [one for one in people if one.code != "self" or not _owner(mentioned, one.end)]
    before = [one for one in people if one.start <= end]
    if before:
        return Subject(before[-1].code, True, True)
    third = [hit for hit in found.spoken("THIRD") if found.sentence[hit.start] == sentence]
    if any(hit.start <= end for hit in third):
        earlier = [one for one in mentioned if one.start < start and one.code != "self"]
        return Subject(earlier[-1].code if earlier else "other", True)
    after = [
        one
        for one in people
        if one.start - end <= 5
        and found.clause[one.start] == found.clause[end]
        and not _likened(found, one.start)
        and not _in_bed_elsewhere(found, end, one.start)
    ]
    if after:
        return Subject(after[0].code, True, True)
    return Subject(default, False)
