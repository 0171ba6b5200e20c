"""The roles of those who sign in to the admin, and which of them have a territory at all times."""

from __future__ import annotations

from typing import Final

ROLES: Final = (
    "agent",
    "assistant",
    "supervisor",
    "agency",
    "epidemiologist",
    "officer",
    "administrator",
)

# They work through the queue and decide.
WORKERS: Final = frozenset({"agent", "supervisor", "agency"})
# Without a territory they see only those who have none; all others then see the whole country.
REGIONAL: Final = frozenset({"agency"})
# What they see holds no people of one territory or another, or people under no name: the service,
# the trail.
NATIONAL: Final = frozenset({"officer", "administrator"})
