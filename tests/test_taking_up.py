"""What waits behind another's conversation at one number begins when that one is ended for it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.handling import mark_condition
from bot.reaching import new_conversation
from bot.store import addresses, conversations, people, timers
from bot.store.engines import Store
from flows.vocabulary import Person
from tests.services import MARIE, NOON, desk


@pytest.mark.parametrize("condition", ["hospital", "deceased"])
async def test_whoever_waits_at_the_same_number_is_not_forgotten(
    store: Store, condition: str
) -> None:
    async with store.writing() as tx:
        at = await addresses.lock(tx, "sms", MARIE, NOON)
        for number, name in ((7, "Marie"), (8, "Paul")):
            await people.add(tx, Person(number, name), NOON)
            await people.link(tx, number, at.id)
        open_one = replace(new_conversation(1, at.id, 7, "check_in"), status="open")
        behind = replace(new_conversation(2, at.id, 8, "contact"), opened_at=NOON)
        await conversations.save_many(tx, [open_one, behind])
        assert await timers.next_due(tx) is None
        await mark_condition(tx, desk(), 7, condition, NOON)
        due, paul = await timers.next_due(tx), await people.get(tx, 8)
    assert due is not None and paul is not None
    assert due == (paul.paused_until or NOON)
