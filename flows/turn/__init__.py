"""One turn at one address: danger and commands first, then the flow; pure."""

from flows.turn.correcting import correction
from flows.turn.desk import Desk
from flows.turn.strangers import stranger
from flows.turn.taking import take_turn
from flows.turn.waking import arrive, hand_back, start, wake

__all__ = ["Desk", "arrive", "correction", "hand_back", "start", "stranger", "take_turn", "wake"]
