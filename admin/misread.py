"""“This was misread”: one small form that puts the day right and files the reply for study."""

from __future__ import annotations

from typing import Any, Final

from aiohttp import web

from admin import talk
from admin.dossiers import bundle_of
from admin.faces import name_of
from admin.forms import id_of
from admin.hands import Form, Hand
from admin.labels import choices
from admin.trail import looked
from admin.visits import VISIT, number, page
from bot import handling
from bot.store import messages, people
from flows.vocabulary import CheckIn, Message

DANGERS: Final = (
    "breathlessness", "severe_breathlessness", "chest_pain", "fainting", "confusion", "blue_lips",
    "unable_to_drink", "unresponsive", "drowsiness", "stroke_signs", "seizure", "coughing_blood",
    "self_harm",
)  # fmt: skip
SIGNS: Final = (
    "fever", "chills", "cough", "sore_throat", "runny_nose", "loss_of_smell", "loss_of_taste",
    "headache", "fatigue", "muscle_pain", "diarrhoea", "nausea", "vomiting", "abdominal_pain",
    "dizziness", "loss_of_appetite", "rash",
)  # fmt: skip
_COLDEST: Final = 30.0
_HOTTEST: Final = 45.0


async def show(request: web.Request) -> web.Response:
    """The reply, how it was read, and a form for how it should have been."""
    visit, person_id = request[VISIT], id_of(request.query.get("person", ""))
    async with visit.service.store.reading() as tx:
        message = await messages.get(tx, number(request, "message"))
        person = await people.get(tx, person_id) if person_id else None
        links = await people.links_of(tx, person.id) if person else []
        places = {number(request), *(link.address_id for link in links)}
        if message is None or message.direction != "in" or message.address_id not in places:
            raise web.HTTPNotFound
        day = await handling.day_of_reply(tx, message, person_id)
        before = await messages.transcript(tx, [message.address_id])
        back = number(request) if person is None else await bundle_of(tx, person.id)
    await looked(visit, person_id, "misread", None if person_id else message.address_id)
    context = {
        "bundle_id": number(request),
        "back": f"/admin/people/{person_id}" if person else f"/admin/bundles/{back}",
        "person": person,
        "name": name_of(visit.speech, person),
        "line": talk.lines(visit.speech, [message], {})[0],
        "asked": _asked(before, message),
        "day": day,
        "answers": dict(day.answers) if day else {},
        "dangers": named_signs(visit.speech, DANGERS, day, "dangers"),
        "signs": named_signs(visit.speech, SIGNS, day, "symptoms"),
        "since": choices(visit.speech, "since"),
    }
    return page(request, "misread.html", context)


def _asked(before: list[Message], message: Message) -> Message | None:
    """What was written last before the reply."""
    said = (one for one in reversed(before) if one.direction == "out" and one.id < message.id)
    return next(said, None)


def named_signs(
    speech: Any, known: tuple[str, ...], day: CheckIn | None, part: str
) -> list[tuple[str, str, bool]]:
    """Every sign with its name, and whether it was heard; what is not on the list comes first."""
    heard = [str(code) for code in (day.answers.get(part) or ())] if day else []
    names = dict(choices(speech, "symptom"))
    codes = [*(code for code in heard if code not in known), *known]
    return [(code, names.get(code, code.replace("_", " ")), code in heard) for code in codes]


async def misread(hand: Hand) -> str:
    """Correct the day by the rules, and file the reply; the line stands in the trail."""
    message = await messages.get(hand.tx, id_of(hand.word("message")) or 0)
    if message is None or message.address_id not in await hand.places():
        raise web.HTTPNotFound
    meant = hand.word("meant")[:500]
    if not meant:
        return "empty"
    day = await handling.day_of_reply(hand.tx, message, hand.person_id)
    more: dict[str, Any] = {"day": str(day.day)} if day else {}
    if day and hand.word("correct"):
        answers = changed(hand.form)
        if answers is None:
            return "bad_temperature"
        desk, now = hand.visit.service.desk, hand.visit.now
        corrected = await handling.correct_day(hand.tx, desk, day, answers, now)
        more |= {"before": dict(day.answers), "after": dict(corrected.answers)}
    await handling.file_misread(
        hand.tx, message, hand.person_id, hand.visit.agent.id, meant, hand.visit.now, **more
    )
    return "corrected" if "after" in more else "filed"


def changed(form: Form) -> dict[str, Any] | None:
    """The answers as the form has them; None where the temperature is none."""
    dangers = [str(one) for one in form.getall("danger", [])]
    symptoms = [str(one) for one in form.getall("symptom", [])]
    figure = _temperature(str(form.get("temperature", "")).strip())
    if figure is None:
        return None
    state = str(form.get("state", ""))
    return {
        "danger": "yes" if dangers else "no",
        "dangers": sorted(dangers),
        "symptoms": sorted(symptoms),
        "none": not (dangers or symptoms or figure) or None,
        "temperature": figure or None,
        "fever": "figure" if figure else "felt" if "fever" in symptoms else "none",
        "state": state if state in ("better", "stable", "worse", "much_worse") else None,
    }


def _temperature(text: str) -> float | None:
    """A figure; 0 where none was given, None where it cannot be one."""
    try:
        figure = float(text.replace(",", ".")) if text else 0.0
    except ValueError:
        return None
    return figure if figure == 0 or _COLDEST <= figure <= _HOTTEST else None
