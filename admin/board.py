"""The follow-up board: people by days, coloured by what they answered; and what a text costs."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from admin.faces import Flag, name_of, person_flags
from admin.labels import label
from admin.trail import looked
from admin.visits import VISIT, Visit, page
from admin.words import Speech
from bot.handling import fragile_by
from bot.store import following, people
from flows.costing import price_of
from flows.vocabulary import CheckIn, FollowUp, Person
from flows.wording.rendering import for_channel
from flows.wording.segments import measure

DAYS: Final = 10
SHOWN: Final = 200
_URGENT: Final = {"P1": "danger", "P2": "urgent", "P3": "watch"}


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the board; a day that was not asked about is None."""

    follow_up: FollowUp
    person: Person
    name: str
    flags: list[Flag]
    days: list[CheckIn | None]
    silent: int


async def show(request: web.Request) -> web.Response:
    """Everybody who is followed, the worst and the most silent first."""
    visit = request[VISIT]
    async with visit.service.store.reading() as tx:
        going = await following.going(tx, SHOWN)
        known = {one.id: one for one in await people.get_many(tx, [f.person_id for f in going])}
        days = await following.histories(tx, [f.id for f in going])
    await looked(visit, None, "board", shown=len(going))
    last = [visit.today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]
    rows = [_row(visit, f, known[f.person_id], days.get(f.id, []), last) for f in going]
    rows.sort(key=_urgency)
    return page(request, "board.html", {"rows": rows, "days": last})


def _row(
    visit: Visit, follow_up: FollowUp, person: Person, found: list[CheckIn], last: list[date]
) -> Row:
    by_day = {one.day: one for one in found}
    fragile = fragile_by(visit.pack, visit.today)(person)
    return Row(
        follow_up=follow_up,
        person=person,
        name=name_of(visit.speech, person),
        flags=person_flags(visit.speech, person, fragile=fragile, short=True),
        days=[by_day.get(day) for day in last],
        silent=_silent(found),
    )


def _silent(found: list[CheckIn]) -> int:
    """How many days in a row went without an answer, up to the latest that was."""
    count = 0
    for one in reversed(found):
        if one.state == "answered":
            break
        count += one.state == "missed"
    return count


def _urgency(row: Row) -> tuple[str, int, str]:
    answered = [one for one in row.days if one and one.state == "answered"]
    priority = str(answered[-1].assessment.get("priority") or "P9") if answered else "P9"
    return priority, -row.silent, row.name


def day_class(day: CheckIn | None) -> str:
    """How a day is coloured; the words say the same."""
    if day is None:
        return "none"
    if day.state != "answered":
        return day.state
    return _URGENT.get(str(day.assessment.get("priority") or ""), "answered")


def answers(speech: Speech, day: CheckIn) -> str:
    """A day's answers in words."""
    said = day.answers
    if not said:
        return label(speech, "check_in", day.state)
    parts = [label(speech, "symptom", code) for code in said.get("dangers", ())]
    if said.get("temperature"):
        parts.append(f"{speech.figure(said['temperature'])} °C")
    elif said.get("fever"):
        parts.append(f"{speech('fever')}: {label(speech, 'value', said['fever'])}")
    parts += [label(speech, "symptom", code) for code in said.get("symptoms", ())]
    if said.get("state"):
        parts.append(f"{speech('since yesterday')}: {label(speech, 'since', said['state'])}")
    if said.get("breathing"):
        parts.append(f"{speech('breathing')}: {label(speech, 'since', said['breathing'])}")
    if said.get("oxygen"):
        parts.append(f"SpO2 {said['oxygen']} %")
    if said.get("danger") in ("unclear", "refused"):
        parts.append(f"{speech('danger signs')}: {label(speech, 'value', said['danger'])}")
    return ", ".join(parts) or speech("no sign")


async def segments(request: web.Request) -> web.Response:
    """What a text would cost as it would be sent: encoding, length, parts, what makes it dear."""
    speech, form = request[VISIT].speech, await request.post()
    channel = str(form.get("channel", "sms"))
    text = for_channel(str(form.get("text", ""))[:5000].strip(), channel)
    if channel != "sms" or not text:
        return web.json_response({"said": ""})
    found = measure(text)
    said = speech.count(found.segments, "{n} SMS", "{n} SMS")
    said = f"{said} · {found.encoding} · {found.units}"
    if found.offending:
        dear = " ".join(found.offending[:8])
        said = f"{said} · {speech('dear letters: {letters}', letters=dear)}"
    price, currency = price_of(request[VISIT].pack, request[VISIT].today)
    if price is not None:
        cost = speech.money(price * found.segments, currency)
        said = f"{said} · {cost}"
    return web.json_response({"said": said, "segments": found.segments})
