"""THE one page: one household's open reviews, who it is about, what was said, what may be done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

from aiohttp import web

from admin import charts, outlooks, prepared, talk, told
from admin.dossiers import Dossier, bundle_of, gather, mark_now
from admin.faces import Flag, address_flags, age_of, flags, language_flag, name_of
from admin.forms import id_of
from admin.labels import choices, label
from admin.portraits import At
from admin.queue import why
from admin.trail import looked
from admin.visits import VISIT, Visit, number, page
from bot.announcing import word_of_the_day
from bot.store import people
from flows.rules import emergency_numbers, is_quiet
from flows.vocabulary import Lang, Person

# What closes a review, and what is a try: after a try the review stays open.
CLOSES: Final = (
    "reached", "handed_to_15", "completed", "referred", "refused", "wrong_number",
    "unreachable", "duplicate", "not_needed",
)  # fmt: skip
TRIES: Final = ("not_reached", "no_answer", "voicemail", "call_back", "interpreter")
RISKS: Final = ("pregnant", "over_65", "long_illness", "weak_defences")
_CHOICES: Final = ("language", "relation", "exposure", "sex", "window")
# The words that raised an alarm came in the same moment as the alarm itself.
_SAME_MOMENT: Final = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Alarm:
    """What a P1 needs before all else: the words, since when, what was sent, what became of it."""

    reasons: list[str]
    since: datetime
    words: list[str]
    heard: list[talk.Line]
    asked: talk.Line | None
    sent: list[talk.Line]
    tries: int


async def of_bundle(request: web.Request) -> web.Response:
    """The page of a bundle; `person` in the query chooses whom of the household it shows."""
    visit, bundle_id = request[VISIT], number(request)
    person_id = id_of(request.query.get("person", ""))
    async with visit.service.store.reading() as tx:
        found = await gather(tx, visit, bundle_id, person_id)
    if found.portrait is None and not found.addresses and not found.open:
        raise web.HTTPNotFound
    return await _show(request, found)


async def of_person(request: web.Request) -> web.Response:
    """The same page, found by a person."""
    visit, person_id = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        if await people.get(tx, person_id) is None:
            raise web.HTTPNotFound
        found = await gather(tx, visit, await bundle_of(tx, person_id), person_id)
    return await _show(request, found)


async def news(request: web.Request) -> web.Response:
    """Whether the page is still as it was shown; nothing of people is in the answer."""
    visit, bundle_id = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        mark = await mark_now(tx, bundle_id, id_of(request.query.get("person", "")))
    return web.json_response({"mark": mark})


async def _show(request: web.Request, dossier: Dossier) -> web.Response:
    visit = request[VISIT]
    person = dossier.portrait.person if dossier.portrait else None
    await looked(
        visit, person.id if person else None, "page", None if person else dossier.bundle.id
    )
    return page(request, "bundle.html", _view(visit, dossier))


def _view(visit: Visit, dossier: Dossier) -> dict[str, Any]:
    speech, seen = visit.speech, dossier.portrait
    person = seen.person if seen else None
    mine = dossier.bundle.holder == visit.agent.id
    return {
        "d": dossier,
        "seen": seen,
        "person": person,
        "name": name_of(speech, person),
        "name_of": lambda one: name_of(speech, one),
        "age": age_of(speech, seen) if seen else "",
        "marks": _marks(visit, dossier),
        "risks": _risks(visit, dossier),
        "mine": mine,
        "theirs": dossier.bundle.holder is not None and not mine,
        "holder": dossier.names.get(dossier.bundle.holder or 0) or speech("A colleague"),
        "alarm": _alarm(visit, dossier),
        "outlook": outlooks.told(visit, dossier),
        "chart": charts.chart(speech, seen.days) if seen else None,
        "rule": _rule(visit, seen.follow_up.rule) if seen and seen.follow_up else "",
        "matters": [told.matter(visit, dossier, one) for one in dossier.open],
        "earlier": [told.matter(visit, dossier, one) for one in dossier.closed],
        "told": lambda event: told.event(visit, dossier, event),
        "emergency": emergency(visit, person),
        "closes": [(code, label(speech, "outcome", code)) for code in CLOSES],
        "tries": [(code, label(speech, "outcome", code)) for code in TRIES],
        "prepared": _prepared(visit, person, dossier.addresses),
        "call_word": call_word(visit, person, dossier.addresses),
        "choices": {group: choices(speech, group) for group in _CHOICES},
        "night": _is_night(visit, person),
        "calls": visit.service.desk.calls,
        "telegram": "telegram" in visit.service.channels,
        "mark": visit.service.store.ids.new(visit.now),
    }


def _marks(visit: Visit, dossier: Dossier) -> list[Flag]:
    seen = dossier.portrait
    found = flags(visit.speech, seen) if seen else []
    for at in dossier.addresses:
        found += [one for one in address_flags(visit.speech, at.address) if one not in found]
    return [*found, language_flag(visit.speech, seen.person)] if seen else found


def _risks(visit: Visit, dossier: Dossier) -> list[str]:
    """What makes this person more at risk, as far as they said."""
    seen = dossier.portrait
    if seen is None:
        return []
    known = [name for name in RISKS if seen.person.facts.get(name) == "yes"]
    found = [label(visit.speech, "fact", name) for name in known]
    return [visit.speech("Fragile"), *found] if seen.fragile else found


def _alarm(visit: Visit, dossier: Dossier) -> Alarm | None:
    urgent = [review for review in dossier.open if review.priority == "P1"]
    if not urgent:
        return None
    since = min(review.opened_at for review in urgent)
    detail = [one for review in urgent for one in review.detail]
    heard = _heard(dossier.lines, since)
    return Alarm(
        reasons=[why(visit, review.reason) for review in urgent],
        since=since,
        words=[str(one["words"]) for one in detail if one.get("words")],
        heard=heard,
        asked=_asked(dossier.lines, heard),
        sent=talk.safety_texts(dossier.lines, since - _SAME_MOMENT),
        tries=sum(1 for one in detail if one.get("by")),
    )


def _heard(lines: Sequence[talk.Line], since: datetime) -> list[talk.Line]:
    """What was heard as danger; else what was written last before: a 1 says nothing alone."""
    inbound = [line for line in lines if line.message.direction == "in"]
    dangers = [line for line in inbound if line.message.reading.get("danger")]
    lately = [line for line in dangers if line.message.at >= since - _SAME_MOMENT]
    return lately or [line for line in inbound if line.message.at <= since][-1:]


def _asked(lines: Sequence[talk.Line], heard: Sequence[talk.Line]) -> talk.Line | None:
    """The question to which it was the answer."""
    before = lines[: lines.index(heard[0])] if heard else []
    questions = (line for line in reversed(before) if line.message.direction == "out")
    return next(questions, None)


def emergency(visit: Visit, person: Person | None) -> str:
    """The emergency number where the person is."""
    country = (person.location or person.country) if person else visit.pack.country
    return emergency_numbers(visit.pack, country, visit.today).get("emergency", "112")


def spoken(person: Person | None, at: Sequence[At]) -> Lang:
    """The language last chosen at the number, else the person's."""
    chosen = next((one.address.language for one in at if one.address.language), None)
    return chosen or (person.language if person else "fr")


