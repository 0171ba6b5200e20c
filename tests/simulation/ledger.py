"""The database of a world, read raw: what the service says of itself is not taken for granted."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path
from typing import Any

from bot.simulation.world import INDEX_KEY, KEYS
from bot.store.secrets import Keyring

Row = dict[str, Any]


class Ledger:
    """Tables as lists of dictionaries; sealed columns opened on request."""

    def __init__(self, file: Path) -> None:
        self._db = sqlite3.connect(file, isolation_level=None)
        self._db.row_factory = sqlite3.Row
        self._keyring = Keyring(KEYS, INDEX_KEY)
        for row in self.rows("SELECT id, owner, wrapped, kek_id FROM data_keys"):
            self._keyring.learn(row["id"], row["owner"], row["wrapped"], row["kek_id"])

    def rows(self, sql: str, *values: object) -> list[Row]:
        return [dict(row) for row in self._db.execute(sql, values)]

    def close(self) -> None:
        self._db.close()

    def messages(self) -> list[Row]:
        """All texts, with their words and how they were understood."""
        found = self.rows("SELECT * FROM messages ORDER BY id")
        for row in found:
            body = self._open(row, "messages.body", row["body"])
            row["text"] = (body or {}).get("text", "")
            row["reading"] = self._open(row, "messages.reading", row["reading"]) or {}
        return found

    def reviews(self) -> list[Row]:
        """All reviews, with what was said of each."""
        found = self.rows("SELECT * FROM reviews ORDER BY id")
        for row in found:
            row["said"] = self._open(row, "reviews.detail", row["detail"]) or []
        return found

    def numbers(self) -> dict[int, str]:
        """The number of each address."""
        return {
            row["id"]: str(self._open(row, "addresses.value", row["value"]))
            for row in self.rows("SELECT * FROM addresses")
        }

    def _open(self, row: Row, context: str, sealed: bytes | None) -> Any:
        if sealed is None or row["key_id"] is None:
            return None
        plain = self._keyring.open(row["key_id"], f"{context}:{row['id']}", sealed)
        try:
            return None if plain is None else json.loads(plain)
        except ValueError:
            return plain.decode()
