"""Which answers to people's questions the deployment has signed."""

from __future__ import annotations

from datetime import date

from flows.rules.packs import Pack
from flows.rules.rows import Row, in_force


def signed(pack: Pack, question: str, on: date) -> Row | None:
    """The row that signs the answer to a question; None where nobody has signed it yet."""
    rows = in_force(pack.table("answers"), on)
    return next(
        (
            row
            for row in rows
            if row.text("question") == question and (row.day("signed_on") or date.max) <= on
        ),
        None,
    )
