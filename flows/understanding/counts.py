"""How many: a whole number in digits or words, a sum of kinds, or nobody."""

from __future__ import annotations

from typing import NamedTuple

from flows.understanding.numbers import Number
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Understood
from flows.understanding.relations import relation_at
from flows.understanding.scan import Scan, scan
from flows.understanding.text import Text

_LIKELY_MOST = 500
_TOLD_TWICE = 10
_AGES = ("year", "month")
# What is told after the sentence of the number is another matter.
_STOPS = (".", "!", "?", ";", "؟", "؛")


class Amount(NamedTuple):
    """A number of things at lexemes [first, last)."""

    value: int
    first: int
    last: int


def _aged_from(reply: Scan) -> int:
    """Where ages begin ("aged 2, 5 and 8") behind the number of people, or the end."""
    for at in range(len(reply.lexemes)):
        if reply.is_a("aged", at) and reply.numbers[0].last <= at:
            return at
    return len(reply.lexemes)


def _ages_and_times(reply: Scan) -> frozenset[Number]:
    """Numbers that count years, months or, beside others, days: from the last to the first."""
    found: set[Number] = set()
    aged = _aged_from(reply)
    for number in reversed(reply.numbers):
        unit = reply.words.at("units", reply.lexemes, number.last) if (
            number.last < len(reply.lexemes)
        ) else None  # fmt: skip
        following = reply.starts.get(number.last + 1)
        joined = reply.is_a("and", number.last) or reply.word(number.last) in (",", "/")
        chained = unit is None and joined and following in found
        timed = unit is not None and (unit.value in _AGES or len(reply.numbers) > 1)
        if (
            number.first > aged
            or chained
            or timed
            or (number is not reply.numbers[0] and reply.is_a("including", number.last))
        ):
            found.add(number)
    return frozenset(found)


def _is_article(reply: Scan, number: Number) -> bool:
    """ "un" before a noun or another number is most often no count where other numbers stand."""
    others = any(n is not number and n.value > 1 for n in reply.numbers)
    following = reply.word(number.last)
    others = others or bool(following[:1].isalpha() and not reply.words.knows(following))
    return not number.digits and number.value == 1 and others and not reply.is_a(
        "relation", number.last
    )  # fmt: skip


def _collectives(reply: Scan) -> list[Amount]:
    """A dozen, a couple, both of us."""
    found, i = [], 0
    while i < len(reply.lexemes):
        collective = reply.words.at("collective", reply.lexemes, i)
        if collective:
            found.append(Amount(int(collective.value), i, i + collective.length))
        i += collective.length if collective else 1
    return found


def _amounts(reply: Scan) -> list[Amount]:
    if not reply.numbers:
        return _collectives(reply)
    aside = _ages_and_times(reply)
    amounts = [Amount(n.value, n.first, n.last) for n in reply.numbers
               if n not in aside and not (n.value == 1 and _is_article(reply, n))]  # fmt: skip
    for i in range(len(reply.lexemes)):
        none = reply.words.at("none", reply.lexemes, i)
        if none and none.length > 1:
            amounts = [a for a in amounts if not i <= a.first < i + none.length]
    collectives = _collectives(reply)
    if collectives:
        amounts = [a for a in amounts if a.value != 1 or reply.lexemes[a.first].is_digits]
    for collective in collectives:
        amounts = [a for a in amounts if not collective.first <= a.first < collective.last]
        amounts.append(collective)
    including = next((i for i in range(len(reply.lexemes)) if reply.is_a("including", i)), None)
    kept = [a for a in amounts if including is None or a.last <= including]
    return sorted(kept or amounts, key=lambda a: a.first)


def _marks_between(reply: Scan, amounts: list[Amount]) -> str:
    """What ties two or more amounts: either, correction, sum or nothing."""
    between = range(amounts[0].last, amounts[-1].first)
    if any(reply.is_a("either", i) or reply.word(i) in ("-", "/") for i in between):
        return "either"
    if len(amounts) == 2 and not between and amounts[1].value == amounts[0].value + 1:
        return "either"
    if any(reply.is_a("between", i) for i in range(amounts[0].first)):
        return "either"
    if any(reply.is_a("correction", i) for i in between):
        return "correction"
    return "sum"


def _whole(reply: Scan, amounts: list[Amount]) -> Amount | None:
    """The amount that a reply gives as the whole: "four in all", "me, my sons, so four"."""
    for i in range(len(reply.lexemes)):
        if total := reply.words.at("total", reply.lexemes, i):
            beside = [a for a in amounts if a.first == i + total.length or i - a.last in (0, 1)]
            if beside and (i > 0 or len(amounts) == 1):
                return beside[-1]
    first = amounts[0]
    if first.first == 0 and _stands_alone(reply, first):
        told = sum(a.value for a in amounts[1:]) + _single_people(reply) + reply.has_a("myself")
        if len(amounts) == 1 or told == first.value:
            return first
    return None


