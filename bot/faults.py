"""Errors in the log: what broke and where, never the words of people that were being handled."""

from __future__ import annotations

import traceback
from pathlib import PurePath


def where(error: BaseException) -> str:
    """The kind of an error and the place it came from: "KeyError at turns.py:83"."""
    frames = traceback.extract_tb(error.__traceback__)
    ours = [frame for frame in frames if "site-packages" not in frame.filename] or frames
    place = f" at {PurePath(ours[-1].filename).name}:{ours[-1].lineno}" if ours else ""
    return f"{type(error).__name__}{place}"
