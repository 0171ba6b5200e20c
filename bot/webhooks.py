"""The doors that providers knock at: read, hand to the inbox, answer."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable
from typing import Final

from aiohttp import web

from bot import calls
from bot.channels import twilio_account
from bot.inbox import InboxFull, Unavailable
from bot.service import SERVICE, Service
from flows.vocabulary import DeliveryReport, Incoming
from integrations.channels import telegram, twilio
from integrations.protocols import Denied

RETRY_AFTER_S: Final = "2"
# Providers wait no longer than 15 seconds themselves.
BODY_S: Final = 10.0


def routes() -> Iterable[web.RouteDef]:
    """The webhooks; the fallback takes what the first address did not."""
    return [
        web.post(twilio.MESSAGES, on_twilio),
        web.post(twilio.STATUS, on_twilio),
        web.post(twilio.FALLBACK, on_twilio),
        web.post(twilio.ANSWERED, on_call),
        web.post(twilio.HEARD, on_call),
        web.post(twilio.ENDED, on_call),
        web.post(telegram.WEBHOOK, on_telegram),
    ]


async def on_twilio(request: web.Request) -> web.Response:
    """A text or a delivery report of Twilio's; answered once it is committed."""
    service = request.app[SERVICE]
    account = twilio_account(service.settings)
    if account is None:
        raise web.HTTPNotFound
    posted = twilio.Request(request.method, request.raw_path, request.headers, await _body(request))
    read = twilio.read(
        posted, account_sid=account.sid, token=account.token, public_url=account.public_url
    )
    await _file(service, read)
    return web.Response(text=twilio.EMPTY_TWIML, content_type="text/xml")


async def on_call(request: web.Request) -> web.Response:
    """A step of a telephone call, or its end; answered with what is to be said."""
    service = request.app[SERVICE]
    account = twilio_account(service.settings)
    if account is None or not account.voice:
        raise web.HTTPNotFound
    posted = twilio.Request(request.method, request.raw_path, request.headers, await _body(request))
    call = twilio.read_call(posted, account)
    if isinstance(call, Denied):
        raise denied(call.status, call.why)
    match request.path:
        case twilio.ENDED:
            await calls.ended(service, call)
            return web.Response(text=twilio.EMPTY_TWIML, content_type="text/xml")
        case twilio.HEARD:
            speech = await calls.heard(service, call)
        case _:
            speech = await calls.answered(service, call)
    quiet = 0 if call.heard else call.quiet
    text = twilio.twiml(speech, call.step + 1, quiet)
    return web.Response(text=text, content_type="text/xml")


async def on_telegram(request: web.Request) -> web.Response:
    """An update of Telegram's; what is not a person's message is thanked for and dropped."""
    service = request.app[SERVICE]
    bot = service.settings.telegram
    if bot is None or not bot.webhook_secret:
        raise web.HTTPNotFound
    read = telegram.read(request.headers, await _body(request), bot.webhook_secret)
    if read is not None:
        await _file(service, read)
    return web.Response()


async def _body(request: web.Request) -> bytes:
    """What was posted; a client that is too slow is sent away."""
    try:
        async with asyncio.timeout(BODY_S):
            return await request.read()
    except TimeoutError:
        raise web.HTTPRequestTimeout from None


async def _file(service: Service, read: Incoming | DeliveryReport | Denied) -> None:
    try:
        match read:
            case Denied(status=status, why=why):
                raise denied(status, why)
            case Incoming():
                await service.inbox.take(read)
            case DeliveryReport():
                await service.reports.take(read)
    except (InboxFull, Unavailable):
        raise web.HTTPServiceUnavailable(headers={"Retry-After": RETRY_AFTER_S}) from None


def denied(status: int, why: str) -> web.HTTPException:
    """The refusal of a request that is not taken."""
    kinds = {403: web.HTTPForbidden, 415: web.HTTPUnsupportedMediaType}
    return kinds.get(status, web.HTTPBadRequest)(text=why)
