"""Addresses of our own pages, whose queries say what is looked for: they may be handed on."""

from __future__ import annotations

from urllib.parse import urlencode


def link(path: str, **said: str) -> str:
    """A path with what is said of these; what is empty is left out."""
    query = urlencode({name: value for name, value in said.items() if value})
    return f"{path}?{query}" if query else path
