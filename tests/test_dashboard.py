"""Figures count whoever entered, the silent too; a day is drawn once; nobody is known by them."""

import csv
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, timedelta
from io import StringIO

import pytest

from admin.measures import BY_NAME, MEASURES, figure
from admin.plots import columns, lines
from bot.spot_checks import draw
from bot.store import cohorts, following, people, reviews, state, tallies
from bot.store.cohorts import APART, NEVER, Group
from bot.store.engines import Store
from bot.tallying import next_day, tally
from flows.rules import spot_checks
from flows.vocabulary import CheckIn, FollowUp, Person
from tests.admins import YVONNE, House, house
from tests.services import MARIE, NOON, Chain, chain, desk, settings_for
from tests.stores import NOW

DAY = NOW.date()


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


@pytest.fixture
async def one(store_url: str) -> AsyncIterator[Chain]:
    """A service without a provider, on each database."""
    async with chain(settings_for(store_url)) as opened:
        yield opened


async def today(one: Chain) -> dict[str, dict[int, int]]:
    """Each measure's cells of today, counted anew."""
    async with one.service.store.writing() as tx:
        await state.put(tx, "tallied", "{}", one.clock.at)
    await tally(one.service)
    day = one.clock.at.date()
    async with one.service.store.reading() as tx:
        found = await tallies.read(tx, day, day)
    cells: dict[str, dict[int, int]] = {}
    for cell in found:
        cells.setdefault(cell.measure, {})[cell.bucket] = cell.n
    return cells


async def test_reached_is_who_proved_themselves_and_answered_what_they_were_told(
    home: House,
) -> None:
    await home.enter("Marie Bernard", MARIE)
    await home.work()
    for said in ("oui", "1980"):
        await home.hear(MARIE, said)
        await home.pass_time(seconds=5)
    # Proven and told, but not a word since.
    assert (await today(home))["cases_reached"] == {NEVER: 1}
    home.clock.forward(minutes=20)
    await home.hear(MARIE, "2")
    await home.pass_time(seconds=5)
    assert (await today(home))["cases_reached"] == {cohorts.bucket_of(21): 1}
    cells = await today(home)
    # The test was of that very day, ten hours and more before.
    assert cells["yield"] == {0: 1} and cells["result_reached"] == {cohorts.bucket_of(630): 1}


async def test_an_alarm_is_over_when_somebody_spoke_not_when_somebody_clicked(home: House) -> None:
    await home.alarm()
    user = await home.user("claire")
    home.clock.forward(minutes=3)
    (line,) = [each for each in await home.queue() if each.review.priority == "P1"]
    async with home.service.store.writing() as tx:
        await reviews.acknowledge(tx, line.bundle.id, user, home.clock.at)
    cells = await today(home)
    assert (cells["p1_taken"], cells["p1_spoken"]) == ({0: 1}, {NEVER: 1})
    home.clock.forward(minutes=9)
    async with home.service.store.writing() as tx:
        await reviews.close(tx, line.review.id, "handed_to_15", user, home.clock.at)
    assert (await today(home))["p1_spoken"] == {cohorts.bucket_of(12): 1}


async def test_who_says_that_help_is_there_is_help_on_the_way(home: House) -> None:
    await home.alarm()
    await home.pass_time(minutes=6)
    await home.hear(YVONNE, "oui")
    cells = await today(home)
    assert sum(cells["p1_spoken"].values()) == 1 and NEVER not in cells["p1_spoken"]


async def calm_people(store: Store, many: int) -> None:
    async with store.writing() as tx:
        everybody = [Person(id=0, given_name=f"P{n}") for n in range(many)]
        added = await people.add_many(tx, everybody, NOW)
        follow_ups = [
            FollowUp(tx.ids.new(NOW), one.id, "contact", DAY, DAY + timedelta(days=7))
            for one in added
        ]
        await following.start_many(tx, follow_ups)
        days = [
            CheckIn(tx.ids.new(NOW), one.id, one.person_id, DAY, "answered" if n % 3 else "asked")
            for n, one in enumerate(follow_ups)
        ]
        worse = replace(days[1], assessment={"priority": "P3", "trend": "worse"})
        await following.save_check_ins(tx, [days[0], worse, *days[2:]])


