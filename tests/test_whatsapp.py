"""WhatsApp: the window of 24 hours, templates in place of texts, and one telephone that is both."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.commands import check
from bot.reaching import best_address
from bot.sending import Standing
from bot.setting_faults import SettingFault
from bot.store import addresses, messages, people
from bot.templates import Standby, TemplateFaults, Templates, read_templates
from bot.windows import CLOSED, fitted
from flows.vocabulary import (
    Accepted,
    Address,
    Draft,
    FollowUp,
    Link,
    Message,
    Outgoing,
    Prompt,
    Refused,
    Template,
)
from integrations.channels import twilio
from integrations.channels.twilio import Account, Twilio
from tests.services import MARIE, Chain, chain, desk, settings_for
from tests.silences import also_at, follow_marie, open_reasons, until_asked
from tests.standins.twilio import SENDER, SID, TOKEN, Refuse, TwilioStandin

THERE = f"whatsapp:{MARIE}"
KEY = "check_in.danger.text"
HX, HQ = "HX" + "1" * 32, "HX" + "2" * 32
NOW = datetime(2026, 11, 23, 10, tzinfo=UTC)


# --- Outgoing → request ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("template", "wanted"),
    [
        (None, {"Body": "Bonjour"}),
        (Template(HX), {"ContentSid": HX}),
        (
            Template(HX, ("15", "été")),
            {
                "ContentSid": HX,
                "ContentVariables": json.dumps({"1": "15", "2": "été"}),
            },
        ),
    ],
)
async def test_a_text_or_its_template_goes_to_whatsapp(
    twilio_standin: TwilioStandin, template: Template | None, wanted: Mapping[str, str]
) -> None:
    account = Account(SID, TOKEN, SENDER, whatsapp="+33939010299", api_url=twilio_standin.url)
    channel = Twilio(account, "whatsapp")
    text = Outgoing("k", "whatsapp", MARIE, "Bonjour", template=template)
    assert isinstance(await channel.send(text), Accepted)
    [form] = twilio_standin.requests
    assert (form.pop("From"), form.pop("To")) == ("whatsapp:+33939010299", THERE)
    if "ContentVariables" in form:
        form["ContentVariables"] = json.dumps(json.loads(form["ContentVariables"]))
    assert form == wanted
    await channel.close()


@pytest.mark.parametrize(
    ("code", "wanted"),
    [
        ("63003", Refused("63003", "not_there", True)),
        ("63016", Refused("63016", "window", True)),
        ("63024", Refused("63024", "not_there", True)),
        ("63027", Refused("63027", "configuration", True)),
        ("63007", Refused("63007", "configuration", False)),
        ("63005", Refused("63005", "filtered", True)),
    ],
)
def test_the_codes_of_whatsapp_mean_what_is_to_be_done(code: str, wanted: Refused) -> None:
    assert twilio.refusal(code) == wanted


# --- the window -----------------------------------------------------------------------------------

ASKED = Prompt(KEY, "fr", {"emergency": "15"})
BOTH = Templates({(KEY, "fr"): Standby(HX, HQ, ("emergency",))})
PLAIN = Outgoing("k", "whatsapp", MARIE, "Bonjour")


@pytest.mark.parametrize(
    ("hours", "templates", "wanted"),
    [
        (1.0, Templates(), PLAIN),
        (1.0, BOTH, replace(PLAIN, template=Template(HQ, ("15",)))),
        (23.9, Templates(), PLAIN),
        (24.0, Templates(), CLOSED),
        (24.0, BOTH, replace(PLAIN, template=Template(HX, ("15",)))),
        (None, Templates(), CLOSED),
        (None, BOTH, replace(PLAIN, template=Template(HX, ("15",)))),
        (30.0, Templates({(KEY, "ar"): Standby(HX, HQ, ("emergency",))}), CLOSED),
        (30.0, Templates({(KEY, "fr"): Standby("", HQ, ("emergency",))}), CLOSED),
    ],
)
def test_what_may_go_depends_on_when_they_last_wrote(
    hours: float | None, templates: Templates, wanted: Outgoing | Refused
) -> None:
    heard = None if hours is None else NOW - timedelta(hours=hours)
    message = Message(1, 2, "out", "Bonjour", NOW, "claimed", channel="whatsapp", prompt=ASKED)
    standing = Standing(message, Address(2, "whatsapp", MARIE, last_heard_at=heard))
    assert fitted(PLAIN, standing, templates, NOW) == wanted
    sms = replace(PLAIN, channel="sms")
    assert fitted(sms, standing, templates, NOW) == sms


# --- the file of templates ------------------------------------------------------------------------

GOOD = f"""
templates:
  {KEY}:
    fr: {{approved: {HX}, quick: {HQ}}}
    en: {{approved: {HX}, places: [emergency]}}
