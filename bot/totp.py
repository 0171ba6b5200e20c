"""Codes of authenticator apps (RFC 6238: SHA-1, six figures, steps of 30 seconds)."""

from __future__ import annotations

import base64
import hmac
from datetime import datetime
from typing import Final
from urllib.parse import quote

STEP: Final = 30


def code(secret: bytes, step: int, figures: int = 6) -> str:
    """The code of one step (RFC 4226, 5.3)."""
    digest = hmac.digest(secret, step.to_bytes(8, "big"), "sha1")
    at = digest[-1] & 15
    number = int.from_bytes(digest[at : at + 4], "big") & 0x7FFFFFFF
    return str(number % 10**figures).zfill(figures)


def step_of(secret: bytes, said: str, now: datetime) -> int | None:
    """The step whose code this is: this one, or one beside it, for clocks differ."""
    here = int(now.timestamp()) // STEP
    near = (here, here - 1, here + 1)
    return next((s for s in near if hmac.compare_digest(code(secret, s), said)), None)


def spelled(secret: bytes) -> str:
    """The secret as apps take it when it is typed."""
    return base64.b32encode(secret).decode().rstrip("=")


def address(secret: bytes, email: str) -> str:
    """The link that an app on the same machine opens."""
    return f"otpauth://totp/Vigie:{quote(email)}?secret={spelled(secret)}&issuer=Vigie"
