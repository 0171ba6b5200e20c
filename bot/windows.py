"""WhatsApp's window: within 24 hours of somebody's message any text, after that templates alone."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

from bot.sending import Standing
from bot.templates import Templates
from flows.vocabulary import Outgoing, Refused

# domain 4.7. What takes its time on the way must still arrive within it.
WINDOW: Final = timedelta(hours=24) - timedelta(minutes=1)
CLOSED: Final = Refused("63016", "window", True)


def fitted(
    outgoing: Outgoing, standing: Standing, templates: Templates, now: datetime
) -> Outgoing | Refused:
    """What may go to the channel now: the text, a template in its place, or nothing."""
    if outgoing.channel != "whatsapp":
        return outgoing
    prompt = standing.message.prompt
    if is_open(standing, now):
        return replace(outgoing, template=templates.quick(prompt))
    approved = templates.approved(prompt)
    return replace(outgoing, template=approved) if approved else CLOSED


def is_open(standing: Standing, now: datetime) -> bool:
    """Whether they wrote so lately that any text may go."""
    heard = standing.address.last_heard_at
    return heard is not None and now - heard < WINDOW
