"""The access log: which route, how it ended, how long it took; no paths, queries or addresses."""

from __future__ import annotations

from aiohttp import web
from aiohttp.abc import AbstractAccessLogger


class AccessLog(AbstractAccessLogger):
    """One line for each request, by its route's pattern: a path itself may hold ids or codes."""

    def log(self, request: web.BaseRequest, response: web.StreamResponse, time: float) -> None:
        """Write the line."""
        route = route_of(request)
        self.logger.info("%s %s %d %.0f ms", request.method, route, response.status, time * 1000)


def route_of(request: web.BaseRequest) -> str:
    """The pattern that a request's path matched."""
    info = getattr(request, "match_info", None)
    resource = info.route.resource if info is not None else None
    return resource.canonical if resource is not None else "unknown"
