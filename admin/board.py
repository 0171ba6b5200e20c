"""The follow-up board: people by days, coloured by what they answered; and what a text costs."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Final

from aiohttp import web

from admin.faces import Flag, name_of, person_flags
from admin.labels import choices, label
from admin.links import link
from admin.saved import shown
from admin.trail import looked
from admin.visits import VISIT, Visit, page
from admin.words import Speech
from bot.handling import fragile_by
from bot.store import boards, following, people
from bot.store.boards import Sift
from bot.store.engines import Tx
from flows.costing import price_of
from flows.vocabulary import LANGUAGES, CheckIn, FollowUp, Person
from flows.wording.rendering import for_channel
from flows.wording.segments import measure

DAYS: Final = 10
LEAST: Final = 4
SHOWN: Final = 60
SHOWS: Final = (
    ("all", "Everybody"),
    ("urgent", "Urgent"),
    ("worse", "Gets worse"),
    ("silent", "Silent"),
    ("unanswered", "Not yet answered today"),
)
# Whoever needs eyes stands first where everybody is shown.
_FIRST: Final = ("urgent", "worse", "silent")
_ROLES: Final = ("case", "contact")
_URGENT: Final = {"P1": "danger", "P2": "urgent", "P3": "watch"}


@dataclass(frozen=True, slots=True)
class Row:
    """One person on the board; a day that was not asked about is None.

    `trend` and `score` are of the last answer: see `flows.rules.course`.
    """

    follow_up: FollowUp
    person: Person
    name: str
    flags: list[Flag]
    days: list[CheckIn | None]
    silent: int
    trend: str
    score: int


async def show(request: web.Request) -> web.Response:
    """Who is followed, sifted as the address says: it may be kept and handed on."""
    visit = request[VISIT]
    sift = replace(sift_of(request.query), territories=visit.whose)
    number = _number(request)
    async with visit.service.store.reading() as tx:
        counts = {
            name: await boards.many(tx, replace(sift, show=name), visit.today) for name, _ in SHOWS
        }
        rows = await _rows(tx, visit, await _chosen(tx, sift, visit.today, number))
    await looked(visit, None, "board", shown=len(rows))
    context = {
        "rows": rows,
        "days": _days(visit.today),
        "skip": _skip(rows),
        "sift": sift,
        "tabs": [
            (name, visit.speech(words), _counted(counts[name]), href(replace(sift, show=name)))
            for name, words in SHOWS
        ],
        "roles": [(role, label(visit.speech, "followed_as", role)) for role in _ROLES],
        "languages": choices(visit.speech, "language"),
        "total": counts[sift.show][0],
        "counted": _counted(counts[sift.show]),
        "number": number,
        "before": href(sift, number - 1) if number else "",
        "after": href(sift, number + 1) if len(rows) >= SHOWN else "",
    }
    context |= await shown(visit, "/admin/follow-ups", href(sift))
    return page(request, "board.html", context)


def _counted(many: tuple[int, bool]) -> str:
    """A figure, as far as anybody counts."""
    return f"{many[0]}+" if many[1] else str(many[0])


def sift_of(asked: Mapping[str, str]) -> Sift:
    """What an address asks for; what makes no sense is not asked."""
    said = {name: asked.get(name, "") for name in ("show", "role", "language")}
    return Sift(
        said["show"] if said["show"] in dict(SHOWS) else "all",
        said["role"] if said["role"] in _ROLES else "",
        said["language"] if said["language"] in LANGUAGES else "",
    )


def _number(request: web.Request) -> int:
    said = request.query.get("page", "")
    return int(said) if said.isascii() and said.isdigit() and len(said) < 6 else 0


def href(sift: Sift, number: int = 0) -> str:
    """The address of a view, of one of its pages."""
    return link(
        "/admin/follow-ups",
        show=sift.show if sift.show != "all" else "",
        role=sift.role,
        language=sift.language,
        page=str(number or ""),
    )


async def _chosen(tx: Tx, sift: Sift, today: date, number: int) -> list[FollowUp]:
    """One page of a show; the first of all begins with whoever needs eyes."""
    rest = await boards.board(tx, sift, today, SHOWN, number * SHOWN)
    if sift.show != "all" or number:
        return rest
    first = [
        one
        for name in _FIRST
        for one in await boards.board(tx, replace(sift, show=name), today, SHOWN // 3)
    ]
    every = {one.id: one for one in [*first, *rest]}
    return list(every.values())


async def _rows(tx: Tx, visit: Visit, shown: list[FollowUp]) -> list[Row]:
    last = _days(visit.today)
    known = {one.id: one for one in await people.get_many(tx, [f.person_id for f in shown])}
    # Earlier than what is shown: silence may be longer than the board.
    since = last[0] - timedelta(days=DAYS)
    days = await following.histories(tx, [f.id for f in shown], since)
    return [_row(visit, f, known[f.person_id], days.get(f.id, []), last) for f in shown]


def _days(today: date) -> list[date]:
    return [today - timedelta(days=back) for back in range(DAYS - 1, -1, -1)]


def _skip(rows: list[Row]) -> int:
    """How many of the earliest days say nothing of anybody; the latest always stand."""
    empty = [not any(row.days[day] for row in rows) for day in range(DAYS - LEAST)]
    return next((n for n, nothing in enumerate(empty) if not nothing), DAYS - LEAST)


def _row(
    visit: Visit, follow_up: FollowUp, person: Person, found: list[CheckIn], last: list[date]
) -> Row:
    by_day = {one.day: one for one in found}
    fragile = fragile_by(visit.pack, visit.today)(person)
    said = next((one.assessment for one in reversed(found) if one.state == "answered"), {})
    return Row(
        follow_up=follow_up,
        person=person,
        name=name_of(visit.speech, person),
        flags=person_flags(visit.speech, person, fragile=fragile, short=True),
        days=[by_day.get(day) for day in last],
        silent=_silent(found),
        trend=str(said.get("trend") or ""),
        score=int(said.get("score") or 0),
    )


def _silent(found: list[CheckIn]) -> int:
    """How many days in a row went without an answer, up to the latest that was."""
    count = 0
    for one in reversed(found):
        if one.state == "answered":
            break
        count += one.state == "missed"
    return count


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
