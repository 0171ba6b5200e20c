"""The letter that announces calls: six languages, nothing of health, and its printing on record."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date

import pytest

from admin.letters import words
from bot.deeds.voicing import RING
from bot.store import people, timers
from flows.vocabulary import LANGUAGES, Lang, Person
from tests.admins import YVONNE, House, house

HEALTH = re.compile(
    r"covid|sant[ée]|health|saude|saúde|salud|sağlık|maladi|illness|symptom|test|virus"
    r"|médec|doctor|صح|مرض|كوفيد",
    re.IGNORECASE,
)
_PLACE = re.compile(r"\{(\w+)\}")


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[tuple[House, Person]]:
    """Yvonne, 84, whose telephone takes no texts, in a house whose machine may call."""
    async with house(sqlite_store_url) as opened:
        object.__setattr__(opened.service, "desk", replace(opened.service.desk, calls=True))
        person = await opened.enter(
            "Yvonne Kermarrec",
            YVONNE,
            birth_date=date(1942, 3, 1),
            street="3 rue du Port",
            postcode="29200",
            town="Brest",
        )
        yield opened, person


def test_every_language_has_the_whole_letter_and_nothing_of_health_in_it() -> None:
    assert set(words()) == set(LANGUAGES)
    wanted = {"agency", "ending", "day", "phone", "code", "emergency"}
    for lang, lines in words().items():
        assert set(_PLACE.findall(" ".join(lines))) == wanted, lang
        assert len(lines) == len(words()["en"])
        assert HEALTH.search(" ".join(lines)) is None, lang


@pytest.mark.parametrize("lang", sorted(["ar", "fr"]))
async def test_the_letter_is_shown_in_their_language_with_the_address_and_the_code(
    home: tuple[House, Person], lang: Lang
) -> None:
    at, person = home
    async with at.service.store.writing() as tx:
        await people.learn(tx, person.id, {"language": lang}, at.clock.at)
    async with at.visitor("agent") as visitor:
        page = await visitor.get(f"/admin/people/{person.id}/letter")
    letter = page[page.index("<article") : page.index("</article>")]
    outside = letter[letter.index("<address") : letter.index("</address>")]
    assert re.findall(r">?([^<>]+)<br>", outside) == [
        "Yvonne Kermarrec",
        "3 rue du Port",
        "29200 Brest",
    ]
    assert person.check_code in letter and person.check_code not in outside
    assert f'lang="{lang}"' in letter


async def test_printing_is_recorded_and_the_machine_calls_some_days_later(
    home: tuple[House, Person],
) -> None:
    at, person = home
    async with at.visitor("agent") as visitor:
        await visitor.get(f"/admin/people/{person.id}")
        bundle = await at.bundle()
        await visitor.post(f"{bundle}/voice", person=person.id, wanted="yes")
        assert "Their telephone rings" in visitor.page
        assert [one.review.reason for one in await at.queue()] == ["voice_first_call"]
        await visitor.get(f"/admin/people/{person.id}/letter")
        page = await visitor.post(f"/admin/people/{person.id}/letter")
        assert "data-print" in page and "recorded as printed" in page
    assert await at.queue() == []
    acts = [one.data for one in await at.trail(person.id) if one.kind == "acted"]
    assert [one["what"] for one in acts] == ["letter", "voice"]
    async with at.service.store.reading() as tx:
        [due] = [one for one in await timers.of_person(tx, person.id) if one.kind == RING]
    assert (due.due_at - at.clock.at).days >= 4


async def test_without_a_street_nothing_is_printed(home: tuple[House, Person]) -> None:
    at, _ = home
    other = await at.enter("Ana Roy", "+33639980333")
    async with at.visitor("agent") as visitor:
        page = await visitor.get(f"/admin/people/{other.id}/letter")
        assert "complete the record first" in page and "Print the letter" not in page
        await visitor.get("/admin/people")
        assert "Nothing was recorded" in await visitor.post(f"/admin/people/{other.id}/letter")
    assert not [one for one in await at.trail(other.id) if one.data.get("what") == "letter"]