"""


def written(folder: Path, text: str) -> Path:
    file = folder / "templates.yaml"
    file.write_text(text, "utf-8")
    return file


def test_a_file_of_templates_is_read_with_our_placeholders_in_their_order(tmp_path: Path) -> None:
    found = read_templates(written(tmp_path, GOOD), desk())
    assert found.by_text[KEY, "fr"] == Standby(HX, HQ, ("emergency",))
    assert found.approved(ASKED) == Template(HX, ("15",))
    assert found.approved(Prompt(KEY, "ar", {"emergency": "15"})) is None


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (f"templates:\n  check_in.no.text:\n    fr: {{approved: {HX}}}\n", "no text of this key"),
        (f"templates:\n  {KEY}:\n    de: {{approved: {HX}}}\n", "none of our languages"),
        (f"templates:\n  {KEY}:\n    fr: {{approved: HX12}}\n", "no ContentSid"),
        (f"templates:\n  {KEY}:\n    fr: {{places: [emergency]}}\n", "neither"),
        (f"templates:\n  {KEY}:\n    fr: {{approved: {HX}, places: [phone]}}\n", "the text has"),
        (f"templates:\n  {KEY}:\n    fr: {{approve: {HX}}}\n", "none of approved"),
        (f"templates:\n  {KEY}:\n    fr: {HX}\n", "wants `approved:`"),
        ("other: here\n", "wants `templates:`"),
        ("templates: [\n", "not YAML"),
        ("", "empty"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_file_of_templates_is_said(
    tmp_path: Path, text: str, says: str
) -> None:
    file = written(tmp_path, text)
    with pytest.raises(TemplateFaults) as found:
        read_templates(file, desk())
    assert says in str(found.value)
    assert [says in str(fault) for fault in check._template_faults(file)].count(True) == 1


async def test_a_start_with_wrong_templates_is_refused_by_the_setting(
    tmp_path: Path, sqlite_store_url: str
) -> None:
    settings = settings_for(sqlite_store_url, "http://127.0.0.1:9")
    assert settings.twilio is not None
    given = replace(settings.twilio, templates=str(tmp_path / "nowhere.yaml"))
    with pytest.raises(SettingFault, match="TWILIO_TEMPLATES"):
        async with chain(replace(settings, twilio=given)):
            pass


# --- one telephone, both channels -----------------------------------------------------------------


@pytest.fixture
async def one(
    store_url: str, twilio_standin: TwilioStandin, tmp_path: Path
) -> AsyncIterator[Chain]:
    """A service at a Twilio stand-in, on each database, with one approved template."""
    settings = settings_for(store_url, twilio_standin.url)
    assert settings.twilio is not None
    given = replace(settings.twilio, templates=str(written(tmp_path, GOOD)))
    async with chain(replace(settings, twilio=given), twilio_standin) as opened:
        yield opened


def sent_to(standin: TwilioStandin, number: str) -> list[str]:
    return [kept.body or kept.form["ContentSid"] for kept in standin.sent if kept.to == number]


async def writes(one: Chain, standin: TwilioStandin, *words: str) -> str:
    """Marie writes by WhatsApp; the last that she reads there."""
    for text in words:
        kept = replace(standin.receive(THERE, text), to=f"whatsapp:{SENDER}")
        assert await standin.deliver(kept) == 200
        await one.pass_time(seconds=5)
    return sent_to(standin, THERE)[-1]


async def test_a_known_number_proves_itself_on_whatsapp_before_anything_is_said(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    assert "respirer" in sent_to(twilio_standin, MARIE)[-1]
    first = await writes(one, twilio_standin, "2")
    assert "année de naissance" in first and "respirer" not in first
    # The question has quick replies: its template stands for it.
    assert await writes(one, twilio_standin, "1980") == HQ
    assert "fièvre" in await writes(one, twilio_standin, "2")
    before = len(sent_to(twilio_standin, MARIE))
    await writes(one, twilio_standin, "0", "0")
    assert len(sent_to(twilio_standin, MARIE)) == before
    async with one.service.store.reading() as tx:
        links = await people.links_of(tx, follow_up.person_id)
    assert len(links) == 2 and all(link.proven_at for link in links)


async def test_danger_is_heard_on_whatsapp_before_any_proof(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    assert "15" in await writes(one, twilio_standin, "j'arrive plus à respirer")
    assert (await open_reasons(one, follow_up))["danger"] == "P1"


async def test_a_wrong_year_on_whatsapp_opens_nothing(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    await writes(one, twilio_standin, "bonjour", "1979", "1981")
    said = " ".join(sent_to(twilio_standin, THERE))
    assert "respirer" not in said and "fièvre" not in said
    assert "identity_failed" in await open_reasons(one, follow_up)


async def test_after_a_day_the_template_goes_and_without_one_sms_does(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    await writes(one, twilio_standin, "bonjour", "1980", "2", "0", "0")
    async with one.service.store.writing() as tx:
        # Proven for days on end: no proof comes before the question.
        for link in await people.links_of(tx, follow_up.person_id):
            at = one.clock.at + timedelta(days=2)
            await people.save_link(tx, replace(link, proven_at=at))
    there = len(sent_to(twilio_standin, THERE))
    one.clock.forward(hours=2)
    await until_asked(one, follow_up)
    assert sent_to(twilio_standin, THERE)[there:] == [HX]
    [asked] = [kept for kept in twilio_standin.sent if kept.form.get("ContentSid") == HX]
    assert json.loads(asked.form["ContentVariables"]) == {"1": "15"}
    texts = len(sent_to(twilio_standin, MARIE))
    # The reminder has no template of its own.
    for _ in range(20):
        if len(sent_to(twilio_standin, MARIE)) == texts:
            await one.pass_time(hours=1)
    assert sent_to(twilio_standin, THERE)[there:] == [HX]
    assert len(sent_to(twilio_standin, MARIE)) > texts
    assert "undeliverable" not in await open_reasons(one, follow_up)


@pytest.mark.parametrize("code", [63016, 63003])
async def test_what_whatsapp_does_not_take_is_asked_by_sms_of_the_same_telephone(
    one: Chain, twilio_standin: TwilioStandin, code: int
) -> None:
    follow_up = await follow_marie(one, channel="whatsapp")
    twilio_standin.to_number[THERE] = Refuse(code)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    [asked] = sent_to(twilio_standin, MARIE)
    assert "année de naissance" in asked and "respirer" not in asked
    assert await open_reasons(one, follow_up) == {}


async def test_a_number_that_is_not_theirs_is_not_fallen_back_to(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, channel="whatsapp")
    async with one.service.store.writing() as tx:
        address = await addresses.lock(tx, "sms", MARIE, one.clock.at)
        await people.save_link(tx, Link(follow_up.person_id, address.id, dropped=True))
    twilio_standin.to_number[THERE] = Refuse(63003)
    await until_asked(one, follow_up)
    await one.pass_time(minutes=5)
    assert sent_to(twilio_standin, MARIE) == []
    assert "undeliverable" in await open_reasons(one, follow_up)


async def test_a_read_receipt_is_the_furthest_that_a_text_comes(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one)
    await until_asked(one, follow_up)
    await writes(one, twilio_standin, "bonjour")
    kept = next(kept for kept in twilio_standin.sent if kept.to == THERE)
    assert await twilio_standin.report(kept.sid, ["read", "delivered", "sent"]) == [200] * 3
    said = [message for message in await one.transcript() if message.provider_id == kept.sid]
    assert [message.state for message in said] == ["read"]


async def test_a_quick_reply_is_heard_by_what_stood_on_it() -> None:
    from tests.test_twilio import form, read, request

    changes = {"Body": "", "ButtonText": "oui", "ButtonPayload": "1", "From": THERE}
    heard = read(request(form(**changes)))
    assert getattr(heard, "text", "") == "oui"


async def notice(one: Chain, follow_up: FollowUp, kind: str = "notice") -> None:
    """A text that asks nothing is sent to Marie by WhatsApp, whose window is shut."""
    async with one.service.store.writing() as tx:
        address = await addresses.lock(tx, "whatsapp", MARIE, one.clock.at)
        draft = Draft("n", kind, "Le suivi se termine.", follow_up.person_id)
        await messages.queue_drafts(tx, [(address, draft)], one.clock.at)
    await one.pass_time(minutes=1)


@pytest.mark.parametrize("kind", ["agent", "notice"])
async def test_a_notice_that_whatsapp_does_not_take_goes_by_sms_where_its_person_is_proven(
    one: Chain, twilio_standin: TwilioStandin, kind: str
) -> None:
    follow_up = await follow_marie(one, channel="whatsapp")
    await also_at(one, follow_up, MARIE, proven_at=one.clock.at, role="self")
    await notice(one, follow_up, kind)
    assert sent_to(twilio_standin, THERE) == []
    assert sent_to(twilio_standin, MARIE) == ["Le suivi se termine."]
    assert await open_reasons(one, follow_up) == {}


async def test_a_notice_is_not_told_to_a_telephone_at_which_nobody_proved_who_they_are(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, channel="whatsapp")
    await also_at(one, follow_up, MARIE)
    await notice(one, follow_up)
    assert twilio_standin.sent == []
    assert "undeliverable" in await open_reasons(one, follow_up)


async def test_whether_somebody_chose_sms_or_whatsapp_is_remembered(
    one: Chain, twilio_standin: TwilioStandin
) -> None:
    follow_up = await follow_marie(one, second=False)
    await until_asked(one, follow_up)
    await writes(one, twilio_standin, "bonjour", "1980")
    await writes(one, twilio_standin, "SMS")
    assert "par SMS" in sent_to(twilio_standin, THERE)[-1]
    # What stood open comes by SMS at once, and so does the next day's question.
    assert "respirer" in sent_to(twilio_standin, MARIE)[-1]
    there, texts = len(sent_to(twilio_standin, THERE)), len(sent_to(twilio_standin, MARIE))
    await until_asked(one, follow_up)
    assert len(sent_to(twilio_standin, THERE)) == there
    assert len(sent_to(twilio_standin, MARIE)) == texts + 1
    assert await twilio_standin.text(MARIE, "whatsapp") == 200
    await one.pass_time(seconds=5)
    # Their window is closed and the question has no template: this one comes by SMS all the same.
    assert "par WhatsApp" in sent_to(twilio_standin, MARIE)[-2]
    async with one.service.store.reading() as tx:
        best = await best_address(tx, follow_up.person_id)
    assert best is not None and best[0].channel == "whatsapp"
