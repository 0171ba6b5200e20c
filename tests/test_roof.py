"""The `vigie` command as somebody types it: help, errors in one line, serving, stopping, dying."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import socket
import subprocess
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import asynccontextmanager
from multiprocessing.process import BaseProcess
from pathlib import Path

import pytest
from aiohttp import ClientConnectionError, ClientSession

from bot.__main__ import commands, main
from bot.store import addresses, messages
from tests.nursery import born
from tests.standins.twilio import SENDER, SID, TOKEN, Kept, TwilioStandin
from tests.stores import store_at

KEYS = {
    "VIGIE_SECRET_KEY": "s" * 32,
    "VIGIE_INDEX_KEY": "i" * 32,
    "VIGIE_DATA_KEYS": "test:a2tra2tra2tra2tra2tra2tra2tra2tra2tra2tra2s=",
}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in list(os.environ):
        if name.startswith(("VIGIE_", "TWILIO_", "TELEGRAM_", "DATABASE_", "PUBLIC_")):
            monkeypatch.delenv(name)
    for name in ("HOST", "PORT"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def vigie(*words: str, **environ: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bot", *words],
        env=os.environ | {"PYTHONPATH": path()} | environ,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def path() -> str:
    root = str(Path(__file__).parent.parent)
    return os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])


# --- words -----------------------------------------------------------------------------------


def test_help_names_every_command_and_is_fast(here: Path) -> None:
    began = time.monotonic()
    shown = vigie("--help")
    assert shown.returncode == 0
    assert time.monotonic() - began < 5
    for command in commands():
        assert re.search(rf"^ +{command.name}\b", shown.stdout, re.MULTILINE), command.name


@pytest.mark.parametrize("command", [command.name for command in commands()])
def test_every_command_has_help_with_an_example(
    command: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as ended:
        main([command, "--help"])
    assert ended.value.code == 0
    assert "Example:\n" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "environ", "code", "says"),
    [
        (["nonsense"], {}, 2, "invalid choice: 'nonsense'"),
        (["serve", "--port", "80"], {}, 2, "unrecognized arguments"),
        (["serve"], {}, 1, "vigie migrate"),
        (["worker"], {"VIGIE_MODE": "production"}, 2, "PUBLIC_URL wants a web address"),
        (["web"], {"PORT": "eighty"}, 2, "PORT wants a number"),
        (["serve"], {"DATABASE_URL": "sqlite:////nowhere/v.db"}, 1, "DATABASE_URL"),
        (["user", "add", "nobody", "--role", "agent"], {}, 2, "not an e-mail address"),
        (["user", "add", "a@example.org", "--role", "king"], {}, 2, "invalid choice: 'king'"),
    ],
)
def test_a_mistake_is_said_in_a_line(
    here: Path, words: list[str], environ: dict[str, str], code: int, says: str
) -> None:
    shown = vigie(*words, **environ)
    assert shown.returncode == code, shown.stderr
    assert says in shown.stderr.splitlines()[-1]
    assert "Traceback" not in shown.stderr


def test_a_user_is_added_once_and_a_weak_password_never(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert main(["migrate"]) == 0
    words = ["user", "add", "Nurse@Example.org", "--role", "supervisor", "--password-stdin"]
    for password, code, says in [
        ("short\n", 2, "a password has 12"),
        ("a long enough password\n", 0, "nurse@example.org may sign in as supervisor"),
        ("a long enough password\n", 1, "has a sign-in already"),
    ]:
        monkeypatch.setattr("sys.stdin", _Typed(password))
        assert main(words) == code
        assert says in "".join(capsys.readouterr())


class _Typed:
    def __init__(self, line: str) -> None:
        self._line = line

    def readline(self) -> str:
        return self._line

    def isatty(self) -> bool:
        return False


# --- serving ---------------------------------------------------------------------------------


def free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return int(one.getsockname()[1])


@pytest.fixture
def started() -> Iterator[list[subprocess.Popen[str]]]:
    """Processes that a test started, none of which outlives it."""
    running: list[subprocess.Popen[str]] = []
    yield running
    for process in running:
        if process.poll() is None:
            process.kill()
            process.communicate()


def serve(url: str, port: int, word: str = "serve", **environ: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", word],
        env=os.environ | {"PYTHONPATH": path(), "DATABASE_URL": url, "PORT": str(port)} | environ,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


async def ready(port: int, process: subprocess.Popen[str]) -> None:
    def ended() -> None:
        if process.poll() is not None:
            pytest.fail(f"it ended: {process.communicate()[0]}")

    await answering(port, ended)


async def answering(port: int, look: Callable[[], None] = lambda: None) -> None:
    """Wait until it is ready, looking each time for what would make that vain."""
    async with ClientSession() as http:
        for _ in range(1200):
            look()
            try:
                async with http.get(f"http://127.0.0.1:{port}/health/ready") as answer:
                    if answer.status == 200:
                        return
            except ClientConnectionError:
                pass
            await asyncio.sleep(0.05)
    pytest.fail("it is not ready after a minute")


async def test_it_says_where_to_look_and_stops_when_told(
    here: Path, sqlite_store_url: str, started: list[subprocess.Popen[str]]
) -> None:
    port = free_port()
    process = serve(sqlite_store_url, port)
    started.append(process)
    await ready(port, process)
    process.send_signal(signal.SIGTERM)
    said, _ = await asyncio.to_thread(process.communicate, timeout=20)
    assert process.returncode == 0, said
    assert f"http://127.0.0.1:{port}" in said
    assert "sign in as agent: agent@example.org" in said
    assert "Traceback" not in said


async def test_a_port_that_is_taken_is_said_in_a_line(
    here: Path, sqlite_store_url: str, started: list[subprocess.Popen[str]]
) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        process = serve(sqlite_store_url, taken.getsockname()[1])
        started.append(process)
        said, _ = await asyncio.to_thread(process.communicate, timeout=30)
    assert process.returncode == 1
    assert "cannot listen there" in said.splitlines()[-1]


async def test_a_database_of_the_other_mode_is_not_served(
    here: Path, sqlite_store_url: str, started: list[subprocess.Popen[str]]
) -> None:
    port = free_port()
    first = serve(sqlite_store_url, port)
    started.append(first)
    await ready(port, first)
    first.terminate()
    await asyncio.to_thread(first.communicate, timeout=20)
    environ = KEYS | {"VIGIE_MODE": "production", "PUBLIC_URL": "https://vigie.example.org"}
    other = serve(sqlite_store_url, port, **environ)
    started.append(other)
    said, _ = await asyncio.to_thread(other.communicate, timeout=30)
    assert (other.returncode, "demonstration" in said.splitlines()[-1]) == (2, True)


# --- dying -----------------------------------------------------------------------------------


@pytest.fixture
def lives() -> Iterator[list[BaseProcess]]:
    """Processes that a test began, none of which outlives it."""
    running: list[BaseProcess] = []
    yield running
    for process in running:
        process.kill()
        process.join()


def live(here: Path, url: str, port: int, word: str, environ: dict[str, str]) -> BaseProcess:
    """The same process without the seconds that reading the flows and lexicons takes."""
    return born(word, environ | {"DATABASE_URL": url, "PORT": str(port)}, here / "service.log")


async def stopped(lives: list[BaseProcess]) -> None:
    """Told to stop, each ends with nothing wrong."""
    for process in lives:
        process.terminate()
        await asyncio.to_thread(process.join, 30)
        assert process.exitcode == 0


@asynccontextmanager
async def provider(port: int) -> AsyncIterator[TwilioStandin]:
    async with TwilioStandin() as standin:
        standin.public_url = "https://vigie.example.org"
        standin.deliver_to = f"http://127.0.0.1:{port}"
        yield standin


def production(standin: TwilioStandin) -> dict[str, str]:
    """Everything that a service at this stand-in is told."""
    return KEYS | {
        "VIGIE_MODE": "production",
        "PUBLIC_URL": standin.public_url,
        "TWILIO_ACCOUNT_SID": SID,
        "TWILIO_AUTH_TOKEN": TOKEN,
        "TWILIO_FROM": SENDER,
        "TWILIO_API_URL": standin.url,
        "VIGIE_PACK": "demonstration",
    }


async def quiet(standin: TwilioStandin, count: int) -> None:
    """Wait until so many numbers were written to, or ten seconds."""
    for _ in range(200):
        if len({one.to for one in standin.sent}) >= count:
            return
        await asyncio.sleep(0.05)


async def insist(standin: TwilioStandin, kept: Kept) -> None:
    """Post a message until it is taken, as Twilio does when asked for tries."""
    for _ in range(1200):
        try:
            if await standin.deliver(kept) == 200:
                return
        except ClientConnectionError:
            pass
        await asyncio.sleep(0.05)
    pytest.fail("a message was never taken")


async def test_killed_under_load_it_loses_nothing_and_says_nothing_twice(
    here: Path, store_url: str, lives: list[BaseProcess]
) -> None:
    port, numbers = free_port(), [f"+33639981{n:03}" for n in range(60)]
    async with provider(port) as standin:
        environ = production(standin)
        kept = [standin.receive(number, "j'étouffe") for number in numbers]
        lives.append(live(here, store_url, port, "serve", environ))
        await answering(port)
        posting = [asyncio.create_task(insist(standin, one)) for one in kept]
        for _ in range(3):
            await asyncio.sleep(0.4)
            lives[-1].kill()
            await asyncio.to_thread(lives[-1].join)
            lives.append(live(here, store_url, port, "serve", environ))
            await answering(port)
        await asyncio.gather(*posting)
        await quiet(standin, len(numbers))
        await stopped(lives[-1:])
    await _nothing_lost(store_url, numbers, Counter(one.to for one in standin.sent))


async def _nothing_lost(url: str, numbers: list[str], sent: Counter[str]) -> None:
    store = store_at(url)
    for number in numbers:
        async with store.reading() as tx:
            places = await addresses.find_all(tx, number)
            said = await messages.transcript(tx, [place.id for place in places])
        assert [one.direction for one in said].count("in") == 1, number
        safety = [one for one in said if one.kind == "safety"]
        assert len(safety) == 1
        # A claim that died with its worker is taken over after its lease, not within this test.
        assert (sent[number], safety[0].state) in [(1, "accepted"), (1, "claimed"), (0, "claimed")]
    await store.close()


async def test_two_webs_and_two_workers_on_postgresql_are_one_service(
    here: Path, postgres_store_url: str, lives: list[BaseProcess]
) -> None:
    ports, numbers = [free_port(), free_port()], [f"+33639982{n:03}" for n in range(40)]
    async with provider(ports[0]) as standin:
        environ = production(standin)
        for port in ports:
            lives.append(live(here, postgres_store_url, port, "web", environ))
            lives.append(live(here, postgres_store_url, 0, "worker", environ))
        for port in ports:
            await answering(port)
        kept = [standin.receive(number, "j'étouffe") for number in numbers]
        for port in ports:
            standin.deliver_to = f"http://127.0.0.1:{port}"
            asked = (standin.deliver(one) for one in [*kept, *kept])
            assert set(await asyncio.gather(*asked)) == {200}
        await quiet(standin, len(numbers))
        await stopped(lives)
    sent = Counter(one.to for one in standin.sent)
    assert sent == dict.fromkeys(numbers, 1)
    await _nothing_lost(postgres_store_url, numbers, sent)
