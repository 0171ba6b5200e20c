"""Service keys as they stand in settings: `id:base64,…`."""

from __future__ import annotations

import base64
import binascii
import re

from bot.store.secrets import KEY

_ID = re.compile(r"[A-Za-z0-9_.-]{1,40}")


def read_keys(text: str) -> dict[str, bytes]:
    """The keys by id, in the order given; ValueError says what is wrong without showing any."""
    keys: dict[str, bytes] = {}
    for number, part in enumerate(filter(None, (one.strip() for one in text.split(","))), 1):
        name, _, encoded = part.partition(":")
        if not _ID.fullmatch(name):
            raise ValueError(f"has no id before its key number {number}")
        if name in keys:
            raise ValueError(f"has two keys of the id {name}")
        keys[name] = _decode(name, encoded)
    if not keys:
        raise ValueError("is missing")
    return keys


def write_key(name: str, key: bytes) -> str:
    """A key as `read_keys` reads it."""
    return f"{name}:{base64.b64encode(key).decode()}"


def _decode(name: str, encoded: str) -> bytes:
    plain = encoded.replace("-", "+").replace("_", "/").rstrip("=")
    try:
        key = base64.b64decode(plain + "=" * (-len(plain) % 4), validate=True)
    except binascii.Error:
        raise ValueError(f"has a key {name} that is not base64") from None
    if len(key) != KEY:
        raise ValueError(f"has a key {name} of {len(key)} bytes")
    return key
