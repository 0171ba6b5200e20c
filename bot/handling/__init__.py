"""What people who look in may do: each act a function in the caller's own transaction."""

from bot.handling.correcting import correct_day, day_of_reply, file_misread
from bot.handling.following import close_follow_up, fragile_by, mark_condition, positive
from bot.handling.helping import choose_helper, end_helper
from bot.handling.knowing import Facts, complete
from bot.handling.talking import Held, held_back, lift_silence, resume, send_link_code, write

__all__ = [
    "Facts",
    "Held",
    "choose_helper",
    "close_follow_up",
    "complete",
    "correct_day",
    "day_of_reply",
    "end_helper",
    "file_misread",
    "fragile_by",
    "held_back",
    "lift_silence",
    "mark_condition",
    "positive",
    "resume",
    "send_link_code",
    "write",
]
