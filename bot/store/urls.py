"""Database addresses as people and hosts write them, read into what the engines want."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import URL, make_url
from sqlalchemy.exc import ArgumentError

_DRIVERS = {
    "sqlite": "sqlite+aiosqlite",
    "sqlite+aiosqlite": "sqlite+aiosqlite",
    "postgres": "postgresql+asyncpg",
    "postgresql": "postgresql+asyncpg",
    "postgresql+asyncpg": "postgresql+asyncpg",
}
_SSL = ("disable", "allow", "prefer", "require", "verify-ca", "verify-full")
# What a URL may carry, and what asyncpg calls it.
_PARAMETERS = {"sslmode": "ssl", "ssl": "ssl", "host": "host", "port": "port"}


def read_url(text: str) -> URL:
    """The URL with its async driver; ValueError says in one line what it should be.

    `sslmode` becomes `ssl`; a parameter that is not known is an error that names it.
    """
    try:
        url = make_url(text)
    except ArgumentError:
        raise ValueError("is not a database URL: sqlite:///PATH or postgresql://…") from None
    if url.drivername not in _DRIVERS:
        raise ValueError(f"does not know {url.drivername}: sqlite:///PATH or postgresql://…")
    url = url.set(drivername=_DRIVERS[url.drivername])
    if url.drivername.startswith("sqlite"):
        return _sqlite(url)
    return url.set(query=_postgres(url.query))


def _sqlite(url: URL) -> URL:
    if url.query:
        raise ValueError(f"has a parameter that SQLite does not take here: {min(url.query)}")
    if not url.database or url.database == ":memory:" or url.host:
        raise ValueError("needs the path of a file: sqlite:///PATH (four slashes if absolute)")
    return url


def _postgres(query: Mapping[str, str | tuple[str, ...]]) -> dict[str, str]:
    for name, value in query.items():
        if name not in _PARAMETERS:
            raise ValueError(f"has a parameter that is not known: {name}")
        if not isinstance(value, str):
            raise ValueError(f"has a parameter given twice: {name}")
        if _PARAMETERS[name] == "ssl" and value not in _SSL:
            raise ValueError(f"has an unknown {name}: {value} (one of {', '.join(_SSL)})")
    return {_PARAMETERS[name]: str(value) for name, value in query.items()}
