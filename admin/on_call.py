"""Who is alarmed of what is urgent and nobody has opened: put on call, taken off."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from admin.forms import id_of, phone_of
from admin.trail import acted
from admin.visits import VISIT, Visit, go, number
from bot.store import alarms, users
from flows.vocabulary import ChannelName

LEVELS: Final = (1, 2, 3)
CHANNELS: Final[tuple[ChannelName, ...]] = ("sms", "telegram", "email")
_LONGEST: Final = 200


async def put_on_call(request: web.Request) -> web.Response:
    """Somebody with a sign-in is alarmed from now on, by the way that is given."""
    visit, form = request[VISIT], await request.post()
    user_id, level = id_of(str(form.get("user", ""))), id_of(str(form.get("level", "")))
    channel = next((one for one in ways(visit) if one == form.get("channel")), None)
    if user_id is None or level not in LEVELS or channel is None:
        raise web.HTTPBadRequest
    place = place_of(channel, str(form.get("place", "")), visit.pack.country)
    if place is None:
        raise go("/admin/supervision#on-call", "bad_place")
    async with visit.service.store.writing() as tx:
        user = await users.get(tx, user_id)
        if user is None or user.disabled_at:
            raise web.HTTPNotFound
        await alarms.put_on_call(tx, user_id, level, channel, place, visit.now)
        await acted(tx, visit, "on_call", None, user_id=user_id, level=level, channel=channel)
    raise go("/admin/supervision#on-call", "on_call")


async def take_off_call(request: web.Request) -> web.Response:
    """Nobody is alarmed at that place any more."""
    visit, entry = request[VISIT], number(request)
    async with visit.service.store.writing() as tx:
        user_id = await alarms.take_off_call(tx, entry)
        if user_id is None:
            raise web.HTTPNotFound
        await acted(tx, visit, "off_call", None, user_id=user_id)
    raise go("/admin/supervision#on-call", "off_call")


def ways(visit: Visit) -> list[ChannelName]:
    """The channels by which this deployment can alarm somebody."""
    return [one for one in CHANNELS if one in visit.service.channels]


def place_of(channel: ChannelName, text: str, country: str) -> str | None:
    """A telephone as E.164, a chat's number, an e-mail address; None for what is none of these."""
    said = text.strip()[:_LONGEST]
    match channel:
        case "sms":
            return phone_of(said, country)
        case "telegram":
            return said if said.removeprefix("-").isdecimal() and said.isascii() else None
    mailbox, at, host = said.partition("@")
    return said if mailbox and at and "." in host and not any(map(str.isspace, said)) else None
