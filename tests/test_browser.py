"""The pages as people use them: in a browser, by keyboard, in the dark, on a small screen."""

import asyncio
import re
from collections.abc import AsyncIterator
from typing import Any

import pytest
from axe_playwright_python.base import AXE_FILE_PATH
from playwright.async_api import Browser, Locator, Page, expect

from tests.admins import MARIE_NAME, PASSWORD, YVONNE, House, house
from tests.outbreaks import outbreak
from tests.services import MARIE

SMALL = {"width": 320, "height": 640}
WIDE = {"width": 1280, "height": 900}
AXE = AXE_FILE_PATH.read_text("utf-8")
# Only what is wrong is brought back: the rest is long, and nobody reads it.
RUN = """options => axe.run({...options, resultTypes: ["violations"]}).then(found =>
    found.violations.map(one => one.id + ": " + one.nodes[0].html.slice(0, 120)))"""


@pytest.fixture
async def home(sqlite_store_url: str) -> AsyncIterator[House]:
    """A demonstration with its admin; somebody in danger, somebody who waits."""
    async with house(sqlite_store_url) as home:
        await home.enter("Lina Petit", "+33639980333", minor=True)
        await home.alarm()
        yield home


async def opened(chromium: Browser, home: House, **how: Any) -> Page:
    context = await chromium.new_context(
        base_url=home.url, locale="en", **({"viewport": WIDE} | how)
    )
    page = await context.new_page()
    page.set_default_timeout(10_000)
    return page


async def signed_in(page: Page, name: str = "supervisor", room: str = "Queue") -> Page:
    await page.goto("/admin/")
    await page.get_by_label("E-mail").fill(f"{name}@example.org")
    await page.get_by_label("Password").fill(PASSWORD)
    await page.get_by_role("button", name="Sign in").click()
    await expect(page.get_by_role("heading", name=room)).to_be_visible()
    return page


async def paths(home: House) -> list[str]:
    """Every page, with people on them."""
    bundle = await home.bundle()
    person = (await home.queue())[0].review.person_id
    found = await outbreak(home)
    return [
        "/admin/",
        "/admin/?tab=mine",
        bundle,
        f"/admin/people/{person}",
        f"{bundle}/interview?person={person}",
        "/admin/people?q=yvonne",
        "/admin/people?q=zzz",
        "/admin/cases",
        "/admin/cases?state=closed",
        "/admin/cases/new",
        "/admin/cases/import",
        "/admin/follow-ups",
        "/admin/follow-ups?show=silent",
        *(f"/admin/cases/{found['second']}{room}" for room in ("", "/chain", "/place")),
        "/admin/supervision",
        "/admin/supervision/surge",
        "/admin/supervision/hours",
        "/admin/dashboard",
        "/admin/teams",
        "/admin/channels",
        f"/admin/people/{person}/letter",
        "/admin/own",
        "/admin/nothing",
        "/simulator/",
    ]


async def findings(page: Page) -> list[str]:
    """What axe has against the page as it stands, everything unfolded, light and dark."""
    await page.evaluate("document.querySelectorAll('details').forEach(one => one.open = true)")
    await page.evaluate(AXE)
    await page.emulate_media(color_scheme="light")
    found = await page.evaluate(RUN, {})
    await page.emulate_media(color_scheme="dark")
    # In the dark the colours alone are others.
    found += await page.evaluate(RUN, {"runOnly": ["color-contrast"]})
    return [f"{page.url} {one}" for one in found]


async def findings_after_acts(page: Page) -> list[str]:
    """On what stands only after somebody did something: a view, a choice, a code, a link."""
    await page.goto("/admin/?priority=P1")
    await page.get_by_text("Keep this view").click()
    await page.get_by_label("Name").fill("Emergencies")
    await page.get_by_role("button", name="Keep", exact=True).click()
    found = await findings(page)
    await page.locator(".pick").first.check()
    await page.get_by_role("button", name="Give to…").click()
    found += await findings(page)
    await page.goto("/admin/own")
    await page.get_by_role("button", name="Set it up").click()
    found += await findings(page)
    await page.goto("/admin/supervision")
    await page.get_by_text("Add somebody").click()
    await page.get_by_label("E-mail", exact=True).fill("new@example.org")
    await page.get_by_role("button", name="Add", exact=True).click()
    link = page.get_by_text("/admin/welcome/")
    found += await findings(page)
    await page.goto(await link.inner_text())
    return found + await findings(page)


