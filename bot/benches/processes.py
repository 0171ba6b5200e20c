"""Processes of a benchmark: each server and each generator has a loop and a core of its own."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from multiprocessing.connection import Connection
from typing import Any, Final

# A fork of the bench itself would share its loop, locks and open databases.
_OWN: Final = multiprocessing.get_context("forkserver")
_OWN.set_forkserver_preload(["bot.benches.begun"])
_PATIENCE_S: Final = 10.0


class Broken(Exception):
    """A process of the benchmark ended before it was told to."""


@contextmanager
def child(work: Callable[..., None], *given: Any) -> Iterator[Connection]:
    """A process that runs `work(pipe, *given)` until the pipe is closed; this end of the pipe."""
    ours, theirs = _OWN.Pipe()
    process = _OWN.Process(target=work, args=(theirs, *given), daemon=True)
    process.start()
    theirs.close()
    try:
        yield ours
    finally:
        ours.close()
        process.join(_PATIENCE_S)
        if process.is_alive():
            process.kill()
            process.join()


def hear(pipe: Connection) -> Any:
    """What the other end says next; `Broken` where it has ended."""
    try:
        return pipe.recv()
    except EOFError:
        raise Broken("a process of the benchmark ended early: see its words above") from None


def run(work: Callable[[], Coroutine[Any, Any, None]]) -> None:
    """Run on the loop that the service itself runs on."""
    from bot.commands._running import loop_factory

    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        runner.run(work())


async def closed(pipe: Connection) -> None:
    """Wait until the other end closes the pipe."""
    gone = asyncio.Event()
    loop = asyncio.get_running_loop()
    loop.add_reader(pipe.fileno(), gone.set)
    await gone.wait()
    loop.remove_reader(pipe.fileno())
