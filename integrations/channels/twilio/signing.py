"""Whether Twilio itself sent a request: its signature over the public address and the form."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Iterable, Iterator, Mapping
from urllib.parse import parse_qs, urlsplit

SIGNATURE = "X-Twilio-Signature"
SETTINGS = "X-Twilio-Webhooks-Signature-Settings"

DEFAULT_PORTS = {"https": 443, "http": 80}

Form = Iterable[tuple[str, str]]


def signature(token: str, text: str, algorithm: str = "sha1") -> str:
    """What Twilio writes into `X-Twilio-Signature` for a signed text."""
    digest = hmac.digest(token.encode(), text.encode(), algorithm)
    return base64.b64encode(digest).decode()


def is_signed(
    token: str, url: str, form: Form, headers: Mapping[str, str], overrides: str = ""
) -> bool:
    """Whether the headers sign this full public URL and these posted fields.

    `overrides` is the fragment that the printed webhook address carries.
    """
    given = headers.get(SIGNATURE, "").encode()
    algorithm = _algorithm(headers.get(SETTINGS, ""))
    if not given or algorithm is None:
        return False
    fields = "".join(name + value for name, value in sorted(set(form)))
    return any(
        hmac.compare_digest(signature(token, address + fields, algorithm).encode(), given)
        for address in _as_signed(url, overrides)
    )


def has_body_hash(url: str) -> bool:
    """Whether the signature covers the body by a hash in the query: what is posted is no form."""
    return "bodySHA256" in parse_qs(urlsplit(url).query)


def is_body_hashed(url: str, body: bytes) -> bool:
    """Whether the hash in the query is that of the body."""
    given = parse_qs(urlsplit(url).query)["bodySHA256"][0]
    return hmac.compare_digest(hashlib.sha256(body).hexdigest().encode(), given.encode())


def _algorithm(settings: str) -> str | None:
    """The algorithm that a header `key=…,algorithm=…` names; without one, HMAC-SHA1."""
    parts = dict(part.strip().partition("=")[::2] for part in settings.split(","))
    named = parts.get("algorithm", "").upper() or "HMAC_SHA1"
    return {"HMAC_SHA1": "sha1", "HMAC_SHA256": "sha256"}.get(named)


def _as_signed(url: str, overrides: str) -> Iterator[str]:
    """The spellings of one address that Twilio may have signed, the likeliest first."""
    # Twilio signs some requests with the port and some without, an apostrophe of the query
    # before it is escaped, and the address as configured, fragment and all.
    for address in dict.fromkeys((url, _other_port(url))):
        for spelling in dict.fromkeys((address, address.replace("%27", "'"))):
            yield spelling
            if overrides:
                yield f"{spelling}#{overrides}"


def _other_port(url: str) -> str:
    """The same address with its port left out if it is written, and written if it is not."""
    parts = urlsplit(url)
    port = f":{DEFAULT_PORTS.get(parts.scheme, 443)}"
    host = parts.netloc
    bare = host.removesuffix(f":{parts.port}") if parts.port else host + port
    return url.replace(f"//{host}", f"//{bare}", 1)
