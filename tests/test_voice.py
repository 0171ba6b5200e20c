"""Calls: asked and answered by keys and speech, told nothing before identity, tried again."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from dataclasses import replace
from datetime import date, datetime
from pathlib import Path
from xml.etree.ElementTree import fromstring  # our own answers

import pytest
from multidict import CIMultiDict
from twilio.request_validator import RequestValidator

from bot import entering
from bot.entering import NewCase
from bot.store import addresses, following, messages, people, reviews
from bot.store.engines import Tx
from flows.rules import duty_phone
from flows.vocabulary import (
    Accepted,
    Address,
    Case,
    DeliveryReport,
    Draft,
    Incoming,
    Outgoing,
    Person,
)
from flows.wording.speech import lost, spoken
from integrations.channels import twilio
from integrations.channels.twilio import Account, Call, Calls, Speech, read_call, twiml
from integrations.protocols import Denied
from tests.services import NOON, Chain, chain, desk, settings_for
from tests.silences import follow_marie, open_reasons, until_asked
from tests.standins.twilio import SENDER, SID, TOKEN, Placed, Refuse, TwilioStandin

LANDLINE = "+33298000101"
CALLER = "+33298000001"
DUTY = "+33298000002"
PUBLIC = "https://vigie.example"
GOLDEN = Path(__file__).parent / "golden" / "voice"
ACCOUNT = Account(SID, TOKEN, SENDER, voice=CALLER, public_url=PUBLIC)


# --- request → Call -------------------------------------------------------------------------------


def posted(path: str, **fields: str) -> Call | Denied:
    form = {"CallSid": "CA1", "AccountSid": SID, "From": CALLER, "To": LANDLINE} | fields
    form = {"Direction": "outbound-api"} | form
    signature = RequestValidator(TOKEN).compute_signature(PUBLIC + path, form)
    headers = CIMultiDict(
        {"X-Twilio-Signature": signature, "Content-Type": "application/x-www-form-urlencoded"}
    )
    body = "&".join(f"{name}={_quoted(value)}" for name, value in form.items())
    return read_call(twilio.Request("POST", path, headers, body.encode()), ACCOUNT)


def _quoted(value: str) -> str:
    return value.replace("%", "%25").replace("+", "%2B").replace("#", "%23").replace(" ", "+")


HEARD = f"{twilio.HEARD}?step=3"
CALLED = Call("CA1", LANDLINE, 0, inbound=False)


@pytest.mark.parametrize(
    ("path", "fields", "wanted"),
    [
        (twilio.ANSWERED, {"AnsweredBy": "human"}, CALLED),
        (twilio.ANSWERED, {"AnsweredBy": "unknown"}, CALLED),
        (twilio.ANSWERED, {"AnsweredBy": "machine_end_beep"}, replace(CALLED, machine=True)),
        (twilio.ANSWERED, {"AnsweredBy": "fax"}, replace(CALLED, machine=True)),
        (
            twilio.ANSWERED,
            {"Direction": "inbound", "From": LANDLINE, "To": CALLER},
            replace(CALLED, inbound=True),
        ),
        (HEARD, {"Digits": "1"}, "1"),
        (HEARD, {"Digits": "1980#"}, "1980"),
        (HEARD, {"Digits": "38*2"}, "38.2"),
        (HEARD, {"SpeechResult": "trente-huit deux"}, "trente-huit deux"),
        (HEARD, {"Digits": "", "SpeechResult": ""}, None),
        (f"{HEARD}&quiet=2", {}, 2),
        (twilio.ENDED, {"CallStatus": "completed"}, ("delivered", "")),
        (twilio.ENDED, {"CallStatus": "no-answer"}, ("undelivered", "no-answer")),
        (twilio.ENDED, {"CallStatus": "busy"}, ("undelivered", "busy")),
        (twilio.ENDED, {"CallStatus": "failed"}, ("failed", "failed")),
        (twilio.ENDED, {"CallStatus": "ringing"}, None),
        (twilio.ANSWERED, {"To": "38000"}, Denied(400, "no call of a telephone")),
        (twilio.ANSWERED, {"AccountSid": "AC9"}, Denied(403, "another account")),
    ],
)
def test_a_signed_step_of_a_call_is_read(path: str, fields: dict[str, str], wanted: object) -> None:
    found = posted(path, **fields)
    match wanted:
        case Call() | Denied():
            assert found == wanted
        case str(words):
            assert isinstance(found, Call)
            assert found.heard == Incoming("voice", "CA1:3", LANDLINE, CALLER, words)
        case int(quiet):
            assert isinstance(found, Call) and (found.quiet, found.heard) == (quiet, None)
        case (status, code):
            assert isinstance(found, Call)
            assert found.ended == DeliveryReport("voice", "CA1", status, code)
        case _:
            assert isinstance(found, Call) and found.heard is found.ended is None


def test_an_unsigned_step_is_denied() -> None:
    request = twilio.Request(
        "POST",
        twilio.ANSWERED,
        CIMultiDict({"Content-Type": "application/x-www-form-urlencoded"}),
        b"CallSid=CA1",
    )
    assert read_call(request, ACCOUNT) == Denied(403, "the signature is wrong")


# --- what is answered -----------------------------------------------------------------------------


def test_silence_comes_back_as_silence_and_never_as_an_answer() -> None:
    top = fromstring(twiml(Speech("fr", ("Ça va ?",), keys=1), 4, 1))
    gather = top.find("Gather")
    assert gather is not None
    assert gather.attrib["action"].endswith("?step=4") and gather.attrib["numDigits"] == "1"
    assert gather.attrib["language"] == "fr-FR" and gather.findtext("Say") == "Ça va ?"
    assert top.findtext("Redirect") == f"{twilio.HEARD}?step=4&quiet=2"


@pytest.mark.parametrize(
    ("connect", "slow", "verbs"),
    [
        (DUTY, 1, ["Say", "Pause", "Dial"]),
        ("", 2, ["Say", "Pause", "Say", "Pause", "Hangup"]),
    ],
)
def test_what_is_urgent_is_said_slowly_and_twice_where_nobody_is_dialled(
    connect: str, slow: int, verbs: list[str]
) -> None:
    top = fromstring(twiml(Speech("fr", ("Le 15.",), urgent=True, connect=connect), 3))
    assert [one.text for one in top.iter("prosody")] == ["Le 15."] * slow
    assert [one.tag for one in top] == verbs
    assert [dial.text for dial in top.iter("Dial")] == [connect] * bool(connect)
    assert [dial.attrib["action"] for dial in top.iter("Dial")] == [HEARD] * bool(connect)


async def test_a_text_makes_the_telephone_ring_and_is_found_again(
    twilio_standin: TwilioStandin,
) -> None:
    calls = Calls(replace(ACCOUNT, api_url=twilio_standin.url))
    text = Outgoing("k", "voice", LANDLINE, "Bonjour")
    sent = await calls.send(text)
    [placed] = twilio_standin.placed
    assert sent == Accepted(placed.sid, "queued")
    assert (placed.form["From"], placed.form["MachineDetection"]) == (CALLER, "DetectMessageEnd")
    assert "Bonjour" not in placed.form.values()
    found = await calls.look_up(text, datetime.fromisoformat("2026-01-01T00:00:00+00:00"))
    assert found == sent
    await calls.close()


# --- how texts are said ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("lang", "text", "wanted"),
    [
        ("en", "Is it you? 1 yes 2 no", "Is it you? For yes, press 1. For no, press 2."),
        ("fr", "C'est: 1 bien 2 mal", "C'est. Pour bien, tapez 1. Pour mal, tapez 2."),
        ("en", "Noted. To stop: STOP. Call 15.", "Noted. Call 15."),
        ("fr", "Noté. SMS au 114. Le 15.", "Noté. Le 15."),
        ("fr", "Depuis 1 jour ?", "Depuis 1 jour ?"),
        (
            "en",
            "When? 1 today 12 h 2 tomorrow 9 h 3 later.",
            "When? For today 12 h, press 1. For tomorrow 9 h, press 2. For later, press 3.",
        ),
    ],
)
def test_a_text_is_said_without_what_is_about_writing(lang: str, text: str, wanted: str) -> None:
    assert spoken(text, lang) == wanted


def test_a_question_or_an_emergency_number_may_not_get_lost() -> None:
    assert lost("Thanks. Your year (4 digits)?", "en") == "Your year (4 digits)?"
    assert lost("Thanks. Write here, or call {emergency}.", "en").endswith("{emergency}.")
    assert lost("Thanks. To stop: STOP.", "en") == ""


# --- a spoken check-in ----------------------------------------------------------------------------


@pytest.fixture
async def one(store_url: str, twilio_standin: TwilioStandin) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in that may call, on each database."""
    settings = settings_for(store_url, twilio_standin.url)
    assert settings.twilio is not None
    calling = replace(settings, twilio=replace(settings.twilio, voice=CALLER))
    async with chain(calling, twilio_standin) as opened:
        yield opened


