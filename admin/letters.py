"""A letter that announces calls by the machine: shown, printed, and recorded as printed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from importlib import resources
from typing import Final

import yaml
from aiohttp import web
from babel.dates import format_date

from admin.bundles import emergency, spoken
from admin.portraits import At, portrait
from admin.trail import acted, looked
from admin.visits import VISIT, Visit, go, number, page
from bot import handling
from bot.store import reviews
from bot.store.engines import Tx
from flows.rules import machine_calls
from flows.vocabulary import Lang, Person
from flows.wording.rendering import render

_TELEPHONES: Final = frozenset({"sms", "voice", "whatsapp"})
_DAY: Final = "d MMMM"
_IBERIAN: Final = "d 'de' MMMM"
# What a review that asked for a first human voice is closed with.
_PRINTED: Final = "letter"


@dataclass(frozen=True, slots=True)
class Letter:
    """One letter. `to` is what the window of the envelope shows; [] where it cannot be sent."""

    lang: Lang
    to: Sequence[str]
    dated: str
    lines: Sequence[str]


async def show(request: web.Request) -> web.Response:
    """The letter as it will be printed; after it was, the browser's own print."""
    visit, person_id = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        made = await _letter(tx, visit, person_id)
    await looked(visit, person_id, "letter_page")
    printed = request.query.get("printed") == "1"
    context = {"letter": made, "person_id": person_id, "printed": printed}
    return page(request, "letter.html", context)


async def record(request: web.Request) -> web.Response:
    """It is printed: a line in the trail, and the hour of the first call."""
    visit, person_id = request[VISIT], number(request)
    async with visit.service.store.writing() as tx:
        made = await _letter(tx, visit, person_id)
        if not made.to:
            raise go(f"/admin/people/{person_id}/letter", "no_address")
        desk = visit.service.desk
        at = await handling.ring_later(tx, desk, person_id, visit.now, letter=True)
        again = at.isoformat() if at else None
        await acted(tx, visit, "letter", person_id, lang=made.lang, again=again)
        for review in await reviews.of_person(tx, person_id):
            if review.reason == "voice_first_call" and review.state == "open":
                await reviews.close(tx, review.id, _PRINTED, visit.agent.id, visit.now)
    raise go(f"/admin/people/{person_id}/letter?printed=1", "letter")


async def _letter(tx: Tx, visit: Visit, person_id: int) -> Letter:
    seen = await portrait(tx, visit.pack, person_id, visit.now)
    if seen is None:
        raise web.HTTPNotFound
    lang = spoken(seen.person, seen.at)
    agency = visit.pack.agency
    wait = timedelta(days=machine_calls(visit.pack, visit.today).letter_days)
    values = {
        "agency": agency.get("name", ""),
        "phone": agency.get("public_phone", ""),
        "ending": _ending(seen.at),
        "day": _day(visit.today + wait, lang),
        "code": seen.person.check_code,
        "emergency": emergency(visit, seen.person),
    }
    dated = format_date(visit.today, "long", locale=lang)
    return Letter(lang, _to(seen.person), dated, [render(one, values) for one in words()[lang]])


def _to(person: Person) -> list[str]:
    """Name and address, and nothing else: strangers read them."""
    if not (person.street and (person.postcode or person.town)):
        return []
    name = f"{person.given_name} {person.family_name}".strip()
    return [name, person.street, f"{person.postcode} {person.town}".strip()]


def _ending(at: Sequence[At]) -> str:
    """The last two figures of the telephone that will ring."""
    phones = [one.address.value for one in at if one.address.channel in _TELEPHONES]
    return phones[0][-2:] if phones and phones[0] else "…"


def _day(on: date, lang: Lang) -> str:
    return format_date(on, _IBERIAN if lang in ("es", "pt") else _DAY, locale=lang)


@cache
def words() -> Mapping[Lang, Sequence[str]]:
    """The paragraphs in each language."""
    text = (resources.files("admin") / "letters.yaml").read_text("utf-8")
    found: dict[Lang, list[str]] = yaml.safe_load(text)
    return found
