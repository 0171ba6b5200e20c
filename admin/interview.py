"""A call as one form: what to say and what not, what is known, whom they met, how the call went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime, time, timedelta
from typing import Any, Final

from aiohttp import web

from admin import outlooks, prepared, told
from admin.bundles import call_word
from admin.contact_rows import CELLS, BadRow, Reader, pasted, read_rows
from admin.dossiers import Dossier, gather
from admin.faces import age_of, flags, language_flag, name_of
from admin.forms import day_of, id_of
from admin.hands import Hand, is_left, raced
from admin.labels import choices, label
from admin.misread import DANGERS, SIGNS, changed, named_signs
from admin.trail import looked
from admin.visits import VISIT, Visit, go, number, page
from bot import handling
from bot.announcing import word_of_the_day
from bot.store import addresses, people, reviews
from flows.vocabulary import Case, Lang, Named, Person, Review

# One key each, in this order.
CALLS: Final = ("no_answer", "voicemail", "busy", "call_at", "other_person", "refused", "done")
# Heard a human voice: the machine may call from then on, where their telephone takes no texts.
_SPOKE: Final = frozenset({"done"})
_FINAL: Final = {"refused": "refused", "done": "reached"}
# After these a neutral text says that we tried; nobody is told twice by voice and by text.
_TEXTED: Final = frozenset({"no_answer", "busy"})
_RISKS: Final = ("pregnant", "over_65", "long_illness", "weak_defences")
_PLAIN: Final = ("street", "postcode", "town", "window", "language")
# What a case is asked aloud: the flow's own questions, the walk through the days among them.
CASE_ASKS: Final = (
    "case.danger.text", "case.onset.text", "case.people.home", "case.people.work",
    "case.people.kinds", "case.people.fragile", "case.consent.text", "case.risks.text",
)  # fmt: skip
BLANK_ROWS: Final = 4
FAULTS: Final = {
    "no_name": "a name or a number is needed",
    "bad_phone": "this is not a telephone number",
    "bad_day": "this day cannot be read, or is in the future",
    "bad_relation": "this relation is not known",
    "bad_kind": "this kind is not known",
}


async def show(request: web.Request) -> web.Response:
    """The form, prefilled by what is known."""
    person_id = id_of(request.query.get("person", ""))
    return await _show(request, person_id)


async def save(request: web.Request) -> web.Response:
    """Keep what can be kept; rows that cannot be read come back, each with its line."""
    visit, form = request[VISIT], await request.post()
    rows, bad = read_rows(_typed(form), _reader(visit))

    async def act(hand: Hand) -> str:
        return await _keep(hand, rows)

    said, left = await raced(act, visit, number(request), form)
    visit.service.outbox.wake()
    if said == "theirs" or not bad:
        over = said == "call_over" and not left
        raise go("/admin/" if over else _path(number(request), str(form.get("person", ""))), said)
    return await _show(request, id_of(str(form.get("person", ""))), bad)


def _path(bundle_id: int, person: str) -> str:
    return f"/admin/bundles/{bundle_id}/interview?person={id_of(person) or ''}"


async def _show(
    request: web.Request, person_id: int | None, bad: Sequence[BadRow] = ()
) -> web.Response:
    visit, bundle_id = request[VISIT], number(request)
    async with visit.service.store.reading() as tx:
        found = await gather(tx, visit, bundle_id, person_id)
        seen = found.portrait
        if seen is None:
            raise web.HTTPNotFound
        at = seen.at[0].address if seen.at else None
        keys = _script(visit, found)
        desk = visit.service.desk
        said = await handling.script(tx, desk, at, seen.person.id, keys, visit.now) if at else []
    await looked(visit, seen.person.id, "interview")
    return page(request, "interview.html", _view(visit, found, said, bad))


def _view(
    visit: Visit, found: Dossier, script: Sequence[str], bad: Sequence[BadRow]
) -> dict[str, Any]:
    speech, seen = visit.speech, found.portrait
    assert seen is not None  # noqa: S101
    today = next((day for day in seen.days if day.day == visit.today), None)
    mine = found.bundle.holder == visit.agent.id
    return {
        "d": found,
        "seen": seen,
        "person": seen.person,
        "name": name_of(speech, seen.person),
        "name_of": lambda one: name_of(speech, one),
        "age": age_of(speech, seen),
        "marks": [*flags(speech, seen), language_flag(speech, seen.person)],
        "theirs": found.bundle.holder is not None and not mine,
        "outlook": outlooks.told(visit, found),
        "matters": [told.matter(visit, found, one) for one in found.open],
        "missing": missing(visit, found),
        "script": script,
        "call_word": call_word(visit, seen.person, found.addresses),
        "calls": [(code, label(speech, "outcome", code)) for code in CALLS],
        "bad": [(row, speech(FAULTS[row.why])) for row in bad],
        "blanks": range(BLANK_ROWS),
        "choices": {
            group: choices(speech, group)
            for group in ("language", "relation", "exposure", "window", "isolation")
        },
        "risks": [(name, label(speech, "fact", name)) for name in _RISKS],
        "dangers": named_signs(speech, DANGERS, today, "dangers"),
        "signs": named_signs(speech, SIGNS, today, "symptoms"),
        "answers": dict(today.answers) if today else {},
        "since": choices(speech, "since"),
    }


def missing(visit: Visit, found: Dossier) -> list[str]:
    """What the call should bring, in words."""
    speech, seen = visit.speech, found.portrait
    if seen is None:
        return []
    lacks = [
        (not seen.at, speech("a telephone number")),
        (not (seen.person.birth_date or seen.person.birth_year), speech("the year of birth")),
        (_no_onset(seen.case), speech("the day of the first signs")),
        (
            any(one.exposure.last_day is None for one in seen.exposed_by),
            speech("the last day together"),
        ),
        (not seen.person.street, speech("where they are now")),
        (seen.follow_up is None, speech("whether they agree to be asked each day")),
    ]
    return [words for lacking, words in lacks if lacking]


def _no_onset(case: Case | None) -> bool:
    return case is not None and case.onset is None and not case.no_symptoms


def _script(visit: Visit, found: Dossier) -> list[str]:
    """The flow's own texts for this person, in its order; a case's name only where it may be."""
    seen = found.portrait
    if seen is None:
        return []
    opening = ["identity.hello.text", "identity.year.text"]
    if seen.case:
        why = "case.why.text" if seen.case.told_by else "case.untold.text"
        return [*opening, why, *CASE_ASKS]
    named = any(one.exposure.may_name for one in seen.exposed_by)
    dated = seen.follow_up is not None and seen.follow_up.until is not None
    why = "contact.why_named.text" if named else "contact.why.text"
    stay = "contact.isolation.text" if dated else "contact.no_date.text"
    return [*opening, why, stay, "contact.risks.text", "contact.window.text"]


# --- what the form brings -----------------------------------------------------------------------


def _typed(form: Mapping[str, Any]) -> list[tuple[str, ...]]:
    """The rows of the table, then those pasted below it."""
    rows = [
        tuple(" ".join(str(form.get(f"{cell}-{row}", "")).split())[:120] for cell in CELLS)
        for row in range(BLANK_ROWS)
    ]
    return [*rows, *pasted(str(form.get("pasted", "")))]


def _reader(visit: Visit) -> Reader:
    lang: Lang = "fr" if visit.speech.lang == "fr" else "en"
    relations = {name.casefold(): code for code, name in choices(visit.speech, "relation")}
    kinds = {name.casefold(): code for code, name in choices(visit.speech, "exposure")}
    return Reader(
        lang,
        visit.pack.country or "FR",
        visit.now.astimezone(visit.speech.zone).replace(tzinfo=None),
        relations | {code: code for code, _ in choices(visit.speech, "relation")},
        kinds | {code: code for code, _ in choices(visit.speech, "exposure")},
    )


async def _keep(hand: Hand, rows: Sequence[Named]) -> str:
    """One transaction: what was learned, whom they met, how the call went."""
    person = await people.get(hand.tx, hand.person)
    if person is None:
        raise web.HTTPNotFound
    answers = changed(hand.form) if hand.word("asked") else None
    if hand.word("asked") and answers is None:
        return "bad_temperature"
    at = _moment(hand) if hand.word("call") == "call_at" else None
    if hand.word("call") == "call_at" and at is None:
        return "bad_time"
    brought = handling.Told(
        values=_values(hand, person),
        named=rows,
        complete=bool(hand.word("complete")),
        follow=bool(hand.word("follow")),
        answers=answers,
    )
    await handling.keep_interview(
        hand.tx, hand.visit.service.desk, person.id, brought, hand.visit.now
    )
    await hand.note("interview", contacts=len(rows), fields=sorted(brought.values))
    return await _log(hand, person, hand.word("call"), at) if hand.word("call") else "saved"


def _values(hand: Hand, person: Person) -> dict[str, Any]:
    """What differs from what is known; an empty field destroys nothing."""
    found: dict[str, Any] = {
        name: hand.word(name)
        for name in _PLAIN
        if hand.word(name) and hand.word(name) != getattr(person, name)
    }
    for name in (*_RISKS, "isolation"):
        if hand.word(name) and hand.word(name) != person.facts.get(name):
            found[f"facts.{name}"] = hand.word(name)
    onset = day_of(hand.word("onset"))
    if onset and onset <= hand.visit.today:
        found["case.onset"] = onset.isoformat()
    elif hand.word("no_symptoms"):
        found["case.no_symptoms"] = True
    return found


def _moment(hand: Hand) -> datetime | None:
    """The hour at which they want to be called: the next time that the clock shows it."""
    try:
        clock = time.fromisoformat(hand.word("call_time"))
    except ValueError:
        return None
    local = hand.visit.now.astimezone(hand.visit.speech.zone)
    at = local.replace(hour=clock.hour, minute=clock.minute, second=0, microsecond=0)
    return (at if at > local else at + timedelta(days=1)).astimezone(hand.visit.now.tzinfo)


async def _log(hand: Hand, person: Person, outcome: str, at: datetime | None) -> str:
    """How the call went: a line in the trail, the next try, a text, the reviews closed."""
    if outcome not in CALLS:
        raise web.HTTPBadRequest
    visit = hand.visit
    if outcome not in _FINAL and at is None:
        at = await handling.again_at(hand.tx, visit.service.desk, person.id, outcome, visit.now)
    for review in await _open(hand):
        await _put(hand, review, outcome, at)
    await hand.note("call", outcome=outcome, again=at.isoformat() if at else None)
    if outcome in _SPOKE:
        await handling.ring_later(hand.tx, visit.service.desk, person.id, visit.now, letter=False)
    if outcome in _TEXTED:
        await _tell(hand, person, at)
    if outcome in _FINAL and await is_left(hand.tx, hand.bundle_id):
        return "call_logged"
    await reviews.release(hand.tx, hand.bundle_id, visit.agent.id)
    return "call_over" if outcome in _FINAL else "call_logged"


async def _open(hand: Hand) -> list[Review]:
    """The open reviews about this person; an emergency is decided on its own page alone."""
    found = await reviews.of_person(hand.tx, hand.person)
    return [one for one in found if one.state == "open" and one.priority != "P1"]


async def _put(hand: Hand, review: Review, outcome: str, at: datetime | None) -> None:
    visit = hand.visit
    if closing := _FINAL.get(outcome):
        await reviews.close(hand.tx, review.id, closing, visit.agent.id, visit.now)
        return
    words = prepared.tried(visit.pack, outcome)
    if at:
        words = f"{words} → {at.astimezone(visit.speech.zone):%d/%m %H:%M}"
        await reviews.put_off(hand.tx, review.id, at)
    await reviews.note(hand.tx, review.id, words, visit.agent.id, visit.now)


async def _tell(hand: Hand, person: Person, again: datetime | None) -> None:
    """The neutral text with the word of the next call, where the number may be written to."""
    visit, links = hand.visit, await people.links_of(hand.tx, person.id)
    on = again.astimezone(visit.speech.zone).date() if again else visit.today
    for link in links:
        address = await addresses.get(hand.tx, link.address_id)
        if not address or not address.value or address.silence or link.stopped or link.dropped:
            continue
        lang = address.language or person.language
        word = word_of_the_day(visit.service.store, visit.pack, person.id, lang, on)
        text = prepared.tried_text(visit.pack, lang, word)
        mark = f"tried:{hand.tx.ids.new(visit.now)}"
        await handling.write(hand.tx, address.id, person.id, text, visit.agent.id, mark, visit.now)
        return
