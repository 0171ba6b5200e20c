"""How replies about other people come out: names, numbers, consent, corrections."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from flows.engine import naming
from flows.engine.keywords import plain, says, says_only, without
from flows.engine.replies import UNCLEAR, Heard, Reply, is_none, leading_figure, says_no
from flows.spec.nodes import Brings
from flows.vocabulary import Named

# What corrects the summary: the day said now counts, be it earlier than the one before.
_CORRECTION = Brings(day="said")
_AGE = re.compile(r"(?<![\d.,])(\d{1,3})(?![\d.,]\d)\s*([^\W\d]*)")
_PAIR = 2
_SENTENCES = re.compile(r"(?<=\w{3})[.;!\n]+\s")
_ADULT_MONTHS, _OLDEST_MONTHS = 18 * 12, 120 * 12
_MONTH_WORDS = frozenset(
    ("mois", "month", "months", "mes", "meses", "ay", "aylik", "m", "شهر", "شهور", "اشهر", "شهرين")
)


def _contacts(reply: Reply) -> Heard:
    if is_none(reply.raw):
        return Heard("none")
    reading = reply.reading
    if reading.value is None and not reading.groups:
        return UNCLEAR
    found = reading.value or []
    groups = [dict(group) for group in reading.groups]
    if not found and not groups:
        return Heard("none")
    if not groups and _are_but_words(reply, found):
        return UNCLEAR
    brings = reply.ask.brings or Brings()
    return Heard(
        "some", kept={"groups": groups}, named=naming.merge(reply.named, found, brings, reply.day)
    )


def _are_but_words(reply: Reply, found: Sequence[Mapping[str, Any]]) -> bool:
    """Whether two words may be no name (“too tired”, “long week”).

    Whoever says two words again that both may be a name is believed.
    """
    told = any(row.get("phone") or row.get("last_seen") for row in found)
    if told or reply.reading.status != "unsure" or len(plain(reply.raw).split()) != _PAIR:
        return False
    whole = len(str(found[0].get("name")).split()) == _PAIR if found else False
    return not (reply.repeated and whole)


def _numbers(reply: Reply) -> Heard:
    if says_only(reply.raw, "later") or is_none(reply.raw):
        return Heard("later")
    found = [row for row in reply.reading.value or () if row.get("phone")]
    if not found:
        return Heard("later") if says_no(reply) else UNCLEAR
    missing = [row for row in naming.present(reply.named) if not row.phone]
    if len(missing) == 1 and len(found) == 1 and not found[0].get("name"):
        found = [{**found[0], "name": missing[0].name}]
    nameless = [row for row in found if not row.get("name")]
    named = naming.merge(reply.named, found, Brings(), None)
    return Heard("some", kept={"nameless": len(nameless)}, named=named)


def _consent(reply: Reply) -> Heard:
    words = plain(reply.raw)
    by_digit = {"1": "all", "2": "nobody", "3": "chosen", "0": "nobody"}
    if words in by_digit:
        band = by_digit[words]
        return Heard(band, named=_all_may(reply.named, band == "all"))
    if spoken := naming.find(reply.named, reply.raw):
        if says(reply.raw, "except"):
            return _consent_but_for(reply, spoken)
        return Heard("named", named=_consent_in_words(reply))
    if says_only(reply.raw, "everybody"):
        return Heard("all", named=_all_may(reply.named, True))
    if says_only(reply.raw, "nobody"):
        return Heard("nobody", named=_all_may(reply.named, False))
    if (figure := leading_figure(reply.raw)) in ("0", "2", "3"):
        return Heard(by_digit[figure], named=_all_may(reply.named, False))
    answer = reply.again("yes_no").value
    if figure and "?" not in reply.raw and answer is not True:
        # "1 but not my work": what it takes back is not known, so they choose.
        return Heard("chosen", named=_all_may(reply.named, False))
    answer = True if figure == "1" else answer
    if answer is None:
        return UNCLEAR
    return Heard("all" if answer else "nobody", named=_all_may(reply.named, answer))


def _all_may(named: tuple[Named, ...], may: bool) -> tuple[Named, ...]:
    return tuple(replace(row, may_name=may) for row in named)


def _consent_but_for(reply: Reply, spoken: Collection[int]) -> Heard:
    chosen = _but_for(reply, reply.named, spoken)
    if chosen is None:
        return UNCLEAR
    may = (replace(row, may_name=row.number in chosen) for row in reply.named)
    return Heard("named", named=tuple(may))


def _but_for(
    reply: Reply, about: Iterable[Named], spoken: Collection[int]
) -> tuple[int, ...] | None:
    """Who is meant by “all except Paul”, “nobody but Paul”; None where neither is said."""
    everybody, nobody = says(reply.raw, "everybody"), says(reply.raw, "nobody")
    if everybody == nobody:
        return None
    return tuple(row.number for row in about if (row.number in spoken) == nobody)


def _consent_in_words(reply: Reply) -> tuple[Named, ...]:
    """Names in a clause that says no are refused; in another, allowed; silence means no."""
    allowed: set[int] = set()
    refused: set[int] = set()
    for clause in re.split(r"[.,;\n]| mais | but ", reply.raw):
        says_no = reply.again("yes_no", clause).value is False or " pas " in f" {plain(clause)} "
        (refused if says_no else allowed).update(naming.find(reply.named, clause))
    return tuple(replace(row, may_name=row.number in allowed - refused) for row in reply.named)


def _by_sentences(reply: Reply) -> Heard | None:
    """ "Remove Tom. Add Zoe": each sentence corrects by itself; None where there is but one."""
    sentences = [part for part in _SENTENCES.split(reply.raw) if part.strip()]
    if len(sentences) < _PAIR or not says(reply.raw, "remove"):
        return None
    named = reply.named
    for part in sentences:
        reading = reply.again("contacts", part)
        heard = _summary(replace(reply, raw=part, reading=reading, named=named))
        named = heard.named or named
    return Heard("changed", named=named)


def _summary(reply: Reply) -> Heard:
    if (parted := _by_sentences(reply)) is not None:
        return parted
    if says_only(reply.raw, "right"):
        return Heard("right")
    spoken = naming.find(reply.named, reply.raw)
    if spoken and says(reply.raw, "remove"):
        return Heard(
            "changed",
            named=tuple(
                replace(row, removed=row.removed or row.number in spoken) for row in reply.named
            ),
        )
    if says(reply.raw, "remove"):
        # Nobody is listed by this name: the list as it stands says so.
        return Heard("changed", named=reply.named)
    found = _added(reply)
    if found:
        named = naming.merge(reply.named, found, _CORRECTION, None)
        return Heard("changed" if named != reply.named else "right", named=named)
    if spoken and (day := reply.again("date").value):
        return Heard(
            "changed",
            named=tuple(
                replace(row, last_day=date.fromisoformat(day)) if row.number in spoken else row
                for row in reply.named
            ),
        )
    return Heard("right") if reply.again("yes_no").value is True else UNCLEAR


def _added(reply: Reply) -> Sequence[Mapping[str, Any]]:
    """Whom a correction names, without the words that ask to add them: “add Zoe”."""
    rest = without(reply.raw, "add")
    return (reply.reading if rest == reply.raw else reply.again("contacts", rest)).value or ()


def _which(reply: Reply) -> Heard:
    about = reply.items or naming.present(reply.named)
    if is_none(reply.raw):
        return Heard("none", kept=[])
    if says_only(reply.raw, "everybody"):
        return Heard("some", kept=[row.number for row in about])
    found = naming.find(about, reply.raw)
    if found and says(reply.raw, "except"):
        chosen = _but_for(reply, about, found)
        return UNCLEAR if chosen is None else Heard("some", kept=list(chosen))
    if found:
        return Heard("some", kept=list(found))
    if says_no(reply) or reply.again("contacts").value == []:
        return Heard("none", kept=[])
    return UNCLEAR


def ages_beside(named: tuple[Named, ...], raw: str) -> tuple[Named, ...]:
    """The people with the age that stands beside their name: “Lina 9, Tom has 8 months”."""
    words = plain(raw)
    names = {plain(row.name).split()[0] for row in named if row.name}
    rows = (_aged(row, words, names) if row.name and not row.removed else row for row in named)
    return tuple(rows)


def _aged(row: Named, words: str, names: Collection[str]) -> Named:
    name = re.escape(plain(row.name).split()[0])
    # “Karim, Lina 9”: the figure is the second one's. “Paul 21/11” is a day.
    found = re.search(rf"\b{name}(?: ([^\W\d]+))? {_AGE.pattern}(?!\s*\d)", words)
    if found is None or not words or found[1] in names:
        return row
    figure, unit = int(found[2]), found[3]
    months = figure if unit in _MONTH_WORDS else figure * 12
    if months >= _OLDEST_MONTHS:
        return row
    return replace(row, age_months=months, minor=months < _ADULT_MONTHS)


def _ages(reply: Reply) -> Heard:
    """Ages beside names, or as many figures as there are children, in their order."""
    children = naming.minors(reply.named)
    words = plain(reply.raw)
    told = [(match.start(), _months(match)) for match in _AGE.finditer(words)]
    ages = _by_name(children, words, told)
    if not ages and told and len(told) == len(children):
        ages = {child.number: age for child, (_, age) in zip(children, told, strict=True)}
    if not ages:
        return UNCLEAR
    rows = (replace(r, age_months=ages.get(r.number, r.age_months)) for r in reply.named)
    return Heard("some", named=tuple(rows))


def _months(match: re.Match[str]) -> int:
    figure = int(match[1])
    return figure if match[2] in _MONTH_WORDS else figure * 12


def _by_name(
    children: Sequence[Named], words: str, told: Sequence[tuple[int, int]]
) -> dict[int, int]:
    """The first age after each name."""
    found: dict[int, int] = {}
    for child in children:
        at = words.find(plain(child.name).split()[0])
        after = [age for start, age in told if at >= 0 and start > at]
        if after:
            found[child.number] = after[0]
    return found


# By the kind of question.
ABOUT_OTHERS: Mapping[str, Callable[[Reply], Heard]] = {
    "contacts": _contacts,
    "numbers": _numbers,
    "consent": _consent,
    "summary": _summary,
    "which": _which,
    "ages": _ages,
}
