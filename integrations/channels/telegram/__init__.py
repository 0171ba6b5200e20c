"""Telegram, through its Bot API."""

from integrations.channels.telegram.reading import HEADER, WEBHOOK, read
from integrations.channels.telegram.sending import Polled, Telegram

__all__ = ["HEADER", "WEBHOOK", "Polled", "Telegram", "read"]
