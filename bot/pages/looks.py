"""What pages look like: each a whole document, small, in the person's language."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, Final

import jinja2
from aiohttp import web

from bot.pages.entering import Visit
from flows.rules import Pack, emergency_numbers
from flows.turn import Desk
from flows.vocabulary import LANGUAGES, Message
from flows.wording.moments import clock
from flows.wording.rendering import render

_HEADERS: Final = {
    "Cache-Control": "no-store",
    "Content-Security-Policy": "default-src 'self'; form-action 'self'; frame-ancestors 'none'; "
    "base-uri 'none'; object-src 'none'",
}


@dataclass(frozen=True, slots=True)
class Look:
    """In which language a page is shown, by whose rules and names, and when."""

    desk: Desk
    lang: str
    now: datetime

    @property
    def pack(self) -> Pack:
        """The rules of the day."""
        return self.desk.pack(self.now.date())

    def say(self, name: str, **values: str) -> str:
        """A text of the always-layer, its agency and telephone filled in."""
        known = emergency_numbers(self.pack, self.pack.country, self.now.date())
        agency = self.pack.agency
        values = {
            "agency": agency.get("name", ""),
            "phone": agency.get("public_phone", ""),
            "emergency_any": known.get("emergency_eu") or known["emergency"],
            **values,
        }
        return render(self.desk.words(f"always.page_{name}", self.lang), values)

    def clock(self, message: Message) -> str:
        """At what time something was said."""
        return clock(message.at.astimezone(self.pack.zone).time(), self.lang)


@dataclass(frozen=True, slots=True)
class Unsent:
    """An answer that could not be taken just now, and the mark of its form."""

    text: str
    mark: str


def door(look: Look, wrong: bool = False) -> web.Response:
    """Asks for the year of birth."""
    return _page(look, "door.html", wrong=wrong)


def gone(look: Look) -> web.Response:
    """The link opens nothing (any more)."""
    return _page(look, "plain.html", 404, text=look.say("gone"))


def left(look: Look) -> web.Response:
    """They go on by telephone."""
    return _page(look, "plain.html", text=look.say("left"))


def talk(
    look: Look, visit: Visit, said: Sequence[Message], mark: str, unsent: Unsent | None = None
) -> web.Response:
    """The talk, and a form that bears a mark: sent twice, it is filed once."""
    shown = {"mark": unsent.mark if unsent else mark, "unsent": unsent}
    return _page(look, "talk.html", 503 if unsent else 200, **_said(look, visit, said), **shown)


def said_alone(look: Look, visit: Visit, said: Sequence[Message]) -> web.Response:
    """What was said, without the page around it: for the script that looks for news."""
    return _page(look, "said.html", **_said(look, visit, said))


def language(accepted: str) -> str:
    """The first language of ours in what a browser accepts; English where it names none."""
    wanted = [part.strip()[:2].lower() for part in accepted.replace(";", ",").split(",")]
    return next((lang for lang in wanted if lang in LANGUAGES), "en")


def _said(look: Look, visit: Visit, said: Sequence[Message]) -> dict[str, Any]:
    last = said[-1] if said else None
    options = last.options if last and last.direction == "out" else ()
    return {"said": said, "options": options, "numbers": _numbers(look, visit, said)}


def _numbers(look: Look, visit: Visit, said: Sequence[Message]) -> list[str]:
    """The emergency numbers that the last text names, to be called with one touch.

    Only those: the text that answers violence reads as routine, and so must the page.
    """
    out = [message for message in said if message.direction == "out"]
    if not out or out[-1].kind != "safety":
        return []
    country = visit.person.location or visit.person.country
    known = emergency_numbers(look.pack, country, look.now.date())
    numbers = dict.fromkeys(known[n] for n in ("emergency", "emergency_eu") if known.get(n))
    return [number for number in numbers if number in out[-1].text]


def _page(look: Look, name: str, status: int = 200, **shown: Any) -> web.Response:
    html = _templates().get_template(name).render(look=look, say=look.say, **shown)
    return web.Response(text=html, status=status, content_type="text/html", headers=_HEADERS)


@cache
def _templates() -> jinja2.Environment:
    return jinja2.Environment(
        loader=jinja2.PackageLoader("bot.pages"),
        autoescape=True,
        trim_blocks=True,
        lstrip_blocks=True,
        undefined=jinja2.StrictUndefined,
    )
