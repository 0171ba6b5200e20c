"""Supervisors keep the hours of calls by appointment, and what they keep holds at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, datetime, time, timedelta
from typing import Any

import pytest

from admin.shifts import NO_CLOCK, NO_DAY, NO_SEATS, OFF_DUTY, OVERLAPS, TOO_SHORT, clock_of
from admin.shifts import read_shifts as read
from bot.desk import open_desk
from bot.store import addresses, call_hours, people, surges, users
from bot.store.engines import Store, Tx
from bot.taking import take_all
from flows.rules import free_seats, free_slots, seats, shifts_of_rules
from flows.vocabulary import CallBook, CallShift, CallWeek, Incoming, Lang, Link, Person
from tests.admins import House, house
from tests.stores import NOW
from tests.test_call_slots import said

DESK = open_desk()
PACK = DESK.pack(NOW.date())
# Monday 23 November 2026, 10:00 in Paris.
MONDAY = CallShift(0, time(14), time(15), 30, 1)
AT_TWO = datetime(2026, 11, 23, 14, tzinfo=PACK.zone)
HALF = timedelta(minutes=30)
TYPED: Mapping[str, Any] = {
    "team": "", "days": ["0"], "starts": "14:00", "ends": "15:00", "seats": "1", "minutes": "30",
    "speaks": [],
}  # fmt: skip


def week(*shifts: CallShift, off: tuple[tuple[str, date], ...] = ()) -> CallBook:
    return CallBook(CallWeek(shifts, frozenset(off), kept=True))


# -- what a week offers


def test_the_week_that_is_kept_takes_the_place_of_the_rules() -> None:
    assert free_slots(PACK, NOW, week(MONDAY), "fr") == (AT_TWO, AT_TWO + HALF)
    assert free_slots(PACK, NOW, week(), "fr") == ()


def test_a_call_is_offered_only_to_who_speaks_a_language_of_the_shift() -> None:
    book = week(MONDAY, replace(MONDAY, languages=frozenset(("ar",)), seats=2))
    assert free_seats(PACK, book, AT_TWO, "fr") == (0,)
    # Whoever speaks one language only is taken first: the others stay free for everybody.
    assert free_seats(PACK, book, AT_TWO, "ar") == (1, 2, 0)
    full = replace(book, taken={AT_TWO: frozenset({0})})
    assert AT_TWO not in free_slots(PACK, NOW, full, "fr")
    assert AT_TWO in free_slots(PACK, NOW, full, "ar")


def test_a_day_off_is_one_teams_or_everybodys() -> None:
    north = replace(MONDAY, team="North")
    today = NOW.date()
    assert len(seats(PACK, week(MONDAY, north).week, AT_TWO)) == 2
    assert len(seats(PACK, week(MONDAY, north, off=(("North", today),)).week, AT_TWO)) == 1
    assert free_slots(PACK, NOW, week(MONDAY, north, off=(("", today),)), "fr") == ()
    rules_own = CallBook(CallWeek(off=frozenset({("", today)})))
    assert free_slots(PACK, NOW, rules_own, "fr")[0].date() > today


def test_nothing_is_offered_while_a_surge_stops_it() -> None:
    stopped = CallBook(CallWeek((MONDAY,), kept=True, stopped=True))
    assert free_slots(PACK, NOW, stopped, "fr") == ()


def test_hours_beyond_those_on_duty_are_not_offered() -> None:
    night = replace(MONDAY, starts=time(18), ends=time(20))
    evening = [at.astimezone(PACK.zone).hour for at in free_slots(PACK, NOW, week(night), "fr")]
    assert evening == [18, 18]


# -- what is typed


@pytest.mark.parametrize(
    ("typed", "fault"),
    [
        ({"days": []}, {"day": NO_DAY}),
        ({"days": ["7"]}, {"day": NO_DAY}),
        ({"ends": "14:20"}, {"ends": TOO_SHORT}),
        ({"ends": "13:00"}, {"ends": TOO_SHORT}),
        ({"starts": "25:00"}, {"starts": NO_CLOCK}),
        ({"starts": "noon", "ends": ""}, {"starts": NO_CLOCK, "ends": NO_CLOCK}),
        ({"seats": "0"}, {"seats": NO_SEATS}),
        ({"seats": "two"}, {"seats": NO_SEATS}),
        ({"minutes": "7"}, {"minutes": NO_SEATS}),
        ({"ends": "23:00"}, {"starts": OFF_DUTY}),
        ({"days": ["0", "6"], "starts": "08:00"}, {"starts": OFF_DUTY}),
    ],
)
def test_what_cannot_be_read_is_said_beside_its_field(
    typed: dict[str, Any], fault: dict[str, str]
) -> None:
    assert read({**TYPED, **typed}, [], PACK, NOW.date())[1] == fault


def test_the_same_hours_stand_twice_only_in_other_languages_or_teams() -> None:
    def fault(**typed: Any) -> dict[str, str]:
        return read({**TYPED, **typed}, [MONDAY], PACK, NOW.date())[1]

    assert fault(starts="14:30", ends="16:00") == {"starts": OVERLAPS}
    assert not fault(starts="15:00", ends="16:00")
    assert not fault(speaks=["ar"]) and not fault(team="North") and not fault(days=["1"])


def test_an_hour_is_read_as_people_write_it() -> None:
    read_so = {text: clock_of(text) for text in ("9:05", "09:05", "9h05", " 9H05 ")}
    assert set(read_so.values()) == {time(9, 5)}
    assert clock_of("18h") == time(18) and clock_of("24:00") is clock_of("9:5:1") is None


# -- what is kept


async def a_person(tx: Tx, number: str, lang: Lang = "fr") -> tuple[Person, int]:
    person = await people.add(tx, Person(0, given_name="Yanis", language=lang), NOW)
    address = await addresses.lock(tx, "sms", number, NOW)
    await people.save_link(tx, Link(person.id, address.id, role="self", proven_at=NOW))
    return person, address.id


async def test_a_week_is_read_as_it_was_kept(store: Store) -> None:
    async with store.writing() as tx:
        assert await call_hours.week(tx, NOW) == CallWeek()
        user = await users.add(tx, "boss@example.org", "supervisor", "x", now=NOW)
        arabic = replace(MONDAY, languages=frozenset(("ar", "tr")), team="Équipe")
        first = await call_hours.add(tx, MONDAY, user.id, NOW)
        await call_hours.add(tx, arabic, user.id, NOW)
        await call_hours.take_off(tx, "Équipe", NOW.date(), user.id, NOW)
        await call_hours.take_off(tx, "", NOW.date() - timedelta(days=9), user.id, NOW)
        kept = CallWeek((MONDAY, arabic), frozenset({("Équipe", NOW.date())}), kept=True)
        assert await call_hours.week(tx, NOW) == kept
        assert await call_hours.end(tx, first, user.id, NOW)
        assert not await call_hours.end(tx, first, user.id, NOW)
        assert (await call_hours.week(tx, NOW)).shifts == (arabic,)
        await surges.start(tx, user.id, (), (), (), NOW + HALF, NOW, stops_calls=True)
        assert (await call_hours.week(tx, NOW)).stopped
        assert not (await call_hours.week(tx, NOW + HALF)).stopped


async def test_what_is_kept_is_offered_and_promised_from_the_next_text_on(store: Store) -> None:
    async with store.writing() as tx:
        _, at_fr = await a_person(tx, "+33639980001")
        _, at_ar = await a_person(tx, "+33639980002", "ar")
        await call_hours.add(tx, replace(MONDAY, languages=frozenset(("fr",))), None, NOW)
        for n, words in enumerate(("APPEL", "1")):
            incoming = [Incoming("sms", f"SM{n}", "+33639980001", "38000", words)]
            await take_all(tx, incoming, DESK, NOW)
        assert "1 aujourd'hui 14 h 2 aujourd'hui 14 h 30" in (await said(tx, at_fr))[0]
        await take_all(tx, [Incoming("sms", "SM9", "+33639980002", "38000", "APPEL")], DESK, NOW)
        (told,) = await said(tx, at_ar)
        assert "14" not in told


# -- the page


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


ROOM = "/admin/supervision/hours"


async def test_a_supervisor_keeps_changes_and_ends_hours(home: House) -> None:
    async with home.visitor("supervisor") as boss:
        assert "These are the hours of the rules" in await boss.get(ROOM)
        await boss.post(f"{ROOM}/rules")
        assert "These are the hours of the rules" not in boss.page
        assert boss.page.count("09:00–18:30") == 5 and "09:30–16:30" in boss.page
        form: dict[str, Any] = {
            "team": "Brest",
            "day": [0, 2],
            "starts": "10:00",
            "ends": "12:00",
            "seats": "x",
        }
        await boss.post(ROOM, minutes="30", speaks=["ar"], **form)
        assert boss.status == 422 and NO_SEATS in boss.page and 'value="10:00"' in boss.page
        await boss.post(ROOM, minutes="30", speaks=["ar"], **{**form, "seats": "3"})
        assert boss.page.count("10:00–12:00") == 2 and "Brest" in boss.page
        async with home.service.store.reading() as tx:
            shifts, _ = await call_hours.kept(tx, home.clock.at)
        one = next(shift.id for shift in shifts if shift.shift.seats == 3)
        assert 'value="Brest"' in await boss.get(f"{ROOM}?edit={one}")
        changed = {**form, "day": 0, "starts": "10:30", "seats": "3"}
        await boss.post(ROOM, shift=one, minutes="30", **changed)
        assert boss.page.count("10:00–12:00") == boss.page.count("10:30–12:00") == 1
        await boss.post(ROOM, shift=one, minutes="30", **changed)
        assert "somebody else has changed it" in boss.page or OVERLAPS in boss.page
        await boss.post(f"{ROOM}/days", on="2026-12-24", team="Brest")
        assert "24" in boss.page and "Take away" in boss.page
        await boss.post(f"{ROOM}/days", on="2020-01-01", team="")
        assert "choose a day from today on" in boss.page


async def test_agents_do_not_change_hours_and_every_change_is_in_the_trail(home: House) -> None:
    async with home.visitor("agent") as agent:
        await agent.get(ROOM)
        assert agent.status == 403
    await home.user("officer", "officer")
    async with home.visitor("supervisor") as boss, home.visitor("officer") as officer:
        await boss.get(ROOM)
        await boss.post(f"{ROOM}/rules")
        lines = await officer.get("/admin/audit?kind=acted")
        assert lines.count("Hours for calls") == len(shifts_of_rules(PACK, NOW.date()))


async def test_a_surge_may_stop_that_calls_are_offered(home: House) -> None:
    async with home.visitor("supervisor") as boss:
        await boss.get("/admin/supervision/surge")
        await boss.post("/admin/supervision/surge", hours=24, stops_calls="yes")
        assert "None is offered" in boss.page
        assert "The surge stops these offers" in await boss.get(ROOM)
        async with home.service.store.reading() as tx:
            assert (await call_hours.week(tx, home.clock.at)).stopped
