"""The conversation as a web page: over real HTTP, in a real browser, with and without script."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession, CookieJar
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, expect

from bot.pages import Unseen
from bot.store import addresses, people, scenes
from flows.vocabulary import Address, Message, Scene
from tests.services import MARIE, Chain, chain, settings_for
from tests.standins.twilio import TwilioStandin

DANGER = "j'arrive plus a respirer"
STATIC = Path(__file__).parents[1] / "bot" / "pages" / "static"


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database; Marie was written to."""
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        await opened.enter_marie()
        await opened.work()
        yield opened


@pytest.fixture
async def visitor() -> AsyncIterator[ClientSession]:
    """A browser of Marie's, as far as HTTP goes."""
    async with ClientSession(
        cookie_jar=CookieJar(unsafe=True, treat_as_secure_origin=[])
    ) as opened:
        yield opened


async def sms(one: Chain, standin: TwilioStandin, words: str) -> list[str]:
    """Marie writes an SMS; what is then sent to her."""
    before = len(standin.sent)
    assert await standin.text(MARIE, words) == 200
    await one.pass_time(seconds=5)
    return [kept.body for kept in standin.sent[before:] if kept.to == MARIE]


async def link(one: Chain, standin: TwilioStandin) -> str:
    """The page that Marie asks for, at the address where the test serves it."""
    text = (await sms(one, standin, "page"))[-1]
    found = re.search(r"https://vigie\.example\.org(/r/\S+)", text)
    assert found, text
    return one.url + found[1]


class Tab:
    """A page in a browser that has no script: what it shows, and its form."""

    def __init__(self, http: ClientSession, url: str) -> None:
        self.http, self.url, self.html, self.status = http, url, "", 0
        self.cookie = ""

    async def open(self) -> str:
        async with self.http.get(self.url, headers=self._headers()) as answer:
            self.html, self.status = await answer.text(), answer.status
            assert answer.headers["Cache-Control"] == "no-store"
        return self.html

    async def send(self, **form: str) -> str:
        how = {"data": form, "headers": self._headers(), "allow_redirects": False}
        async with self.http.post(self.url, **how) as answer:  # type: ignore[arg-type]
            self.html, self.status = await answer.text(), answer.status
            if "page" in answer.cookies:
                self.cookie = answer.cookies["page"].value
                self.given = answer.cookies["page"].OutputString()
        return await self.open() if self.status == 303 else self.html

    async def say(self, text: str) -> str:
        return await self.send(text=text, mark=self.mark)

    @property
    def mark(self) -> str:
        found = re.search(r'name="mark" value="(\w+)"', self.html)
        assert found, self.html
        return found[1]

    def _headers(self) -> dict[str, str]:
        # The cookie is for https alone: a browser would keep it from this plain server.
        return {"Cookie": f"page={self.cookie}"} if self.cookie else {}


async def entered(one: Chain, standin: TwilioStandin, http: ClientSession) -> Tab:
    """Marie on her page."""
    tab = Tab(http, await link(one, standin))
    await tab.open()
    await tab.send(year="1980")
    return tab


async def at_page(one: Chain) -> Address:
    async with one.service.store.reading() as tx:
        found = await addresses.find(tx, "sms", MARIE)
        assert found
        [person] = [p for p, _ in await people.people_at(tx, found.id)]
        rows = await people.links_of(tx, person.id)
        known = await addresses.get_many(tx, [row.address_id for row in rows])
    return next(address for address in known if address.channel == "web")


async def said_on_page(one: Chain) -> list[Message]:
    return await one.transcript((await at_page(one)).value)


async def scene(one: Chain, address: Address) -> Scene:
    async with one.service.store.reading() as tx:
        return await scenes.scene(tx, address, one.clock.at)


