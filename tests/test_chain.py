"""The whole chain over HTTP: signed webhook, turn, reply at the provider; and its faults."""

from __future__ import annotations

import asyncio
import itertools
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.deeds.chatting import TELEGRAM
from bot.store import addresses, codes, messages, outbox, people, scenes
from bot.sweep import Sweep
from flows.vocabulary import Message, Review, Scene
from tests.services import MARIE, NOON, Chain, Still, chain, settings_for, telegram_at
from tests.standins.telegram import TelegramStandin
from tests.standins.twilio import Cut, Fail, Hang, Refuse, TwilioStandin

DANGER = "j'étouffe"
NIGHT = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database."""
    async with chain(settings_for(store_url, twilio_standin.url), twilio_standin) as opened:
        yield opened


async def told(one: Chain, standin: TwilioStandin, words: str) -> list[str]:
    """Marie writes; what Twilio then has for her that it had not before."""
    before = len(standin.sent)
    assert await standin.text(MARIE, words) == 200
    await one.pass_time(seconds=5)
    return [kept.body for kept in standin.sent[before:] if kept.to == MARIE]


async def scene(one: Chain, number: str = MARIE) -> Scene:
    async with one.service.store.reading() as tx:
        found = await addresses.find(tx, "sms", number)
        assert found is not None
        return await scenes.scene(tx, found, one.clock.at)


async def review(one: Chain, reason: str) -> Review:
    return next(r for r in (await scene(one)).reviews if r.reason == reason)


async def outgoing(one: Chain) -> list[Message]:
    return [message for message in await one.transcript() if message.direction == "out"]


async def test_a_case_is_written_to_and_talks(one: Chain, twilio_standin: TwilioStandin) -> None:
    await one.enter_marie()
    await one.work()
    (first,) = twilio_standin.sent
    assert (first.to, "M.B." in first.body) == (MARIE, True)
    assert first.callback.startswith("https://vigie.example.org/channels/twilio/status")
    (asked,) = await told(one, twilio_standin, "oui")
    assert "naissance" in asked
    assert await told(one, twilio_standin, "1980") != []
    kinds = {message.state for message in await outgoing(one)}
    assert kinds == {"accepted"}


# What Marie says to each question, by words in it; "0" to any other.
ANSWERS = {
    "année de naissance": "1980",
    "mal à respirer": "2",
    "dort chez vous": "Marc Besson, Thomas Riou",
    "moins de 18 ans": "0",
    "Envoyez les numéros": "Marc Besson 0639980021, Thomas Riou 0639980023",
    "dire votre nom": "2",
    "Si c'est juste": "ok",
    "quelle ville": "Armor, 8 rue du Phare",
    "Quelqu'un d'autre lit": "2",
    "quelle heure": "1",
}


async def test_those_whom_a_case_names_are_told_without_its_name(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    words, contacts = "oui", {"+33639980021", "+33639980023"}
    for _ in range(25):
        *_, last = await told(one, twilio_standin, words) or [""]
        words = next((said for asked, said in ANSWERS.items() if asked in last), "0")
        if "c'est tout pour le moment" in last:
            break
    await one.pass_time(minutes=5)
    reached = {kept.to: kept.body for kept in twilio_standin.sent if kept.to in contacts}
    assert reached.keys() == contacts
    for body in reached.values():
        assert not any(word in body.lower() for word in ("marie", "bernard", "covid", "test"))
    assert len({message.key for message in await outgoing(one)}) == len(await outgoing(one))


async def test_a_message_delivered_twice_is_answered_once(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    kept = twilio_standin.receive(MARIE, "oui")
    answers = await asyncio.gather(*(twilio_standin.deliver(kept) for _ in range(8)))
    assert set(answers) == {200}
    await one.pass_time(seconds=5)
    assert await twilio_standin.deliver(kept, "/channels/twilio/fallback") == 200
    await one.pass_time(seconds=5)
    assert len([m for m in await one.transcript() if m.direction == "in"]) == 1
    assert len(twilio_standin.sent) == 2


async def test_danger_is_answered_at_once_even_at_night(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    one.clock.at = NIGHT
    assert await twilio_standin.text(MARIE, DANGER) == 200
    await one.work()
    assert "15" in twilio_standin.sent[0].body
    assert (await review(one, "danger")).priority == "P1"


async def test_reports_in_any_order_end_in_the_furthest_state(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    (kept,) = twilio_standin.sent
    statuses = ["queued", "sending", "sent", "delivered"]
    for order in itertools.permutations(statuses):
        assert set(await twilio_standin.report(kept.sid, order)) == {200}
        assert (await outgoing(one))[0].state == "delivered"
    storm = await asyncio.gather(*(twilio_standin.report(kept.sid, statuses) for _ in range(25)))
    assert {status for answers in storm for status in answers} == {200}
    assert (await outgoing(one))[0].state == "delivered"


async def test_a_report_about_a_text_that_nobody_knows_yet_is_asked_for_again(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    (kept,) = twilio_standin.sent
    form = {"MessageSid": "SM-unknown", "MessageStatus": "failed", "AccountSid": kept.form["To"]}
    form |= {"To": MARIE, "AccountSid": "AC" + "0" * 32}
    assert await twilio_standin.post("/channels/twilio/status", form) == 503


async def test_who_opted_out_at_the_provider_is_silent_here_too(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.to_number[MARIE] = Refuse(21610)
    await one.enter_marie()
    await one.work()
    assert (await scene(one)).address.silence == "stopped"
    (message,) = await outgoing(one)
    assert (message.state, message.error_code) == ("refused", "21610")
    assert (await review(one, "undeliverable")).detail[0]["undelivered"] == "opted_out"


async def test_a_number_that_is_none_is_marked_and_looked_at(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    (kept,) = twilio_standin.sent
    assert await twilio_standin.report(kept.sid, ["undelivered"], "30005") == [200]
    assert await twilio_standin.report(kept.sid, ["sent", "undelivered"], "30005") == [200, 200]
    assert (await scene(one)).address.silence == "bad"
    assert len((await review(one, "number_bad")).detail) == 1


async def test_a_telephone_out_of_reach_is_tried_once_more_and_then_looked_at(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    assert await twilio_standin.report(twilio_standin.sent[0].sid, ["undelivered"], "30003")
    assert (await scene(one)).reviews == ()
    await one.pass_time(minutes=14)
    assert len(twilio_standin.sent) == 1
    await one.pass_time(minutes=2)
    first, again = twilio_standin.sent
    assert first.body == again.body
    assert await twilio_standin.report(again.sid, ["undelivered"], "30003") == [200]
    await one.pass_time(minutes=30)
    assert len(twilio_standin.sent) == 2
    assert (await review(one, "undeliverable")).detail[0]["undelivered"] == "unreachable"


async def test_the_alert_says_that_the_safety_text_did_not_arrive(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.to_number[MARIE] = Refuse(21610)
    assert await twilio_standin.text(MARIE, DANGER) == 200
    await one.work()
    alert = await review(one, "danger")
    assert [d.get("undelivered") for d in alert.detail][-1] == "opted_out"


async def test_a_busy_provider_is_tried_again_later(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.next = [Refuse(20429, 429, retry_after="7")] * 2
    await one.enter_marie()
    await one.work()
    assert twilio_standin.sent == []
    await one.pass_time(seconds=6)
    assert len(twilio_standin.requests) == 1
    await one.pass_time(seconds=6)
    assert len(twilio_standin.requests) == 2
    await one.pass_time(seconds=12)
    assert len(twilio_standin.sent) == 1


@pytest.mark.parametrize("fault", [Hang(kept=True), Fail(500, kept=True), Cut(kept=True)])
async def test_what_was_taken_without_an_answer_is_found_and_not_sent_again(
    one: Chain, twilio_standin: TwilioStandin, fault: Hang | Fail | Cut
) -> None:
    twilio_standin.next = [fault]
    await one.enter_marie()
    await one.work()
    assert (await outgoing(one))[0].state == "uncertain"
    await one.pass_time(seconds=40)
    await one.service.outbox.look_up()
    (message,) = await outgoing(one)
    assert (message.state, message.provider_id) == ("accepted", twilio_standin.sent[0].sid)
    await one.pass_time(minutes=30)
    assert len(twilio_standin.requests) == 1


async def test_what_nobody_took_is_looked_up_for_ten_minutes_and_then_reviewed(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.next = [Hang(kept=False)]
    await one.enter_marie()
    await one.work()
    for _ in range(25):
        one.clock.forward(seconds=31)
        await one.service.outbox.look_up()
    assert (await review(one, "send_uncertain")).priority == "P2"
    await one.pass_time(minutes=10)
    assert len(twilio_standin.requests) == 1
    assert (await outgoing(one))[0].state == "uncertain"


async def test_a_safety_text_without_an_answer_is_sent_again(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    twilio_standin.next = [Hang(kept=False), Fail(503, kept=False)]
    assert await twilio_standin.text(MARIE, DANGER) == 200
    await one.work()
    await one.pass_time(seconds=10)
    await one.pass_time(seconds=20)
    assert len([kept for kept in twilio_standin.sent if "15" in kept.body]) == 1


async def test_what_a_killed_worker_had_claimed_is_looked_up(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.fire()
    async with one.service.store.writing() as tx:
        claimed = await outbox.claim(tx, one.clock.at, 10, "dead", timedelta(seconds=90))
    assert len(claimed) == 1
    await one.work()
    assert twilio_standin.requests == []
    await one.pass_time(minutes=2)
    await one.service.outbox.look_up()
    assert (await outgoing(one))[0].state == "uncertain"
    assert twilio_standin.requests == []


async def test_a_safety_text_that_a_killed_worker_had_claimed_goes_out(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    assert await twilio_standin.text(MARIE, DANGER) == 200
    async with one.service.store.writing() as tx:
        await outbox.claim(tx, one.clock.at, 10, "dead", timedelta(seconds=90))
    await one.pass_time(minutes=2)
    assert len([kept for kept in twilio_standin.sent if "15" in kept.body]) == 1


async def test_the_first_message_waits_for_the_morning(
    store_url: str, twilio_standin: TwilioStandin
) -> None:
    settings = settings_for(store_url, twilio_standin.url)
    async with chain(settings, twilio_standin, Still(NIGHT)) as one:
        await one.enter_marie()
        await one.work()
        assert twilio_standin.sent == []
        await one.pass_time(hours=9)
        assert twilio_standin.sent == []
        await one.pass_time(hours=1)
        assert len(twilio_standin.sent) == 1


async def test_after_stop_nothing_goes_out_but_its_confirmation(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await one.enter_marie()
    await one.work()
    (confirmed,) = await told(one, twilio_standin, "STOP")
    assert "15" in confirmed
    await one.pass_time(days=3)
    assert len(twilio_standin.sent) == 2
    (safety,) = await told(one, twilio_standin, DANGER)
    assert "15" in safety


def sweep_of(one: Chain) -> Sweep:
    service = one.service
    return Sweep(
        service.store,
        [service.channels["sms"]],
        service.inbox,
        one.clock.now,
        service.owner,
        service.counts,
    )


async def test_what_a_full_database_refused_and_nobody_posts_again_is_found_by_the_sweep(
    sqlite_store_url: str, twilio_standin: TwilioStandin
) -> None:
    settings = settings_for(sqlite_store_url, twilio_standin.url)
    async with chain(settings, twilio_standin) as one:
        await most_pages(one, 1)
        long = "bonjour " * 2000
        assert {await twilio_standin.text(MARIE, f"{n} {long}") for n in range(9)} == {503}
        assert await one.transcript() == []
        await most_pages(one, 2**30)
        assert await twilio_standin.text(MARIE, "encore là") == 200
        await sweep_of(one).step()
        heard = [m.text.split()[0] for m in await one.transcript() if m.direction == "in"]
    assert sorted(heard) == [*map(str, range(9)), "encore"]


async def most_pages(one: Chain, pages: int) -> None:
    """Let the database grow to so many pages and no further: SQLite says that the disk is full."""
    async with one.service.store.engine.connect() as conn:
        await conn.exec_driver_sql(f"PRAGMA max_page_count={pages}")


async def test_a_message_that_never_reached_us_is_found_by_the_sweep(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await twilio_standin.text(MARIE, "premier")
    twilio_standin.receive(MARIE, DANGER)
    sweep = sweep_of(one)
    for _ in range(2):
        await sweep.step()
        one.clock.forward(minutes=5)
    heard = [message.text for message in await one.transcript() if message.direction == "in"]
    assert heard == ["premier", DANGER]
    assert (await review(one, "danger")).priority == "P1"


async def test_a_chat_is_tied_by_its_code_and_goes_on_there(
    store_url: str, telegram_standin: TelegramStandin
) -> None:
    settings = settings_for(store_url, telegram=telegram_at(telegram_standin.url, "hush"))
    async with chain(settings) as one:
        telegram_standin.deliver_to = f"{one.url}/channels/telegram"
        await one.enter_marie()
        async with one.service.store.writing() as tx:
            (person_id,) = await people.ids_at_number(tx, MARIE)
            lasts = timedelta(hours=1)
            code = await codes.issue(tx, TELEGRAM, person_id, None, lasts, NOON)
        update = telegram_standin._written("77", {"text": f"/start {code}"})
        assert await telegram_standin.post({"update_id": 1, "message": update}, "wrong") == 403
        for _ in range(2):
            assert await telegram_standin.post({"update_id": 1, "message": update}, "hush") == 200
        await one.pass_time(seconds=5)
        assert {sent["chat_id"] for sent in telegram_standin.sent} == {"77"}
        assert "suivi" in telegram_standin.sent[0]["text"]
        async with one.service.store.reading() as tx:
            (chat,) = await addresses.find_all(tx, "77")
            ((person, _),) = await people.people_at(tx, chat.id)
            heard = await messages.transcript(tx, [chat.id])
        assert person.id == person_id
        assert len([m for m in heard if m.direction == "in"]) == 1
