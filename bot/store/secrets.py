"""The keyring: seals what people say under their own key, and hashes what must be found again."""

from __future__ import annotations

import hmac
import json
import os
from collections import OrderedDict
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.ciphers.aead import AESGCM

# `json.dumps` with options makes a new encoder each time.
_ENCODE = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_DECODE = json.JSONDecoder().decode
NONCE = 12
KEY = 32
HASH = 16


class KeyGone(Exception):
    """Nothing can be sealed any more under a key that was destroyed."""


class NoServiceKey(Exception):
    """A data key was wrapped by a service key that the settings no longer hold."""

    def __init__(self, name: str) -> None:
        super().__init__(f"VIGIE_DATA_KEYS lacks the key {name}, under which data were sealed")


class Keyring:
    """The service's keys, and the data keys in use, unwrapped, in memory.

    `service_keys` are tried by id; the first wraps new data keys. What is sealed is bound to its
    place by `context` ("table.column:row id"): moved elsewhere it does not open.
    """

    def __init__(
        self,
        service_keys: Mapping[str, bytes],
        index_key: bytes,
        *,
        capacity: int = 20_000,
        entropy: Callable[[int], bytes] = os.urandom,
    ) -> None:
        self._service = {name: AESGCM(key) for name, key in service_keys.items()}
        self.first = next(iter(self._service))
        self._index_key = index_key
        self._capacity = capacity
        self._entropy = entropy
        self._open: OrderedDict[int, AESGCM | None] = OrderedDict()

    def index(self, kind: str, value: str) -> bytes:
        """The keyed hash by which an equal value is found again."""
        return hmac.digest(self._index_key, f"{kind}\0{value}".encode(), "sha256")[:HASH]

    def make(self, key_id: int, owner: str) -> bytes:
        """A new data key, ready for use; returns it wrapped by the first service key."""
        plain = self._entropy(KEY)
        self._keep(key_id, AESGCM(plain))
        nonce = self._entropy(NONCE)
        return nonce + self._service[self.first].encrypt(nonce, plain, _owner(key_id, owner))

    def learn(self, key_id: int, owner: str, wrapped: bytes | None, service_key: str) -> None:
        """Unwrap a data key read from the database; `wrapped` is None once it is destroyed."""
        plain = wrapped and self.unwrap(key_id, owner, wrapped, service_key)
        self._keep(key_id, AESGCM(plain) if plain else None)

    def unwrap(self, key_id: int, owner: str, wrapped: bytes, service_key: str) -> bytes:
        """The data key itself: for `learn` and for wrapping it anew, not to be kept.

        `NoServiceKey` if the service key is not among ours.
        """
        kek = self._service.get(service_key)
        if kek is None:
            raise NoServiceKey(service_key)
        return kek.decrypt(wrapped[:NONCE], wrapped[NONCE:], _owner(key_id, owner))

    def holds(self, key_id: int) -> bool:
        """True if the key is in memory, and keeps it there a while longer."""
        if key_id in self._open:
            self._open.move_to_end(key_id)
            return True
        return False

    def forget(self, key_id: int) -> None:
        """Drop a key from memory: its owner was erased."""
        self._open.pop(key_id, None)

    def seal(self, key_id: int, context: str, plain: bytes) -> bytes:
        """Encrypt under a data key that is held; `KeyGone` if it was destroyed."""
        key = self._open[key_id]
        if key is None:
            raise KeyGone(key_id)
        nonce = self._entropy(NONCE)
        return nonce + key.encrypt(nonce, plain, context.encode())

    def open(self, key_id: int, context: str, sealed: bytes | None) -> bytes | None:
        """What was sealed there; None if nothing was, or once the key is destroyed."""
        key = self._open[key_id]
        if key is None or sealed is None:
            return None
        return key.decrypt(sealed[:NONCE], sealed[NONCE:], context.encode())

    def seal_json(self, key_id: int, context: str, value: Any) -> bytes:
        """Seal a JSON-ready value."""
        return self.seal(key_id, context, dump(value))

    def open_json(self, key_id: int, context: str, sealed: bytes | None) -> Any:
        """The value that was sealed, or None."""
        plain = self.open(key_id, context, sealed)
        return None if plain is None else _DECODE(plain.decode())

    def _keep(self, key_id: int, key: AESGCM | None) -> None:
        self._open[key_id] = key
        self._open.move_to_end(key_id)
        while len(self._open) > self._capacity:
            self._open.popitem(last=False)


def dump(value: Any) -> bytes:
    """A JSON-ready value as compact UTF-8."""
    return _ENCODE(value).encode()


def _owner(key_id: int, owner: str) -> bytes:
    return f"data_keys.wrapped:{key_id}:{owner}".encode()
