"""Makes the pictures of the README from the demonstration itself: `make pictures`."""

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

from playwright.async_api import Page, async_playwright

from tests.conftest import BROWSER_FLAGS, BROWSERS

PICTURES = Path(__file__).parents[1] / "docs" / "pictures"
SIZE = {"width": 1280, "height": 860}
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
        page = await browser.new_page(viewport=SIZE, locale="en-GB")  # type: ignore[arg-type]
        await page.goto(f"{base}/simulator/")
        await _talk(page)
        await page.screenshot(path=PICTURES / "simulator.png")
        await page.goto(f"{base}/admin/")
        await page.fill("#email", "agent@example.org")
        await page.fill("#password", "demonstration")
        await page.press("#password", "Enter")
        await page.wait_for_selector("main h1")
        await page.wait_for_timeout(500)
        await page.screenshot(path=PICTURES / "queue.png")
        await page.locator('main a[href*="/bundles/"]').first.click()
        await page.wait_for_timeout(500)
        await page.screenshot(path=PICTURES / "household.png")
        await browser.close()


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
