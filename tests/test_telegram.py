"""Telegram: update → Incoming, Outgoing → request, and what each answer of the provider means."""

import asyncio
import json
import logging
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from aiohttp import web

from flows.vocabulary import Accepted, Busy, Incoming, Outgoing, Refused, Uncertain
from integrations.channels import telegram
from integrations.channels.simulator import Simulator
from integrations.protocols import Channel, Denied
from tests.standins.serving import Served
from tests.standins.telegram import (
    BLOCKED,
    NO_CHAT,
    TOKEN,
    Cut,
    Garble,
    Hang,
    Refuse,
    TelegramStandin,
    too_many,
)

SECRET = "a-secret-of-ours"
AT = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CHAT = 5551
HELLO = Outgoing("reply-1", "telegram", str(CHAT), "Avez-vous de la fièvre ?", ("oui", "non"))
HEARD = Incoming("telegram", f"update-7-{int(AT.timestamp())}", "5551", "", "oui", sent_at=AT)


# --- update → Incoming --------------------------------------------------------------------------


def message(**content: Any) -> dict[str, Any]:
    person = {"id": CHAT, "is_bot": False, "first_name": "Nadia"}
    chat = {"id": CHAT, "type": "private", "first_name": "Nadia"}
    return {"message_id": 3, "date": int(AT.timestamp()), "chat": chat, "from": person} | content


def read(update: object, secret: str = SECRET) -> Incoming | Denied | None:
    headers = {"X-Telegram-Bot-Api-Secret-Token": secret}
    return telegram.read(headers, json.dumps(update).encode(), SECRET)


FILE = {"file_id": "F1", "file_unique_id": "U1"}


@pytest.mark.parametrize(
    ("content", "wanted"),
    [
        ({"text": "oui"}, HEARD),
        ({"text": "39 🤒 l’été"}, replace(HEARD, text="39 🤒 l’été")),
        ({"text": "/start"}, replace(HEARD, text="/start", opt_out="START")),
        ({"text": "/start Ab_9-z"}, replace(HEARD, text="", link_code="Ab_9-z")),
        ({"text": "/start@vigie_bot Ab9"}, replace(HEARD, text="", link_code="Ab9")),
        ({"text": "/stop"}, replace(HEARD, text="/stop", opt_out="STOP")),
        ({"text": "/help"}, replace(HEARD, text="/help", opt_out="HELP")),
        ({"text": "/stop coughing"}, replace(HEARD, text="/stop coughing")),
        ({"text": "je ne peux pas /stop"}, replace(HEARD, text="je ne peux pas /stop")),
        (
            {"contact": {"first_name": "Léa", "last_name": "Roy", "phone_number": "33639980002"}},
            replace(HEARD, text="Léa Roy +33639980002"),
        ),
        (
            {"contact": {"first_name": "Léa", "phone_number": "+33639980002"}},
            replace(HEARD, text="Léa +33639980002"),
        ),
        (
            {"contact": {"first_name": "Léa", "phone_number": "0639980002"}},
            replace(HEARD, text="Léa 0639980002"),
        ),
        (
            {"contact": {"first_name": "Li", "phone_number": "6591234567", "user_id": 8}},
            replace(HEARD, text="Li +6591234567"),
        ),
        (
            {
                "photo": [
                    {**FILE, "width": 9, "height": 9},
                    {**FILE, "file_id": "F2", "width": 90, "height": 90},
                ]
            },
            replace(HEARD, text="", media=("photo F2",)),
        ),
        (
            {"photo": [{**FILE, "width": 9, "height": 9}], "caption": "le test"},
            replace(HEARD, text="le test", media=("photo F1",)),
        ),
        (
            {"voice": {**FILE, "duration": 4}},
            replace(HEARD, text="", media=("voice F1",)),
        ),
        (
            {
                "sticker": {**FILE, "type": "regular", "width": 9, "height": 9}
                | {"is_animated": False, "is_video": False}
            },
            replace(HEARD, text="", media=("sticker F1",)),
        ),
        (
            {"location": {"latitude": 48.85, "longitude": 2.35}},
            replace(HEARD, text="", media=("location 48.85,2.35",)),
        ),
        ({"something_new": {"a": 1}}, replace(HEARD, text="", media=("unknown",))),
    ],
)
def test_a_private_message_is_read_with_all_that_it_carries(
    content: dict[str, Any], wanted: Incoming
) -> None:
    assert read({"update_id": 7, "message": message(**content)}) == wanted


