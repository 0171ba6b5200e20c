"""Deeds: what a turn asked the service to do elsewhere, each carried out once, by its key."""

from __future__ import annotations

from datetime import datetime
from typing import assert_never

from bot.deeds.calling import promise_call
from bot.deeds.chatting import send_chat_code
from bot.deeds.enrolling import enrol
from bot.deeds.helping import agree, end_help
from bot.deeds.insisting import reach_elsewhere
from bot.deeds.learning import check_in, instructed, learn, move
from bot.deeds.listing import close_list
from bot.deeds.members import name_member
from bot.deeds.naming import name_contact
from bot.deeds.numbers import drop_number
from bot.deeds.paging import send_page
from bot.deeds.preferring import write_by
from bot.deeds.relaying import open_relay
from bot.deeds.silencing import keep_silent
from bot.deeds.turning import turn_positive
from bot.deeds.voicing import by_voice
from bot.store import reached
from bot.store.engines import Tx
from flows.turn import Desk
from flows.vocabulary import (
    CallChosen,
    ChatWanted,
    CheckedIn,
    ContactNamed,
    Deed,
    Enrol,
    HelperAgreed,
    HelperEnded,
    HelpReached,
    Instructed,
    ListClosed,
    MemberNamed,
    NumberWrong,
    PageWanted,
    PersonLearned,
    ReachElsewhere,
    RelayOpened,
    SilenceAsked,
    StateMoved,
    TurnedPositive,
    VoiceWanted,
    WrittenBy,
)


async def carry_out(tx: Tx, desk: Desk, deed: Deed, now: datetime) -> None:
    """Carry out one deed in the caller's transaction. Doing it again changes nothing."""
    match deed:
        case ContactNamed():
            await name_contact(tx, desk, deed, now)
        case MemberNamed():
            await name_member(tx, desk, deed, now)
        case HelperAgreed():
            await agree(tx, desk, deed, now)
        case HelperEnded():
            await end_help(tx, desk, deed, now)
        case ListClosed():
            await close_list(tx, desk, deed, now)
        case Enrol():
            await enrol(tx, desk, deed, now)
        case PersonLearned():
            await learn(tx, desk, deed, now)
        case StateMoved():
            await move(tx, deed)
        case Instructed():
            await instructed(tx, deed, now)
        case HelpReached():
            await reached.helped(tx, deed.person_id, now)
        case CheckedIn():
            await check_in(tx, desk, deed, now)
        case NumberWrong():
            await drop_number(tx, desk, deed, now)
        case ReachElsewhere():
            await reach_elsewhere(tx, desk, deed, now)
        case TurnedPositive():
            await turn_positive(tx, desk, deed, now)
        case PageWanted():
            await send_page(tx, desk, deed, now)
        case ChatWanted():
            await send_chat_code(tx, desk, deed, now)
        case VoiceWanted():
            await by_voice(tx, desk, deed, now)
        case WrittenBy():
            await write_by(tx, desk, deed, now)
        case RelayOpened():
            await open_relay(tx, desk, deed, now)
        case SilenceAsked():
            await keep_silent(tx, desk, deed, now)
        case CallChosen():
            await promise_call(tx, desk, deed, now)
        case _:
            assert_never(deed)