def _stands_alone(reply: Scan, amount: Amount) -> bool:
    """Whether an amount counts nothing that is named: "three, my sons and I"."""
    following = reply.word(amount.last)
    return not following[:1].isalnum() or reply.is_a("including", amount.last)


def _understood(reply: Scan, value: int, first: int, last: int, sure: bool) -> Understood:
    status = "understood" if sure and value <= _LIKELY_MOST else "unsure"
    return Understood(value, status, (reply.span(first, last, "count"),))  # type: ignore[arg-type]


def _nobody(reply: Scan) -> Understood:
    singles = _single_people(reply)
    if singles:
        last = len(reply.lexemes)
        return _understood(reply, singles + reply.has_a("myself"), 0, last, sure=False)
    for i in range(len(reply.lexemes)):
        found = reply.words.at("none", reply.lexemes, i)
        alone = reply.words.at("alone", reply.lexemes, i)
        if alone and (found is None or alone.length >= found.length):
            return _understood(reply, 0, i, i + alone.length, sure=False)
        if found and not reply.has_a("dont_know"):
            return _understood(reply, 0, i, i + found.length, sure=True)
    return NOT_UNDERSTOOD


def _several(reply: Scan, amounts: list[Amount]) -> Understood:
    first, last = amounts[0].first, amounts[-1].last
    match _marks_between(reply, amounts):
        case "either":
            return _understood(reply, max(a.value for a in amounts), first, last, sure=False)
        case "correction":
            return _understood(reply, amounts[-1].value, amounts[-1].first, last, sure=True)
        case _:
            dozen = any(reply.words.at("collective", reply.lexemes, a.first) for a in amounts)
            # "About 40 people, 40 exactly" says it twice; "2 adults, 2 children" are four.
            told_twice = dozen or amounts[0].value >= _TOLD_TWICE
            again = told_twice and len({a.value for a in amounts}) == 1
            together = amounts[0].value if again else sum(a.value for a in amounts)
            noun = last < len(reply.lexemes) or "+" in reply.text.folded
            return _understood(reply, together, first, last, sure=noun)


def _single_people(reply: Scan) -> int:
    """How many people are named by a relation alone: "my wife and 2 children"."""
    first = reply.numbers[0].last if reply.numbers else 0
    sentence = (i for i in range(first, len(reply.lexemes)) if reply.word(i) in _STOPS)
    relations = (relation_at(reply, i, 0) for i in range(next(sentence, len(reply.lexemes))))
    suffixed = reply.text.lang in ("ar", "tr")
    single = (r for r in relations if r and not r.plural and not r.theirs)
    return sum(1 for relation in single if relation.mine or suffixed)


def _is_joined(reply: Scan, i: int) -> bool:
    return any(reply.is_a("and", at) or reply.word(at) == "+" for at in (i - 1, i + 1))


# "We are four at home": whoever is named after it is one of the four.
_WE_ARE = frozenset({
    "we", "are", "re", "were", "est", "sommes", "nous", "etait", "somos", "estamos", "biz",
    "احنا", "نحن", "حنا", "نحنا", "احنه", "hna", "7na", "e7na", "ahna", "ehna", "n7na", "ne7na",
})  # fmt: skip


def _of_us_all(reply: Scan, amount: Amount) -> bool:
    before = (reply.word(at) for at in range(max(0, amount.first - 2), amount.first))
    after = (
        reply.word(amount.last) in ("kisiyiz", "yiz", "of") or reply.word(amount.last + 1) == "us"
    )
    return after or any(word in _WE_ARE for word in before)


def _with_myself(reply: Scan, amount: Amount) -> Understood:
    """ "my 2 children and me" is three, if the sender is to be counted: worth asking."""
    known = reply.has_a("including") or _of_us_all(reply, amount)
    singles = 0 if known else _single_people(reply)
    if singles:
        together = amount.value + singles + reply.has_a("myself")
        return _understood(reply, together, amount.first, amount.last, sure=False)
    beside = (at for at in range(len(reply.lexemes)) if reply.is_a("myself", at))
    if any(_is_joined(reply, at) for at in beside if not amount.first <= at < amount.last):
        return _understood(reply, amount.value + 1, amount.first, amount.last, sure=False)
    sure = not reply.is_bound(amount.first, amount.last) and not reply.has_a("dont_know")
    return _understood(reply, amount.value, amount.first, amount.last, sure)


def read_count(text: Text, question: Question) -> Understood:
    """The number that answers "how many"."""
    reply = scan(text)
    amounts = _amounts(reply)
    if not amounts:
        return _nobody(reply)
    if (whole := _whole(reply, amounts)) and _marks_between(reply, amounts) == "sum":
        bound = reply.is_bound(whole.first, whole.last) or reply.has_a("dont_know")
        return _understood(reply, whole.value, whole.first, whole.last, sure=not bound)
    if len(amounts) == 1:
        return _with_myself(reply, amounts[0])
    return _several(reply, amounts)
