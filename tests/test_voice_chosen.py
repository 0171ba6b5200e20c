"""Voice by wish or need: chosen by a word, for landlines, for the old after a letter; what is told
by it waits for proof, and danger is put through."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from xml.etree.ElementTree import fromstring  # our own answers

import pytest

from bot.deeds import carry_out
from bot.deeds.voicing import ring_later
from bot.desk import desk_for, open_desk
from bot.first_voice import may_ring
from bot.reaching import new_conversation, person_of, queue_conversation
from bot.store import addresses, alarms, events, messages, people, reviews, users
from bot.store.engines import Store
from flows.engine.keywords import says_only
from flows.turn import Desk
from flows.vocabulary import Draft, Event, FollowUp, Person, VoiceWanted
from tests.services import MARIE, Chain, chain, settings_for
from tests.silences import follow_marie, open_reasons, until_asked
from tests.standins.twilio import Placed, Refuse, TwilioStandin
from tests.stores import NOW
from tests.test_voice import CALLER, DUTY, presses, words

AGENT = "+33639980909"


@pytest.fixture
async def one(sqlite_store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in that may call."""
    async with calling(sqlite_store_url, twilio_standin) as opened:
        yield opened


def calling(url: str, standin: TwilioStandin) -> AbstractAsyncContextManager[Chain]:
    """A service that may call."""
    settings = settings_for(url, standin.url)
    assert settings.twilio is not None
    return chain(replace(settings, twilio=replace(settings.twilio, voice=CALLER)), standin)


async def rings(one: Chain, standin: TwilioStandin, *keys: str) -> list[str]:
    """The last telephone that rang is picked up and these are answered; all that is heard."""
    placed = standin.placed[-1]
    said = await standin.pick_up(placed)
    heard = [words(said)]
    for key in keys:
        said = await presses(one, standin, placed, said, key)
        heard.append(words(said))
    await standin.hang_up(placed)
    return heard


# --- chosen -------------------------------------------------------------------------------------


async def test_who_cannot_read_says_so_and_is_called_from_then_on(
    store_url: str, twilio_standin: TwilioStandin
) -> None:
    async with calling(store_url, twilio_standin) as one:
        follow_up = await follow_marie(one, second=False)
        await until_asked(one, follow_up)
        await twilio_standin.text(MARIE, "je ne sais pas lire")
        await one.pass_time(seconds=5)
        assert "voix automatique" in twilio_standin.sent[-1].body
        assert [call.form["To"] for call in twilio_standin.placed] == [MARIE]
        heard = await rings(one, twilio_standin, "1980", "2", "0", "non")
        assert "respirer" in heard[1] and "fièvre" in heard[2]
        texts = len(twilio_standin.sent)
        await until_asked(one, follow_up)
        assert len(twilio_standin.placed) == 2 and len(twilio_standin.sent) == texts
        heard = await rings(one, twilio_standin, "1980", "sms")
        assert "messages à lire" in heard[-1]
        await one.work()
        assert "respirer" in twilio_standin.sent[-1].body


@pytest.mark.parametrize(
    ("words", "chosen"),
    [
        ("Je ne sais pas lire", True),
        ("I can't read.", True),
        ("no sé leer", True),
        ("Não sei ler", True),
        ("Okuma bilmiyorum", True),
        ("لا أعرف القراءة", True),
        ("I can't read the thermometer", False),
        ("je n'arrive plus à lire, je vois flou", False),
    ],
)
def test_who_cannot_read_is_told_from_who_cannot_read_a_thermometer(
    words: str, chosen: bool
) -> None:
    assert says_only(words, "voice") is chosen


async def test_nobody_chooses_voice_for_those_they_answer_for_or_where_nothing_calls(
    one: Chain, twilio_standin: TwilioStandin, sqlite_store_url: str
) -> None:
    follow_up = await follow_marie(one, second=False)
    async with one.service.store.writing() as tx:
        deed = VoiceWanted(follow_up.person_id, 0, wanted=True)
        await carry_out(tx, replace(one.service.desk, calls=False), deed, one.clock.at)
    assert twilio_standin.placed == []
    assert "human_wanted" in await open_reasons(one, follow_up)