def test_an_edited_message_is_heard_anew() -> None:
    later = int(AT.timestamp()) + 60
    edited = read({"update_id": 8, "edited_message": message(text="non", edit_date=later)})
    assert isinstance(edited, Incoming)
    assert (edited.text, edited.provider_id) == ("non", f"update-8-{int(AT.timestamp())}")


@pytest.mark.parametrize(
    "update",
    [
        {
            "update_id": 7,
            "message": message(text="x", chat={"id": -9, "type": "group", "title": "t"}),
        },
        {"update_id": 7, "channel_post": message(text="x", chat={"id": -9, "type": "channel"})},
        {
            "update_id": 7,
            "message": message(message_auto_delete_timer_changed={"message_auto_delete_time": 9}),
        },
        {
            "update_id": 7,
            "poll_answer": {"poll_id": "1", "option_ids": [], "user": message()["from"]},
        },
        {"update_id": 7},
        {},
    ],
)
def test_what_nobody_wrote_to_us_in_private_is_not_filed(update: dict[str, Any]) -> None:
    assert read(update) is None


def test_an_update_that_the_package_cannot_read_is_kept() -> None:
    broken = {"update_id": 7, "message": message(text="aidez-moi", photo=[3], date="x")}
    kept = read(broken)
    assert isinstance(kept, Incoming)
    assert (kept.provider_id, kept.sender, kept.text) == ("update-7-0", "5551", "aidez-moi")


async def test_an_update_that_the_package_cannot_read_stops_no_other(
    bot: telegram.Telegram, telegram_standin: TelegramStandin, caplog: pytest.LogCaptureFixture
) -> None:
    await telegram_standin.write(CHAT, "aidez-moi", photo=[3])
    await telegram_standin.write(CHAT, photo=[3])
    await telegram_standin.give({"poll_answer": {"poll_id": "1", "option_ids": []}})
    await telegram_standin.write(CHAT, "oui")
    polled = await bot.poll(0, wait_s=0)
    assert isinstance(polled, telegram.Polled)
    assert [one.text or one.media for one in polled.incoming] == ["aidez-moi", ("unknown",), "oui"]
    assert polled.offset == telegram_standin.updates[-1]["update_id"] + 1
    assert "aidez-moi" not in caplog.text


def moved(status: str) -> dict[str, Any]:
    bot = {"id": 123456, "is_bot": True, "first_name": "Vigie"}
    member = {"user": bot, "status": status} | ({"until_date": 0} if status == "kicked" else {})
    change = {"old_chat_member": {"user": bot, "status": "member"}, "new_chat_member": member}
    return {"update_id": 9, "my_chat_member": message() | change}


def test_somebody_who_blocks_the_bot_has_opted_out() -> None:
    heard = read(moved("kicked"))
    assert isinstance(heard, Incoming)
    assert (heard.sender, heard.text, heard.opt_out) == ("5551", "", "STOP")
    assert read(moved("member")) is None


@pytest.mark.parametrize("secret", ["", "another", "é", SECRET + "x"])
def test_a_wrong_secret_is_denied(secret: str) -> None:
    assert read({"update_id": 7, "message": message(text="oui")}, secret) == Denied(
        403, "the secret is wrong"
    )