async def test_of_calm_answers_some_are_drawn_for_a_call_once_a_day(
    one: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    await calm_people(one.service.store, 60)
    rule = spot_checks(desk().pack(DAY), DAY)
    assert rule is not None and (rule.one_in, rule.most) == (100, 50)
    monkeypatch.setattr("bot.spot_checks.spot_checks", lambda *_: replace(rule, one_in=2))
    one.clock.at = NOON + timedelta(days=1)
    for _ in range(3):
        await draw(one.service)
    async with one.service.store.reading() as tx:
        queue = await reviews.queue(tx, one.clock.at)
        drawn = {item.review.person_id for item in queue}
        both = [await following.calm_days(tx, DAY, 2, which, 50) for which in (0, 1)]
        few = await following.calm_days(tx, DAY, 1, 0, 7)
    assert {(item.review.reason, item.review.priority) for item in queue} == {("spot_check", "P4")}
    assert len(queue) == len(drawn)
    # All who were calm are in one half or the other; the worse and the silent in neither.
    assert sum(map(len, both)) == 39 and len(few) == 7
    assert drawn in [{one.person_id for one in half} for half in both]
    cells = await today(one)
    assert cells["spot_checks"] == {APART: len(drawn)}


async def test_nobody_is_drawn_while_nobody_is_there_to_call(one: Chain) -> None:
    await calm_people(one.service.store, 4)
    one.clock.at = NOON + timedelta(hours=14)
    await draw(one.service)
    async with one.service.store.reading() as tx:
        assert await state.get(tx, "spot_checked") is None


async def test_a_day_counted_again_stands_in_place_of_the_first(store: Store) -> None:
    french, spanish = Group("fr", "sms", "adult", "own"), Group("es", "sms", "minor", "shared")
    async with store.writing() as tx:
        await tallies.keep(tx, DAY, {"answered": {(french, 1): 9}})
        await tallies.keep(tx, DAY, {"answered": {(french, 1): 7, (spanish, 0): 2}})
        whole = await tallies.read(tx, DAY, DAY)
        assert {(cell.bucket, cell.n) for cell in whole} == {(1, 7), (0, 2)}
        by_language = await tallies.read(tx, DAY, DAY, "language", "answered")
        assert {(cell.group, cell.n) for cell in by_language} == {("fr", 7), ("es", 2)}
        assert await tallies.read(tx, DAY, DAY, "phone", "lost") == []


async def test_check_ins_and_follow_ups_are_counted_with_the_silent(one: Chain) -> None:
    await calm_people(one.service.store, 12)
    cells = await today(one)
    assert cells["answered"] == {1: 8, NEVER: 4}
    assert cells["answered_once"] == {1: 8, 0: 4}
    assert cells["completed"] == cells["alone"] == {APART: 12}
    async with one.service.store.writing() as tx:
        for follow_up in await following.going(tx, 12):
            await following.save(tx, replace(follow_up, state="closed", outcome="completed"))
    assert (await today(one))["alone"] == {1: 12}
    rate = figure(BY_NAME["answered"], cells["answered"].items()).rate
    assert rate is not None and round(rate) == 67


def test_recent_days_are_counted_more_often_than_old_ones() -> None:
    today = date(2026, 11, 23)
    assert next_day({}, today, NOW) == today
    fresh = {today - timedelta(days=n): NOW for n in range(28)}
    assert next_day(fresh, today, NOW) is None
    assert next_day(fresh, today, NOW + timedelta(minutes=15)) == today
    late = NOW + timedelta(hours=3)
    assert next_day({**fresh, today: late}, today, late) == today - timedelta(days=1)


def test_a_figure_of_few_people_is_not_shown() -> None:
    few = figure(BY_NAME["answered"], [(1, 4)])
    assert few.small and few.rate is None and few.n == 4
    assert figure(BY_NAME["answered"], [(1, 4), (NEVER, 1)]).rate == 80


def test_a_span_counts_whom_nobody_reached_below_the_line() -> None:
    one = figure(BY_NAME["cases_reached"], [(cohorts.bucket_of(50), 5), (NEVER, 4), (APART, 3)])
    assert (one.n, one.apart, one.median, one.ninetieth) == (9, 3, 60, None)
    assert one.rate is not None and round(one.rate) == 56
    many = figure(BY_NAME["yield"], [(0, 5), (3, 5), (NEVER, 2)])
    assert (many.n, many.mean, many.rate, many.apart) == (10, 1.5, 50, 2)


def test_a_plot_breaks_its_line_where_nothing_is_known() -> None:
    drawn = lines(["a", "b", "c", "d"], [("x", [1.0, 2.0, None, 4.0])], " %", 100)
    (series,) = drawn.series
    assert len(series.lines) == 1 and len(series.dots) == 3
    assert [words for _, words in drawn.grid] == ["0 %", "25 %", "50 %", "75 %", "100 %"]
    bars = columns(["9h", "10h"], [("x", [3, 0]), ("y", [12, 500])])
    assert [len(one.bars) for one in bars.series] == [1, 2]
    assert bars.series[0].bars[0].said == "9h: x 3"


async def test_the_page_tells_figures_and_definitions_and_nobody(home: House) -> None:
    await calm_people(home.service.store, 12)
    await home.alarm()
    await tally(home.service)
    await home.user("anne", "epidemiologist")
    async with home.visitor("anne") as visitor:
        page = await visitor.get("/admin/dashboard")
        assert visitor.status == 200 and "Kermarrec" not in page and YVONNE not in page
        assert all(measure.definition.split(":")[0][:20] in page for measure in MEASURES)
        assert "Fewer than 5 people" in page and "<svg" in page
        page = await visitor.get("/admin/dashboard?by=language&days=7")
        assert "French" in page
        text = await visitor.get("/admin/dashboard/answered.csv?days=7")
        rows = list(csv.reader(StringIO(text.lstrip("\ufeff"))))
        assert rows[0][:4] == ["day", "group", "people", "rate_percent"]
        assert rows[-1][:4] == [home.clock.at.date().isoformat(), "", "12", "66.7"]
        assert rows[1][2] == "<5"
        await visitor.get("/admin/dashboard/nothing.csv")
        assert visitor.status == 404
