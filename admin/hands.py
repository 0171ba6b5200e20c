"""Under what an agent acts: one transaction, the household's lease, its own people alone."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Final, TypeVar

from aiohttp import web
from multidict import MultiDictProxy

from admin.forms import id_of
from admin.queue import hold
from admin.trail import acted
from admin.visits import VISIT, Visit, go, number, within
from bot.store import addresses, people, reviews
from bot.store.engines import Tx
from bot.store.troubles import lost_a_race

# An act that lost against another transaction is done again.
RACES: Final = 3

Done = TypeVar("Done")
Form = MultiDictProxy[str | bytes | bytearray | web.FileField]


@dataclass(frozen=True, slots=True)
class Hand:
    """What one act works with: an open transaction, the form, whose page it is.

    `person_id` is somebody of this very household, or None.
    """

    tx: Tx
    visit: Visit
    bundle_id: int
    person_id: int | None
    form: Form

    def word(self, name: str) -> str:
        """A field of the form, trimmed."""
        return str(self.form.get(name, "")).strip()

    @property
    def person(self) -> int:
        """The person whom the act is about; there must be one."""
        if self.person_id is None:
            raise web.HTTPNotFound
        return self.person_id

    async def places(self) -> set[int]:
        """The numbers and chats of this household."""
        return await self._reached()

    async def address(self) -> int:
        """The number of the form, if it is one of this household's."""
        wanted = id_of(self.word("address"))
        if wanted is not None and wanted in await self._reached():
            return wanted
        raise web.HTTPNotFound

    async def _reached(self) -> set[int]:
        links = await people.links_of(self.tx, self.person_id) if self.person_id else []
        return {self.bundle_id, *(link.address_id for link in links if not link.dropped)}

    async def note(self, what: str, review_id: int | None = None, **data: object) -> None:
        """The act's line in the trail."""
        address_id = None if self.person_id else self.bundle_id
        await acted(self.tx, self.visit, what, self.person_id, address_id, review_id, **data)


Act = Callable[[Hand], Awaitable[str]]


def under_lease(act: Act) -> Callable[[web.Request], Awaitable[web.Response]]:
    """A handler that carries an act out while nobody else has the household; its word is said."""

    async def handler(request: web.Request) -> web.Response:
        visit, bundle_id, form = request[VISIT], number(request), await request.post()
        said, left = await raced(act, visit, bundle_id, form)
        visit.service.outbox.wake()
        if said == "theirs":
            raise go(f"/admin/bundles/{bundle_id}", said)
        back = within(str(form.get("back", "")), f"/admin/bundles/{bundle_id}")
        raise go("/admin/" if said == "resolved" and not left else back, said)

    return handler


async def raced(act: Act, visit: Visit, bundle_id: int, form: Form) -> tuple[str, bool]:
    """The act in one transaction, again where it lost a race; "theirs" where another has it."""
    return await again(lambda: _once(act, visit, bundle_id, form))


async def again(once: Callable[[], Awaitable[Done]]) -> Done:
    """Do it; again where its transaction lost a race against another."""
    for race in range(RACES):
        try:
            return await once()
        except Exception as fault:
            if race == RACES - 1 or not lost_a_race(fault):
                raise
    raise AssertionError


async def _once(act: Act, visit: Visit, bundle_id: int, form: Form) -> tuple[str, bool]:
    """The act in one transaction: its word, and whether reviews are left."""
    wanted = id_of(str(form.get("person", "")))
    async with visit.service.store.writing() as tx:
        # Addresses before bundles, as turns lock them: two who cross would wait for each other.
        links = await people.links_of(tx, wanted) if wanted else []
        await addresses.lock_ids(tx, {bundle_id, *(link.address_id for link in links)})
        if not await hold(tx, visit, bundle_id):
            return "theirs", True
        person_id = await of_household(tx, bundle_id, wanted)
        said = await act(Hand(tx, visit, bundle_id, person_id, form))
        return said, await is_left(tx, bundle_id)


async def of_household(tx: Tx, bundle_id: int, person_id: int | None) -> int | None:
    """The person, if they belong to this bundle: a lease on one household opens no other."""
    if person_id is None:
        return None
    at = {link.address_id for link in await people.links_of(tx, person_id)}
    if bundle_id in {person_id, *at}:
        return person_id
    about = {review.person_id for review in await reviews.of_bundle(tx, bundle_id)}
    if person_id in about:
        return person_id
    raise web.HTTPNotFound


async def is_left(tx: Tx, bundle_id: int) -> bool:
    """Whether reviews of this bundle are open still."""
    return any(one.state == "open" for one in await reviews.of_bundle(tx, bundle_id))
