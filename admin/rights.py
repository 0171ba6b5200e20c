"""Who may enter which room: the one table of permissions, and nothing is open that is not in it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from bot.roles import ROLES, WORKERS

Roles = frozenset[str]

EVERYBODY: Final = frozenset(ROLES)
# They work through the queue and decide.
WORK: Final = WORKERS
# They also enter people and call them, as a doctor's assistant does.
CARE: Final = WORK | {"assistant"}
# They see to the service itself.
HOUSE: Final = frozenset({"supervisor", "administrator"})

# A room by the beginning of its path; the longest that fits decides. "/admin/" is itself alone.
RIGHTS: Final[Mapping[str, Roles]] = {
    "/admin/": WORK,
    "/admin/alarm": WORK,
    "/admin/queue": WORK,
    "/admin/next": WORK,
    "/admin/bundles/{id}": WORK,
    "/admin/bulk": WORK,
    "/admin/people": CARE,
    "/admin/cases": CARE,
    "/admin/follow-ups": CARE,
    "/admin/segments": CARE,
    "/admin/views": CARE,
    "/admin/channels": HOUSE,
    "/admin/supervision": HOUSE,
    "/admin/supervision/surge": frozenset({"supervisor"}),
    "/admin/teams": HOUSE,
    "/admin/supervision/bundles": frozenset({"supervisor"}),
    "/admin/dashboard": frozenset({"supervisor", "agency", "epidemiologist"}),
    "/admin/line-list": frozenset({"epidemiologist", "agency"}),
    "/admin/line-list.csv": frozenset({"epidemiologist", "agency"}),
    "/admin/audit": frozenset({"officer"}),
    "/admin/audit.csv": frozenset({"officer"}),
    "/admin/sign-in": EVERYBODY,
    "/admin/sign-out": EVERYBODY,
    "/admin/language": EVERYBODY,
    "/admin/welcome": EVERYBODY,
    "/admin/own": EVERYBODY,
}
# What is shut or open otherwise than the room that it stands in.
READS: Final[Mapping[str, Roles]] = {
    "/admin/bundles/{id}": CARE,
    "/admin/bundles/{id}/news": CARE,
    "/admin/bundles/{id}/interview": CARE,
}
ACTS: Final[Mapping[str, Roles]] = {
    "/admin/bundles/{id}/interview": CARE,
    "/admin/bundles/{id}/renew": CARE,
}
# Whose sign-ins somebody may make and close: nobody lifts themselves above their own rights.
GRANTS: Final[Mapping[str, Roles]] = {
    "supervisor": frozenset({"agent", "assistant", "agency", "supervisor"}),
    "administrator": EVERYBODY,
}


def may(role: str, path: str, method: str = "GET") -> bool:
    """Whether a role may enter; `path` is a route's pattern, with names for what varies."""
    exact = READS if method in ("GET", "HEAD") else ACTS
    return role in (exact.get(path) or _of_room(path))


def _of_room(path: str) -> Roles:
    if path in RIGHTS:
        return RIGHTS[path]
    above = path.rpartition("/")[0]
    return _of_room(above) if above else frozenset()


def grants(role: str) -> list[str]:
    """The roles that somebody of this role may give, in their order."""
    return [one for one in ROLES if one in GRANTS.get(role, ())]
