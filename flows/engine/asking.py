"""How a reply to each kind of question comes out: a finite band, and its payload beside it."""

from __future__ import annotations

from flows.engine.calling import ABOUT_CALLS
from flows.engine.judging import ABOUT_ONESELF
from flows.engine.keywords import says
from flows.engine.listing import ABOUT_OTHERS
from flows.engine.replies import EXPECT, Heard, Reply, question
from flows.engine.reporting import ABOUT_HOUSEHOLD
from flows.engine.roll_call import ABOUT_MEMBERS

__all__ = ["EXPECT", "JUDGES", "Heard", "Reply", "judge", "question"]

JUDGES = {**ABOUT_ONESELF, **ABOUT_OTHERS, **ABOUT_HOUSEHOLD, **ABOUT_MEMBERS, **ABOUT_CALLS}


def judge(reply: Reply) -> Heard:
    """The band of this reply."""
    heard = JUDGES[reply.ask.kind](reply)
    if heard.band is None and not heard.guess and says(reply.raw, "refusal"):
        return Heard("refused")
    return heard