@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"3", b"\xff\xfe"])
def test_a_body_that_is_no_update_is_denied(body: bytes) -> None:
    denied = telegram.read({"X-Telegram-Bot-Api-Secret-Token": SECRET}, body, SECRET)
    assert isinstance(denied, Denied)
    assert denied.status == 400


# --- Outgoing → request -------------------------------------------------------------------------


@pytest.fixture
async def bot(telegram_standin: TelegramStandin) -> AsyncIterator[telegram.Telegram]:
    channel = telegram.Telegram(TOKEN, telegram_standin.url, timeout_s=0.4)
    yield channel
    await channel.close()


async def test_a_text_goes_out_with_its_options_as_buttons(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    assert isinstance(await bot.send(HELLO), Accepted)
    sent = telegram_standin.sent[0]
    assert (sent["chat_id"], sent["text"]) == ("5551", "Avez-vous de la fièvre ?")
    assert sent["reply_markup"]["keyboard"] == [[{"text": "oui"}, {"text": "non"}]]
    assert sent["reply_markup"]["one_time_keyboard"] is True


async def test_long_options_stand_below_each_other_and_none_takes_the_buttons_away(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    await bot.send(replace(HELLO, options=("Oui, tous les jours", "Non, pas du tout")))
    await bot.send(replace(HELLO, options=()))
    rows, gone = (sent["reply_markup"] for sent in telegram_standin.sent)
    assert [len(row) for row in rows["keyboard"]] == [1, 1]
    assert gone == {"remove_keyboard": True}


@pytest.mark.parametrize(
    ("behaviour", "wanted"),
    [
        (BLOCKED, Refused("blocked", "opted_out", True)),
        (
            Refuse(403, "Forbidden: user is deactivated"),
            Refused("blocked", "blocked", True),
        ),
        (NO_CHAT, Refused("chat_not_found", "bad_number", True)),
        (
            Refuse(400, "Bad Request: message is too long"),
            Refused("bad_request", "configuration", True),
        ),
        (too_many(11), Busy(11.0)),
        (Refuse(429, "Too Many Requests"), Busy(5.0)),
        (Refuse(401, "Unauthorized"), Refused("token", "configuration", False)),
    ],
)
async def test_a_refusal_says_what_it_means_and_whether_it_is_final(
    bot: telegram.Telegram,
    telegram_standin: TelegramStandin,
    behaviour: Refuse,
    wanted: Refused | Busy,
) -> None:
    telegram_standin.next = [behaviour]
    assert await bot.send(HELLO) == wanted
    assert telegram_standin.sent == []


@pytest.mark.parametrize("behaviour", [Hang(), Cut(), Refuse(502, "Bad Gateway"), Garble()])
async def test_a_text_without_an_answer_is_uncertain(
    bot: telegram.Telegram,
    telegram_standin: TelegramStandin,
    behaviour: Hang | Cut | Refuse | Garble,
) -> None:
    telegram_standin.next = [behaviour]
    assert isinstance(await bot.send(HELLO), Uncertain)
    assert telegram_standin.calls == ["sendMessage"]
    assert await bot.look_up(HELLO, AT) is None


async def test_a_connection_refused_sent_nothing_and_may_be_tried_again() -> None:
    channel = telegram.Telegram(TOKEN, "http://127.0.0.1:9")
    assert await channel.send(HELLO) == Busy(5.0)
    assert await channel.poll(0, wait_s=0) == Busy(5.0)
    assert await channel.use_webhook("https://vigie.example", SECRET) == Busy(5.0)
    assert await channel.username() == ""
    await channel.close()


async def test_the_token_reaches_no_log(
    bot: telegram.Telegram, caplog: pytest.LogCaptureFixture
) -> None:
    with caplog.at_level(logging.INFO):
        await bot.send(HELLO)
    ours = [line.getMessage() for line in caplog.records if line.name != "aiohttp.access"]
    assert [line for line in ours if TOKEN in line or "fièvre" in line] == []


async def test_a_bot_is_asked_for_its_name_once(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    assert [await bot.username(), await bot.username()] == ["vigie_test_bot"] * 2
    assert telegram_standin.calls == ["getMe"]


# --- polling and webhook ------------------------------------------------------------------------


async def test_updates_come_again_until_the_offset_moves(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    await telegram_standin.write(CHAT, "oui")
    await telegram_standin.give({"poll_answer": {"poll_id": "1", "option_ids": []}})
    first = await bot.poll(0, wait_s=0)
    again = await bot.poll(0, wait_s=0)
    assert isinstance(first, telegram.Polled)
    assert first == again
    assert [one.text for one in first.incoming] == ["oui"]
    assert await bot.poll(first.offset, wait_s=0) == telegram.Polled((), first.offset)
    await telegram_standin.write(CHAT, "non")
    after = await bot.poll(first.offset, wait_s=0)
    assert isinstance(after, telegram.Polled)
    assert [one.text for one in after.incoming] == ["non"]


async def test_a_long_wait_ends_when_somebody_writes(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    waiting = asyncio.create_task(bot.poll(0, wait_s=5))
    await telegram_standin.asked.wait()
    await telegram_standin.write(CHAT, "oui")
    polled = await asyncio.wait_for(waiting, 2)
    assert isinstance(polled, telegram.Polled)
    assert [one.text for one in polled.incoming] == ["oui"]


async def test_polling_waits_as_long_as_telegram_says(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    telegram_standin.next = [too_many(9), Refuse(401, "Unauthorized"), Refuse(500, "x")]
    pauses = [await bot.poll(0, wait_s=0) for _ in range(3)]
    assert pauses == [Busy(9.0), Busy(60.0), Busy(5.0)]


class Inbox(Served):
    """A webhook that reads what the stand-in posts, with what aiohttp really hands over."""

    def __init__(self) -> None:
        super().__init__()
        self.read: list[Incoming | Denied | None] = []

    def routes(self) -> list[web.RouteDef]:
        return [web.post(telegram.WEBHOOK, self._take)]

    async def _take(self, asked: web.Request) -> web.Response:
        self.read.append(telegram.read(asked.headers, await asked.read(), SECRET))
        return web.Response()


async def test_a_webhook_is_asked_for_used_and_given_up_for_polling(
    bot: telegram.Telegram, telegram_standin: TelegramStandin
) -> None:
    async with Inbox() as inbox:
        assert await bot.use_webhook(inbox.url, SECRET) is None
        assert telegram_standin.webhook["allowed_updates"] == [
            "message",
            "edited_message",
            "my_chat_member",
        ]
        assert await telegram_standin.write(CHAT, "oui") == 200
        await telegram_standin.post({"update_id": 1}, secret="guessed")
        assert await bot.poll(0, wait_s=0) == Busy(5.0)
        assert await bot.use_polling() is None
        assert await bot.poll(0, wait_s=0) == telegram.Polled((), 0)
    heard, denied = inbox.read
    assert isinstance(heard, Incoming)
    assert heard.text == "oui"
    assert denied == Denied(403, "the secret is wrong")


# --- the simulator ------------------------------------------------------------------------------


async def test_the_simulator_takes_every_text_but_for_a_number_ending_in_99() -> None:
    seen: list[Outgoing] = []
    phones: Channel = Simulator("sms", seen.append)
    text = Outgoing("reply-1", "sms", "+33639980001", "Bonjour")
    unknown = replace(text, to="+33639980099")
    first, again = await phones.send(text), await phones.send(text)
    assert isinstance(first, Accepted)
    assert first == again == await phones.look_up(text, AT)
    assert await phones.send(replace(text, key="reply-2")) != first
    assert await phones.send(unknown) == Refused("30005", "bad_number", True)
    assert await phones.look_up(unknown, AT) is None
    assert [one.to for one in seen] == ["+33639980001"] * 3
    assert await phones.recent(AT) == []
