"""Saved views: a list as somebody sifted it, under a name of their own; its address is shared."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final
from urllib.parse import parse_qsl, urlsplit

from aiohttp import web

from admin import board, queue
from admin.trail import acted
from admin.visits import VISIT, Visit, go, number
from bot.store import views

LONGEST: Final = 40
QUEUE: Final = "/admin/"
BOARD: Final = "/admin/follow-ups"


async def save(request: web.Request) -> web.Response:
    """Keep the view whose address the form brings."""
    visit, form = request[VISIT], await request.post()
    said = urlsplit(str(form.get("link", "")))
    link = _read(visit, said.path, dict(parse_qsl(said.query)))
    name = " ".join(str(form.get("name", "")).split())[:LONGEST]
    if not name:
        raise go(link, "view_unnamed")
    async with visit.service.store.writing() as tx:
        kept = await views.save(tx, visit.agent.id, said.path, name, link, visit.now)
        await acted(tx, visit, "view", None)
    raise go(link, "view_saved" if kept else "view_many")


async def forget(request: web.Request) -> web.Response:
    """Drop one of one's own views: another's is not found."""
    visit, form = request[VISIT], await request.post()
    async with visit.service.store.writing() as tx:
        if not await views.forget(tx, visit.agent.id, number(request)):
            raise web.HTTPNotFound
        await acted(tx, visit, "view", None)
    raise go(BOARD if form.get("room") == BOARD else QUEUE, "view_forgotten")


def _read(visit: Visit, room: str, asked: Mapping[str, str]) -> str:
    """The address anew from what it asks for: nothing else is kept, whatever a form brings."""
    match room:
        case "/admin/":
            return queue.wish_of(asked, visit).link()
        case "/admin/follow-ups":
            return board.href(board.sift_of(asked))
    raise web.HTTPBadRequest
