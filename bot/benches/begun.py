"""Imported once, where processes of a benchmark are forked: what each reads at its start."""

from __future__ import annotations

from datetime import UTC, datetime

from bot.benches import servers  # noqa: F401 - read before the fork
from bot.commands import _running  # noqa: F401
from bot.desk import desk_for
from bot.settings import PACK

desk_for(PACK, datetime.now(UTC))