async def test_a_link_survives_those_who_only_look_at_it(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = Tab(visitor, await link(one, twilio_standin))
    for _ in range(3):
        html = await tab.open()
        assert "année de naissance" in html and "Marie" not in html and "Covid" not in html
    assert "Covid" in await tab.send(year="1980")


async def test_a_link_opens_once_and_only_with_its_cookie(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    assert tab.status == 200 and {"HttpOnly", "Secure", "SameSite=Lax"} <= {*tab.given.split("; ")}
    other = Tab(visitor, tab.url)
    assert "Covid" not in await other.open() and other.status == 404
    await other.send(year="1980")
    assert other.status == 404


async def test_three_wrong_years_end_a_link(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = Tab(visitor, await link(one, twilio_standin))
    for year in ("1979", "dix-neuf cent 80", ""):
        await tab.send(year=year)
    await tab.send(year="1980")
    assert tab.status == 404


async def test_a_link_grows_too_old(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = Tab(visitor, await link(one, twilio_standin))
    one.clock.forward(minutes=31)
    await tab.open()
    assert tab.status == 404


async def test_who_they_are_is_not_asked_again_and_the_talk_goes_on(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    await sms(one, twilio_standin, "oui")
    tab = await entered(one, twilio_standin, visitor)
    assert "mal à respirer" in tab.html and tab.html.count("naissance") == 0
    assert "dort chez vous" in await tab.say("2")
    before = len(twilio_standin.sent)
    await one.work()
    assert len(twilio_standin.sent) == before


async def test_a_form_that_is_sent_twice_is_filed_once(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    mark = tab.mark
    await tab.send(text="2", mark=mark)
    await tab.send(text="2", mark=mark)
    assert [m.text for m in await said_on_page(one) if m.direction == "in"] == ["2"]


async def test_danger_on_the_page_is_answered_there_and_reviewed(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    html = await tab.say(DANGER)
    assert "URGENT" in html and 'href="tel:15"' in html and 'href="tel:112"' in html
    reviews = (await scene(one, await at_page(one))).reviews
    assert ("P1", "danger") in {(review.priority, review.reason) for review in reviews}


async def test_what_answers_violence_reads_as_routine_on_the_page_too(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    html = await tab.say("mon mari me frappe")
    assert "bien noté" in html and "tel:" not in html


async def test_what_nobody_saw_goes_to_the_telephone_once(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    await tab.say(DANGER)
    before = len(twilio_standin.sent)
    await one.pass_time(minutes=6)  # whether help was reached is asked, and nobody looks
    unseen = Unseen(one.service.store, one.service.desk, one.clock.now)
    await unseen.step()
    await one.work()
    assert len(twilio_standin.sent) == before
    one.clock.forward(minutes=2, seconds=1)
    await unseen.step()
    await unseen.step()
    await one.work()
    sent = [kept.body for kept in twilio_standin.sent[before:]]
    assert len(sent) == 1 and "joindre les secours" in sent[0]
    assert await sms(one, twilio_standin, "1") != []
    assert (await scene(one, await at_page(one))).conversations == ()


async def test_health_is_not_sent_on_to_a_telephone_that_others_read(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    async with one.service.store.writing() as tx:
        phone = await addresses.lock(tx, "sms", MARIE, one.clock.at)
        await addresses.save(tx, replace(phone, shared=True))
    await entered(one, twilio_standin, visitor)
    before = len(twilio_standin.sent)
    await one.pass_time(hours=3)  # a reminder stands on the page
    one.clock.forward(minutes=3)
    await Unseen(one.service.store, one.service.desk, one.clock.now).step()
    await one.work()
    assert twilio_standin.sent[before:] == []


async def test_the_page_of_a_shared_telephone_tells_no_more_than_its_texts(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab_url = await link(one, twilio_standin)
    async with one.service.store.writing() as tx:
        at = await addresses.lock(tx, "sms", MARIE, one.clock.at)
        await addresses.save(tx, replace(at, shared=True))
        await addresses.keep_word(tx, at.id, "tournesol")
    tab = Tab(visitor, tab_url)
    await tab.open()
    await tab.send(year="1980")
    page = await at_page(one)
    assert (page.shared, page.word) == (True, "tournesol")


async def test_stop_on_the_page_is_stop_on_the_telephone(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    assert "plus aucun" in await tab.say("STOP")
    await one.work()
    async with one.service.store.reading() as tx:
        phone = await addresses.find(tx, "sms", MARIE)
        assert phone
        assert [link.stopped for _, link in await people.people_at(tx, phone.id)] == [True]


async def test_going_back_to_the_telephone_takes_the_talk_along(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    assert "quitté" in await tab.send(leave="1")
    await tab.open()
    assert tab.status == 404
    assert "dort chez vous" in (await sms(one, twilio_standin, "2"))[-1]


async def test_a_form_of_another_site_is_refused(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    url = await link(one, twilio_standin)
    other = {"Sec-Fetch-Site": "cross-site"}
    async with visitor.post(url, data={"year": "1980"}, headers=other) as answer:
        assert answer.status == 403


async def test_what_cannot_be_taken_just_now_stays_in_the_form(
    one: Chain, twilio_standin: TwilioStandin, visitor: ClientSession
) -> None:
    tab = await entered(one, twilio_standin, visitor)
    mark = tab.mark
    await one.service.inbox.close()
    html = await tab.say("2, juste crevée")
    assert tab.status == 503 and "2, juste crevée" in html and tab.mark == mark


@pytest.mark.parametrize("script", [True, False])
@pytest.mark.parametrize("lang", ["fr", "ar"])
async def test_the_page_in_a_browser(
    sqlite_store_url: str,
    twilio_standin: TwilioStandin,
    chromium: Browser,
    script: bool,
    lang: str,
) -> None:
    settings = settings_for(sqlite_store_url, twilio_standin.url)
    # A browser keeps the cookie of a plain server only where it is not for https alone.
    plain = replace(settings, public_url="http://vigie.example.org")
    async with chain(plain, twilio_standin) as one:
        await one.enter_marie()
        await one.work()
        if lang == "ar":
            await sms(one, twilio_standin, "العربية")
        text = (await sms(one, twilio_standin, "page"))[-1]
        found = re.search(r"http://vigie\.example\.org(/r/\w+)", text)
        assert found
        context = await chromium.new_context(
            java_script_enabled=script, viewport={"width": 320, "height": 640}
        )
        page = await context.new_page()
        await page.goto(one.url + found[1])
        await page.locator("#year").fill("1980")
        await page.locator("main button").click()
        await page.locator("#text").fill(DANGER)
        await page.locator("#answer button").click()
        await expect(page.locator(".calls a").first).to_be_visible()
        assert await page.locator("html").get_attribute("dir") == ("rtl" if lang == "ar" else "ltr")
        files = sum(file.stat().st_size for file in STATIC.iterdir())
        assert files + len(await page.content()) < 50_000
        if script:
            assert await page.evaluate("document.documentElement.scrollWidth") <= 320
            assert (await Axe().run(page)).response["violations"] == []
        await context.close()
