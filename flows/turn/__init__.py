"""One turn at one address: danger and commands first, then the flow; pure."""

from flows.turn.calling import call_again
from flows.turn.correcting import correction
from flows.turn.desk import Desk
from flows.turn.insisting import for_second_contact, go_on_here, remind_here
from flows.turn.strangers import stranger
from flows.turn.taking import take_turn
from flows.turn.waking import arrive, hand_back, start, wake

__all__ = [
    "Desk",
    "arrive",
    "call_again",
    "correction",
    "for_second_contact",
    "go_on_here",
    "hand_back",
    "remind_here",
    "start",
    "stranger",
    "take_turn",
    "wake",
]
