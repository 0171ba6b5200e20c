"""People who are in their daily follow-up already when a world begins to look at them."""

from __future__ import annotations

from datetime import timedelta

from bot.deeds import carry_out
from bot.simulation.folk import Somebody
from bot.simulation.life import Life
from bot.simulation.world import World
from bot.store import addresses, cases, people
from flows.vocabulary import Case, Enrol, Link, Person


def follow(world: World, one: Somebody) -> None:
    """Enrol somebody; tried again until it is taken."""
    life = world.life
    if life is None or not life.reachable:
        world.time.after(60.0, lambda: follow(world, one))
        return
    life.do(_follow(world, life, one))


async def _follow(world: World, life: Life, one: Somebody) -> None:
    now = world.clock.now()
    try:
        async with life.service.store.writing() as tx:
            address = await addresses.lock(tx, "sms", one.phone, now)
            if await cases.by_external_id(tx, one.phone) or await people.at_address(tx, address.id):
                return
            new = Person(
                0, one.given, one.family, birth_date=one.born, language=one.lang, zone=one.zone
            )
            person = await people.add(tx, new, now)
            proven_at = now if world.dice.random() < 0.7 else None
            await people.save_link(tx, Link(person.id, address.id, "self", proven_at))
            day = now.date() - timedelta(days=world.dice.randint(0, 9))
            row = Case(
                tx.ids.new(now), person.id, one.phone, test_date=day, onset=day, told_by="lab",
                state="listed", created_at=now, pack=world.stage.pack,
            )  # fmt: skip
            case = await cases.add(tx, row)
            deed = Enrol(person.id, "case", address.id, case_id=case.id)
            await carry_out(tx, life.service.desk, deed, now)
    except Exception as error:
        world.note("not followed", type(error).__name__)
        world.time.after(60.0, lambda: follow(world, one))
    else:
        world.note("followed", one.phone)
