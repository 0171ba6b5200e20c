"""Makes the pictures of the README and the guide from the demonstration itself: `make pictures`."""

from __future__ import annotations

import asyncio
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.async_api import Browser, FloatRect, Page, ViewportSize, async_playwright

from tests.conftest import BROWSER_FLAGS, BROWSERS

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SIZE: ViewportSize = {"width": 1120, "height": 740}
SMALL: ViewportSize = {"width": 960, "height": 600}
MARGIN = 12
# Of the guide, in each of its languages.
LANGUAGES = ("en", "fr")
GUIDE = ("queue", "alarm", "asked", "interview", "write", "board")
PATIENT = "+33639980001"
WORDS = ("oui", "1985", "2", "mon mari Karim et les 2 filles", "Lina et Nour")
READY_S = 30.0


@contextmanager
def demonstration() -> Iterator[str]:
    """A demonstration of its own, served for as long as it is entered."""
    with tempfile.TemporaryDirectory() as folder, socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        free.close()
        database = f"sqlite:///{folder}/vigie.db"
        environ = {**os.environ, "DATABASE_URL": database, "PORT": str(port)}
        vigie = [sys.executable, "-m", "bot"]
        for command in ("migrate", "demo"):
            subprocess.run([*vigie, command], env=environ, check=True)
        served = subprocess.Popen([*vigie, "serve"], env=environ)
        try:
            _wait_for(f"http://127.0.0.1:{port}/health/live")
            yield f"http://127.0.0.1:{port}"
        finally:
            served.terminate()
            served.wait()


def _wait_for(url: str) -> None:
    until = time.monotonic() + READY_S
    while True:
        try:
            urllib.request.urlopen(url)  # noqa: S310
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.2)


async def take(base: str) -> None:
    """The simulator in mid-talk, the queue, and the page of the most urgent."""
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=next(filter(None, map(shutil.which, BROWSERS))),
            args=list(BROWSER_FLAGS),
        )
        for lang in LANGUAGES:
            await _guide(await _opened(browser, base, lang, SMALL), lang)
        page = await _opened(browser, base, "en", SIZE)
        await page.screenshot(path=PICTURES / "queue.png")
        await page.locator('main a[href*="/bundles/"]').first.click()
        await page.wait_for_timeout(500)
        await page.screenshot(path=PICTURES / "household.png")
        await page.goto("/simulator/")
        await _talk(page)
        await page.screenshot(path=PICTURES / "simulator.png")
        await browser.close()


async def _opened(browser: Browser, base: str, lang: str, size: ViewportSize) -> Page:
    """An agent's page, signed in, at the queue."""
    page = await browser.new_page(base_url=base, viewport=size, locale=lang)
    await page.goto("/admin/")
    await page.fill("#email", "agent@example.org")
    await page.fill("#password", "demonstration")
    await page.press("#password", "Enter")
    await page.wait_for_selector("main h1")
    await page.wait_for_timeout(500)
    return page


async def _guide(page: Page, lang: str) -> None:
    """What an agent sees on the first day, step by step."""

    def file(name: str) -> Path:
        return PICTURES / f"guide-{lang}-{name}.png"

    await page.screenshot(path=file("queue"))
    await page.locator('main a[href*="/bundles/"]').first.click()
    await page.wait_for_selector("section.alarm")
    await page.locator("section.alarm").screenshot(path=file("alarm"))
    await page.locator("section:has(> #asked)").screenshot(path=file("asked"))
    await page.select_option("[data-fill]", index=1)
    await page.locator("#cost:not(:empty)").wait_for()
    await _around(page, ".write", file("write"))
    await page.goto(await page.locator('a[href*="/interview"]').get_attribute("href") or "")
    await page.evaluate("document.querySelector('.calls').remove()")
    await _around(page, "main", file("interview"), 580)
    await page.goto("/admin/follow-ups")
    await _around(page, "main", file("board"), 560)
    await page.close()


async def _around(page: Page, what: str, file: Path, highest: float = 2000) -> None:
    """A part of the page with some ground around it."""
    box = await page.locator(what).bounding_box()
    assert box is not None
    clip = FloatRect(
        x=max(box["x"] - MARGIN, 0),
        y=box["y"] - MARGIN,
        width=box["width"] + 2 * MARGIN,
        height=min(box["height"] + 2 * MARGIN, highest),
    )
    await page.screenshot(path=file, full_page=True, clip=clip)


async def _talk(page: Page) -> None:
    """Play the patient for some answers."""
    phone = page.locator(".phone", has_text=PATIENT)
    for words in WORDS:
        box = phone.locator("input[name=text], textarea[name=text]").first
        await box.fill(words)
        await box.press("Enter")
        await page.wait_for_timeout(1500)


if __name__ == "__main__":
    PICTURES.mkdir(parents=True, exist_ok=True)
    with demonstration() as address:
        asyncio.run(take(address))