async def test_axe_finds_nothing_on_any_page(chromium: Browser, home: House) -> None:
    page = await opened(chromium, home)
    await page.goto("/admin/sign-in")
    found = await findings(page)
    await signed_in(page)
    for path in await paths(home):
        await page.goto(path)
        if path == "/simulator/":
            await expect(page.locator(".phone").first).to_be_visible()
        found += await findings(page)
    found += await findings_after_acts(page)
    for role, room in (("officer", "/admin/audit"), ("epidemiologist", "/admin/line-list")):
        await home.user(role, role)
        page = await opened(chromium, home)
        await signed_in(page, role, room.rpartition("/")[2].replace("-", " ").capitalize())
        found += await findings(page)
    assert found == []


async def test_nothing_is_cut_off_at_320_pixels(chromium: Browser, home: House) -> None:
    page = await signed_in(await opened(chromium, home, viewport=SMALL))
    for path in await paths(home):
        await page.goto(path)
        wide = await page.evaluate("document.documentElement.scrollWidth")
        assert wide <= SMALL["width"], path


async def test_an_emergency_is_worked_in_three_clicks_from_the_door(
    chromium: Browser, home: House
) -> None:
    page = await opened(chromium, home)
    await signed_in(page, "agent")  # 1
    await expect(page.get_by_role("heading", name="1 emergency")).to_be_visible()
    await page.get_by_role("button", name="Take the next").click()  # 2
    alarm = page.get_by_role("region", name="Danger sign")
    await expect(alarm).to_contain_text("mal à respirer")
    await expect(alarm).to_contain_text("delivered")
    await expect(alarm.get_by_role("link", name="+33 6 39 98 02 22")).to_be_visible()
    await alarm.get_by_role("button", name="Reached", exact=True).click()  # 3
    await expect(page.locator(".flash")).to_contain_text("Done, and in the trail")
    await expect(page.get_by_role("heading", name="emergency")).to_have_count(0)
    assert [one.review.priority for one in await home.queue()] == ["P3"]