def _is_night(visit: Visit, person: Person | None) -> bool:
    """Whether routine messages rest where the person is; an agent's text goes all the same."""
    zone = ZoneInfo(person.zone) if person else visit.pack.zone
    return is_quiet(visit.pack, visit.now.astimezone(zone))


def _rule(visit: Visit, row: str) -> str:
    """The sentence of the rule that set the last day, in the words of who looks."""
    found = visit.pack.row(row) if row else None
    key = found.text("because") if found else ""
    text = visit.pack.row(key) if key else None
    if text is None:
        return ""
    return visit.service.desk.words(key, visit.speech.lang, text.text("text"))


def _prepared(visit: Visit, person: Person | None, at: Sequence[At]) -> list[tuple[str, str, str]]:
    """Name, text as it would be sent, and the same in the language of who looks."""
    lang = spoken(person, at)
    mine: Lang = "fr" if visit.speech.lang == "fr" else "en"
    found = _texts(visit, person, at, lang)
    aside = _texts(visit, person, at, mine) if lang != mine else [("", "")] * len(found)
    return [
        (visit.speech(name), text, beside)
        for (name, text), (_, beside) in zip(found, aside, strict=True)
    ]


def _texts(
    visit: Visit, person: Person | None, at: Sequence[At], lang: Lang
) -> list[tuple[str, str]]:
    found = prepared.texts(visit.pack, lang, emergency(visit, person))
    if word := call_word(visit, person, at):
        said = visit.service.desk.words("always.call_announced", lang)
        found.insert(0, (prepared.NAMES["announced"], prepared.announced(visit.pack, said, word)))
    return found


def call_word(visit: Visit, person: Person | None, at: Sequence[At]) -> str:
    """What the agent says today on a call to this person, in their language."""
    if person is None:
        return ""
    store, lang = visit.service.store, spoken(person, at)
    return word_of_the_day(store, visit.pack, person.id, lang, visit.today)
