"""A setting that is wrong: one line for whoever starts the service."""

from __future__ import annotations


class SettingFault(Exception):
    """Which setting it is and what it wants; its value, which may be secret, is not told."""

    def __init__(self, name: str, wants: str) -> None:
        super().__init__(f"{name} {wants}")
        self.name = name
