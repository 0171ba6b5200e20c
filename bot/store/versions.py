"""Published versions of flows: rows that never change."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Row, func, select, update

from bot.store.engines import Tx
from bot.store.schema import flow_versions
from bot.store.times import micros, moment

_NEWEST = select(flow_versions).where(flow_versions.c.newest.is_(True))
_MARK = select(func.max(flow_versions.c.id))


@dataclass(frozen=True, slots=True)
class FlowVersion:
    """A flow as it was published: `text` is JSON of its source and its words."""

    id: int
    flow: str
    structure: str
    text: str
    published_at: datetime
    published_by: int | None = None


async def publish(
    tx: Tx, flow: str, structure: str, text: str, now: datetime, by: int | None = None
) -> FlowVersion:
    """Make this the newest version of the flow; the earlier ones stay for those inside them."""
    version = FlowVersion(tx.ids.new(now), flow, structure, text, now, by)
    older = update(flow_versions).where(flow_versions.c.flow == flow, flow_versions.c.newest)
    await tx.conn.execute(older.values(newest=False))
    row = {
        "id": version.id,
        "flow": flow,
        "structure": structure,
        "text": text,
        "published_at": micros(now),
        "published_by": by,
        "newest": True,
    }
    await tx.conn.execute(tx.insert(flow_versions), row)
    return version


async def mark(tx: Tx) -> int:
    """A number that rises with each publication: cheap to ask for every few seconds."""
    return int(await tx.conn.scalar(_MARK) or 0)


async def newest(tx: Tx) -> list[FlowVersion]:
    """The newest version of each flow."""
    return [_from_row(row) for row in await tx.conn.execute(_NEWEST)]


async def of_structure(tx: Tx, flow: str, structure: str) -> FlowVersion | None:
    """The latest version of this structure: what a conversation pinned to it is told with."""
    rows = (
        select(flow_versions)
        .where(flow_versions.c.flow == flow, flow_versions.c.structure == structure)
        .order_by(flow_versions.c.id.desc())
        .limit(1)
    )
    row = (await tx.conn.execute(rows)).one_or_none()
    return None if row is None else _from_row(row)


async def history(tx: Tx, flow: str) -> list[FlowVersion]:
    """All versions of a flow, the newest first."""
    rows = select(flow_versions).where(flow_versions.c.flow == flow)
    found = await tx.conn.execute(rows.order_by(flow_versions.c.id.desc()))
    return [_from_row(row) for row in found]


def _from_row(row: Row[Any]) -> FlowVersion:
    return FlowVersion(
        id=row.id,
        flow=row.flow,
        structure=row.structure,
        text=row.text,
        published_at=moment(row.published_at),
        published_by=row.published_by,
    )
