"""Those for whom somebody answers, as they name them: first name, and age in any form."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date

from flows.engine import naming
from flows.engine.keywords import plain, says, says_only
from flows.engine.replies import UNCLEAR, Heard, Reply, is_none, says_no
from flows.rules.ages import ADULT_MONTHS, age_in_months, months_from_year
from flows.understanding import normalise
from flows.vocabulary import Named

_DATE = re.compile(r"(?<!\d)(\d{1,2})[/.\-](\d{1,2})[/.\-](\d{4}|\d{2})(?!\d)")
_YEAR = re.compile(r"(?<![\d/.\-])(19\d\d|20\d\d)(?!\d)")
_FIGURE = re.compile(r"(?<![\d/.\-])(\d{1,3})(?![\d/.\-])\s*([^\W\d_]*)")
_UNITS: Mapping[str, str] = {
    "years": "ans an a years year yrs yr y anos ano yas yasinda yil سنه سنوات عام اعوام",
    "months": "mois month months mo mes meses m ay aylik شهر شهور اشهر",
    "weeks": "semaines semaine weeks week wk semanas semana hafta haftalik اسبوع اسابيع",
    "none": "et and y e ve و",
}
_UNIT_OF = {word: unit for unit, words in _UNITS.items() for word in words.split()}
_MYSELF = frozenset(["moi", "me", "myself", "yo", "mi", "eu", "mim", "ben", "kendim", "انا", "عني"])
_JOINED = re.compile(r"(?<=\d) و([^\W\d_]{2,})(?= \d)")
_OLDEST = 115
_RISKS = ("pregnant", "long_illness", "weak_defences", "over_65")
_CLAUSES = re.compile(r"[,;.\n/+&]| et | and | y | e | ve | و")
INFANT_MONTHS = 3
SELF, OWN_PHONE = "self", "own_phone"


@dataclass(frozen=True, slots=True)
class _Age:
    birth_date: date | None = None
    months: int | None = None


def months_of(row: Named, today: date) -> int | None:
    """How old somebody named is, in whole months."""
    return age_in_months(row.birth_date, today) if row.birth_date else row.age_months


def answered_for(named: Sequence[Named]) -> tuple[Named, ...]:
    """All but the one who answers."""
    return tuple(row for row in naming.present(named) if row.role != SELF)


def ageless(named: Sequence[Named]) -> tuple[Named, ...]:
    """Those whose age nobody told."""
    return tuple(r for r in answered_for(named) if not (r.birth_date or r.age_months is not None))


def aged(
    named: Sequence[Named], today: date, least: int = 0, below: int = 10_000
) -> tuple[Named, ...]:
    """Those whose age lies between, in months."""
    known = ((row, months_of(row, today)) for row in answered_for(named))
    return tuple(row for row, months in known if months is not None and least <= months < below)


# -- how replies come out


def _members(reply: Reply) -> Heard:
    alone = says_only(reply.raw, "only_me")
    if alone or is_none(reply.raw) or says_only(reply.raw, "nothing"):
        return Heard("none")
    today = reply.ground.today
    found = dict(_named_with_age(reply))
    if found:
        found = _with_oneself(found, reply)
    lacking = ageless(reply.named)
    if not found and len(lacking) == 1 and (age := _age(reply.raw, reply)):
        found = {lacking[0].name: age}
    if not found:
        return Heard("none") if says_no(reply) else UNCLEAR
    named = reply.named
    for name, age in found.items():
        named = _with(named, reply, name, age, today)
    return Heard("some", named=named)


def _with(
    named: tuple[Named, ...], reply: Reply, name: str, age: _Age | None, today: date
) -> tuple[Named, ...]:
    own = plain(reply.ground.here.person.given_name)
    role = SELF if own and plain(name).split()[:1] == own.split()[:1] else ""
    known = naming.find(named, name)
    row = next((one for one in named if one.number in known), None)
    fresh = row or Named(len(named) + 1, name=name, kind="home", setting="home", role=role)
    if age:
        fresh = replace(fresh, birth_date=age.birth_date, age_months=age.months)
    months = months_of(fresh, today)
    fresh = replace(fresh, minor=None if months is None else months < ADULT_MONTHS)
    return (*(one for one in named if one.number != fresh.number), fresh)


def _with_oneself(found: Mapping[str, _Age | None], reply: Reply) -> dict[str, _Age | None]:
    """ "Me and my daughter Chloé 7": the sender goes by their own name, not by "me"."""
    words = plain(reply.raw).split()
    others = {name: age for name, age in found.items() if plain(name) not in _MYSELF}
    own = reply.ground.here.person.given_name
    if not own or not _MYSELF & set(words) or any(plain(own) == plain(name) for name in others):
        return others or dict(found)
    return {own: None, **others}


def _named_with_age(reply: Reply) -> Iterator[tuple[str, _Age | None]]:
    """Each name with the first age behind it, before the next name."""
    rows = reply.again("contacts").value or ()
    names = [row["name"] for row in rows if row.get("name")]
    tokens = normalise(reply.raw, reply.ground.lang).tokens
    places: list[tuple[str, int, int]] = []
    after = 0
    for name in names:
        wanted = plain(name).split()
        at = next((i for i in range(after, len(tokens)) if tokens[i].word == wanted[0]), None)
        if at is not None:
            after = at + len(wanted)
            places.append((name, tokens[at].start, tokens[min(after, len(tokens)) - 1].end))
    places = sorted([*places, *_joined(reply.raw, places)], key=lambda place: place[1])
    for index, (name, _, end) in enumerate(places):
        following = places[index + 1][1] if index + 1 < len(places) else len(reply.raw)
        yield name, _age(reply.raw[end:following], reply)


def _joined(raw: str, known: Sequence[tuple[str, int, int]]) -> Iterator[tuple[str, int, int]]:
    """An Arabic name that the "and" is written onto, between two figures, where none was read."""
    for found in _JOINED.finditer(raw):
        start, end = found.span(1)
        if not any(first < end and start < last for _, first, last in known):
            yield found[1], start, end


def _age(words: str, reply: Reply) -> _Age | None:
    """An age in any form: a date, a year, months, weeks, years, or a bare figure of years."""
    today = reply.ground.today
    if found := _DATE.search(plain_digits(words)):
        return _of_date(int(found[1]), int(found[2]), found[3], today)
    if found := _YEAR.search(plain_digits(words)):
        return _Age(months=months_from_year(int(found[1]), today))
    found = _FIGURE.search(plain_digits(words))
    if found is None:
        return None
    figure, word = int(found[1]), plain(found[2])
    unit = _UNIT_OF.get(word, "" if word else "none")
    if unit == "weeks":
        return _Age(months=figure * 7 // 30)
    if unit == "months":
        return _Age(months=figure)
    # A word that is no unit may be a month: "the 20 September"; a second figure is another's age.
    alone = len(_FIGURE.findall(plain_digits(words))) == 1
    told = reply.again("date", words).value if alone and not unit else None
    if told and date.fromisoformat(told) <= today:
        return _Age(birth_date=date.fromisoformat(told))
    return _Age(months=figure * 12) if figure <= _OLDEST else None


def plain_digits(words: str) -> str:
    """The words with western digits, lower case."""
    return "".join(str(int(c)) if c.isdecimal() else c for c in words).casefold()


def date_of_birth(words: str, today: date) -> date | None:
    """A birth date written in figures, None where there is none."""
    found = _DATE.search(plain_digits(words))
    told = _of_date(int(found[1]), int(found[2]), found[3], today) if found else None
    return told.birth_date if told else None


def _of_date(day: int, month: int, year: str, today: date) -> _Age | None:
    full = int(year)
    if len(year) < len("2020"):
        full += 2000 if full <= today.year % 100 else 1900
    for month_of, day_of in ((month, day), (day, month)):
        try:
            born = date(full, month_of, day_of)
        except ValueError:
            continue
        return _Age(birth_date=born) if born <= today else None
    return None


def _member_risks(reply: Reply) -> Heard:
    """Who is fragile, clause by clause; what is said of the other parent is kept for a person."""
    if is_none(reply.raw) or says_only(reply.raw, "nothing"):
        return Heard("none")
    found: dict[int, set[str]] = {}
    named = _with_self(reply)
    for clause in _CLAUSES.split(reply.raw):
        risks = {risk for risk in _RISKS if says(clause, f"risk_{risk}")}
        about = naming.find(named, clause) or (_self(named) if says(clause, "myself") else ())
        bare = len(about) == 1 and len(plain(clause).split()) == 1
        for number in about:
            # A name alone answers "who?": that it is not known which illness is no reason to wait.
            found.setdefault(number, set()).update({"long_illness"} if bare else risks)
    parent = says(reply.raw, "other_parent")
    marked = tuple(_marked(row, found.get(row.number, set())) for row in named)
    if any(found.values()) or parent:
        return Heard("some", kept={"parent": reply.raw if parent else ""}, named=marked)
    return Heard("none") if says_no(reply) else UNCLEAR


def _marked(row: Named, risks: set[str]) -> Named:
    every = {*filter(None, row.risks.split(",")), *risks}
    return replace(row, risks=",".join(sorted(every)), fragile=bool(every)) if risks else row


def _with_self(reply: Reply) -> tuple[Named, ...]:
    if any(row.role == SELF for row in reply.named):
        return reply.named
    own = Named(len(reply.named) + 1, reply.ground.here.person.given_name, role=SELF)
    return (*reply.named, own)


def _self(named: Sequence[Named]) -> tuple[int, ...]:
    return tuple(row.number for row in named if row.role == SELF)


def _teen_number(reply: Reply) -> Heard:
    """The number of a teenager who has a phone of their own."""
    if is_none(reply.raw) or says_only(reply.raw, "later"):
        return Heard("later")
    rows = [row for row in reply.again("contacts").value or () if row.get("phone")]
    teens = [row for row in reply.items if not row.phone]
    phones: dict[int, str] = {}
    for row in rows:
        known = naming.find(teens, row.get("name") or "")
        alone = (teens[0].number,) if len(teens) == len(rows) == 1 else ()
        phones |= dict.fromkeys(known or alone, row["phone"])
    if not phones:
        return Heard("later") if says_no(reply) else UNCLEAR
    named = tuple(
        replace(row, phone=phones[row.number], role=OWN_PHONE) if row.number in phones else row
        for row in reply.named
    )
    return Heard("given", named=named)


# By the kind of question.
ABOUT_MEMBERS: Mapping[str, Callable[[Reply], Heard]] = {
    "members": _members,
    "member_risks": _member_risks,
    "teen_number": _teen_number,
}
