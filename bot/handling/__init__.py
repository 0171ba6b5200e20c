"""What people who look in may do: each act a function in the caller's own transaction."""

from bot.deeds.chatting import send_chat_code
from bot.handling.correcting import correct_day, day_of_reply, file_misread
from bot.handling.following import close_follow_up, fragile_by, mark_condition, positive
from bot.handling.helping import choose_helper, end_helper
from bot.handling.interviewing import Told, again_at, keep_interview
from bot.handling.knowing import Facts, complete
from bot.handling.scripts import script
from bot.handling.talking import Held, held_back, lift_silence, resume, write
from bot.handling.voicing import choose_voice, ring_later

__all__ = [
    "Facts",
    "Held",
    "Told",
    "again_at",
    "choose_helper",
    "choose_voice",
    "close_follow_up",
    "complete",
    "correct_day",
    "day_of_reply",
    "end_helper",
    "file_misread",
    "fragile_by",
    "held_back",
    "keep_interview",
    "lift_silence",
    "mark_condition",
    "positive",
    "resume",
    "ring_later",
    "script",
    "send_chat_code",
    "write",
]
