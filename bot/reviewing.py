"""Opens reviews from the service's own work, by the rules' table of reasons."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.store import reviews
from bot.store.engines import Tx
from flows.rules import Pack, deadline, review_rule
from flows.vocabulary import FollowUp, Priority, ReviewWanted


async def ask_review(
    tx: Tx,
    pack: Pack,
    now: datetime,
    reason: str,
    *,
    about: str,
    address_id: int | None = None,
    person_id: int | None = None,
    case_id: int | None = None,
    contact_id: int | None = None,
    follow_up_id: int | None = None,
    priority: Priority | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """Open a review, or add to the open one about the same matter (`about`)."""
    rule = review_rule(pack, reason, now.astimezone(pack.zone).date())
    level = priority or rule.priority
    wanted = ReviewWanted(
        reason=reason,
        priority=level,
        deadline=deadline(pack, level, now, minutes=rule.minutes if not priority else None),
        key=f"{reason}:{about}",
        person_id=person_id,
        case_id=case_id,
        contact_id=contact_id,
        follow_up_id=follow_up_id,
        detail=detail or {},
    )
    await reviews.open_review(tx, wanted, address_id, now)


async def ask_about(
    tx: Tx,
    pack: Pack,
    follow_up: FollowUp,
    now: datetime,
    reason: str,
    *,
    priority: Priority | None = None,
    detail: dict[str, Any] | None = None,
) -> None:
    """A review about the person followed, with all that it belongs to."""
    await ask_review(
        tx,
        pack,
        now,
        reason,
        about=str(follow_up.person_id),
        person_id=follow_up.person_id,
        case_id=follow_up.case_id,
        contact_id=follow_up.contact_id,
        follow_up_id=follow_up.id,
        priority=priority,
        detail=detail,
    )
