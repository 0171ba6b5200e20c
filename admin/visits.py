"""One visit: who looks, in which language, and how a page is answered."""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Any, Final

import aiohttp_jinja2
from aiohttp import web
from markupsafe import Markup

from admin.forms import id_of
from admin.labels import label
from admin.rights import may
from admin.words import Speech
from bot.service import Service
from bot.store.users import User
from flows.rules import Pack

COOKIE: Final = "vigie"
FLASH: Final = "vigie_said"
LANGUAGE: Final = "vigie_language"


@dataclass(frozen=True, slots=True)
class Visit:
    """One request of somebody's, signed in or at the door. `key` is their cookie's secret."""

    service: Service
    speech: Speech
    key: str
    now: datetime
    user: User | None = None

    @property
    def token(self) -> str:
        """What each of this visitor's forms carries, so that no other site can post for them."""
        return hmac.digest(self.service.settings.secret_key, self.key.encode(), "sha256").hex()

    @property
    def agent(self) -> User:
        """Who is signed in; the doors let nobody else in."""
        if self.user is None:
            raise web.HTTPForbidden
        return self.user

    @property
    def whose(self) -> tuple[str, ...] | None:
        """The territories whose people are listed, nobody's own among them; None is the whole
        country."""
        sees = self.agent.sees
        return None if sees is None else ("", *sorted(sees))

    @property
    def pack(self) -> Pack:
        """The rules of today."""
        return self.service.desk.pack(self.now.date())

    @property
    def today(self) -> date:
        """The day where the service is."""
        return self.now.astimezone(self.speech.zone).date()


VISIT: Final = web.RequestKey("visit", Visit)
# Until when the glass is broken before whom the page is of.
GLASS: Final = web.RequestKey("glass", datetime)

Menu = tuple[tuple[str, str], ...]
MENU: Final[Menu] = (
    ("/admin/", "Queue"),
    ("/admin/people", "People"),
    ("/admin/cases", "Cases"),
    ("/admin/follow-ups", "Follow-ups"),
)
KEYS: Final[Mapping[str, str]] = dict(zip((href for href, _ in MENU), "qpcf", strict=True))
SUPERVISION: Final[Menu] = (
    ("/admin/channels", "Channels"),
    ("/admin/supervision", "Supervision"),
    ("/admin/teams", "Teams"),
    ("/admin/line-list", "Line list"),
    ("/admin/dashboard", "Dashboard"),
    ("/admin/audit", "Audit"),
)