def words(said: str) -> str:
    """What is heard, in one line."""
    top = fromstring(said)
    texts = ["".join(one.itertext()) for one in top.iter("Say")]
    return " ".join(texts) + (" |" if top.find(".//Hangup") is not None else "")


async def presses(one: Chain, standin: TwilioStandin, placed: Placed, said: str, key: str) -> str:
    """A key, speech or, with "", silence in answer to what was said."""
    one.clock.forward(seconds=6)
    top = fromstring(said)
    gather = top.find("Gather")
    assert gather is not None, said
    if not key:
        return await standin.step(placed, top.findtext("Redirect") or "")
    how = "Digits" if re.fullmatch(r"[\d*#]+", key) else "SpeechResult"
    return await standin.step(placed, gather.attrib["action"], **{how: key})


async def rung(one: Chain, standin: TwilioStandin, channel: str = "voice") -> Placed:
    """Marie's day is asked about: her telephone rings."""
    follow_up = await follow_marie(one, channel="voice", second=False)
    await until_asked(one, follow_up)
    [placed] = standin.placed
    return placed


@pytest.mark.parametrize("name", ["check_in", "danger"])
async def test_a_spoken_check_in_goes_as_it_is_written_down(
    one: Chain, twilio_standin: TwilioStandin, name: str
) -> None:
    placed = await rung(one, twilio_standin)
    said = await twilio_standin.pick_up(placed)
    heard = [f"< {words(said)}"]
    lines = (GOLDEN / f"{name}.txt").read_text("utf-8").splitlines()
    for line in lines:
        if line.startswith(">"):
            said = await presses(one, twilio_standin, placed, said, line[1:].strip())
            heard += [line, f"< {words(said)}"]
    assert heard == [line for line in lines if line[:1] in "<>"]


