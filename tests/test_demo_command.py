"""`vigie demo` as somebody types it."""

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands._opening import opened
from bot.settings import read_settings
from bot.store import state
from tests.services import NOON


def test_a_demonstration_that_was_cut_short_is_not_taken_for_a_whole_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    assert main(["migrate"]) == 0
    asyncio.run(_cut_short())
    assert main(["demo"]) == 1
    assert "remove the database" in capsys.readouterr().err.splitlines()[-1]


async def _cut_short() -> None:
    async with opened(read_settings({})) as store, store.writing() as tx:
        await state.put(tx, "demonstration", "loading", NOON)
