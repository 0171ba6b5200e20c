"""A call as a form: what is known and may be said, whom they met, and when to call again."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from admin import interview, prepared
from admin.contact_rows import Reader, pasted, read_rows
from bot.announcing import word_of_the_day
from bot.store import addresses, cases, contacts, following, people
from bot.store.engines import Tx
from flows.rules import next_try
from flows.vocabulary import LANGUAGES, Exposure, Lang
from flows.wording.rendering import for_channel
from flows.wording.segments import measure
from tests.admins import YVONNE, House, Visitor, house
from tests.services import NOON, desk

PARIS = ZoneInfo("Europe/Paris")
TODAY = datetime(2026, 11, 20, 10)
READER = Reader(
    "fr", "FR", TODAY, {"collègue": "colleague", "colleague": "colleague"}, {"home": "home"}
)


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin."""
    async with house(sqlite_store_url) as home:
        yield home


@pytest.fixture
async def agent(home: House) -> AsyncIterator[Visitor]:
    """An agent, signed in."""
    async with home.visitor("agent") as visitor:
        yield visitor


async def called(home: House, agent: Visitor, **form: object) -> str:
    """Yvonne's interview, sent with these fields."""
    person = await home.enter("Yvonne Kermarrec", YVONNE)
    await home.work()
    path = await home.bundle()
    await agent.get(f"{path}/interview?person={person.id}")
    return await agent.post(f"{path}/interview", person=person.id, **form)


async def _yvonne(tx: Tx) -> int:
    address = (await addresses.find_all(tx, YVONNE))[0]
    return (await people.at_address(tx, address.id))[0].person_id


async def met(home: House) -> list[Exposure]:
    async with home.service.store.reading() as tx:
        case = await cases.of_person(tx, await _yvonne(tx))
        assert case is not None
        return await contacts.exposures_of_case(tx, case.id)


async def test_the_page_says_the_word_the_limits_and_the_script(
    home: House, agent: Visitor
) -> None:
    person = await home.enter("Yvonne Kermarrec", YVONNE)
    await home.work()
    page = await agent.get(f"{await home.bundle()}/interview?person={person.id}")
    store, pack = home.service.store, desk().pack(NOON.date())
    word = word_of_the_day(store, pack, person.id, "fr", home.clock.now().date())
    assert f'<strong class="code" dir="auto">{word}</strong>' in page
    assert (await home.person(person.id)).check_code in page
    assert "born 4 May 1980" in page and "where they are now" in page
    assert "qui dort chez vous" in page
    assert "Agence Santé Armor" in page and "quelle est votre année de naissance" in page


async def test_rows_are_kept_and_bad_ones_come_back_with_their_line(
    home: House, agent: Visitor
) -> None:
    rows = "Martine Le Bihan;06 39 98 00 11;collègue;2026-11-20;home\nPaul;12;;;\nLina;;;;home"
    form: Mapping[str, object] = {"pasted": rows, "name-0": "Jean", "relation-0": "friend"}
    page = await called(home, agent, **form)
    assert "1 row was not kept" in page and "line 6" in page
    assert "this is not a telephone number" in page and "Paul\t12" in page
    kept = await met(home)
    assert [one.said_name for one in kept] == ["Jean", "Martine Le Bihan", "Lina"]
    assert [one.relation for one in kept] == ["friend", "colleague", ""]
    assert kept[1].last_day == date(2026, 11, 20)


async def test_answers_told_by_phone_are_weighed_like_written_ones(
    home: House, agent: Visitor
) -> None:
    await called(home, agent, asked=1, follow=1, danger="chest_pain", temperature="38.6")
    assert "Saved." in agent.page
    [person_id] = {one.review.person_id for one in await home.queue()}
    assert [one.review.priority for one in await home.queue()] == ["P1"]
    async with home.service.store.reading() as tx:
        follow_up = await following.active_of_person(tx, person_id or 0)
        assert follow_up is not None
        [day] = await following.history(tx, follow_up.id)
    assert day.answers["temperature"] == 38.6


async def test_facts_of_the_form_are_kept_and_empty_ones_destroy_nothing(
    home: House, agent: Visitor
) -> None:
    await called(home, agent, street="3 rue Basse", pregnant="yes", town="")
    async with home.service.store.reading() as tx:
        case = await cases.of_person(tx, await _yvonne(tx))
        assert case is not None
        person = await people.get(tx, case.person_id)
    assert person is not None
    assert (person.street, person.facts["pregnant"]) == ("3 rue Basse", "yes")


async def test_no_answer_sends_one_neutral_text_with_the_word(home: House, agent: Visitor) -> None:
    before = len(await home.transcript(YVONNE))
    await called(home, agent, call="no_answer")
    assert "The call is noted" in agent.page
    await home.work()
    last = (await home.transcript(YVONNE))[-1]
    assert last.kind == "agent" and "Notre mot" in last.text
    assert len(await home.transcript(YVONNE)) == before + 2


async def test_an_hour_that_is_none_saves_nothing(home: House, agent: Visitor) -> None:
    await called(home, agent, call="call_at", call_time="soon", street="3 rue Basse")
    assert "Nothing was saved" in agent.page


def test_every_question_to_read_aloud_is_one_of_the_flow() -> None:
    assert [key for key in interview.CASE_ASKS if key not in desk().english] == []


def local(hour: int, minute: int = 0) -> datetime:
    # A Wednesday.
    return datetime(2026, 11, 25, hour, minute, tzinfo=PARIS)


def test_the_next_try_comes_at_another_hour() -> None:
    pack = desk().pack(NOON.date())
    assert next_try(pack, "no_answer", [local(9, 30)], local(9, 30)) == local(12, 30)
    assert next_try(pack, "no_answer", [local(13)], local(13)) == local(18)


def test_a_busy_line_is_tried_again_soon() -> None:
    pack = desk().pack(NOON.date())
    assert next_try(pack, "busy", [local(10)], local(10)) == local(10, 15)


def test_after_three_tries_the_day_is_over() -> None:
    tried = [local(9), local(10), local(11)]
    for outcome in ("busy", "no_answer"):
        found = next_try(desk().pack(NOON.date()), outcome, tried, local(11))
        assert found is not None and found.date() == date(2026, 11, 26)
        assert found.hour != 9, "the window of the last try"


def test_a_row_is_read_with_the_understanding_of_replies() -> None:
    rows = pasted("nom;tel\nMartine;06 39 98 00 11;ma cousine;mardi;\n;;;;\n;;;;home")
    good, bad = read_rows(rows, READER)
    assert [(one.name, one.phone, one.relation) for one in good] == [
        ("Martine", "+33639980011", "other_family")
    ]
    assert good[0].last_day == date(2026, 11, 17)
    assert [(one.line, one.why) for one in bad] == [(4, "no_name")]


def test_a_day_to_come_and_an_unknown_kind_are_faults() -> None:
    tomorrow = (TODAY + timedelta(days=1)).date().isoformat()
    _, bad = read_rows(pasted(f"A,,,{tomorrow},\nB,,,,moon"), replace(READER))
    assert [one.why for one in bad] == ["bad_day", "bad_kind"]


@pytest.mark.parametrize("lang", LANGUAGES)
def test_the_text_after_a_try_fits(lang: Lang) -> None:
    text = for_channel(prepared.tried_text(desk().pack(NOON.date()), lang, "abricot bleu"), "sms")
    assert measure(text).segments <= (2 if lang == "ar" else 1)
