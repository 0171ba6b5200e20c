"""Passwords of those who look in: kept as argon2id, and tried at one cost whoever is meant."""

from __future__ import annotations

from functools import cache
from typing import Final

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

SHORTEST: Final = 12
LONGEST: Final = 1024

# argon2-cffi's own defaults: argon2id as RFC 9106 advises where memory is short.
_hasher = PasswordHasher()


class TooWeak(ValueError):
    """A password that may not be taken; the text says why."""


def hashed(password: str) -> str:
    """What is kept of a new password; `TooWeak` for one of fewer than 12 characters."""
    if not SHORTEST <= len(password) <= LONGEST:
        raise TooWeak(f"a password has {SHORTEST} to {LONGEST} characters")
    return _hasher.hash(password)


def matches(kept: str | None, password: str) -> bool:
    """Whether this is the password; None (nobody has that name) costs the same time."""
    try:
        return _hasher.verify(kept or _nobody(), password[:LONGEST]) and kept is not None
    except (VerificationError, InvalidHashError):
        return False


def is_outdated(kept: str) -> bool:
    """Whether the password should be hashed anew, as the cost has risen since."""
    return _hasher.check_needs_rehash(kept)


@cache
def _nobody() -> str:
    return _hasher.hash("no password of anybody's")
