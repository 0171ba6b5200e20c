"""How each channel is: what went through, what did not and why, and whether it is down."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from typing import Final

from bot.metrics import Metric
from bot.store import traffic
from bot.store.engines import Tx
from bot.store.traffic import Passed
from flows.rules import Pack
from flows.rules.alarms import channel_alarm
from integrations.channels.twilio import refusal

DAY: Final = timedelta(hours=24)
_GOOD: Final = frozenset({"accepted", "sent", "delivered", "read"})
_BAD: Final = frozenset({"refused", "undelivered", "uncertain"})
# What says something of one telephone, and nothing of the channel.
_OF_PEOPLE: Final = frozenset(
    {
        "bad_number",
        "not_there",
        "landline",
        "opted_out",
        "unreachable",
        "blocked",
        "window",
        "unanswered",
    }
)
# Why a text that was tried may wait, beside a fault.
_NO_FAULT: Final = frozenset({"", "quiet_hours", "paused", "agent_at_work"})


@dataclass(frozen=True, slots=True)
class Health:
    """One channel over a day. `failures` counts by (code, meaning); `faults` are those that are the
    channel's own; `down` is by the rules' row, `set_up` says that it has its settings."""

    channel: str
    set_up: bool
    sent: int = 0
    success_at: datetime | None = None
    heard_at: datetime | None = None
    waiting: int = 0
    failures: Mapping[tuple[str, str], int] = field(default_factory=dict)
    faults: int = 0
    fault_at: datetime | None = None
    down: bool = False

    @property
    def failed(self) -> int:
        """Texts that failed or are tried again."""
        return sum(self.failures.values())

    @property
    def rate(self) -> float:
        """The share of texts that failed, 0 to 1."""
        return self.share(self.failed)

    def share(self, failed: int) -> float:
        """The share of so many failed texts in all that were tried, 0 to 1."""
        tried = self.sent + self.failed
        return failed / tried if tried else 0.0


async def health(tx: Tx, pack: Pack, set_up: Iterable[str], now: datetime) -> list[Health]:
    """Every channel that is set up or was used within a day, in the order of their names."""
    passed = await traffic.lately(tx, now, DAY)
    waits = await traffic.waiting(tx, now)
    ready = set(set_up)
    names = sorted(ready | {one.channel for one in passed} | set(waits))
    found = []
    for name in names:
        mine = [one for one in passed if one.channel == name]
        found.append(_of(name, mine, waits.get(name, 0), name in ready, pack, now))
    return found


def _of(
    name: str, passed: Sequence[Passed], waits: int, set_up: bool, pack: Pack, now: datetime
) -> Health:
    out = [one for one in passed if one.direction == "out"]
    good = [one for one in out if one.state in _GOOD]
    bad = [(one, _meaning(one)) for one in out if _has_failed(one)]
    faults = [one for one, meaning in bad if meaning not in _OF_PEOPLE]
    failures: dict[tuple[str, str], int] = {}
    for one, meaning in bad:
        failures[one.code, meaning] = failures.get((one.code, meaning), 0) + one.count
    found = Health(
        channel=name,
        set_up=set_up,
        sent=sum(each.count for each in good),
        success_at=max((each.last for each in good), default=None),
        heard_at=max((each.last for each in passed if each.direction == "in"), default=None),
        waiting=waits,
        failures=failures,
        faults=sum(each.count for each in faults),
        fault_at=max((each.last for each in faults), default=None),
    )
    return _judged(found, pack, now)


def _judged(one: Health, pack: Pack, now: datetime) -> Health:
    """Down: enough faults, the last of them after the last success, which is long ago."""
    alarm = channel_alarm(pack, one.channel, _day(pack, now))
    if alarm is None or one.fault_at is None or one.faults < alarm.failures:
        return one
    worked = one.success_at is not None and (
        one.success_at > one.fault_at or now - one.success_at < alarm.after
    )
    return one if worked else replace(one, down=True)


def _day(pack: Pack, now: datetime) -> date:
    return now.astimezone(pack.zone).date()


def _has_failed(one: Passed) -> bool:
    again = one.state == "waiting" and one.tried and one.reason not in _NO_FAULT
    return again or one.state in _BAD


def _meaning(one: Passed) -> str:
    if one.state == "uncertain":
        return "uncertain"
    if one.state == "undelivered":
        return refusal(one.code).meaning
    return one.reason or "unknown"


def metrics(found: Iterable[Health], now: datetime) -> Iterator[Metric]:
    """Each channel as figures."""
    every = list(found)
    for one in every:
        by = (("channel", one.channel),)
        yield Metric("vigie_channel_up", "gauge", "Whether a channel works", not one.down, by)
    for one in every:
        by, waits = (("channel", one.channel),), "Texts that might go now, by channel"
        yield Metric("vigie_channel_waiting", "gauge", waits, one.waiting, by)
    for one in every:
        if one.success_at is not None:
            by, ago = (("channel", one.channel),), "Seconds since a text last went"
            age = (now - one.success_at).total_seconds()
            yield Metric("vigie_channel_success_seconds", "gauge", ago, age, by)
    for one in every:
        for (code, meaning), count in sorted(one.failures.items()):
            labels = (("channel", one.channel), ("code", code), ("meaning", meaning))
            failed = "Texts that failed within a day"
            yield Metric("vigie_channel_failures", "gauge", failed, count, labels)
    for one in every:
        for (code, meaning), count in sorted(one.failures.items()):
            labels = (("channel", one.channel), ("code", code), ("meaning", meaning))
            share = "Share of a day's texts that failed so, 0 to 1"
            yield Metric("vigie_channel_error_rate", "gauge", share, one.share(count), labels)
