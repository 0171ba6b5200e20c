"""One turn at one address: danger and commands first, then the flow; pure."""

from flows.turn.adding import wants_to_add
from flows.turn.calling import call_again
from flows.turn.calls import ask_again, is_proof_alone, keys_wanted, language, pick_up, say_aloud
from flows.turn.correcting import correction
from flows.turn.desk import Desk
from flows.turn.insisting import for_second_contact, go_on_here, remind_here
from flows.turn.lists import wants_list
from flows.turn.strangers import is_landline, stranger
from flows.turn.taking import take_turn
from flows.turn.waking import arrive, hand_back, start, wake

__all__ = [
    "Desk",
    "arrive",
    "ask_again",
    "call_again",
    "correction",
    "for_second_contact",
    "go_on_here",
    "hand_back",
    "is_landline",
    "is_proof_alone",
    "keys_wanted",
    "language",
    "pick_up",
    "remind_here",
    "say_aloud",
    "start",
    "stranger",
    "take_turn",
    "wake",
    "wants_list",
    "wants_to_add",
]
