"""The measures of the dashboard: what each counts, and how a figure is made of cells."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from bot.store.cohorts import APART, BOUNDS, NEVER
from bot.store.tallies import By

# Fewer people than these could be known by their figures.
SMALL: Final = 5

_OF_PEOPLE: Final[tuple[By, ...]] = ("language", "channel", "age", "phone")
_OF_WORK: Final[tuple[By, ...]] = (*_OF_PEOPLE, "team")

Kind = Literal["span", "share", "many"]


@dataclass(frozen=True, slots=True)
class Measure:
    """One measure. Of a span, `within` minutes make the rate; `apart` is what counts nowhere; `by`
    are the groups that it tells apart."""

    name: str
    title: str
    definition: str
    kind: Kind
    within: int = 0
    apart: str = ""
    by: tuple[By, ...] = _OF_PEOPLE


@dataclass(frozen=True, slots=True)
class Figure:
    """What a cohort makes: how many it is, the rate in percent; for spans the median and the 90th
    percentile as bounds in minutes (None: more people than that have not come to it); for numbers
    the mean. All but `n` are None where the cohort is small."""

    n: int
    apart: int = 0
    small: bool = False
    rate: float | None = None
    median: int | None = None
    ninetieth: int | None = None
    day: float | None = None
    two_days: float | None = None
    mean: float | None = None


MEASURES: Final = (
    Measure(
        "p1_spoken",
        "P1: spoken with, or help on the way",
        "Minutes from a review becoming P1 until the person was spoken with, handed to the "
        "emergency services, or said that help was with them. A click counts for nothing. All "
        "P1 of the day are counted; those nobody has spoken with yet are in the denominator. "
        "The rate is within 30 minutes.",
        "span",
        30,
        by=_OF_WORK,
    ),
    Measure(
        "p1_taken",
        "P1: taken by somebody",
        "Minutes from a review becoming P1 until somebody took it. The rate is within 5 minutes.",
        "span",
        5,
        by=_OF_WORK,
    ),
    Measure(
        "cases_reached",
        "Cases reached",
        "Of the cases entered that day: those who proved who they are and answered what they "
        "were told, by message, or were spoken with. A delivered text is nothing. The silent "
        "are in the denominator. The rate is within 24 hours.",
        "span",
        1440,
    ),
    Measure(
        "contacts_reached",
        "Contacts reached",
        "Of the contacts named that day: those who proved who they are and answered the "
        "instruction, or were spoken with. Contacts without a number are in the denominator. "
        "The rate is within 24 hours.",
        "span",
        1440,
        "wrong numbers",
    ),
    Measure(
        "result_reached",
        "From the test to being reached",
        "Of the cases entered that day whose day of test is known: the time from the beginning of "
        "that day until they were reached. The silent are in the denominator. The rate is within "
        "48 hours.",
        "span",
        2880,
    ),
    Measure(
        "yield",
        "Contacts per case",
        "Traceable people at risk (with a number or chat of theirs) for each case reached, of "
        "the cases entered that day; one who was met by two cases counts for each. The rate is "
        "the share of the cases reached who named nobody traceable. Cases not reached yet stand"
        " apart.",
        "many",
        apart="not reached",
    ),
    Measure(
        "cases_known",
        "Cases already known as contacts",
        "Of the cases entered that day: those who were listed as contacts before.",
        "share",
    ),
    Measure(
        "turned_positive",
        "Contacts who became cases",
        "Of the contacts named that day: those who have turned positive since, as far as "
        "anybody told. Not everybody is tested, and recent days are not over.",
        "share",
    ),
    Measure(
        "refused",
        "Contacts who refused",
        "Of the contacts named that day: those who refused to be followed.",
        "share",
    ),
    Measure(
        "wrong_numbers",
        "Wrong numbers",
        "Of the contacts named that day: those whose number was somebody else's.",
        "share",
    ),
    Measure(
        "answered",
        "Check-ins answered",
        "Of the check-ins of that day: those answered in full. The silent are in the denominator.",
        "share",
    ),
    Measure(
        "answered_once",
        "Answered at least once",
        "Of the people whose follow-up began that day: those who answered one check-in or more.",
        "share",
    ),
    Measure(
        "completed",
        "Follow-ups completed",
        "Of the follow-ups begun that day and over by now: those that went to their end.",
        "share",
        apart="going on",
    ),
    Measure(
        "lost",
        "Lost to follow-up",
        "Of the follow-ups begun that day and over by now: those lost to silence.",
        "share",
        apart="going on",
    ),
    Measure(
        "alone",
        "Followed to the end without a person",
        "Of the follow-ups begun that day and over by now: those that went to their end, and of "
        "whom nobody had to close a review. What that is worth is told by the spot checks.",
        "share",
        apart="going on",
    ),
    Measure(
        "spot_checks",
        "Spot checks: well, as they had said",
        "Each day one in a hundred calm answers of the day before is drawn for a call. Of those"
        " spoken with: those who were as well as they had said. The others were passed on to "
        "help.",
        "share",
        apart="not spoken with yet",
    ),
    Measure(
        "in_time",
        "Reviews closed in time",
        "Of the reviews that people closed that day: those closed by their deadline.",
        "share",
        by=_OF_WORK,
    ),
    Measure(
        "delivered",
        "Texts known to have arrived",
        "Of the texts of that day that were not taken back: those of which the provider says "
        "that they arrived. What nobody knows is in the denominator.",
        "share",
        apart="taken back",
        by=("channel",),
    ),
)
BY_NAME: Final[Mapping[str, Measure]] = {one.name: one for one in MEASURES}


def figure(measure: Measure, cells: Iterable[tuple[int, int]]) -> Figure:
    """The figure of cells (bucket, how many)."""
    many: Counter[int] = Counter()
    for bucket, n in cells:
        many[bucket] += n
    apart = many.pop(APART, 0)
    if measure.kind == "many":
        apart += many.pop(NEVER, 0)
    total = sum(many.values())
    if total < SMALL:
        return Figure(total, apart, small=True)
    match measure.kind:
        case "span":
            return _span(measure, many, total, apart)
        case "share":
            return Figure(total, apart, rate=100 * many[1] / total)
    mean = sum(bucket * n for bucket, n in many.items()) / total
    return Figure(total, apart, rate=100 * many[0] / total, mean=mean)


def _span(measure: Measure, many: Counter[int], total: int, apart: int) -> Figure:
    return Figure(
        total,
        apart,
        rate=_within(many, total, measure.within),
        median=_bound(many, total, 0.5),
        ninetieth=_bound(many, total, 0.9),
        day=_within(many, total, 1440),
        two_days=_within(many, total, 2880),
    )


def _within(many: Counter[int], total: int, minutes: int) -> float:
    last = BOUNDS.index(minutes)
    return 100 * sum(n for bucket, n in many.items() if 0 <= bucket <= last) / total


def _bound(many: Counter[int], total: int, share: float) -> int | None:
    """Within how many minutes so large a share of all came to it."""
    seen = 0
    for place, bound in enumerate(BOUNDS):
        seen += many[place]
        if seen >= share * total:
            return bound
    return None
