"""Cases enter by a form or a list; what cannot be taken is told in words, beside its place."""

import io
from collections.abc import AsyncIterator

import aiohttp
import openpyxl
import pytest

from bot.store import cases
from tests.admins import House, Visitor, house

GOOD = {
    "given_name": "Sophie",
    "family_name": "Le Goff",
    "birth_date": "1985-03-02",
    "phone": "06 39 98 05 01",
    "language": "fr",
    "country": "FR",
    "test_date": "2026-11-22",
    "onset_date": "2026-11-21",
    "told_by": "laboratory",
    "told_on": "2026-11-22",
}
HEADER = "id,given_name,family_name,birth_date,phone,test_date,onset_date,told_by,told_on\n"
LIST = (
    HEADER
    + "A1,Sophie,Le Goff,1985-03-02,0639980501,2026-11-22,2026-11-21,lab,2026-11-22\n"
    + "A2,Karim,Haddad,1980-05-12,12,2026-11-22,,lab,2026-11-22\n"
    + "A3,Emily,Carter,1990-07-14,0639980502,2030-01-01,none,lab,2026-11-22\n"
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


async def upload(visitor: Visitor, content: bytes, name: str = "list.csv") -> str:
    await visitor.get("/admin/cases/import")
    token = visitor.page.split('name="token" value="')[1][:64]
    form = aiohttp.FormData()
    form.add_field("token", token)
    form.add_field(
        "file", io.BytesIO(content), filename=name, content_type="application/octet-stream"
    )
    async with visitor.session.post("/admin/cases/import", data=form) as answer:
        return await visitor._seen(answer)


async def test_a_typed_case_is_entered_and_written_to(home: House, agent: Visitor) -> None:
    await agent.get("/admin/cases/new")
    await agent.post("/admin/cases/new", mark="form-1", **GOOD)
    assert "The case is entered." in agent.page
    assert agent.at.startswith("/admin/people/")
    await home.work()
    [first] = await home.transcript("+33639980501")
    assert "S.L.G." in first.text
    assert "Sophie Le Goff" in await agent.get("/admin/cases")


async def test_the_same_form_twice_is_one_case(home: House, agent: Visitor) -> None:
    await agent.get("/admin/cases/new")
    await agent.post("/admin/cases/new", mark="form-1", **GOOD)
    await agent.get("/admin/cases/new")
    await agent.post("/admin/cases/new", mark="form-1", **GOOD)
    assert "nothing differs" in agent.page
    async with home.service.store.reading() as tx:
        assert len(await cases.page(tx, ["reported", "notifying"])) == 1


async def test_faults_stand_beside_their_fields_and_what_was_typed_stays(
    home: House, agent: Visitor
) -> None:
    await agent.get("/admin/cases/new")
    typed = GOOD | {"phone": "12", "test_date": "2030-01-01", "country": "Q9"}
    page = await agent.post("/admin/cases/new", mark="form-1", **typed)
    assert agent.status == 422
    assert "3 fields need another look" in page
    for name, words in (
        ("test_date", "is in the future"),
        ("country", "is not a country&#39;s two letters, like FR"),
        ("phone", "has too few digits"),
    ):
        assert f'id="e-{name}">{words}' in page
    assert 'value="Sophie"' in page
    assert "Nobody" not in await agent.get("/admin/cases") and "No case here" in agent.page


async def test_faults_are_told_in_french_too(home: House) -> None:
    async with home.visitor("agent") as visitor:
        await visitor.get("/admin/cases/new")
        await visitor.post("/admin/language", language="fr", next="/admin/cases/new")
        typed = GOOD | {"birth_date": "1785-03-02"}
        page = await visitor.post("/admin/cases/new", mark="form-1", **typed)
        assert "remonte à plus de 120 ans" in page


async def test_a_number_that_is_possible_but_not_known_is_flagged_not_refused(
    home: House, agent: Visitor
) -> None:
    await agent.get("/admin/cases/new")
    # A range of numbers that nobody was given yet.
    await agent.post("/admin/cases/new", mark="form-1", **(GOOD | {"phone": "+33700000000"}))
    assert "The case is entered." in agent.page
    assert "<dt>Number</dt><dd>doubtful</dd>" in agent.page


async def test_a_list_brings_good_rows_in_and_tells_the_others(home: House, agent: Visitor) -> None:
    page = await upload(agent, LIST.encode())
    assert "<strong>1</strong> new" in page and "<strong>2</strong> faults" in page
    assert "has too few digits" in page and "is in the future" in page
    assert "<td>3</td>" in page and "<td>4</td>" in page
    again = await upload(agent, LIST.encode())
    assert "<strong>0</strong> new" in again and "<strong>1</strong> known, unchanged" in again


async def test_the_faults_of_a_list_are_a_file_that_repeats_nothing_of_people(
    home: House, agent: Visitor
) -> None:
    page = await upload(agent, LIST.encode())
    errors = page.split('name="errors" value="')[1].split('">')[0]
    text = await agent.post("/admin/cases/import/errors.csv", errors=errors)
    assert text.splitlines()[0] == "line,column,reason"
    assert "Karim" not in text and "0639980502" not in text


async def test_a_spreadsheet_is_a_list_as_well(home: House, agent: Visitor) -> None:
    book, file = openpyxl.Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in LIST.splitlines()[:2]:
        sheet.append(row.split(","))
    book.save(file)
    book.close()
    assert "<strong>1</strong> new" in await upload(agent, file.getvalue(), "list.xlsx")


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "is empty: the first line names the columns"),
        (b"id,shoe_size\n1,42\n", "shoe_size"),
        (b"\xd0\xcf\x11\xe0 old", "is an old Excel file"),
    ],
)
async def test_a_file_that_is_no_list_is_refused_in_words(
    home: House, agent: Visitor, content: bytes, words: str
) -> None:
    assert words in await upload(agent, content)
    assert agent.status == 422


async def test_a_large_list_passes_and_a_huge_one_does_not(home: House, agent: Visitor) -> None:
    rows = "".join(f"B{n},P{n},Q{n},,,2026-11-22,,lab,\n" for n in range(600))
    page = await upload(agent, (HEADER + rows).encode())
    assert "<strong>600</strong> new" in page
    await upload(agent, b"x" * (16 * 1024 * 1024 + 1))
    assert agent.status == 413


async def test_cases_are_listed_by_state(home: House, agent: Visitor) -> None:
    assert "No case here" in await agent.get("/admin/cases")
    await home.enter("Emma Roux", "+33639980444")
    assert "Emma Roux" in await agent.get("/admin/cases?state=notifying")
    assert "Emma Roux" not in await agent.get("/admin/cases?state=closed&after=x~y")
