"""What an agent does on the page of a household: each act one transaction, under the lease."""

from __future__ import annotations

from typing import Final

from aiohttp import web

from admin import prepared
from admin.bundles import CLOSES, TRIES
from admin.forms import day_of, facts_of, id_of, phone_of
from admin.hands import Act, Hand, is_left, under_lease
from admin.misread import misread
from admin.queue import LEASE_MINUTES
from admin.visits import VISIT, number
from bot import handling
from bot.store import bundles, people, reviews
from flows.vocabulary import ChatWanted

# --- the lease ----------------------------------------------------------------------------------


async def take(hand: Hand) -> str:
    """Only the lease itself, which the handler has taken."""
    await hand.note("take")
    return "taken"


async def give_back(hand: Hand) -> str:
    """End the lease early."""
    await reviews.release(hand.tx, hand.bundle_id, hand.visit.agent.id)
    await hand.note("return")
    return "returned"


async def renew(request: web.Request) -> web.Response:
    """Prolong a lease while its page is open; 409 once it is over."""
    visit, bundle_id = request[VISIT], number(request)
    async with visit.service.store.writing() as tx:
        kept = await reviews.renew(tx, bundle_id, visit.agent.id, visit.now, LEASE_MINUTES)
        standing = await bundles.standing(tx, [bundle_id], visit.now)
    if not kept:
        return web.json_response({"lost": True}, status=409)
    until = standing[bundle_id].until
    said = visit.speech("You have it until {clock}", clock=visit.speech.clock(until))
    return web.json_response({"said": said})


# --- reviews ------------------------------------------------------------------------------------


async def resolve(hand: Hand) -> str:
    """Close the chosen reviews with an outcome, or keep them open with what was tried."""
    outcome = hand.word("outcome")
    chosen = {id_of(str(one)) for one in hand.form.getall("review", [])}
    found = await reviews.of_bundle(hand.tx, hand.bundle_id)
    if hand.person_id:
        found += await reviews.of_person(hand.tx, hand.person_id)
    wanted = {one.id: one for one in found if one.id in chosen and one.state == "open"}
    for review_id in wanted:
        await _one(hand, review_id, outcome)
    if hand.word("hand_back") and outcome in CLOSES:
        await _hand_back_all(hand)
    if outcome in CLOSES and not await is_left(hand.tx, hand.bundle_id):
        await reviews.release(hand.tx, hand.bundle_id, hand.visit.agent.id)
    return "resolved" if outcome in CLOSES else "note"


async def _one(hand: Hand, review_id: int, outcome: str) -> None:
    visit, words = hand.visit, hand.word("note")
    if outcome in TRIES:
        # In the language of the team, for it is kept as it stands.
        words = f"{prepared.tried(visit.pack, outcome)} {words}".strip()
    if words:
        await reviews.note(hand.tx, review_id, words, visit.agent.id, visit.now)
    if outcome in CLOSES:
        await reviews.close(hand.tx, review_id, outcome, visit.agent.id, visit.now)
        await hand.note("resolve", review_id, outcome=outcome)
    elif outcome in TRIES:
        await hand.note("try", review_id, outcome=outcome)
    elif words:
        await hand.note("note", review_id)


async def _hand_back_all(hand: Hand) -> None:
    """The service goes on as soon as nobody works here: routine waits for the lease to end."""
    for link in await people.links_of(hand.tx, hand.person_id) if hand.person_id else []:
        desk = hand.visit.service.desk
        await handling.resume(hand.tx, desk, link.address_id, hand.visit.agent.id, hand.visit.now)


# --- words --------------------------------------------------------------------------------------


async def write(hand: Hand) -> str:
    """Write to the person, through the outbox like everything else."""
    address_id, visit = await hand.address(), hand.visit
    mark, text = hand.word("mark"), hand.word("text")
    sent = await handling.write(
        hand.tx, address_id, hand.person_id, text, visit.agent.id, mark, visit.now
    )
    if not sent:
        return "empty"
    await hand.note("write")
    return "sent"


async def telegram(hand: Hand) -> str:
    """Send the code that ties this person to a chat."""
    visit, desk = hand.visit, hand.visit.service.desk
    wanted = ChatWanted(hand.person, await hand.address())
    sent = await handling.send_chat_code(hand.tx, desk, wanted, visit.now, visit.agent.id)
    await hand.note("code")
    return "code_sent" if sent else "empty"