async def test_the_same_is_done_by_keyboard_alone(chromium: Browser, home: House) -> None:
    page = await opened(chromium, home)
    await page.goto("/admin/")
    await expect(page.get_by_role("textbox", name="E-mail")).to_be_focused()
    await page.keyboard.type("agent@example.org")
    await page.keyboard.press("Tab")
    await page.keyboard.type(PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    await tab_to(page, "Take the next")
    await page.keyboard.press("Enter")
    await expect(page.get_by_text("You have it until")).to_be_visible()
    await tab_to(page, "Reached")
    await page.keyboard.press("Enter")
    await expect(page.locator(".flash")).to_contain_text("Done, and in the trail")


async def tab_to(page: Page, words: str) -> None:
    for _ in range(40):
        await page.keyboard.press("Tab")
        if await page.evaluate("document.activeElement.textContent.trim()") == words:
            outline = "getComputedStyle(document.activeElement).outlineStyle"
            assert await page.evaluate(outline) != "none"
            return
    pytest.fail(f"the keyboard does not come to {words}")


async def test_a_new_emergency_appears_by_itself_and_the_focus_stays(
    chromium: Browser, home: House
) -> None:
    page = await signed_in(await opened(chromium, home))
    link = page.get_by_role("link", name="Minor: speak with a guardian")
    await link.focus()
    await home.enter("Marc Besson", "+33639980444")
    await home.work()
    await home.hear("+33639980444", "ma poitrine me serre, je peux plus respirer")
    await expect(page.get_by_role("heading", name="2 emergencies")).to_be_visible()
    await expect(link).to_be_focused()
    assert (await page.title()).startswith("(2 P1)")


async def test_what_a_text_costs_is_counted_while_it_is_typed(
    chromium: Browser, home: House
) -> None:
    page = await signed_in(await opened(chromium, home))
    await page.goto(await home.bundle())
    await page.get_by_label("Prepared text").select_option(label="We tried to call you")
    box = page.locator("textarea[name=text]")
    await expect(page.locator("#cost")).to_contain_text("1 SMS · GSM-7")
    await box.fill("ж" * 71)
    await expect(page.locator("#cost")).to_contain_text("2 SMS · UCS-2")


async def test_a_lease_that_is_over_is_said_on_the_page(chromium: Browser, home: House) -> None:
    page = await opened(chromium, home)
    await page.clock.install()
    await signed_in(page)
    await page.get_by_role("button", name="Take the next").click()
    await page.clock.fast_forward(61_000)
    await expect(page.get_by_text("You have it until 11:10")).to_be_visible()
    home.clock.forward(minutes=11)
    await page.clock.fast_forward(61_000)
    await expect(page.locator("[data-lease]")).to_contain_text("Your lease is over")


async def answered(home: House, texts: Locator, count: int) -> None:
    """Let the service work until so many texts came: the page shows a message before it is kept."""
    for _ in range(50):
        await home.work()
        if await texts.count() >= count:
            break
        await asyncio.sleep(0.1)
    await expect(texts).to_have_count(count)


async def test_a_phone_writes_and_is_answered_without_looking_anew(
    chromium: Browser, home: House
) -> None:
    await home.enter(MARIE_NAME, MARIE)
    await home.work()
    page = await opened(chromium, home)
    await page.goto("/simulator/")
    phone = page.get_by_role("region", name=MARIE_NAME)
    await expect(phone).to_contain_text("M.B.")
    await phone.get_by_role("textbox").fill("oui")
    await phone.get_by_role("button", name="Send").click()
    await expect(phone).to_contain_text("oui")
    home.clock.forward(seconds=5)
    await answered(home, phone.locator("li.in"), 2)
    await page.get_by_role("button", name="+ 1 hour").click()
    await page.get_by_role("button", name="A stranger’s phone").click()
    stranger = page.get_by_role("region", name="A stranger")
    await expect(stranger.get_by_role("textbox")).to_be_focused()
    await page.keyboard.type("bonjour")
    await page.keyboard.press("Enter")
    await expect(stranger).to_contain_text("bonjour")
    await answered(home, stranger.locator("li.in"), 1)


async def test_names_from_right_to_left_stand_right_in_the_page(
    chromium: Browser, home: House
) -> None:
    person = await home.enter("سلمى حداد", "+33639980555", language="ar")
    page = await signed_in(await opened(chromium, home))
    await page.goto(f"/admin/people/{person.id}")
    name = page.get_by_role("heading", level=1).locator("span").first
    assert await name.evaluate("one => getComputedStyle(one).direction") == "rtl"
    assert await page.evaluate("getComputedStyle(document.body).direction") == "ltr"


async def test_a_page_that_is_read_looks_anew_and_one_that_is_written_on_only_says_so(
    chromium: Browser, home: House
) -> None:
    page = await signed_in(await opened(chromium, home))
    await page.goto(await home.bundle())
    await home.hear(YVONNE, "je suis toute seule")
    await expect(page.locator(".talk")).to_contain_text("je suis toute seule", timeout=10_000)
    await page.locator("textarea[name=text]").fill("Nous arrivons")
    await home.hear(YVONNE, "vite")
    await expect(page.get_by_text("Something is new here.")).to_be_visible(timeout=10_000)
    await expect(page.locator("textarea[name=text]")).to_have_value("Nous arrivons")


async def test_an_emergency_that_nobody_has_is_told_on_every_page(
    chromium: Browser, home: House
) -> None:
    page = await signed_in(await opened(chromium, home))
    await page.goto("/admin/cases/new")
    told = page.get_by_role("link", name="1 emergency waits")
    await expect(told).to_be_visible()
    await told.click()
    await page.get_by_role("button", name="Take the next").click()
    await page.goto("/admin/cases/new")
    await page.wait_for_load_state("networkidle")
    await expect(told).to_be_hidden()


async def test_a_chain_is_walked_by_the_arrow_keys(chromium: Browser, home: House) -> None:
    found = await outbreak(home)
    page = await signed_in(await opened(chromium, home))
    await page.goto(f"/admin/cases/{found['first']}/chain")
    await page.get_by_role("link", name="Anne Le Goff, first signs").focus()
    await page.keyboard.press("ArrowRight")
    await expect(page.get_by_role("link", name="Karim Benali, first signs")).to_be_focused()
    await page.keyboard.press("ArrowRight")
    await page.keyboard.press("ArrowDown")
    below = page.locator(".chain a:focus")
    await expect(below).to_have_attribute("aria-label", re.compile("exposed by Karim Benali"))
    await page.keyboard.press("ArrowLeft")
    await page.keyboard.press("Enter")
    await expect(page.get_by_role("heading", name="Karim Benali")).to_be_visible()
