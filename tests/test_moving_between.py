"""Somebody moves between channels in mid-conversation, and a channel is cut off for an hour:
nothing is asked twice, nothing is lost, nothing is said twice."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace

import pytest
from aiohttp import ClientSession

from bot.store import addresses, following
from integrations.channels import telegram
from tests.services import MARIE, Chain, chain, settings_for, telegram_at
from tests.silences import follow_marie, open_reasons, until_asked
from tests.standins.telegram import TelegramStandin
from tests.standins.twilio import Fail, TwilioStandin
from tests.test_chain import sweep_of
from tests.test_pages import Tab

SECRET = "a-secret-of-ours"
CHAT = 77001
STRANGER = "+33639980107"
ANSWERED = {"danger": "Mal à respirer", "fever": "fièvre", "who": "année de naissance"}


async def look_after(one: Chain, minutes: float) -> None:
    """What a worker does as time goes by."""
    one.clock.forward(minutes=minutes)
    await one.service.outbox.look_up()
    await sweep_of(one).step()
    await one.work()


def asked(texts: list[str]) -> set[str]:
    """Which questions are in these texts."""
    return {name for name, words in ANSWERED.items() for text in texts if words in text}


async def test_from_sms_to_telegram_to_the_page_nothing_is_asked_twice(
    sqlite_store_url: str, twilio_standin: TwilioStandin, telegram_standin: TelegramStandin
) -> None:
    settings = settings_for(
        sqlite_store_url, twilio_standin.url, telegram=telegram_at(telegram_standin.url, SECRET)
    )
    async with chain(settings, twilio_standin) as one, ClientSession() as http:
        door = one.url + telegram.WEBHOOK
        telegram_standin.webhook = {"url": door, "secret_token": SECRET}
        telegram_standin.now = one.clock.now
        follow_up = await follow_marie(one)
        await until_asked(one, follow_up)
        sms = [kept.body for kept in twilio_standin.sent]
        assert asked(sms) == {"danger"}
        assert await twilio_standin.text(MARIE, "telegram") == 200
        await one.pass_time(seconds=5)
        code = re.search(r"/start \w+", twilio_standin.sent[-1].body)
        assert code is not None

        assert await telegram_standin.write(CHAT, code[0]) == 200
        await one.pass_time(seconds=5)
        # What stood open is asked here; then it is answered here.
        assert asked([sent["text"] for sent in telegram_standin.sent]) == {"danger"}
        assert await telegram_standin.write(CHAT, "2") == 200
        await one.pass_time(seconds=5)
        assert asked([telegram_standin.sent[-1]["text"]]) == {"fever"}
        assert await telegram_standin.write(CHAT, "page") == 200
        await one.pass_time(seconds=5)
        found = re.search(r"https://vigie\.example\.org(/r/\S+)", telegram_standin.sent[-1]["text"])
        assert found is not None

        tab = Tab(http, one.url + found[1])
        await tab.open()
        before = len(telegram_standin.sent), len(twilio_standin.sent)
        await tab.send(year="1980")
        assert asked([tab.html]) == {"fever"}
        assert "autres signes" in await tab.say("37,1")
        assert "Prochain point" in await tab.say("0")
        # The other channels are left in peace, and the day holds what each of them heard.
        await one.pass_time(minutes=1)
        assert (len(telegram_standin.sent), len(twilio_standin.sent)) == before
        async with one.service.store.reading() as tx:
            [day] = await following.history(tx, follow_up.id)
        assert day.state == "answered"
        assert (day.answers["danger"], day.answers["temperature"]) == ("no", 37.1)


async def test_a_channel_that_is_cut_off_for_an_hour_loses_and_doubles_nothing(
    sqlite_store_url: str, twilio_standin: TwilioStandin
) -> None:
    async with chain(settings_for(sqlite_store_url, twilio_standin.url), twilio_standin) as one:
        follow_up = await follow_marie(one, second=False)
        # Twilio takes the question, but its answer is lost; then nobody reaches it any more.
        twilio_standin.to_number[MARIE] = Fail(503, kept=True)
        await until_asked(one, follow_up)
        await twilio_standin.unplug()
        heard = [twilio_standin.receive(MARIE, "2"), twilio_standin.receive(STRANGER, "bonjour")]
        for _ in range(30):
            await look_after(one, minutes=2)
        twilio_standin.to_number.clear()
        await twilio_standin.plug_in()
        for _ in range(3):
            await look_after(one, minutes=5)
        # Twilio posts late what the sweep has brought already.
        assert [await twilio_standin.deliver(kept) for kept in heard] == [200, 200]
        await one.pass_time(seconds=5)
        texts = Counter((kept.to, kept.body) for kept in twilio_standin.sent)
        assert set(texts.values()) == {1}
        to_marie = [body for number, body in texts if number == MARIE]
        assert asked(to_marie) == {"danger", "fever"} and len(to_marie) == 2
        said = [line.text for line in await one.transcript() if line.direction == "in"]
        assert said == ["2"]
        assert await open_reasons(one, follow_up) == {}


@pytest.mark.parametrize(("shared", "codes"), [(False, 1), (True, 0)])
async def test_the_code_for_telegram_goes_to_no_telephone_that_others_read(
    sqlite_store_url: str, twilio_standin: TwilioStandin, shared: bool, codes: int
) -> None:
    settings = settings_for(
        sqlite_store_url, twilio_standin.url, telegram=telegram_at("http://127.0.0.1:9", SECRET)
    )
    async with chain(settings, twilio_standin) as one:
        await follow_marie(one, second=False)
        async with one.service.store.writing() as tx:
            address = await addresses.lock(tx, "sms", MARIE, one.clock.at)
            await addresses.save(tx, replace(address, shared=shared))
        assert await twilio_standin.text(MARIE, "telegram") == 200
        await one.pass_time(seconds=5)
        assert sum("/start" in kept.body for kept in twilio_standin.sent) == codes
