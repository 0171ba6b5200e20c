"""Posts prepared requests as fast as they are answered, over so many connections kept alive."""

from __future__ import annotations

import asyncio
import re
import statistics
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from multiprocessing.connection import Connection
from typing import Final, cast

from bot.benches.processes import run

CONNECTIONS: Final = 64
_LENGTH: Final = re.compile(rb"content-length: *(\d+)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Job:
    """Requests, whole as on the wire, for servers at these ports; each port gets its share."""

    ports: tuple[int, ...]
    requests: Sequence[bytes]
    connections: int = CONNECTIONS


@dataclass(frozen=True, slots=True)
class Driven:
    """How it went: `busy` is the share of its time for which the generator itself worked."""

    per_s: float
    p50_ms: float
    p99_ms: float
    refused: int
    busy: float


def generate(pipe: Connection) -> None:
    """The generator's process: does one job after another."""

    async def work() -> None:
        while True:
            try:
                job = await asyncio.to_thread(pipe.recv)
            except EOFError:
                return
            pipe.send(await drive(job))

    run(work)


async def drive(job: Job) -> Driven:
    """Post all requests once."""
    loop = asyncio.get_running_loop()
    run_ = _Run(iter(job.requests), loop.create_future())
    worked, began = time.process_time(), time.perf_counter()
    for n in range(min(job.connections, len(job.requests))):
        port = job.ports[n % len(job.ports)]
        await loop.create_connection(lambda: _Line(run_), "127.0.0.1", port)
    await run_.done
    took = time.perf_counter() - began
    return Driven(
        per_s=len(run_.waits) / took,
        p50_ms=statistics.median(run_.waits) * 1000,
        p99_ms=statistics.quantiles(run_.waits, n=100)[98] * 1000,
        refused=len(job.requests) - run_.taken,
        busy=(time.process_time() - worked) / took,
    )


@dataclass(slots=True)
class _Run:
    """What the connections of one job share."""

    requests: Iterator[bytes]
    done: asyncio.Future[None]
    waits: list[float] = field(default_factory=list)
    taken: int = 0
    lines: int = 0


class _Line(asyncio.Protocol):
    """One connection: a request, its answer, the next request."""

    _transport: asyncio.Transport

    def __init__(self, run_: _Run) -> None:
        self._run = run_
        self._heard = b""
        self._asked = 0.0

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)
        self._run.lines += 1
        self._ask()

    def data_received(self, data: bytes) -> None:
        self._heard += data
        head, found, body = self._heard.partition(b"\r\n\r\n")
        length = _LENGTH.search(head)
        if found and length and len(body) >= int(length[1]):
            self._heard = b""
            self._run.waits.append(time.perf_counter() - self._asked)
            self._run.taken += head.startswith(b"HTTP/1.1 200")
            self._ask()

    def connection_lost(self, exc: Exception | None) -> None:
        self._run.lines -= 1
        if not self._run.lines and not self._run.done.done():
            self._run.done.set_result(None)

    def _ask(self) -> None:
        request = next(self._run.requests, None)
        if request is None:
            self._transport.close()
        else:
            self._asked = time.perf_counter()
            self._transport.write(request)
