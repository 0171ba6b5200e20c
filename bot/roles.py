"""The roles of those who sign in to the admin."""

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
