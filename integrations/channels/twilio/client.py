"""The HTTP side of the twilio package's client: our time-outs, our reading of failures."""

from __future__ import annotations

import logging
from typing import Any

import aiohttp
from twilio.http import AsyncHttpClient
from twilio.http.response import Response
from twilio.rest import Client

CONNECT_S = 5.0

BEFORE_SENDING = (
    aiohttp.ClientConnectorError,
    aiohttp.ClientHttpProxyError,
    aiohttp.ConnectionTimeoutError,
    aiohttp.InvalidURL,
)


class NotSent(Exception):
    """Nothing left this machine, or the provider said that it took nothing: safe to send again."""

    def __init__(self, retry_after_s: float) -> None:
        super().__init__(f"not sent, again in {retry_after_s:g} s")
        self.retry_after_s = retry_after_s


class NoAnswer(Exception):
    """A request left and no answer came back: nobody knows whether it was carried out."""


# The package's own client ignores its time-out and writes telephone numbers to the log.
class TimedHttpClient(AsyncHttpClient):  # type: ignore[misc]  # the package ships no types
    """An asynchronous HTTP client for the package, one connection pool, no tries of its own."""

    def __init__(self, timeout_s: float) -> None:
        super().__init__(logging.getLogger(__name__), True, timeout_s)
        self._limits = aiohttp.ClientTimeout(total=timeout_s, connect=min(CONNECT_S, timeout_s))
        self._session: aiohttp.ClientSession | None = None

    async def request(
        self,
        method: str,
        url: str,
        params: dict[str, Any] | None = None,
        data: dict[str, Any] | None = None,
        headers: dict[str, str] | None = None,
        auth: tuple[str, str] | None = None,
        timeout: float | None = None,  # noqa: ASYNC109  # the package's signature
        allow_redirects: bool = False,
    ) -> Response:
        """One request; `NotSent` and `NoAnswer` instead of whatever the network raises."""
        named = dict(headers or {})
        if auth is not None:
            named["Authorization"] = aiohttp.encode_basic_auth(*auth)
        try:
            async with self._opened().request(
                method, url, params=params, data=data, headers=named, allow_redirects=False
            ) as answer:
                if answer.status == 429:
                    raise NotSent(seconds(answer.headers.get("Retry-After"), 1.0))
                return Response(answer.status, await answer.text(), answer.headers)
        except BEFORE_SENDING as error:
            raise NotSent(5.0) from error
        except (aiohttp.ClientError, TimeoutError, ConnectionError) as error:
            raise NoAnswer(type(error).__name__) from error

    async def close(self) -> None:
        """Close the pool."""
        if self._session is not None:
            await self._session.close()

    def _opened(self) -> aiohttp.ClientSession:
        # A session belongs to the running loop, and there may be none when we are made.
        if self._session is None:
            self._session = aiohttp.ClientSession(timeout=self._limits, trust_env=True)
        return self._session


def client(account_sid: str, token: str, api_url: str, http: TimedHttpClient) -> Client:
    """The package's client, at this address whatever TWILIO_REGION and TWILIO_EDGE say."""
    made = Client(account_sid, token, http_client=http)
    made.region = made.edge = None
    made.api.base_url = api_url.rstrip("/")
    return made


def seconds(header: str | None, otherwise: float) -> float:
    """A Retry-After in seconds; a date or nothing is `otherwise`."""
    return float(header) if header and header.strip().isdecimal() else otherwise
