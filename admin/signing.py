"""Signing in and out: slowed after failures, the same answer for unknown and wrong."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime
from typing import Final

from aiohttp import web

from admin.doors import give_cookie
from admin.visits import LANGUAGE, VISIT, Visit, go, page, within
from admin.words import LANGUAGES
from bot import passwords
from bot.demonstration.loading import SIGN_INS
from bot.store import events, factors, failures, users
from flows.vocabulary import Event

WRONG: Final = "This e-mail, this password and this code do not go together."
SLOW: Final = "Too many tries: please wait a minute, then try again."
FREE_TRIES: Final = 5
# Behind a proxy a whole team comes from one place.
FREE_TRIES_OF_A_PLACE: Final = 50


async def show(request: web.Request) -> web.Response:
    """The door."""
    if request[VISIT].user:
        raise go("/admin/")
    return _door(request)


async def enter(request: web.Request) -> web.Response:
    """Sign in with an e-mail and a password."""
    form = await request.post()
    email, password = str(form.get("email", "")).strip(), str(form.get("password", ""))
    visit = request[VISIT]
    free = {f"name:{email.lower()}": FREE_TRIES, f"place:{request.remote}": FREE_TRIES_OF_A_PLACE}
    async with visit.service.store.writing() as tx:
        free_now = await failures.begin(tx, free, visit.now)
    if not free_now:
        return _door(request, SLOW, email, status=429)
    user = await _proven(visit, email, password, str(form.get("code", "")))
    if user is None:
        return _door(request, WRONG, email, status=401)
    answer = web.HTTPSeeOther(within(str(form.get("next", ""))))
    # A new secret, so that one planted before the door opens nothing behind it.
    key = secrets.token_urlsafe(32)
    await _begin(visit, user, key, free)
    give_cookie(answer, visit, key)
    raise answer


async def leave(request: web.Request) -> web.Response:
    """Sign out: the session ends on the server."""
    visit = request[VISIT]
    async with visit.service.store.writing() as tx:
        await users.end_session(tx, visit.key)
        await events.append_many(
            tx, [Event("signed_out", visit.now, f"user:{visit.agent.id}")], visit.now
        )
    raise go("/admin/sign-in", "signed_out")


async def language(request: web.Request) -> web.Response:
    """Speak another language from now on, on this machine."""
    form = await request.post()
    answer = web.HTTPSeeOther(within(str(form.get("next", ""))))
    if (lang := str(form.get("language", ""))) in LANGUAGES:
        year = 365 * 24 * 3600
        answer.set_cookie(LANGUAGE, lang, path="/admin", samesite="Lax", max_age=year)
    raise answer


def _door(
    request: web.Request, fault: str = "", email: str = "", status: int = 200
) -> web.Response:
    speech = request[VISIT].speech
    context = {
        "fault": speech(fault) if fault else "",
        "email": email,
        "next": within(request.query.get("next", "")),
        "sign_ins": [(email, role) for email, role, _ in SIGN_INS],
        "shown_password": SIGN_INS[0][2],
    }
    return page(request, "sign_in.html", context, status)


async def _proven(visit: Visit, email: str, password: str, code: str) -> users.User | None:
    async with visit.service.store.reading() as tx:
        user = await users.by_email(tx, email)
    living = user if user and not user.disabled_at else None
    kept = living.password_hash if living else None
    # Hashing takes its time on purpose: other visitors do not wait for it.
    right = await asyncio.to_thread(passwords.matches, kept, password)
    if not (right and living and kept):
        return None
    async with visit.service.store.writing() as tx:
        on = await factors.is_on(tx, living.id)
        # An app's clock is the world's, even where a demonstration's was moved.
        if on and not await factors.accept(tx, living.id, code, datetime.now(UTC)):
            return None
    if passwords.is_outdated(kept):
        await _hash_anew(visit, living, password)
    return living


async def _hash_anew(visit: Visit, user: users.User, password: str) -> None:
    """What a password costs to guess has risen since it was kept."""
    try:
        kept = await asyncio.to_thread(passwords.hashed, password)
    except passwords.TooWeak:
        return
    async with visit.service.store.writing() as tx:
        await users.rehash(tx, user.id, kept)


async def _begin(visit: Visit, user: users.User, key: str, tried: dict[str, int]) -> None:
    async with visit.service.store.writing() as tx:
        await failures.forget(tx, tried)
        await users.open_session(tx, key, user.id, datetime.now(UTC))
        await events.append_many(tx, [Event("signed_in", visit.now, f"user:{user.id}")], visit.now)
