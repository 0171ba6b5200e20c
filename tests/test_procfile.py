"""The Procfile as a host runs it: release first, then web and worker as processes of their own."""

from __future__ import annotations

import json
import os
import re
import shlex
import signal
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PROCFILE = (Path(__file__).parent.parent / "Procfile").read_text("utf-8")
LINES = dict(re.findall(r"^(\w+): (.+)$", PROCFILE, re.M))
READY_S = 60.0


def _words(name: str) -> list[str]:
    program, *words = shlex.split(LINES[name])
    return [str(Path(sys.executable).parent / program), *words]


@contextmanager
def _running(name: str, environ: dict[str, str], folder: Path) -> Iterator[subprocess.Popen[str]]:
    with (
        (folder / f"{name}.log").open("w") as log,
        subprocess.Popen(
            _words(name), env=environ, cwd=folder, stdout=subprocess.PIPE, stderr=log, text=True
        ) as process,
    ):
        yield process
        process.kill()


def _missing(address: str) -> list[str]:
    """What a service lacks to be ready."""
    try:
        with urllib.request.urlopen(f"{address}/health/ready", timeout=10) as answer:  # noqa: S310
            return list(json.load(answer)["missing"])
    except urllib.error.HTTPError as refused:
        with refused:
            return list(json.load(refused)["missing"])


def test_release_web_and_worker_make_a_service_that_stops_when_told(
    database_url: str, tmp_path: Path
) -> None:
    kept = {name: word for name, word in os.environ.items() if not name.startswith("VIGIE_")}
    environ = kept | {"DATABASE_URL": database_url, "PORT": "0"}
    released = subprocess.run(
        _words("release"), env=environ, cwd=tmp_path, capture_output=True, text=True
    )
    assert released.returncode == 0, released.stderr
    with _running("web", environ, tmp_path) as web:
        assert web.stdout is not None
        found = re.search(r"http://[\d.:]+", web.stdout.readline())
        assert found, (tmp_path / "web.log").read_text()
        assert _missing(found[0]) == ["worker"]
        with _running("worker", environ, tmp_path) as worker:
            end = time.monotonic() + READY_S
            while _missing(found[0]) and time.monotonic() < end:
                time.sleep(0.2)
            assert _missing(found[0]) == []
            for process in (worker, web):
                process.send_signal(signal.SIGTERM)
                assert process.wait(timeout=30) == 0, (tmp_path / "worker.log").read_text()