async def test_the_day_is_kept_and_another_call_is_not_made(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    placed = await rung(one, twilio_standin)
    said = await twilio_standin.pick_up(placed)
    for key in ("1980", "2", "0", "non"):
        said = await presses(one, twilio_standin, placed, said, key)
    assert words(said).endswith("Merci. Au revoir. |")
    await twilio_standin.hang_up(placed)
    await one.pass_time(hours=6)
    assert twilio_standin.placed == [placed] and twilio_standin.sent == []


async def test_nothing_of_health_is_said_to_who_does_not_know_the_year(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    placed = await rung(one, twilio_standin)
    said = await twilio_standin.pick_up(placed)
    heard = [words(said)]
    for key in ("1979", "1981"):
        said = await presses(one, twilio_standin, placed, said, key)
        heard.append(words(said))
    assert not re.search("respirer|fièvre|Covid", " ".join(heard))


async def test_danger_is_heard_before_any_proof_and_put_through(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    placed = await rung(one, twilio_standin)
    said = await twilio_standin.pick_up(placed)
    said = await presses(one, twilio_standin, placed, said, "je n'arrive plus à respirer")
    assert words(said).count("15") >= 2 and "114" not in said


async def test_no_key_is_no_answer_and_the_call_is_made_again_then_somebody_looks(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, channel="voice", second=False)
    await until_asked(one, follow_up)
    placed = twilio_standin.placed[0]
    said = await twilio_standin.pick_up(placed)
    said = await presses(one, twilio_standin, placed, said, "1980")
    for _ in range(2):
        said = await presses(one, twilio_standin, placed, said, "")
        assert "Mal" in words(said).capitalize() or "respirer" in words(said)
    said = await presses(one, twilio_standin, placed, said, "")
    assert "rappellerons" in words(said) and words(said).endswith("|")
    async with one.service.store.reading() as tx:
        day = await following.of_day(tx, follow_up.id, one.clock.at.date())
    assert day is None or "danger" not in day.answers
    await twilio_standin.hang_up(placed)
    for _ in range(30):
        await one.pass_time(hours=1)
        for later in twilio_standin.placed[1:]:
            await twilio_standin.hang_up(later, "no-answer")
    assert len(twilio_standin.placed) >= 2
    hours = [call.at.hour for call in twilio_standin.placed[:3]]
    assert len(set(hours)) > 1


async def test_an_answering_machine_hears_nothing_of_health(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    placed = await rung(one, twilio_standin)
    said = await twilio_standin.step(placed, placed.form["Url"], AnsweredBy="machine_end_beep")
    heard = words(said)
    assert "Agence" in heard and heard.endswith("|")
    assert not re.search("respirer|fièvre|Covid|naissance|Marie|M.B.", heard)


async def test_a_step_that_is_posted_twice_is_answered_alike_and_taken_once(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    placed = await rung(one, twilio_standin)
    said = await twilio_standin.pick_up(placed)
    assert await twilio_standin.pick_up(placed) == said
    top = fromstring(said)
    action = top.find("Gather").attrib["action"]  # type: ignore[union-attr]
    first = await twilio_standin.step(placed, action, Digits="1980")
    assert await twilio_standin.step(placed, action, Digits="1980") == first
    heard = [message for message in await one.transcript() if message.direction == "in"]
    assert [message.text for message in heard] == ["1980"]


@pytest.mark.parametrize(("born", "rings"), [(1980, True), (1930, False)])
async def test_a_landline_is_called_but_not_the_old_before_a_human_voice(
    one: Chain, twilio_standin: TwilioStandin, born: int, rings: bool
) -> None:
    follow_up = await follow_marie(one, second=False)
    async with one.service.store.writing() as tx:
        [link] = await people.links_of(tx, follow_up.person_id)
        mobile = await addresses.get(tx, link.address_id)
        assert mobile is not None
        await people.learn(tx, follow_up.person_id, {"birth_date": date(born, 5, 4)}, one.clock.at)
    twilio_standin.to_number[mobile.value] = Refuse(21635)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    assert [call.form["To"] for call in twilio_standin.placed] == [mobile.value] * rings
    assert ("voice_first_call" in await open_reasons(one, follow_up)) is not rings


async def enter_case(one: Chain) -> None:
    """A patient with a landline."""
    person = Person(0, "Marie", "Bernard", birth_date=date(1980, 5, 4), language="fr")
    day = one.clock.at.date()
    case = Case(0, 0, "C-1", test_date=day, onset=day, told_by="lab", told_on=day)
    async with one.service.store.writing() as tx:
        new = NewCase(person=person, case=case, phone=LANDLINE)
        await entering.enter_case(tx, one.service.desk, new, one.clock.at)


async def test_a_case_at_a_landline_hears_the_notice_and_names_to_an_agent(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await enter_case(one)
    await one.pass_time(minutes=5)
    # No text goes there that could only fail.
    assert twilio_standin.sent == twilio_standin.requests == []
    [placed] = twilio_standin.placed
    said = await twilio_standin.pick_up(placed)
    heard = [words(said)]
    assert "M.B." in heard[0] and "tapez 1" in heard[0]
    for key in ("1", "1980", "2"):
        said = await presses(one, twilio_standin, placed, said, key)
        heard.append(words(said))
    assert "année de naissance" in heard[1] and "respirer" in heard[2]
    for _ in range(20):
        if fromstring(said).find("Gather") is None:
            break
        said = await presses(one, twilio_standin, placed, said, "1")
        heard.append(words(said))
    assert heard[-1].endswith("|")
    assert not re.search("SMS|écri", " ".join(heard))
    async with one.service.store.reading() as tx:
        found = await reviews.of_addresses(tx, [placed_at.id for placed_at in await _at(tx)])
    reasons = {review.reason for of in found.values() for review in of}
    assert reasons & {"call_wanted", "human_wanted", "open_list", "case_incomplete"}, reasons


async def _at(tx: Tx) -> list[Address]:
    return await addresses.find_all(tx, LANDLINE)


async def test_a_stranger_who_calls_is_heard_in_danger(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    form = {"Url": twilio.ANSWERED, "From": LANDLINE, "To": CALLER}
    placed = Placed("CA" + "9" * 32, form, one.clock.at)
    said = await twilio_standin.pick_up(placed, Direction="inbound")
    top = fromstring(said)
    assert "Rien ne vous est demandé" in words(said)
    gather = top.find("Gather")
    assert gather is not None
    action = gather.attrib["action"]
    fields = {"Direction": "inbound", "SpeechResult": "je n'arrive plus à respirer"}
    said = await twilio_standin.step(placed, action, **fields)
    assert words(said).count("le 15") >= 2


def test_danger_is_put_through_to_whoever_is_on_duty_just_now() -> None:
    pack = desk().pack(NOON.date())
    assert duty_phone(pack, NOON) == ""
    there = replace(pack, agency={**pack.agency, "duty_phone": DUTY})
    assert duty_phone(there, NOON) == DUTY
    assert duty_phone(there, NOON.replace(hour=2)) == ""


async def test_three_calls_at_other_hours_then_a_person_looks(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    await enter_case(one)
    twilio_standin.to_number[LANDLINE] = Refuse(21614)
    over: list[Placed] = []
    await one.pass_time(minutes=5)
    for _ in range(48):
        for placed in twilio_standin.placed:
            if placed not in over:
                over.append(placed)
                await twilio_standin.hang_up(placed, "no-answer")
        await one.pass_time(hours=1)
    assert len(over) == 3 and len({placed.at.hour for placed in over}) == 3
    async with one.service.store.reading() as tx:
        found = await reviews.of_addresses(tx, [at.id for at in await _at(tx)])
    assert "voice_unanswered" in {review.reason for of in found.values() for review in of}


async def test_a_safety_text_that_waited_is_the_first_thing_that_is_said(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    async with one.service.store.writing() as tx:
        address = await addresses.lock(tx, "voice", LANDLINE, one.clock.at)
        draft = Draft("kept", "safety", "Appelez le 15.")
        await messages.queue_drafts(tx, [(address, draft)], one.clock.at)
    await one.pass_time(seconds=5)
    [placed] = twilio_standin.placed
    said = words(await twilio_standin.pick_up(placed))
    assert said.startswith("Appelez le 15.") and said.count("Appelez le 15.") == 2
