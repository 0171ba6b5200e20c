"""Providers as loopback HTTP servers that answer as the real ones do, and their fixtures."""

from collections.abc import AsyncIterator

import pytest

from tests.standins.telegram import TelegramStandin
from tests.standins.twilio import TwilioStandin


@pytest.fixture
async def twilio_standin() -> AsyncIterator[TwilioStandin]:
    """Twilio's messages, on a free port; every request is one that Twilio describes."""
    async with TwilioStandin() as standin:
        yield standin
    assert standin.undescribed == []


@pytest.fixture
async def telegram_standin() -> AsyncIterator[TelegramStandin]:
    """Telegram's Bot API, on a free port."""
    async with TelegramStandin() as standin:
        yield standin