# --- what is told by voice ----------------------------------------------------------------------


async def told(one: Chain, follow_up: FollowUp) -> None:
    """A notice waits for Marie's telephone."""
    async with one.service.store.writing() as tx:
        address = await addresses.lock(tx, "voice", MARIE, one.clock.at)
        draft = Draft("n", "notice", "Le suivi se termine ici.", follow_up.person_id)
        await messages.queue_drafts(tx, [(address, draft)], one.clock.at)
    await one.work()


async def test_a_notice_rings_and_is_told_to_who_proves_themselves(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await told(one, await follow_marie(one, channel="voice", second=False))
    heard = await rings(one, twilio_standin, "1980")
    assert "naissance" in heard[0] and "suivi" not in heard[0]
    assert "Le suivi se termine ici." in heard[1] and heard[1].endswith("Au revoir. |")
    # What rang is one text, what was told after the proof is another.
    rang, told_then = [
        text for text in await one.transcript() if text.text == "Le suivi se termine ici."
    ]
    assert (rang.state, rang.error_code, told_then.state) == ("undelivered", "rang", "delivered")
    for _ in range(30):
        await one.pass_time(hours=1)
    assert not [call for call in twilio_standin.placed[1:] if call.at.day == 23]


async def test_the_end_of_a_follow_up_is_told_by_telephone_in_words_made_for_it(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, channel="voice", second=False)
    desk, now = one.service.desk, one.clock.at
    async with one.service.store.writing() as tx:
        address = await addresses.lock(tx, "voice", MARIE, now)
        person = await person_of(tx, follow_up.person_id)
        last = new_conversation(tx.ids.new(now), address.id, person.id, "follow_up_end")
        await queue_conversation(tx, desk.library, desk.pack(now.date()), last, person, now)
    await one.work()
    heard = await rings(one, twilio_standin, "1980")
    assert "suivi" not in heard[0]
    assert "Le suivi par téléphone se termine ici" in heard[1] and "SMS" not in heard[1]


async def test_a_notice_is_not_told_to_who_does_not_prove_themselves_and_rings_three_times(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, channel="voice", second=False)
    await told(one, follow_up)
    heard: list[str] = []
    over: list[Placed] = []
    for _ in range(20):
        for placed in [call for call in twilio_standin.placed if call not in over][:1]:
            over.append(placed)
            heard += await rings(one, twilio_standin, *(["1979"] if len(over) == 1 else []))
        await one.pass_time(hours=1)
    assert "suivi" not in " ".join(heard)
    assert len(over) >= 2


# --- the old ------------------------------------------------------------------------------------


async def old_marie(one: Chain, standin: TwilioStandin) -> FollowUp:
    """Marie, 96, whose number takes no texts."""
    follow_up = await follow_marie(one, second=False)
    async with one.service.store.writing() as tx:
        born = {"birth_date": date(1930, 5, 4)}
        await people.learn(tx, follow_up.person_id, born, one.clock.at)
    standin.to_number[MARIE] = Refuse(21635)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    return follow_up


async def test_a_human_voice_of_long_ago_is_not_forgotten(store: Store) -> None:
    async with store.writing() as tx:
        old = await people.add(tx, Person(0, given_name="Marie", birth_date=date(1930, 5, 4)), NOW)
        desk = open_desk()
        assert not await may_ring(tx, desk, old.id, NOW)
        spoke = {"what": "call", "outcome": "done"}
        first = Event("acted", NOW, person_id=old.id, data=spoke)
        later = [Event("acted", NOW, person_id=old.id, data={"what": "note"})] * 250
        await events.append_many(tx, [first, *later], NOW)
        assert await may_ring(tx, desk, old.id, NOW)


@pytest.mark.parametrize(("what", "outcome"), [("call", "done"), ("letter", "")])
async def test_the_old_are_called_by_the_machine_after_a_human_voice_or_a_letter(
    one: Chain, twilio_standin: TwilioStandin, what: str, outcome: str
) -> None:
    follow_up = await old_marie(one, twilio_standin)
    assert set(await open_reasons(one, follow_up)) == {"voice_first_call"}
    assert twilio_standin.placed == []
    now = one.clock.at
    async with one.service.store.writing() as tx:
        data = {"what": what} | ({"outcome": outcome} if outcome else {})
        await events.append(tx, [Event("acted", now, person_id=follow_up.person_id, data=data)])
        letter = what == "letter"
        at = await ring_later(tx, one.service.desk, follow_up.person_id, now, letter=letter)
    assert at is not None and (at - now).days >= (4 if letter else 0)
    one.clock.at = at
    await one.work()
    for _ in range(26):
        if not twilio_standin.placed:
            await one.pass_time(hours=1)
    assert {call.form["To"] for call in twilio_standin.placed} == {MARIE}
    assert "naissance" in (await rings(one, twilio_standin))[0]


# --- danger -------------------------------------------------------------------------------------


def on_duty(phone: str, pack: str, now: datetime) -> Desk:
    """The desk, with a telephone of whoever is on duty."""
    known = desk_for(pack, now)
    packs = [replace(one, agency={**one.agency, "duty_phone": phone}) for one in known.packs.packs]
    return replace(known, packs=replace(known.packs, packs=tuple(packs)))


def slowly(said: str) -> int:
    """How often the emergency number is said, slowly."""
    texts = [one.text or "" for one in fromstring(said).iter("prosody")]
    return sum("appelez le 15 maintenant" in text for text in texts)


async def put_on_call(one: Chain) -> None:
    """An agent is on call, at a mobile telephone."""
    now = one.clock.at
    async with one.service.store.writing() as tx:
        user = await users.add(tx, "a@example.org", "agent", "x", "A", "fr", now=now)
        await alarms.put_on_call(tx, user.id, 1, "sms", AGENT, now)


@pytest.mark.parametrize(("phone", "called"), [("", ""), (DUTY, DUTY), ("", AGENT)])
async def test_one_to_the_danger_question_is_put_through_or_told_slowly_twice(
    sqlite_store_url: str,
    twilio_standin: TwilioStandin,
    monkeypatch: pytest.MonkeyPatch,
    phone: str,
    called: str,
) -> None:
    monkeypatch.setattr("bot.service.desk_for", partial(on_duty, phone))
    async with calling(sqlite_store_url, twilio_standin) as one:
        follow_up = await follow_marie(one, channel="voice", second=False)
        await until_asked(one, follow_up)
        if called == AGENT:
            await put_on_call(one)
        [placed] = twilio_standin.placed
        said = await twilio_standin.pick_up(placed)
        for key in ("1980", "1"):
            said = await presses(one, twilio_standin, placed, said, key)
        dialled = [dial.text for dial in fromstring(said).iter("Dial")]
        assert dialled == [called] * bool(called)
        if called:
            assert slowly(said) == 1
            action = fromstring(said).find("Dial").attrib["action"]  # type: ignore[union-attr]
            spoke = await twilio_standin.step(placed, action, DialCallStatus="completed")
            assert words(spoke) == "Merci. Au revoir. |"
            said = await twilio_standin.step(placed, action, DialCallStatus="no-answer")
        assert slowly(said) == 2 and "<Dial" not in said
        assert (await open_reasons(one, follow_up))["danger"] == "P1"


async def test_a_landline_that_rings_is_no_wrong_number(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, second=False)
    twilio_standin.to_number[MARIE] = Refuse(21635)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    assert len(twilio_standin.placed) == 1
    async with one.service.store.reading() as tx:
        assert await reviews.of_person(tx, follow_up.person_id) == []
