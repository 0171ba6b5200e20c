"""The review admin: its rooms under one roof, mounted by the service at /admin/."""

from __future__ import annotations

from importlib import resources

import aiohttp_jinja2
import jinja2
from aiohttp import web

from admin import (
    acts,
    audit,
    board,
    bulk,
    bundles,
    case,
    cases,
    changes,
    channels,
    dashboard,
    doors,
    elsewhere,
    factor,
    hours,
    interview,
    lately,
    leases,
    letters,
    lines,
    misread,
    on_call,
    own,
    people,
    queue,
    signing,
    supervision,
    surge,
    teams,
    views,
    welcome,
)
from admin.forms import shown_phone
from bot.service import SERVICE, Service


def build_admin(service: Service) -> web.Application:
    """The admin's application."""
    app = web.Application(middlewares=[doors.errors, doors.sessions, doors.forms, elsewhere.guard])
    app[SERVICE] = service
    changes.install(app)
    lately.install(app)
    app.add_routes(_routes())
    app.router.add_static("/static", str(resources.files("admin") / "static"))
    app.on_response_prepare.append(doors.headers)
    env = aiohttp_jinja2.setup(
        app,
        loader=jinja2.PackageLoader("admin"),
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters["phone"] = shown_phone
    env.globals["day_class"] = board.day_class
    env.globals["answers"] = board.answers
    return app


def _routes() -> list[web.RouteDef]:
    return [
        web.get("/", queue.show),
        web.get("/alarm", queue.alarm),
        web.get("/queue/changes", changes.stream),
        web.post("/next", queue.take_next),
        web.get("/sign-in", signing.show, name="sign_in"),
        web.post("/sign-in", signing.enter),
        web.post("/sign-out", signing.leave),
        web.get("/welcome/{code}", welcome.show),
        web.post("/welcome/{code}", welcome.choose),
        web.get("/own", own.show),
        web.post("/own/factor", factor.begin),
        web.post("/own/factor/confirm", factor.confirm),
        web.post("/own/factor/remove", factor.remove),
        web.post("/own/sessions/{mark}/end", own.end),
        web.post("/language", signing.language),
        web.get("/bundles/{id}", bundles.of_bundle),
        web.get("/bundles/{id}/news", bundles.news),
        web.get("/bundles/{id}/misread/{message}", misread.show),
        web.get("/bundles/{id}/interview", interview.show),
        web.post("/bundles/{id}/interview", interview.save),
        *acts.routes(),
        web.get("/people", people.find),
        web.get("/people/{id}", bundles.of_person),
        web.post("/people/{id}/glass", elsewhere.break_glass),
        web.get("/people/{id}/letter", letters.show),
        web.post("/people/{id}/letter", letters.record),
        web.get("/cases", cases.show),
        web.get("/cases/new", cases.new),
        web.post("/cases/new", cases.create),
        web.get("/cases/import", cases.upload_form),
        web.post("/cases/import", cases.upload),
        web.post("/cases/import/errors.csv", cases.errors_file),
        web.get("/cases/{id:[0-9]+}", case.show),
        web.get("/cases/{id:[0-9]+}/chain", case.chain),
        web.get("/cases/{id:[0-9]+}/place", case.place),
        web.get("/follow-ups", board.show),
        web.post("/bulk", bulk.ask),
        web.post("/bulk/do", bulk.carry_out),
        web.get("/bulk/{id}", bulk.told),
        web.post("/views", views.save),
        web.post("/views/{id}/forget", views.forget),
        web.post("/segments", board.segments),
        web.get("/channels", channels.show),
        web.get("/dashboard", dashboard.show),
        web.get("/dashboard/{measure}.csv", dashboard.as_file),
        web.get("/line-list", lines.show),
        web.get("/line-list.csv", lines.as_file),
        web.get("/audit", audit.show),
        web.get("/audit.csv", audit.as_file),
        web.post("/audit/glass/{id}", audit.looked_at_glass),
        web.get("/teams", teams.show),
        web.post("/teams/{id}", teams.save),
        web.post("/teams/{id}/territories", teams.save_territories),
        web.get("/supervision", supervision.show),
        web.post("/supervision/users", supervision.add_user),
        web.post("/supervision/users/{id}/invite", supervision.invite_user),
        web.post("/supervision/users/{id}/factor", supervision.remove_factor),
        web.post("/supervision/users/{id}/disable", supervision.disable_user),
        web.get("/supervision/surge", surge.show),
        web.post("/supervision/surge", surge.start),
        web.post("/supervision/surge/end", surge.end),
        web.get("/supervision/hours", hours.show),
        web.post("/supervision/hours", hours.save),
        web.post("/supervision/hours/rules", hours.keep_rules),
        web.post("/supervision/hours/days", hours.take_off),
        web.post("/supervision/hours/{id}/end", hours.end),
        web.post("/supervision/on-call", on_call.put_on_call),
        web.post("/supervision/on-call/{id}/remove", on_call.take_off_call),
        web.post("/supervision/bundles/release", leases.release),
        web.post("/supervision/bundles/give", leases.give),
    ]
