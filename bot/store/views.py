"""Views: lists as users sifted them, kept under a name of their own."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import bindparam, delete, func, select

from bot.store.engines import Tx
from bot.store.schema import views

# More are no help to anybody.
MOST = 20

_OF_ROOM = (
    select(views)
    .where(views.c.user_id == bindparam("user"), views.c.room == bindparam("room"))
    .order_by(views.c.name)
)


@dataclass(frozen=True, slots=True)
class View:
    """One saved view; `link` is the address that shows it."""

    id: int
    name: str
    link: str


async def of_room(tx: Tx, user_id: int, room: str) -> list[View]:
    """A user's views of one list, by name."""
    rows = await tx.conn.execute(_OF_ROOM, {"user": user_id, "room": room})
    return [View(row.id, row.name, row.link) for row in rows]


async def save(tx: Tx, user_id: int, room: str, name: str, link: str, now: datetime) -> bool:
    """Keep a view; one of the same name is replaced. False where there are too many."""
    mine = (views.c.user_id == user_id, views.c.room == room)
    others = select(func.count()).where(*mine, views.c.name != name)
    if (await tx.conn.scalar(others) or 0) >= MOST:
        return False
    row = {"id": tx.ids.new(now), "user_id": user_id, "room": room, "name": name, "link": link}
    same = ["user_id", "room", "name"]
    insert = tx.insert(views).values(row)
    await tx.conn.execute(insert.on_conflict_do_update(index_elements=same, set_={"link": link}))
    return True


async def forget(tx: Tx, user_id: int, view_id: int) -> bool:
    """Drop one of this user's views; False if it is none of theirs."""
    mine = (views.c.id == view_id) & (views.c.user_id == user_id)
    gone = await tx.conn.execute(delete(views).where(mine).returning(views.c.id))
    return gone.one_or_none() is not None
