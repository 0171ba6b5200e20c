"""Keys for a demonstration on one's own machine: made once, kept in its folder."""

from __future__ import annotations

import os
import secrets
from pathlib import Path

from bot.setting_faults import SettingFault
from bot.store.secrets import KEY
from bot.wrapping_keys import write_key

FILE = "development-keys.env"


def development_keys(folder: Path) -> dict[str, str]:
    """The settings that hold keys, as they stand in the folder; made there the first time."""
    path = folder / FILE
    try:
        if not path.exists():
            _make(path)
        lines = path.read_text().splitlines()
    except OSError as fault:
        wants = f"is not given, and keys cannot be kept in {path}: {fault.strerror}"
        raise SettingFault("VIGIE_DATA_KEYS", wants) from None
    return dict(line.split("=", 1) for line in lines if "=" in line)


def _make(path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {
        "VIGIE_SECRET_KEY": secrets.token_urlsafe(32),
        "VIGIE_DATA_KEYS": write_key("development", secrets.token_bytes(KEY)),
        "VIGIE_INDEX_KEY": secrets.token_urlsafe(32),
    }
    # Two processes that start at once must end with the same keys: the first file wins.
    draft = path.with_name(f"{path.name}.{os.getpid()}")
    draft.touch(mode=0o600)
    draft.write_text("".join(f"{name}={value}\n" for name, value in made.items()))
    try:
        os.link(draft, path)
    except FileExistsError:
        pass
    finally:
        draft.unlink()
