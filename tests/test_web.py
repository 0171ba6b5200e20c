"""The doors over real HTTP: who is let in, what is refused, and what is never said."""

from __future__ import annotations

import asyncio
import logging
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from aiohttp import ClientSession
from yarl import URL

from bot.metrics import CONTENT_TYPE
from tests.services import MARIE, Chain, chain, settings_for, small_inbox
from tests.services import served as serve
from tests.standins.twilio import SID, TwilioStandin, message_form

MESSAGES = "/channels/twilio/messages"


@pytest.fixture
async def served(sqlite_store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on SQLite."""
    settings = settings_for(sqlite_store_url, twilio_standin.url)
    async with chain(settings, twilio_standin) as one:
        yield one


@pytest.fixture
async def http() -> AsyncIterator[ClientSession]:
    async with ClientSession() as session:
        yield session


async def test_a_signed_message_is_taken(served: Chain, twilio_standin: TwilioStandin) -> None:
    assert await twilio_standin.text(MARIE, "bonjour") == 200
    assert [one.text for one in await served.transcript()][:1] == ["bonjour"]


async def test_the_answer_to_twilio_says_nothing(
    served: Chain, twilio_standin: TwilioStandin, http: ClientSession
) -> None:
    form = message_form(twilio_standin.receive(MARIE, "bonjour"))
    async with http.post(served.url + MESSAGES, data=form) as answer:
        assert answer.status == 403
        assert MARIE not in await answer.text()


async def test_a_wrong_signature_is_refused(served: Chain, twilio_standin: TwilioStandin) -> None:
    form = message_form(twilio_standin.receive(MARIE, "bonjour"))
    assert await twilio_standin.post(MESSAGES, form, token="another") == 403
    assert await twilio_standin.post(MESSAGES, form | {"AccountSid": "AC" + "1" * 32}) == 403
    assert await twilio_standin.post(MESSAGES, form | {"AccountSid": SID}) == 200
    assert len([one for one in await served.transcript() if one.direction == "in"]) == 1


async def test_a_body_over_64_kilobytes_is_too_large(
    served: Chain, twilio_standin: TwilioStandin
) -> None:
    form = message_form(twilio_standin.receive(MARIE, "x" * 70_000))
    assert await twilio_standin.post(MESSAGES, form) == 413
    assert await served.transcript() == []


async def test_a_body_that_is_no_form_is_not_read(served: Chain, http: ClientSession) -> None:
    async with http.post(served.url + MESSAGES, json={"Body": "bonjour"}) as answer:
        assert answer.status == 415


async def test_a_client_that_never_ends_its_body_is_sent_away(
    served: Chain, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.webhooks.BODY_S", 0.05)
    reader, writer = await asyncio.open_connection("127.0.0.1", URL(served.url).port)
    lines = [f"POST {MESSAGES} HTTP/1.1", "Host: x", "Content-Length: 10", "", "Body="]
    writer.write("\r\n".join(lines).encode())
    assert b" 408 " in await asyncio.wait_for(reader.readline(), 5)
    writer.close()
    await writer.wait_closed()


async def test_a_full_inbox_says_come_back_at_once(
    served: Chain, twilio_standin: TwilioStandin, http: ClientSession
) -> None:
    service = replace(served.service, inbox=small_inbox(served.service, size=0))
    async with serve(service) as url:
        twilio_standin.deliver_to = url
        assert await twilio_standin.text(MARIE, "bonjour") == 503
    assert await served.transcript() == []


async def test_a_database_that_is_away_is_a_503_and_then_all_is_well_again(
    sqlite_template: Path,
    tmp_path: Path,
    twilio_standin: TwilioStandin,
    caplog: pytest.LogCaptureFixture,
) -> None:
    path = tmp_path / "later" / "vigie.db"
    settings = settings_for(f"sqlite:///{path}", twilio_standin.url)
    async with chain(settings, twilio_standin) as one:
        assert await twilio_standin.text(MARIE, "j'ai mal") == 503
        path.parent.mkdir()
        shutil.copy(sqlite_template, path)
        assert await twilio_standin.deliver(twilio_standin.received[0]) == 200
        assert [m.text for m in await one.transcript()][:1] == ["j'ai mal"]
    assert "OperationalError" in caplog.text
    assert "j'ai mal" not in caplog.text


async def test_pages_of_errors_hold_nothing_of_the_request(
    served: Chain, http: ClientSession
) -> None:
    async with http.get(f"{served.url}/nobody/{MARIE}?name=Bernard") as answer:
        assert answer.status == 404
        text = await answer.text()
    assert MARIE not in text
    assert "Bernard" not in text


async def test_every_answer_carries_its_guards(served: Chain, http: ClientSession) -> None:
    async with http.get(f"{served.url}/health/live") as answer:
        headers = answer.headers
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["X-Frame-Options"] == "DENY"
    assert headers["Referrer-Policy"] == "no-referrer"
    assert headers["Strict-Transport-Security"].startswith("max-age=")
    assert "default-src" in headers["Content-Security-Policy"]
    assert headers["Server"] == "vigie"


async def test_the_access_log_knows_no_paths(
    served: Chain, http: ClientSession, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.INFO, "aiohttp.access")
    async with http.get(f"{served.url}/health/live?phone={MARIE}") as answer:
        await answer.read()
    async with http.get(f"{served.url}/r/{MARIE}") as answer:
        await answer.read()
    lines = [record.getMessage() for record in caplog.records]
    assert any(line.startswith("GET /health/live 200 ") for line in lines)
    assert not any(MARIE in line for line in lines)


async def test_alive_is_not_ready_without_a_worker(served: Chain, http: ClientSession) -> None:
    async with http.get(f"{served.url}/health/live") as answer:
        assert answer.status == 200
    async with http.get(f"{served.url}/health/ready") as answer:
        assert (answer.status, (await answer.json())["missing"]) == (503, ["worker"])
    await served.beat()
    async with http.get(f"{served.url}/health/ready") as answer:
        assert answer.status == 200
    served.clock.forward(minutes=2)
    async with http.get(f"{served.url}/health/ready") as answer:
        assert answer.status == 503


async def test_figures_are_for_this_machine_or_for_who_has_the_key(
    served: Chain, twilio_standin: TwilioStandin, http: ClientSession
) -> None:
    await twilio_standin.text(MARIE, "bonjour")
    url = f"{served.url}/metrics"
    async with http.get(url) as answer:
        assert (answer.status, answer.headers["Content-Type"]) == (200, CONTENT_TYPE)
        figures = await answer.text()
    assert "vigie_inbox_taken_total 1\n" in figures
    assert "vigie_database_up 1\n" in figures
    assert 'vigie_webhooks_total{status="200"} 1\n' in figures
    assert MARIE not in figures
    through_a_proxy = {"X-Forwarded-For": "203.0.113.9"}
    async with http.get(url, headers=through_a_proxy) as answer:
        assert answer.status == 403
    key = {"Authorization": f"Bearer {served.service.metrics_key}"}
    async with http.get(url, headers=through_a_proxy | key) as answer:
        assert answer.status == 200


async def test_channels_that_are_not_set_up_have_no_door(
    sqlite_store_url: str, http: ClientSession
) -> None:
    async with chain(settings_for(sqlite_store_url)) as bare:
        for path in (MESSAGES, "/channels/twilio/status", "/channels/telegram"):
            async with http.post(bare.url + path, data={}) as answer:
                assert answer.status == 404
