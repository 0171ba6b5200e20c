"""How replies about a whole household come out: who has what, whether it was read rightly."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from flows.engine import household
from flows.engine.family_word import fit_for_word
from flows.engine.judging import DANGER_SYMPTOMS
from flows.engine.keywords import plain, says_only
from flows.engine.replies import UNCLEAR, Heard, Reply, as_member, is_none, says_no
from flows.understanding import read

Rows = dict[str, dict[str, Any]]


def _household(reply: Reply) -> Heard:
    """Rows for those of whom the reply speaks; a nought is said of all who were asked about."""
    if is_none(reply.raw) or says_only(reply.raw, "nothing"):
        return Heard("nothing", rows=_calm(reply))
    found = _rows(reply)
    if not found:
        return Heard("nothing", rows=_calm(reply)) if says_no(reply) else UNCLEAR
    calm = not reply.reading.danger and not any(_signs(row) for row in found.values())
    return Heard("nothing" if calm and _covers(reply, found) else "told", rows=found)


def _asked_about(reply: Reply) -> list[str]:
    """The one of this round, else everybody."""
    if reply.about is not None:
        return [str(reply.about.person.id)]
    return [str(one.person.id) for one in reply.ground.members]


def _calm(reply: Reply) -> Rows:
    return {key: {"symptoms": [], "temperature": None} for key in _asked_about(reply)}


def _covers(reply: Reply, found: Rows) -> bool:
    return set(_asked_about(reply)) <= set(found)


def _signs(row: Mapping[str, Any]) -> bool:
    return bool(row.get("symptoms") or row.get("temperature"))


def _rows(reply: Reply) -> Rows:
    """What the reply says, by person; without a name it is said of the one of this round."""
    reading = reply.reading if isinstance(reply.reading.value, list) else reply.again("household")
    ground = reply.ground
    rows = {str(household.id_of(row["about"], ground)): _row(row) for row in reading.value or ()}
    if rows or reply.about is None:
        return rows
    said = read(reply.raw, reply.question("household", (as_member(ground, reply.about),)))
    found = {str(reply.about.person.id): _row(row) for row in said.value or ()}
    figure = reply.again("temperature")
    if figure.status == "understood" and figure.value is not None:
        row = found.setdefault(str(reply.about.person.id), {"symptoms": [], "temperature": None})
        row["temperature"] = figure.value
    return found


def _row(row: Mapping[str, Any]) -> dict[str, Any]:
    return {"symptoms": list(row["symptoms"]["present"]), "temperature": row["temperature"]}


def _family_word(reply: Reply) -> Heard:
    """The word, and perhaps the answer right behind it."""
    if not reply.ground.word:
        return UNCLEAR
    if not plain(reply.raw):
        return Heard("match")
    heard = _household(reply)
    return heard if heard.band else Heard("match")


def _danger_who(reply: Reply) -> Heard:
    """A name is a danger of that person, a yes one of somebody; only a plain no is none."""
    if reply.reading.danger:
        return Heard("yes", rows=_rows(reply))
    if is_none(reply.raw) or says_only(reply.raw, "nothing") or says_only(reply.raw, "nobody"):
        return Heard("no")
    if says_no(reply):
        return Heard("no", rows=_rows(reply))
    if found := _rows(reply):
        return _of_some(reply, found)
    digits = plain(reply.raw)
    said_yes = digits.isdigit() or reply.again("yes_no").value is True
    if said_yes:
        somebody = {str(reply.ground.here.person.id): {"dangers": ["unspecified"]}}
        return Heard("yes", rows=somebody)
    return UNCLEAR


def _of_some(reply: Reply, found: Rows) -> Heard:
    """“Tom” alone means the danger asked about; “Tom coughs” says what it is."""
    marked: Rows = {}
    for key, row in found.items():
        urgent = not _signs(row) or DANGER_SYMPTOMS & set(row["symptoms"])
        marked[key] = {**row, "dangers": ["unspecified"]} if urgent else row
    in_danger = any(row.get("dangers") for row in marked.values())
    return Heard("yes" if in_danger else "no", rows=marked)


def _household_right(reply: Reply) -> Heard:
    """Yes, no, or what is to be changed or added."""
    digits = plain(reply.raw)
    if digits in ("1", "2"):
        return Heard("right" if digits == "1" else "wrong")
    if says_only(reply.raw, "right"):
        return Heard("right")
    found, yes = _rows(reply), reply.again("yes_no").value
    if found:
        # A no before it takes the place of what was read; all else is added.
        instead = {"instead": True} if yes is False else {}
        rows = {key: {**row, **instead} for key, row in found.items()}
        return Heard("right" if yes else "changed", rows=rows)
    if yes is None:
        return UNCLEAR
    return Heard("right" if yes else "wrong")


def _new_word(reply: Reply) -> Heard:
    word = fit_for_word(reply.raw, reply.ground.here.person.given_name)
    return Heard("given", kept=word) if word else UNCLEAR


# By the kind of question.
ABOUT_HOUSEHOLD: Mapping[str, Callable[[Reply], Heard]] = {
    "household": _household,
    "family_word": _family_word,
    "danger_who": _danger_who,
    "household_right": _household_right,
    "new_word": _new_word,
}
