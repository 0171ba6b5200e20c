"""The follow-up board, a case with its contacts, its chain, and the people of its place."""

import re
from collections.abc import AsyncIterator

import pytest

from tests.admins import House, house
from tests.outbreaks import PLACE, outbreak


@pytest.fixture
async def home(store_url: str) -> AsyncIterator[House]:
    """An empty demonstration with its admin, on each database."""
    async with house(store_url) as home:
        yield home


def rows(page: str) -> list[str]:
    """The names on a board, in their order."""
    return re.findall(r'<th scope="row">(?:<input[^>]*> )?<a[^>]*>([^<]+)</a>', page)


async def test_a_board_shows_who_is_worse_and_who_is_silent_first(home: House) -> None:
    await outbreak(home)
    async with home.visitor("agent") as visitor:
        page = await visitor.get("/admin/follow-ups")
        assert rows(page)[:2] == ["Worse Morvan", "Silent Morvan"]
        assert len(rows(page)) == 4
        assert "2 days silent" in page
        assert "score 9" in page


@pytest.mark.parametrize(
    ("query", "names"),
    [
        ("show=worse", ["Worse Morvan"]),
        ("show=urgent", ["Worse Morvan"]),
        ("show=silent", ["Silent Morvan"]),
        ("show=unanswered", ["Silent Morvan"]),
        ("role=case", []),
        ("language=ar", []),
        ("show=nonsense&role=x&page=-1", ["Worse", "Silent", "Better", "Calm"]),
        ("page=1", []),
    ],
)
async def test_a_board_is_sifted_by_its_address(home: House, query: str, names: list[str]) -> None:
    await outbreak(home)
    async with home.visitor("agent") as visitor:
        found = rows(await visitor.get(f"/admin/follow-ups?{query}"))
    assert {one.split()[0] for one in found} == {one.split()[0] for one in names}


async def test_who_is_better_again_is_worse_no_more(home: House) -> None:
    await outbreak(home)
    async with home.visitor("agent") as visitor:
        await home.pass_time(days=1)
        assert "Worse Morvan" in await visitor.get("/admin/follow-ups?show=worse")
        await home.pass_time(days=1)
        assert "Nobody like this" in await visitor.get("/admin/follow-ups?show=worse")


async def test_a_case_shows_its_contacts_by_place_and_day(home: House) -> None:
    found = await outbreak(home)
    async with home.visitor("agent") as visitor:
        page = await visitor.get(f"/admin/cases/{found['second']}")
        assert set(rows(page)) == {f"{one} Morvan" for one in ("Worse", "Silent", "Calm", "Better")}
        assert "no number" in page
        places = re.findall(r'href="(/admin/cases/\d+\?place=[^"]+)"', page)
        one = await visitor.get(places[0].replace("&amp;", "&"))
        assert rows(one) == rows(page)
        assert rows(await visitor.get(f"/admin/cases/{found['second']}?place=work")) == []


async def test_a_case_that_is_none_is_not_found(home: House) -> None:
    async with home.visitor("agent") as visitor:
        for path in ("/admin/cases/1", "/admin/cases/1/chain", "/admin/cases/1/place"):
            await visitor.get(path)
            assert visitor.status == 404


async def test_a_chain_is_drawn_from_the_first_known_whoever_is_asked_for(home: House) -> None:
    found = await outbreak(home)
    async with home.visitor("agent") as visitor:
        page = await visitor.get(f"/admin/cases/{found['second']}/chain")
        boxes = re.findall(r'<a id="n(-?\d+)" class="([\w ]+)"', page)
        assert [kind for _, kind in boxes][:2] == ["case", "case self"]
        assert len(boxes) == 6
        assert "Generation 3" in page
        assert len(re.findall(r'<path class="also"', page)) == 1
        # Onsets nine and five days ago.
        assert re.search(r"Karim Benali</a></th>.*?<td>4</td></tr>", page, re.DOTALL)


async def test_the_arrow_keys_of_a_chain_lead_to_people_who_are_drawn(home: House) -> None:
    found = await outbreak(home, crowd=20)
    async with home.visitor("agent") as visitor:
        page = await visitor.get(f"/admin/cases/{found['first']}/chain")
    drawn = set(re.findall(r'<a id="(n-?\d+)"', page))
    assert set(re.findall(r'data-(?:left|right|up|down)="([^"]+)"', page)) <= drawn
    assert "13 more people" in page
    assert page.count("Choriste") > 20


async def test_a_place_shows_its_cases_and_whom_they_met_there(home: House) -> None:
    found = await outbreak(home, crowd=3)
    async with home.visitor("agent") as visitor:
        page = await visitor.get(f"/admin/cases/{found['first']}/place")
        assert "2 cases" in page and "4 people met away from home" in page
        assert PLACE in page.replace("&#39;", "'")
        assert "Calm Morvan" not in page


async def test_what_is_looked_at_stands_in_the_trail(home: House) -> None:
    found = await outbreak(home)
    person = await home.person(found["second_person"])
    async with home.visitor("agent") as visitor:
        for room in ("", "/chain", "/place"):
            await visitor.get(f"/admin/cases/{found['second']}{room}")
    seen = [one.data["what"] for one in await home.trail(person.id) if one.kind == "read"]
    assert seen == ["place", "chain", "case"]
