"""The one way out: claimed, looked at again in that very transaction, sent, and recorded."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import groupby
from typing import Final, assert_never

from bot.channels import Channels
from bot.consequences import undelivered
from bot.faults import where
from bot.grouping import Grouping, NoRoom, Unavailable, Work
from bot.metrics import Counts
from bot.outcomes import (
    Again,
    GivenUp,
    InDoubt,
    Outcome,
    Taken,
    looked_up,
    out_of_reach,
    outcome,
)
from bot.pace import THERE, Pace
from bot.sending import Cancel, Postpone, Send, Standing, in_turn, recheck, rings_only
from bot.store import addresses, outbox, speaking
from bot.store.claiming import UNHURRIED
from bot.store.engines import Store, Tx
from bot.store.speaking import LASTS
from bot.templates import Templates
from bot.windows import fitted
from flows.turn import Desk
from flows.vocabulary import Accepted, Message, Outgoing, Refused, Sent, Uncertain
from integrations.channels.simulator import Simulator
from integrations.protocols import Channel, OutOfReach

log = logging.getLogger(__name__)

AT_ONCE: Final = 64
# Claims are made for several texts at a time: each costs a transaction.
ROOM: Final = 16
# A claim outlives the longest wait for a turn and a provider that hangs.
LEASE: Final = timedelta(seconds=90)
SEND_S: Final = 30.0
RECORD_AGAIN_S: Final = 1.0
NO_TEMPLATES: Final = Templates()
# A machine may have slept between a claim and its turn: what was right then is asked anew.
STALE: Final = timedelta(seconds=20)


@dataclass(frozen=True, slots=True)
class Result:
    """What became of one text."""

    message: Message
    outcome: Outcome


class Outbox:
    """One per process. `woken` is set when texts may wait, `turned` when deeds may."""

    def __init__(
        self,
        store: Store,
        desk: Desk,
        clock: Callable[[], datetime],
        channels: Channels,
        counts: Counts,
        dice: Callable[[], float],
        owner: str,
        rates: Mapping[str, float] = UNHURRIED,
        templates: Templates = NO_TEMPLATES,
    ) -> None:
        self._store = store
        self._desk = desk
        self._clock = clock
        self._channels = channels
        self._counts = counts
        self._dice = dice
        self._owner = owner
        self._rates = rates
        self._templates = templates
        self._paces = {name: _pace(channel) for name, channel in channels.items()}
        self._flying: set[asyncio.Task[None]] = set()
        self._results = Grouping(
            store,
            Work("outbox", _place, self._record, self._record_alone, lambda: None),
            size=100_000,
            per_place=10,
            batch=AT_ONCE * 2,
        )
        self.woken = asyncio.Event()
        self.turned = asyncio.Event()

    def wake(self) -> None:
        """A turn was written: texts and deeds may wait."""
        self.woken.set()
        self.turned.set()

    async def step(self) -> bool:
        """Claim what may go now and hand it over; True if there may be more at once."""
        room = AT_ONCE - len(self._flying)
        if room < ROOM:
            await asyncio.wait(self._flying, return_when=asyncio.FIRST_COMPLETED)
            return True
        claimed_at = self._clock()
        go, claimed = await self._claim(room, claimed_at)
        for _, texts in groupby(go, key=lambda standing: standing.address.id):
            task = asyncio.create_task(self._send_in_order(list(texts), claimed_at))
            self._flying.add(task)
            task.add_done_callback(self._landed)
        return claimed == room

    async def look_up(self) -> bool:
        """Ask providers about texts of which nobody knows whether they went."""
        now = self._clock()
        async with self._store.writing() as tx:
            doubtful = await outbox.claim_uncertain(tx, now, AT_ONCE, self._owner, LEASE)
        for standing, handed_over in doubtful:
            await self._look_up(standing, handed_over)
        return len(doubtful) == AT_ONCE

    async def settle(self) -> None:
        """Wait until all that was handed over is recorded."""
        while self._flying:
            await asyncio.wait(self._flying)

    async def close(self) -> None:
        """Record what was handed over."""
        await self.settle()
        await self._results.close()

    def _landed(self, task: asyncio.Task[None]) -> None:
        self._flying.discard(task)
        if len(self._flying) <= AT_ONCE - ROOM:
            # There is room again, and texts for the same numbers may have waited for these.
            self.woken.set()

    async def _claim(self, room: int, now: datetime) -> tuple[list[Standing], int]:
        """What may go out now, by address and in order, and how many were looked at."""
        pack = self._desk.pack(now.date())
        go = []
        async with self._store.writing() as tx:
            claimed = await outbox.claim(tx, now, room, self._owner, LEASE, self._rates)
            for standing in claimed:
                verdict = recheck(standing, pack, now)
                self._counts.add("rechecks", "verdict", type(verdict).__name__.lower())
                match verdict:
                    case Send() if await _is_in_call(tx, standing, now):
                        await outbox.postpone(tx, standing.message.id, now + LASTS, "in_call")
                    case Send():
                        go.append(standing)
                    case Postpone(until, reason):
                        await outbox.postpone(tx, standing.message.id, until, reason)
                    case Cancel(reason):
                        await outbox.cancel(tx, standing.message.id, reason, now)
                    case _:
                        assert_never(verdict)
            await outbox.spend(tx, self._rates, [one.message.channel for one in go], now)
        return sorted(go, key=in_turn), len(claimed)

    async def _send_in_order(self, texts: Sequence[Standing], claimed_at: datetime) -> None:
        """The texts of one address, one after another."""
        for standing in texts:
            message = standing.message
            sent = await self._send(standing, claimed_at)
            now = self._clock()
            result = outcome(sent, message, now, self._dice()) if sent else Again(now, "stale")
            await self._keep(Result(message, result))

    async def _send(self, standing: Standing, claimed_at: datetime) -> Sent | None:
        """What the provider says; None where its turn came too late to be sure of it still."""
        message = standing.message
        channel = self._channels.get(message.channel)
        if channel is None:
            return Refused("no_channel", "configuration", False)
        if self._desk.calls and rings_only(standing):
            return Refused("landline", "landline", True)
        outgoing = fitted(_outgoing(standing), standing, self._templates, self._clock())
        if isinstance(outgoing, Refused):
            return outgoing
        if message.kind != "safety":
            await self._paces[message.channel].turn(standing.address.value)
            if self._clock() - claimed_at > STALE:
                return None
        try:
            async with asyncio.timeout(SEND_S):
                return await channel.send(outgoing)
        except Exception as error:
            log.error("sending by %s: %s", message.channel, where(error))
            return Uncertain(type(error).__name__)

    async def _look_up(self, standing: Standing, handed_over: datetime) -> None:
        message, found = standing.message, None
        channel = self._channels.get(message.channel)
        try:
            if channel is not None:
                found = await self._found(channel, standing, handed_over)
        except OutOfReach as error:
            log.warning("looking up at %s: %s", message.channel, error)
            await self._keep(Result(message, out_of_reach(message, handed_over, self._clock())))
            return
        if found is not None and await self._is_anothers(found, message):
            found = None
        result = looked_up(found, message, handed_over, self._clock())
        await self._keep(Result(message, result))

    async def _found(
        self, channel: Channel, standing: Standing, handed_over: datetime
    ) -> Accepted | None:
        outgoing = fitted(_outgoing(standing), standing, self._templates, handed_over)
        # What was never handed over cannot be there.
        return (
            None if isinstance(outgoing, Refused) else await channel.look_up(outgoing, handed_over)
        )

    async def _is_anothers(self, found: Accepted, message: Message) -> bool:
        """Whether what a provider has is known to be another text of the same words.

        Taken for this one, a text that was lost would pass for sent.
        """
        async with self._store.reading() as tx:
            known = await outbox.sent(tx, [found.provider_id])
        owner = known.get((message.channel, found.provider_id))
        return owner is not None and owner.id != message.id

    async def _keep(self, result: Result) -> None:
        """Record a result, for as long as the claim lasts; later it counts as uncertain."""
        self._counts.add("sent", "outcome", type(result.outcome).__name__.lower())
        for _ in range(int(LEASE.total_seconds() / RECORD_AGAIN_S)):
            try:
                await self._results.take(result)
            except (Unavailable, NoRoom):
                await asyncio.sleep(RECORD_AGAIN_S)
            else:
                return

    async def _record(self, tx: Tx, results: Sequence[Result]) -> Sequence[Result]:
        now = self._clock()
        # All addresses at once, in their one order, before anything else is locked.
        given_up = [r.message.address_id for r in results if isinstance(r.outcome, GivenUp)]
        if given_up:
            await addresses.lock_ids(tx, given_up)
        taken = [
            (r.message.id, r.outcome.accepted) for r in results if isinstance(r.outcome, Taken)
        ]
        await outbox.accepted_many(tx, taken, now)
        for result in results:
            if not isinstance(result.outcome, Taken):
                await self._record_one(tx, result, now)
        return ()

    async def _record_alone(self, tx: Tx, result: Result) -> None:
        await self._record_one(tx, result, self._clock())

    async def _record_one(self, tx: Tx, result: Result, now: datetime) -> None:
        message = result.message
        match result.outcome:
            case Taken(accepted):
                await outbox.accepted(tx, message.id, accepted, now)
            case Again(at, reason):
                await outbox.wait_until(tx, message.id, at, reason)
            case InDoubt(look_up_at, reason):
                await outbox.uncertain(tx, message.id, look_up_at, reason, now)
            case GivenUp(code, meaning):
                await undelivered(tx, self._desk, message, meaning, code, now)
                await outbox.refused(tx, message.id, code, meaning, now)
            case _:
                assert_never(result.outcome)


async def _is_in_call(tx: Tx, standing: Standing, now: datetime) -> bool:
    """Whether a call to that telephone goes on, which says it itself; if not, one begins."""
    if standing.address.channel != "voice":
        return False
    return not await speaking.begin(tx, standing.address.id, now)


def _outgoing(standing: Standing) -> Outgoing:
    message = standing.message
    return Outgoing(
        message.key, message.channel, standing.address.value, message.text, message.options
    )


def _pace(channel: Channel) -> Pace:
    # The simulator reaches nobody and minds no speed.
    return Pace(None if isinstance(channel, Simulator) else THERE.get(channel.name))  # type: ignore[call-overload]


def _place(result: Result) -> tuple[str, str]:
    return "message", str(result.message.id)
