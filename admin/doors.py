"""The doors of the admin: who comes in, which forms are ours, what leaves with each page."""

from __future__ import annotations

import hmac
import logging
import secrets
from dataclasses import replace
from datetime import UTC, datetime
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

from admin.rights import may
from admin.visits import COOKIE, LANGUAGE, MENU, SUPERVISION, VISIT, Visit, page
from admin.words import LANGUAGES, Speech
from bot.faults import where
from bot.service import SERVICE, Service
from bot.store import users

log = logging.getLogger(__name__)

# Of case lists; anything else that is posted is small (see `bot.web`).
LARGEST_UPLOAD: Final = 16 * 1024 * 1024
# What may be seen by those who are not signed in.
OPEN: Final = frozenset({"/admin/sign-in", "/admin/language"})
OPEN_ROOM: Final = "/admin/welcome/"
STATIC: Final = "/admin/static/"
_SITES: Final = frozenset({"same-origin", "none"})
ERRORS: Final = {
    403: "This page is not for you, or the form has grown too old: go back and try again.",
    404: "There is nothing here.",
    413: "That is too large.",
    500: "Something went wrong. It is noted; nothing was half done.",
}


@web.middleware
async def errors(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A fault becomes a page that holds nothing of people; the log says only where."""
    try:
        return await handler(request)
    except web.HTTPException as answer:
        if answer.status < 400 or request.path.startswith(STATIC):
            raise
        return _error(request, answer.status)
    except Exception as fault:
        log.error("admin: %s", where(fault))
        return _error(request, 500)


@web.middleware
async def sessions(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Knows the visitor by their cookie, and sends to the door whoever is not signed in."""
    if request.path.startswith(STATIC):
        return await handler(request)
    service = request.app[SERVICE]
    visit = await _visit(request, service)
    request[VISIT] = visit
    if visit.user is None and not _is_open(request.path):
        wanted = request.rel_url.raw_path_qs if request.method == "GET" else "/admin/"
        where_to = request.app.router["sign_in"].url_for().with_query(next=wanted)
        raise web.HTTPSeeOther(where_to)
    _let_in(request, visit)
    response = await handler(request)
    if COOKIE not in request.cookies and COOKIE not in response.cookies:
        give_cookie(response, visit, visit.key)
    return response


@web.middleware
async def forms(request: web.Request, handler: Handler) -> web.StreamResponse:
    """A form is taken only with its visitor's own token, and from a page of ours."""
    if request.method in ("GET", "HEAD"):
        return await handler(request)
    if request.headers.get("Sec-Fetch-Site", "same-origin") not in _SITES:
        raise web.HTTPForbidden
    if request.content_type == "multipart/form-data":
        request = request.clone(client_max_size=LARGEST_UPLOAD)
    form = await request.post()
    try:
        token = request.headers.get("X-Token", "") or str(form.get("token", ""))
        if not hmac.compare_digest(token.encode(), request[VISIT].token.encode()):
            raise web.HTTPForbidden
        return await handler(request)
    finally:
        for sent in form.values():
            if isinstance(sent, web.FileField):
                sent.file.close()


async def headers(request: web.Request, response: web.StreamResponse) -> None:
    """Pages are not kept by browsers; what is the same for everybody is."""
    if request.path.startswith(STATIC):
        response.headers["Cache-Control"] = "public, max-age=600"
        return
    response.headers["Cache-Control"] = "no-store"
    response.headers["Content-Security-Policy"] = (
        "default-src 'self'; form-action 'self'; frame-ancestors 'none'; base-uri 'none'; "
        "object-src 'none'"
    )


def give_cookie(response: web.StreamResponse, visit: Visit, key: str) -> None:
    """The one cookie that says who somebody is: out of reach of scripts and other sites."""
    response.set_cookie(
        COOKIE,
        key,
        path="/admin",
        httponly=True,
        samesite="Lax",
        secure=visit.service.settings.public_url.startswith("https:"),
        max_age=int(users.SESSION_LASTS.total_seconds()),
    )


async def _visit(request: web.Request, service: Service) -> Visit:
    now = service.clock.now()
    key = request.cookies.get(COOKIE) or secrets.token_urlsafe(32)
    pack = service.desk.pack(now.date())
    visit = Visit(service, Speech(_language(request, None), pack.zone), key, now)
    if COOKIE not in request.cookies:
        return visit
    async with service.store.writing() as tx:
        # A demonstration's clock is moved by days: nobody is signed out by that.
        user = await users.of_session(tx, key, datetime.now(UTC))
    speech = replace(visit.speech, lang=_language(request, user))
    return replace(visit, user=user, speech=speech)


def _is_open(path: str) -> bool:
    return path in OPEN or path.startswith(OPEN_ROOM)


def _let_in(request: web.Request, visit: Visit) -> None:
    """Each role to its rooms; who has no queue begins in the first room of theirs."""
    resource = request.match_info.route.resource
    # What matches nothing is told by the router, to everybody alike.
    if visit.user is None or resource is None:
        return
    role = visit.user.role
    if may(role, resource.canonical, request.method):
        return
    first = next((href for href, _ in MENU + SUPERVISION if may(role, href)), None)
    if request.path == "/admin/" and first:
        raise web.HTTPSeeOther(first)
    raise web.HTTPForbidden


def _language(request: web.Request, user: users.User | None) -> str:
    """The language last chosen here, else the user's own, else the browser's first of ours."""
    asked = request.headers.get("Accept-Language", "").replace(";", ",").split(",")
    wanted = [request.cookies.get(LANGUAGE, ""), user.language if user else ""]
    wanted += [part.strip()[:2].lower() for part in asked]
    return next((lang for lang in wanted if lang in LANGUAGES), "en")


def _error(request: web.Request, status: int) -> web.Response:
    known = status if status in ERRORS else 500 if status >= 500 else 404
    if VISIT not in request:
        return web.Response(status=status, text=ERRORS[known])
    visit = request[VISIT]
    return page(request, "error.html", {"words": visit.speech(ERRORS[known])}, status)
