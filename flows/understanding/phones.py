"""Telephone numbers in any national or international form, several in a line, as E.164."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import NamedTuple

import phonenumbers
from phonenumbers import PhoneNumberType

from flows.understanding.reading import NOT_UNDERSTOOD, Question, Span, Understood
from flows.understanding.scan import scan
from flows.understanding.text import Text

# Figures with at most three marks between them; an "o" typed for a zero counts as a figure.
_RUN = re.compile(r"(?:\+ ?)?\(?(?:\d|(?<![a-z])o(?=\d))(?:[ .,\-/()\u202c\u202d\u2060]{0,3}\d)+")
_STRONG = re.compile(r"[,/]|\s-\s")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(r"\d{1,2}[/.\-]\d{1,2}[/.\-](?:\d{4}|\d{2})(?!\d)|\d{4}-\d{2}-\d{2}(?!\d)")
_DATE_BEHIND = re.compile(r"(?<=\d{2})[ ,]+\d{1,2}/\d{1,2}(?:/\d{2,4})?$")
_OLD_MEXICAN = 14  # +52 1 and ten figures: the 1 of mobiles was dropped in 2019.
_LEAST, _MOST = 7, 15
_MOST_TRIALS = 40
# Not Mayotte: its mobiles share a range that France keeps for fiction.
_OVERSEAS = ("RE", "GP", "MQ", "GF")
_REFUSED = frozenset(
    {PhoneNumberType.PREMIUM_RATE, PhoneNumberType.SHARED_COST, PhoneNumberType.TOLL_FREE,
     PhoneNumberType.UAN, PhoneNumberType.VOICEMAIL}
)  # fmt: skip


class Phone(NamedTuple):
    """A number at folded offsets [start, end); `sure` where its plan knows it."""

    e164: str
    start: int
    end: int
    sure: bool


@lru_cache(maxsize=4096)
def e164(figures: str, country: str) -> tuple[str, bool] | None:
    """A dialled number as E.164, and whether it was written in full, or None."""
    plausible = None
    for form, in_full in _forms(figures):
        number = _parsed(form, country)
        if number is None or not phonenumbers.is_possible_number(number):
            continue
        if phonenumbers.is_valid_number(number):
            refused = phonenumbers.number_type(number) in _REFUSED
            return None if refused else (_written(number), in_full)
        overseas = _overseas(form) if country == "FR" else None
        if overseas:
            return overseas, True
        if plausible is None and form.startswith(("0", "+")) and _is_like_a_mobile(number):
            plausible = (_written(number), in_full)
    return plausible


def _overseas(form: str) -> str | None:
    """Numbers of the French islands, dialled from France like any other."""
    for region in _OVERSEAS:
        number = _parsed(form, region)
        if number is not None and phonenumbers.is_valid_number(number):
            return _written(number)
    return None


def _parsed(form: str, country: str) -> phonenumbers.PhoneNumber | None:
    try:
        return phonenumbers.parse(form, None if form.startswith("+") else country)
    except phonenumbers.NumberParseException:
        return None


def _written(number: phonenumbers.PhoneNumber) -> str:
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=512)
def _mobile_length(region: str) -> int:
    example = phonenumbers.example_number_for_type(region, PhoneNumberType.MOBILE)
    return len(str(example.national_number)) if example else 0


def _is_like_a_mobile(number: phonenumbers.PhoneNumber) -> bool:
    """As long as a mobile of its country: new ranges and those kept for fiction are in no plan."""
    region = phonenumbers.region_code_for_country_code(number.country_code or 0)
    return len(str(number.national_number)) == _mobile_length(region)


def _forms(figures: str) -> Iterator[tuple[str, bool]]:
    """The number as written, then with what people leave out; is the form beyond doubt?"""
    plain = figures.lstrip("+")
    if figures.startswith("+521") and len(figures) == _OLD_MEXICAN:
        yield "+52" + figures[4:], True
    if figures.startswith("+"):
        yield figures, True
        return
    yield plain, True
    if plain.startswith("00"):
        yield "+" + plain[2:], True
    elif len(plain) >= 10 and not plain.startswith("0"):
        yield "+" + plain, True
    elif len(plain) == 9 and not plain.startswith("0"):
        yield "0" + plain, True


@lru_cache(maxsize=4096)
def possible(figures: str, country: str) -> str | None:
    """E.164 of a number of a possible length that its plan does not know."""
    number = _parsed(figures, country)
    if number is None or not _is_like_a_mobile(number):
        return None
    if len(figures.lstrip("+0")) < 8 or phonenumbers.number_type(number) in _REFUSED:
        return None
    return _written(number)


class _Piece(NamedTuple):
    """A run of figures and the places of its groups."""

    text: str
    start: int
    groups: tuple[tuple[int, int], ...]


def _piece(text: str, start: int) -> _Piece:
    return _Piece(text, start, tuple(m.span() for m in _GROUP.finditer(text)))


def _figures(piece: _Piece, first: int, last: int) -> str:
    start, end = piece.groups[first][0], piece.groups[last - 1][1]
    plus = "+" if "+" in piece.text[max(0, start - 3) : start] else ""
    return plus + "".join(piece.text[a:b] for a, b in piece.groups[first:last] if a < end)


def _split(piece: _Piece, country: str) -> Iterator[Phone]:
    """The numbers in one run: all of it, else the shortest groups that make one, left to right."""
    first, count, trials = 0, len(piece.groups), 0
    whole = _figures(piece, 0, count)
    if _LEAST <= len(whole.lstrip("+")) <= _MOST:
        found = e164(whole, country)
        if found:
            yield Phone(found[0], piece.start, piece.start + len(piece.text), found[1])
            return
    while first < count and trials < _MOST_TRIALS:
        for last in range(first + 1, count + 1):
            figures = _figures(piece, first, last)
            length = len(figures.lstrip("+"))
            if length > _MOST:
                break
            if length < _LEAST:
                continue
            trials += 1
            found = e164(figures, country)
            if found:
                start = piece.start + piece.groups[first][0] - figures.startswith("+")
                yield Phone(found[0], start, piece.start + piece.groups[last - 1][1], found[1])
                first = last - 1
                break
        first += 1


def _pieces(folded: str) -> Iterator[_Piece]:
    for match in _RUN.finditer(folded):
        text, start = match.group(), match.start()
        if sum(map(str.isdigit, text)) < _LEAST or _DATE.fullmatch(text.strip(" .,-/()")):
            continue
        text = _DATE_BEHIND.sub("", text)
        whole = _piece(text.replace("o", "0"), start)
        yield whole


def _parts(piece: _Piece) -> list[_Piece]:
    """A run cut at its strong marks (comma, slash, lone hyphen)."""
    parts, at = [], 0
    for match in _STRONG.finditer(piece.text):
        parts.append(_piece(piece.text[at : match.start()], piece.start + at))
        at = match.end()
    parts.append(_piece(piece.text[at:], piece.start + at))
    return [part for part in parts if part.groups]


def find_phones(folded: str, country: str) -> list[Phone]:
    """Every number that a plan knows, in order, with offsets in the folded text."""
    found: list[Phone] = []
    for piece in _pieces(folded):
        parts = _parts(piece)
        cut = [phone for part in parts for phone in _split(part, country)]
        found += cut if len(parts) > 1 and cut else list(_split(piece, country))
    return found


def find_doubtful(folded: str, country: str) -> list[Phone]:
    """Runs as long as a number that no plan knows: worth asking about."""
    found = []
    for piece in _pieces(folded):
        figures = _figures(piece, 0, len(piece.groups))
        written = possible(figures, country) if len(figures) <= _MOST + 1 else None
        if written:
            found.append(Phone(written, piece.start, piece.start + len(piece.text), False))
    return found


def _spoken(text: Text, country: str) -> Phone | None:
    """A number said in words: zero six, twelve, thirty-four …"""
    reply = scan(text)
    numbers = [n for n in reply.numbers if n.value < 1000]
    if len(numbers) < 4:
        return None
    figures = "".join(n.digits or str(n.value) for n in numbers)
    found = e164(figures, country) if _LEAST <= len(figures) <= _MOST else None
    if found is None:
        return None
    start = reply.lexemes[numbers[0].first].start
    return Phone(found[0], start, reply.lexemes[numbers[-1].last - 1].end, True)


def read_phone(text: Text, question: Question) -> Understood:
    """The telephone number that answers the question, as E.164."""
    found = find_phones(text.folded, question.country)
    if not found:
        spoken = _spoken(text, question.country)
        found = [spoken] if spoken else find_doubtful(text.folded, question.country)
    if not found:
        return NOT_UNDERSTOOD
    several = len({phone.e164 for phone in found}) > 1
    phone = found[-1] if several and _is_corrected(text, found) else found[0]
    sure = phone.sure and (not several or phone is not found[0])
    span = Span(*text.raw_span(phone.start, phone.end), "phone")
    return Understood(phone.e164, "understood" if sure else "unsure", (span,))


def _is_corrected(text: Text, found: list[Phone]) -> bool:
    reply = scan(text)
    return any(reply.is_a("correction", i) for i, lexeme in enumerate(reply.lexemes)
               if found[0].end <= lexeme.start < found[-1].start)  # fmt: skip
