"""The figures of a service: what this process did, and what waits in the database."""

from __future__ import annotations

import logging
from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime

from bot import channel_health
from bot.faults import where
from bot.metrics import Metric
from bot.service import Service
from bot.store import overview
from bot.store.overview import Backlog, Queues

log = logging.getLogger(__name__)


async def figures(service: Service) -> Iterable[Metric]:
    """All of them; a database that is away is a figure too."""
    return [*_of_process(service), *await _of_database(service), *service.counts.metrics()]


def _of_process(service: Service) -> Iterator[Metric]:
    rules = "Whether the rules by which the service works hold today"
    yield Metric("vigie_rules_hold", "gauge", rules, service.desk.holds(service.clock.now().date()))
    lines = (("inbox", "Messages", service.inbox), ("reports", "Delivery reports", service.reports))
    for name, what, line in lines:
        yield Metric(f"vigie_{name}_waiting", "gauge", f"{what} before their commit", len(line))
        yield Metric(f"vigie_{name}_taken_total", "counter", f"{what} taken", line.taken)
        grouped = f"Transactions that took {what.lower()}"
        yield Metric(f"vigie_{name}_batches_total", "counter", grouped, line.batches)
        broken = f"{what} that broke alone"
        yield Metric(f"vigie_{name}_broken_total", "counter", broken, line.broken)


async def _of_database(service: Service) -> Iterable[Metric]:
    up = "Whether the database answers"
    now = service.clock.now()
    try:
        async with service.store.reading() as tx:
            waiting = await overview.queues(tx, now)
            pack = service.desk.pack(now.date())
            channels = await channel_health.health(tx, pack, service.channels, now)
    except Exception as error:
        log.error("no figures of the database: %s", where(error))
        return [Metric("vigie_database_up", "gauge", up, 0)]
    figures = [*waits(waiting, now), *channel_health.metrics(channels, now)]
    return [Metric("vigie_database_up", "gauge", up, 1), *figures]


def waits(queues: Queues, now: datetime) -> Iterator[Metric]:
    """What waits for people and for the service, and since when."""
    for priority, backlog in sorted(queues.reviews.items()):
        by = (("priority", priority),)
        yield Metric("vigie_reviews_open", "gauge", "Open reviews", backlog.count, by)
    for priority, backlog in sorted(queues.reviews.items()):
        by, late = (("priority", priority),), "Open reviews past their deadline"
        yield Metric("vigie_reviews_late", "gauge", late, backlog.late, by)
    texts = dict(sorted(queues.texts.items()))
    yield from _backlogs("texts", "Texts that might go now", texts, "kind", now)
    services = {"look-up": queues.uncertain, "timers": queues.timers, "deeds": queues.deeds}
    yield from _backlogs("due", "What is due in the database", services, "what", now)


def _backlogs(
    name: str, what: str, backlogs: Mapping[str, Backlog], label: str, now: datetime
) -> Iterator[Metric]:
    for word, backlog in backlogs.items():
        yield Metric(f"vigie_{name}_waiting", "gauge", what, backlog.count, ((label, word),))
    for word, backlog in backlogs.items():
        age = max((now - backlog.since).total_seconds(), 0.0) if backlog.since else 0.0
        oldest = f"{what}: seconds since the oldest does"
        yield Metric(f"vigie_{name}_oldest_seconds", "gauge", oldest, age, ((label, word),))