# What a page says once, after an act; the cookie carries the name alone, never words.
FLASHES: Final[Mapping[str, tuple[str, str]]] = {
    "taken": ("good", "You have it: nobody else can act on it, and routine messages wait."),
    "returned": ("good", "It is back in the queue."),
    "resolved": ("good", "Done, and in the trail."),
    "note": ("good", "The note is kept."),
    "sent": ("good", "The message is on its way: the transcript shows what becomes of it."),
    "saved": ("good", "Saved."),
    "told": ("good", "Saved. This person will now be written to."),
    "handed_back": ("good", "Handed back: the conversation goes on by itself."),
    "nothing_held": ("bad", "There is no conversation here that waits for an agent."),
    "positive": ("good", "A case was made; the person will be asked about their own contacts."),
    "closed": ("good", "The follow-up is closed."),
    "code_sent": ("good", "A code for Telegram is on its way by SMS."),
    "voice_on": (
        "good",
        "Their telephone rings from now on. The old are called by us first, or get a letter.",
    ),
    "voice_off": ("good", "They are written to again."),
    "letter": ("good", "The letter is recorded as printed; the machine calls some days later."),
    "no_address": ("bad", "Nothing was recorded: the street and the place are missing."),
    "empty": ("bad", "Nothing was written: the text is empty."),
    "theirs": ("bad", "Somebody else has this household just now: nothing was done."),
    "none_free": ("good", "Nothing waits for anybody just now."),
    "case_new": ("good", "The case is entered."),
    "case_updated": ("good", "A case with this id was known: it is brought up to date."),
    "case_unchanged": ("good", "A case with this id was known, and nothing differs."),
    "user_added": ("good", "The sign-in is made."),
    "user_disabled": ("good", "The sign-in is closed, and so are its sessions."),
    "password_kept": ("good", "Your password is kept: sign in with it."),
    "wrong_code": ("bad", "This code is not right, or was used: nothing was changed."),
    "factor_off": ("good", "The second factor is off."),
    "session_ended": ("good", "That session is ended."),
    "released": ("good", "The lease is ended."),
    "signed_out": ("good", "You are signed out."),
    "bad_phone": ("bad", "Nothing was saved: this is not a telephone number."),
    "bad_day": ("bad", "Nothing was saved: a day is written 2026-11-21 and is not in the future."),
    "no_number": ("bad", "A number is needed first: nothing was changed."),
    "number_forbidden": (
        "bad",
        "Saved, but for the number: whoever has it said that it is a wrong one.",
    ),
    "bad_temperature": ("bad", "Nothing was changed: a temperature is between 30 and 45 °C."),
    "call_logged": ("good", "The call is noted; if it is to be tried again, the queue says when."),
    "call_over": ("good", "The call is noted, and what was asked is closed."),
    "bad_time": ("bad", "Nothing was saved: say at what time they want to be called."),
    "corrected": ("good", "Corrected, weighed anew by the rules, and filed for study."),
    "filed": ("good", "Filed for those who teach the service to understand."),
    "weak_password": ("bad", "A password has at least 12 characters."),
    "user_known": ("bad", "There is a sign-in with this e-mail already."),
    "reassigned": ("good", "Given to somebody else: it stands among what is theirs."),
    "surge_on": ("good", "The surge holds: what may wait comes last."),
    "surge_off": ("good", "The surge is over: all is as it was."),
    "nothing_waits": ("bad", "Nothing was started: tick at least one box."),
    "hours_saved": ("good", "Saved: it holds from now on."),
    "shift_gone": ("bad", "Nothing was saved: somebody else has changed it meanwhile."),
    "bad_day_off": ("bad", "Nothing was saved: choose a day from today on."),
    "on_call": ("good", "On call from now on."),
    "off_call": ("good", "Not on call any more."),
    "bad_place": (
        "bad",
        "Nothing was saved: give a telephone number, the number of a Telegram chat, or an e-mail "
        "address, as chosen.",
    ),
    "none_chosen": ("bad", "Nothing was done: choose at least one line first."),
    "view_saved": ("good", "The view is kept. Its address may be handed on."),
    "view_forgotten": ("good", "The view is forgotten."),
    "view_unnamed": ("bad", "Nothing was kept: a view needs a name."),
    "view_many": ("bad", "Nothing was kept: 20 views are enough. Forget one first."),
    "glass": ("good", "The file is open to you, and the officer is told why."),
    "glass_seen": ("good", "Noted: you looked at it."),
    "bad_territory": (
        "bad",
        "Nothing was saved: choose territories of your own; a regional agency has one at least.",
    ),
    "lifted": ("good", "Messages may go to this number again."),
}


def page(
    request: web.Request,
    template: str,
    context: Mapping[str, Any] | None = None,
    status: int = 200,
) -> web.Response:
    """A page with its frame: who looks, where they are, what was just done."""
    visit = request[VISIT]
    said = FLASHES.get(request.cookies.get(FLASH, ""))
    frame: dict[str, Any] = {
        "_": visit.speech,
        "label": partial(label, visit.speech),
        "visit": visit,
        "user": visit.user,
        "now": visit.now,
        "today": visit.today,
        "keys": KEYS,
        "menu": _menu(visit, request.path),
        "flashes": [(said[0], visit.speech(said[1]))] if said else [],
        "token": lambda: _hidden(visit.token),
        "may": partial(may, visit.user.role) if visit.user else None,
        "here": request.rel_url.raw_path_qs,
        "glass": request.get(GLASS),
        "demonstration": visit.service.settings.demonstration,
    }
    response = aiohttp_jinja2.render_template(template, request, {**frame, **(context or {})})
    response.set_status(status)
    if said:
        response.del_cookie(FLASH, path="/admin")
    return response


def go(path: str, said: str = "") -> web.HTTPSeeOther:
    """Leads to a page after an act, which says once what was done: to be raised."""
    answer = web.HTTPSeeOther(path)
    if said:
        answer.set_cookie(FLASH, said, path="/admin", httponly=True, samesite="Lax", max_age=60)
    return answer


def within(path: str, otherwise: str = "/admin/") -> str:
    """A path of the admin's, whatever a form or a link may claim."""
    safe = path.startswith("/admin/") and not any(mark in path for mark in "\\\r\n")
    return path if safe else otherwise


def number(request: web.Request, name: str = "id") -> int:
    """An id from the path; one that is none leads nowhere."""
    found = id_of(request.match_info[name])
    if found is None:
        raise web.HTTPNotFound
    return found


def _menu(visit: Visit, path: str) -> list[tuple[str, str, bool]]:
    if visit.user is None:
        return []
    role = visit.user.role
    rooms = [room for room in MENU + SUPERVISION if may(role, room[0])]
    return [(href, visit.speech(name), _is_here(href, path)) for href, name in rooms]


def _is_here(href: str, path: str) -> bool:
    if href == "/admin/":
        return path == href or path.startswith("/admin/bundles")
    return path.startswith(href)


def _hidden(token: str) -> Markup:
    return Markup('<input type="hidden" name="token" value="{}">').format(token)
