"""What a list's page says of the views that its user keeps of it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from admin.visits import Visit
from bot.store import views


async def shown(visit: Visit, room: str, here: str) -> Mapping[str, Any]:
    """What a list's page says of its views; `here` is the address of the one that is shown."""
    async with visit.service.store.reading() as tx:
        mine = await views.of_room(tx, visit.agent.id, room)
    return {"views": mine, "view_here": here, "room": room}
