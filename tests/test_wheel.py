"""What is built holds all that it needs: it runs in an empty environment, far from the tree."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import sysconfig
import time
import urllib.error
import urllib.request
import venv
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

TREE = Path(__file__).parent.parent
FLOORS = ("admin", "bot", "flows", "integrations")
# Settings of whoever runs the tests are not those of the service under test.
OURS = ("VIGIE_", "TWILIO_", "TELEGRAM_", "DATABASE_URL", "HOST", "PORT", "PUBLIC_URL", "PYTHON")
START_S = 60.0


def _run(*words: str | Path, cwd: Path) -> None:
    done = subprocess.run(words, cwd=cwd, capture_output=True, text=True, env=_environ())
    assert done.returncode == 0, done.stdout + done.stderr


def _environ(**more: str) -> dict[str, str]:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(OURS)}
    return kept | more


def _tracked() -> list[str]:
    """The files of a clone: what git ignores, or does not know yet, is not there."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=TREE, capture_output=True, text=True)
    assert listed.returncode == 0, f"the tests run in a git checkout: {listed.stderr}"
    return [name for name in listed.stdout.split("\0") if name and (TREE / name).is_file()]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built without network from a copy of the checkout."""
    clone, built = tmp_path_factory.mktemp("clone"), tmp_path_factory.mktemp("built")
    for name in _tracked():
        (clone / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy(TREE / name, clone / name)
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "wheel", "--quiet")
    _run(*pip, "--no-deps", "--no-build-isolation", "--wheel-dir", built, clone, cwd=built)
    [found] = built.glob("*.whl")
    return found


@dataclass(frozen=True)
class Installed:
    """An environment with the wheel alone, and an empty folder to work in."""

    programs: Path
    folder: Path

    def vigie(self, *words: str, **environ: str) -> subprocess.CompletedProcess[str]:
        """Run a command to its end."""
        return subprocess.run(
            [self.programs / "vigie", *words],
            cwd=self.folder,
            env=_environ(**environ),
            capture_output=True,
            text=True,
            timeout=120,
        )


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """The wheel in a virtual environment that borrows its dependencies from this one."""
    room = tmp_path_factory.mktemp("installed")
    venv.create(room / "venv", symlinks=True)
    programs = room / "venv" / "bin"
    pip = (sys.executable, "-m", "pip", "--disable-pip-version-check", "--python")
    options = ("--quiet", "--no-deps", "--no-index", "--no-compile")
    _run(*pip, programs / "python", "install", *options, wheel, cwd=room)
    [packages] = (room / "venv").glob("lib/python*/site-packages")
    # A folder named in such a file is searched last, and its own .pth files (the tree's editable
    # installation) are not obeyed.
    borrowed = {sysconfig.get_path("purelib"), sysconfig.get_path("platlib")}
    (packages / "borrowed.pth").write_text("\n".join(borrowed) + "\n")
    (room / "empty").mkdir()
    return Installed(programs, room / "empty")


@pytest.fixture(scope="module")
def migrated(installed: Installed) -> Installed:
    """The same with a database."""
    done = installed.vigie("migrate")
    assert done.returncode == 0, done.stderr
    assert "migrated: 0001" in done.stdout
    return installed


def test_the_wheel_holds_every_file_of_the_four_floors_and_no_others(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        held = {name for name in archive.namelist() if ".dist-info/" not in name}
    assert held == {name for name in _tracked() if name.startswith(tuple(f"{f}/" for f in FLOORS))}


def test_what_runs_is_the_wheel_and_not_the_tree(installed: Installed) -> None:
    told = subprocess.run(
        [installed.programs / "python", "-c", "import admin, bot, flows; print(bot.__file__)"],
        cwd=installed.folder,
        env=_environ(),
        capture_output=True,
        text=True,
    )
    assert told.stdout.startswith(str(installed.programs.parent)), told.stderr


def test_the_shipped_flows_are_proved_from_the_wheel(installed: Installed) -> None:
    done = installed.vigie("check")
    assert (done.returncode, done.stderr) == (0, ""), done.stdout
    assert "nothing found" in done.stdout
    assert re.search(r"^[1-9]\d* situations walked", done.stdout, re.MULTILINE)


def test_the_demonstration_is_loaded_from_the_wheel_once(migrated: Installed) -> None:
    first, second = migrated.vigie("demo"), migrated.vigie("demo")
    assert first.returncode == second.returncode == 0, first.stderr
    assert "the demonstration is loaded" in first.stdout
    assert "nothing to do" in second.stdout


@pytest.fixture(scope="module")
def served(migrated: Installed) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a running service, and its process."""
    log = migrated.folder / "log"
    with (
        log.open("w") as errors,
        subprocess.Popen(
            [migrated.programs / "vigie", "serve"],
            cwd=migrated.folder,
            env=_environ(PORT="0"),
            stdout=subprocess.PIPE,
            stderr=errors,
            text=True,
        ) as process,
    ):
        assert process.stdout is not None
        found = re.search(r"http://127\.0\.0\.1:\d+", process.stdout.readline())
        assert found, log.read_text()
        yield found[0], process
        process.kill()


def _get(address: str) -> tuple[int, str]:
    try:
        with urllib.request.urlopen(address, timeout=10) as answer:  # noqa: S310 (loopback)
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.read().decode()


def test_the_installed_service_becomes_ready(served: tuple[str, subprocess.Popen[str]]) -> None:
    address, _ = served
    assert _get(f"{address}/health/live") == (200, '{"live": true}')
    end = time.monotonic() + START_S
    while _get(f"{address}/health/ready")[0] != 200 and time.monotonic() < end:
        time.sleep(0.2)
    assert _get(f"{address}/health/ready") == (200, '{"ready": true, "missing": []}')


@pytest.mark.parametrize("page", ["/admin/", "/simulator/"])
def test_the_pages_and_what_they_show_are_in_the_wheel(
    served: tuple[str, subprocess.Popen[str]], page: str
) -> None:
    address, _ = served
    status, html = _get(address + page)
    assert status == 200
    linked = re.findall(r'(?:href|src)="(/[^"]+\.(?:css|js|svg))', html)
    assert linked, html
    assert {path: _get(address + path)[0] for path in linked} == dict.fromkeys(linked, 200)


def test_a_service_that_is_told_to_stop_ends_with_nothing_wrong(
    served: tuple[str, subprocess.Popen[str]],
) -> None:
    _, process = served
    process.send_signal(signal.SIGTERM)
    assert process.wait(timeout=30) == 0
