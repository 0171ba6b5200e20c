"""`python -m tests.soak`: half load for a while, the service's memory sampled all along.

The last half is compared with itself: memory that grows with time shows as a slope. The load comes
from this process, over HTTP, signed; the service is a process of its own.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from random import Random

from aiohttp import ClientError

from bot.store.migrating import migrate
from tests.kills import Trial
from tests.standins.twilio import TwilioStandin

WORDS = ("oui", "1980", "2", "0", "37,2", "ok", "Lina Costa", "merci", "j'étouffe")
PAGE_KB = 4
KEPT_AT_STAND_IN = 2000


@dataclass
class Soak:
    """So many messages a second for so many minutes."""

    rate: float
    minutes: float
    port: int
    people: int = 500
    taken: int = 0
    refused: int = 0
    samples: list[tuple[float, int]] = field(default_factory=list)

    async def run(self, folder: Path) -> None:
        url = f"sqlite:///{folder / 'vigie.db'}"
        trial = Trial(url, folder, self.port, ("serve",), Random(1), 0)
        await migrate(url)
        await trial.people()
        async with TwilioStandin() as standin:
            standin.public_url, standin.deliver_to = trial.public, f"http://127.0.0.1:{self.port}"
            trial.environ = trial.environ_at(standin)
            trial.start("serve")
            await trial.up(standin)
            _, process = trial.lives[0]
            try:
                await self._load(standin, process.pid or 0)
            finally:
                process.terminate()
                await asyncio.to_thread(process.join, 40)

    async def _load(self, standin: TwilioStandin, pid: int) -> None:
        dice, began, sampled = Random(2), time.monotonic(), 0.0
        posting: set[asyncio.Task[None]] = set()
        count = 0
        while (now := time.monotonic() - began) < self.minutes * 60:
            while count < now * self.rate:
                count += 1
                number = f"+33639984{dice.randrange(self.people):03d}"
                task = asyncio.create_task(self._post(standin, number, dice.choice(WORDS)))
                posting.add(task)
                task.add_done_callback(posting.discard)
            if now - sampled >= 5:
                sampled = now
                self.samples.append((now, resident_kb(pid)))
                # The stand-in would otherwise keep everything for ever.
                del standin.sent[:-KEPT_AT_STAND_IN], standin.received[:-KEPT_AT_STAND_IN]
                del standin.requests[:-KEPT_AT_STAND_IN]
            await asyncio.sleep(0.02)
        await asyncio.gather(*posting)

    async def _post(self, standin: TwilioStandin, number: str, words: str) -> None:
        try:
            status = await standin.text(number, words)
        except (ClientError, TimeoutError):
            status = 0
        self.taken += status == 200
        self.refused += status != 200

    def figures(self) -> dict[str, float]:
        """Memory in the second half: its mean in the first and the last third, and the change."""
        half = [kb for at, kb in self.samples if at >= self.minutes * 30]
        third = max(1, len(half) // 3)
        first, last = statistics.mean(half[:third]), statistics.mean(half[-third:])
        return {
            "minutes": self.minutes,
            "messages": self.taken,
            "refused": self.refused,
            "resident_mb_before": round(first / 1024, 1),
            "resident_mb_after": round(last / 1024, 1),
            "spread_percent": round(100 * (max(half) - min(half)) / min(half), 2),
            "growth_percent": round(100 * (last - first) / first, 2),
        }


def resident_kb(pid: int) -> int:
    """The memory that a process has in hand (Linux)."""
    pages = int(Path(f"/proc/{pid}/statm").read_text().split()[1])
    return pages * PAGE_KB


def main() -> int:
    parser = argparse.ArgumentParser(prog="python -m tests.soak")
    parser.add_argument("--rate", type=float, default=100.0, help="messages a second")
    parser.add_argument("--minutes", type=float, default=20.0)
    parser.add_argument("--port", type=int, default=18441)
    args = parser.parse_args()
    soak = Soak(args.rate, args.minutes, args.port)
    with tempfile.TemporaryDirectory(prefix="vigie-soak-") as name:
        asyncio.run(soak.run(Path(name)))
    figures = soak.figures()
    print(datetime.now(UTC).isoformat(timespec="seconds"), json.dumps(figures))
    for at, kb in soak.samples[:: max(1, len(soak.samples) // 20)]:
        print(f"  {at / 60:5.1f} min  {kb / 1024:7.1f} MB")
    return 0 if abs(figures["growth_percent"]) <= 2 else 1


if __name__ == "__main__":
    sys.exit(main())
