"""Dates, relative to the moment of the reply: past unless the words say otherwise."""

from __future__ import annotations

from flows.understanding import daywords, spans_of_time
from flows.understanding.days import Matcher, Mention, Moment, walk
from flows.understanding.reading import NOT_UNDERSTOOD, Question, Understood
from flows.understanding.scan import Scan, scan
from flows.understanding.text import Text

_IN_PASSING: tuple[Matcher, ...] = (
    daywords.numeric,
    spans_of_time.ago,
    spans_of_time.ahead,
    daywords.weekday,
    daywords.day_then_month,
    daywords.month_then_day,
    daywords.relative,
    daywords.marked_day,
    daywords.feast,
    spans_of_time.week,
)
_AS_ANSWER: tuple[Matcher, ...] = (
    *_IN_PASSING[:-1],
    spans_of_time.duration,
    spans_of_time.glued,
    spans_of_time.week,
    spans_of_time.month,
    spans_of_time.bare_day,
)


def mentions(reply: Scan, question: Question) -> list[Mention]:
    """The days of which a reply speaks in passing, unmistakable forms alone."""
    return list(walk(reply, Moment(question.now, question.country), _IN_PASSING))


def _is_denied(reply: Scan, mention: Mention) -> bool:
    """ "not yesterday": the day is named to be refused."""
    if reply.text.lang == "tr":
        return reply.is_a("negation", mention.last)
    first = mention.first
    before = reply.words.has("filler", reply.word(first - 1)) and first > 1
    return reply.ends_a("negation", first) or (before and reply.ends_a("negation", first - 1))


def _chosen(reply: Scan, found: list[Mention]) -> tuple[Mention, bool]:
    """The day meant among several, and whether that is certain."""
    if len({m.day.value for m in found}) == 1:
        return found[0], any(m.day.sure for m in found)
    between = range(found[0].last, found[-1].first)
    if any(reply.is_a("correction", i) for i in between):
        return found[-1], found[-1].day.sure
    denied = [m for m in found if not _is_denied(reply, m)]
    if len(denied) == 1:
        return denied[0], denied[0].day.sure
    return found[0], False


def read_date(text: Text, question: Question) -> Understood:
    """The day that answers the question, as an ISO date."""
    reply = scan(text)
    if not reply.lexemes:
        return NOT_UNDERSTOOD
    found = list(walk(reply, Moment(question.now, question.country), _AS_ANSWER))
    found = [m for m in found if m.plain] or found
    if not found:
        return NOT_UNDERSTOOD
    mention, certain = _chosen(reply, found)
    bound = reply.is_bound(mention.first, mention.last)
    denied = len(found) == 1 and _is_denied(reply, mention)
    certain = certain and mention.day.sure and not bound and not denied
    certain = certain and not reply.has_a("dont_know")
    if not mention.plain and len(reply.lexemes) > 6:
        certain = False
    span = reply.span(mention.first, mention.last, "date")
    status = "understood" if certain else "unsure"
    return Understood(mention.day.value.isoformat(), status, (span,))  # type: ignore[arg-type]
