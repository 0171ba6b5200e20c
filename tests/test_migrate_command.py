"""`vigie migrate` as somebody types it."""

import stat
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.commands import Fault
from bot.commands._opening import opened
from bot.settings import read_settings


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in ("DATABASE_URL", "VIGIE_MODE", "HOST", "PUBLIC_URL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_migrating_makes_the_database_and_then_has_nothing_to_do(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["migrate"]) == 0
    assert stat.S_IMODE((here / "var" / "vigie.db").stat().st_mode) == 0o600
    assert "migrated: 0001" in capsys.readouterr().out
    assert main(["migrate"]) == 0
    assert "nothing to do" in capsys.readouterr().out


def test_a_wrong_setting_is_one_line_and_two(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_URL", "mysql://db/vigie")
    assert main(["migrate"]) == 2
    error = capsys.readouterr().err
    assert "DATABASE_URL" in error
    assert len(error.splitlines()) == 1


@pytest.mark.parametrize("url", ["postgres://me:hush@127.0.0.1:1/vigie", "sqlite:////proc/no/v.db"])
def test_a_database_that_is_away_is_one_line_and_one(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, url: str
) -> None:
    monkeypatch.setenv("DATABASE_URL", url)
    assert main(["migrate"]) == 1
    error = capsys.readouterr().err.splitlines()[-1]
    assert "DATABASE_URL" in error
    assert "hush" not in error


@pytest.mark.parametrize("name", ["poem.txt", "folder"])
def test_what_is_no_database_is_one_line_and_one(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (here / "poem.txt").write_text("not a database at all, but a poem" * 50)
    (here / "folder").mkdir()
    monkeypatch.setenv("DATABASE_URL", f"sqlite:///{name}")
    assert main(["migrate"]) == 1
    assert "DATABASE_URL" in capsys.readouterr().err.splitlines()[-1]


def test_a_server_without_such_a_database_is_one_line_and_one(
    here: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
    postgres_url: str,
) -> None:
    monkeypatch.setenv("DATABASE_URL", f"{postgres_url}_of_nobody")
    assert main(["migrate"]) == 1
    assert "does not exist" in capsys.readouterr().err.splitlines()[-1]


async def test_a_store_opens_only_migrated_and_in_its_own_mode(
    here: Path, sqlite_store_url: str
) -> None:
    fresh = read_settings({"DATABASE_URL": f"sqlite:///{here / 'other.db'}"}, here / "var")
    with pytest.raises(Fault, match="vigie migrate"):
        async with opened(fresh):
            pass
    keys = {
        "VIGIE_SECRET_KEY": "s" * 32,
        "VIGIE_INDEX_KEY": "i" * 32,
        "VIGIE_DATA_KEYS": "a:" + "A" * 43 + "=",
        "DATABASE_URL": sqlite_store_url,
    }
    live = keys | {"VIGIE_MODE": "production", "PUBLIC_URL": "https://vigie.example.org"}
    async with opened(read_settings(live, here / "var")) as store:
        assert store.dialect == "sqlite"
    with pytest.raises(Fault, match="VIGIE_MODE=production") as caught:
        async with opened(read_settings(keys, here / "var")):
            pass
    assert caught.value.exit_code == 2
