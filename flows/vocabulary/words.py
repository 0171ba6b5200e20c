"""Words that several modules share: languages, channels, priorities."""

from __future__ import annotations

from typing import Literal

Lang = Literal["fr", "en", "es", "ar", "pt", "tr"]
LANGUAGES: tuple[Lang, ...] = ("fr", "en", "es", "ar", "pt", "tr")

ChannelName = Literal["sms", "telegram", "whatsapp", "web", "voice", "email"]
Priority = Literal["P1", "P2", "P3", "P4"]
