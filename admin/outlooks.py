"""Will they be written to today, and why (not): the outlook in words."""

from __future__ import annotations

from dataclasses import dataclass

from admin.dossiers import Dossier
from admin.labels import label
from admin.visits import Visit
from bot.outlook import Known, Outlook, outlook, waiting_of


@dataclass(frozen=True, slots=True)
class Told:
    """The answer in a word, and the sentence that says why."""

    will: bool
    why: str
    when: str = ""


def told(visit: Visit, dossier: Dossier) -> Told | None:
    """The outlook of the person shown; None where nobody is."""
    seen = dossier.portrait
    if seen is None:
        return None
    known = Known(
        person=seen.person,
        places=tuple((at.address, at.link) for at in seen.at),
        due=seen.due,
        waiting=waiting_of([line.message for line in dossier.lines]),
        follow_up=seen.follow_up,
        held=seen.held is not None,
        leased=dossier.bundle.holder is not None,
    )
    return _said(visit, outlook(known, visit.pack, visit.now))


def _said(visit: Visit, found: Outlook) -> Told:
    speech = visit.speech
    why = label(speech, "outlook", found.why)
    if found.delay:
        why = f"{why} ({label(speech, 'hold', found.delay)})"
    if found.at is None:
        return Told(found.will, why)
    if not found.will:
        return Told(False, why, speech("next: {moment}", moment=speech.moment(found.at)))
    if found.at <= visit.now:
        return Told(True, why, speech("now"))
    return Told(True, why, speech("about {clock}", clock=speech.clock(found.at)))