async def voice(hand: Hand) -> str:
    """The machine calls them from now on, or writes again."""
    wanted = hand.word("wanted")
    if wanted not in ("no", "yes"):
        raise web.HTTPBadRequest
    visit = hand.visit
    await handling.choose_voice(
        hand.tx, visit.service.desk, hand.person, visit.now, wanted=wanted == "yes"
    )
    await hand.note("voice", to=wanted)
    return "voice_on" if wanted == "yes" else "voice_off"


async def hand_back(hand: Hand) -> str:
    """The conversation goes on by itself: its open question is asked again."""
    visit, address_id = hand.visit, await hand.address()
    done = await handling.resume(hand.tx, visit.service.desk, address_id, visit.agent.id, visit.now)
    if not done:
        return "nothing_held"
    await hand.note("hand_back")
    return "handed_back"


async def lift(hand: Hand) -> str:
    """Write to a silent number again, as the person wished; the form makes the agent say so."""
    address_id = await hand.address()
    if hand.word("wished") != "1":
        return "empty"
    await handling.lift_silence(hand.tx, address_id)
    await hand.note("lift")
    return "lifted"


# --- what is known ------------------------------------------------------------------------------


async def complete(hand: Hand) -> str:
    """Complete the record; a new number may set a first message off."""
    visit = hand.visit
    facts, faults = facts_of(hand.form, visit.pack.country or "FR", visit.today)
    if faults:
        return faults[0]
    said = await handling.complete(hand.tx, visit.service.desk, hand.person, facts, visit.now)
    await hand.note("complete", fields=sorted([*facts.person, *facts.exposure]))
    return "number_forbidden" if said == "refused" else said


async def condition(hand: Hand) -> str:
    """Somebody died, is in hospital, or is back."""
    wanted = hand.word("condition")
    if wanted not in ("", "deceased", "hospital"):
        raise web.HTTPBadRequest
    desk = hand.visit.service.desk
    await handling.mark_condition(hand.tx, desk, hand.person, wanted, hand.visit.now)
    await hand.note("condition", to=wanted or "back")
    return "saved"


async def positive(hand: Hand) -> str:
    """A contact becomes a case."""
    visit, test = hand.visit, day_of(hand.word("test_date"))
    if test is None or test > visit.today:
        return "bad_day"
    made = await handling.positive(hand.tx, visit.service.desk, hand.person, test, visit.now)
    if not made:
        return "no_number"
    await hand.note("positive")
    return "positive"


async def close(hand: Hand) -> str:
    """End the follow-up: lost, refused, completed."""
    outcome = hand.word("outcome")
    if outcome not in ("lost", "refused", "completed"):
        raise web.HTTPBadRequest
    await handling.close_follow_up(hand.tx, hand.person, outcome)
    await hand.note("close", outcome=outcome)
    return "closed"


async def helper(hand: Hand) -> str:
    """Who may answer for an adult: agreed aloud, asked in writing, or ended."""
    visit, desk, how = hand.visit, hand.visit.service.desk, hand.word("how")
    if how == "end":
        await handling.end_helper(hand.tx, desk, hand.person, visit.now)
        await hand.note("helper", to=how)
        return "saved"
    phone = phone_of(hand.word("phone"), visit.pack.country or "FR")
    if how not in ("aloud", "written") or not phone:
        return "bad_phone"
    said = await handling.choose_helper(
        hand.tx, desk, hand.person, phone, hand.word("name"), how, visit.now
    )
    if said != "saved":
        return "number_forbidden" if said == "refused" else said
    await hand.note("helper", to=how)
    return said


ACTS: Final[dict[str, Act]] = {
    "take": take,
    "return": give_back,
    "resolve": resolve,
    "write": write,
    "telegram": telegram,
    "voice": voice,
    "hand-back": hand_back,
    "lift": lift,
    "complete": complete,
    "condition": condition,
    "positive": positive,
    "close": close,
    "misread": misread,
    "helper": helper,
}


def routes() -> list[web.RouteDef]:
    """Each act under its bundle."""
    found = [web.post(f"/bundles/{{id}}/{name}", under_lease(act)) for name, act in ACTS.items()]
    return [*found, web.post("/bundles/{id}/renew", renew)]
