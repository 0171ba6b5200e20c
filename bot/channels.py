"""The channels of this deployment: real ones where their settings stand, the simulator's else."""

from __future__ import annotations

from collections.abc import Mapping

from bot.settings import Settings
from flows.vocabulary import ChannelName
from integrations.channels.gateway import Gateway
from integrations.channels.page import Page
from integrations.channels.simulator import Simulator
from integrations.channels.telegram import Telegram
from integrations.channels.twilio import Account, Calls, Twilio
from integrations.protocols import Channel

Channels = Mapping[ChannelName, Channel]


def open_channels(settings: Settings) -> Channels:
    """Every channel by its name; nothing is connected yet."""
    if settings.demonstration:
        names: tuple[ChannelName, ...] = ("sms", "telegram", "whatsapp", "email")
        return {"web": Page(), **{name: Simulator(name) for name in names}}
    channels: dict[ChannelName, Channel] = {"web": Page()}
    if account := twilio_account(settings):
        channels["sms"] = Twilio(account, "sms")
        channels["whatsapp"] = Twilio(account, "whatsapp")
        if account.voice:
            channels["voice"] = Calls(account)
    if settings.telegram:
        channels["telegram"] = Telegram(settings.telegram.token, settings.telegram.api_url)
    if settings.gateway:
        channels["email"] = Gateway(settings.gateway.url, settings.gateway.key)
    return channels


def twilio_account(settings: Settings) -> Account | None:
    """What the Twilio channels and their webhooks need, None without Twilio."""
    given = settings.twilio
    if given is None:
        return None
    return Account(
        sid=given.account_sid,
        token=given.auth_token,
        sender=given.sender,
        service_sid=given.messaging_service_sid,
        whatsapp=given.whatsapp,
        voice=given.voice,
        api_url=given.api_url,
        public_url=settings.public_url,
    )
