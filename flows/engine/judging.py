"""How replies about oneself come out: signs, choices, dates, who one is."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import date

from flows.engine.keywords import plain, says, says_only
from flows.engine.own_names import may_be_name
from flows.engine.replies import UNCLEAR, Heard, Reply, is_none, leading_figure, says_no
from flows.rules import names_match
from flows.understanding import says_all_is_well
from flows.understanding.scan import scan
from flows.understanding.text import normalise

DANGER_SYMPTOMS = frozenset(
    ["breathlessness", "chest_pain", "confusion", "fainting", "coughing_blood", "drowsiness"]
)
FEVER = 38.0
_NO_EMERGENCY = "no_emergency"
_OTHERS = "others"
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")
_NUMBER = re.compile(r"\d+")
_PIECES = re.compile(r"[,;/+&\n.]| et | and | y | e | ve | و")


def _yes_no(reply: Reply) -> Heard:
    digits = plain(reply.raw)
    if digits in ("1", "2"):
        return Heard("yes" if digits == "1" else "no")
    value = reply.reading.value
    figure = leading_figure(reply.raw) if not reply.reading.danger else ""
    if figure in ("1", "2") and value in (None, figure == "1"):
        return Heard("yes" if figure == "1" else "no")
    if value is None or reply.reading.status == "unsure":
        return UNCLEAR
    if reply.reading.danger and not (value and _begins_with_yes(reply)):
        # What is said of a danger answers no other question; a yes before it does.
        return UNCLEAR
    return Heard("yes" if value else "no")


def _begins_with_yes(reply: Reply) -> bool:
    return any(span.code == "yes" and span.start <= 1 for span in reply.reading.spans)


def _danger_signs(reply: Reply) -> Heard:
    """A yes, a number or a label is a danger; only a plain no is none."""
    if reply.reading.danger:
        return Heard("yes", dangers=reply.reading.danger)
    found = _NUMBER.findall(plain(reply.raw))
    if found and plain(reply.raw) == found[0]:
        harmless = found[0] in ("0", "2")
        return Heard("no") if harmless else Heard("yes", dangers=("unspecified",))
    signs = reply.again("symptoms").value or {}
    if DANGER_SYMPTOMS & set(signs.get("present", ())):
        return Heard("yes", kept=signs["present"], dangers=("unspecified",))
    # A yes without its word (“2 just tired”) stands against a digit that says no.
    worded = any(span.code == "yes" for span in reply.reading.spans)
    if reply.reading.value is True and (worded or not _begins_with_no(reply.raw)):
        return Heard("yes", dangers=("unspecified",))
    if leading_figure(reply.raw) == "1":
        return Heard("yes", dangers=("unspecified",))
    if says_no(reply) or signs.get("none") or _begins_with_no(reply.raw):
        return Heard("no", kept=_with_figure(reply, signs.get("present", ())) or None)
    return UNCLEAR


def _with_figure(reply: Reply, present: Sequence[str]) -> list[str]:
    """The signs told, and a fever that is told by its figure alone: “no, but 39 this morning”."""
    degrees = reply.again("temperature").value
    hot = degrees is not None and degrees >= FEVER
    return sorted({*present, "fever"} if hot else present)


def _begins_with_no(raw: str) -> bool:
    """“2 just tired”: the digit that stands for no, then words that hold no danger."""
    words = plain(raw).split()
    return len(words) > 1 and words[0] in ("2", "0")


def _choice(reply: Reply) -> Heard:
    if _NO_EMERGENCY in reply.ask.options and _is_well(reply):
        return Heard(_NO_EMERGENCY, kept=_NO_EMERGENCY)
    if _OTHERS in reply.ask.options and _names_a_reader(reply):
        return Heard(_OTHERS, kept=_OTHERS)
    value = reply.reading.value
    known = value in reply.ask.options and reply.reading.status == "understood"
    if _tells_hardship(reply, value if known else None):
        return Heard("difficult", kept="difficult")
    return Heard(value, kept=value) if known else UNCLEAR


def _tells_hardship(reply: Reply, value: str | None) -> bool:
    """Work, children or money told without a number: staying home is difficult, not refused."""
    if "difficult" not in reply.ask.options or value in ("possible", "difficult"):
        return False
    words = plain(reply.raw)
    if _NUMBER.search(words) or not says(reply.raw, "hardship"):
        return False
    # “I refuse” stands, whatever the reason; “I do not refuse, it is difficult” does not.
    difficult = next(plain(o.label) for o in reply.options if o.code == "difficult")
    return difficult in words or not says(reply.raw, "refusal")


def _names_a_reader(reply: Reply) -> bool:
    """Whoever is spoken of beside the phone may read it; in doubt they do."""
    said = scan(normalise(reply.raw, reply.ground.lang))
    return any(
        said.is_a(kind, i) for i in range(len(said.lexemes)) for kind in ("relation", "relations")
    )


def _is_well(reply: Reply) -> bool:
    """After a safety text: "I'm fine", "it is over", "not me", with no danger beside it."""
    return not reply.reading.danger and says_all_is_well(reply.raw, reply.ground.lang)


def _several(reply: Reply) -> Heard:
    options = reply.ask.options
    words = plain(reply.raw)
    if is_none(reply.raw) or says_only(reply.raw, "nothing"):
        return Heard("none", kept=[])
    chosen = {int(n) for n in _NUMBER.findall(words) if 0 < int(n) <= len(options)}
    picked = {options[n - 1] for n in chosen}
    for piece in _PIECES.split(reply.raw):
        if piece.strip() and not _NUMBER.search(plain(piece)):
            read_as = reply.again("choice", piece)
            if read_as.status == "understood" and read_as.value in options:
                picked.add(read_as.value)
    if not picked and (_begins_with_no(reply.raw) or not says_no(reply)):
        picked = _told_in_words(reply)
    if picked:
        return Heard("some", kept=[code for code in options if code in picked])
    return Heard("none", kept=[]) if says_no(reply) else UNCLEAR


def _told_in_words(reply: Reply) -> set[str]:
    """What weighs on somebody; what they have, unless the words after a nought deny something."""
    told = {code for code in reply.ask.options if says(reply.raw, f"tells_{code}")}
    words = reply.raw.strip().lstrip("0٠ ,.")
    if reply.again("yes_no", words).value is False:
        return told
    return told | {code for code in reply.ask.options if says(reply.raw, f"has_{code}")}


def _fever(reply: Reply) -> Heard:
    if is_none(reply.raw):
        return Heard("none")
    reading = reply.reading
    if reading.value is not None:
        if reading.status == "unsure":
            return Heard(None, guess=f"{reading.value:.1f} °C", kept=reading.value)
        return Heard("figure", kept=reading.value)
    signs = reply.again("symptoms").value or {}
    if "fever" in signs.get("present", ()):
        return Heard("felt")
    if "fever" in signs.get("absent", ()) or signs.get("none"):
        return Heard("none")
    if says_no(reply):
        return Heard("none")
    said_yes = not reply.reading.danger and reply.again("yes_no").value is True
    return Heard("felt") if said_yes else UNCLEAR


def _symptoms(reply: Reply) -> Heard:
    signs = reply.reading.value or {}
    kept = {"present": list(signs.get("present", ())), "absent": list(signs.get("absent", ()))}
    if kept["present"] or reply.reading.danger:
        return Heard("some", kept=kept)
    if is_none(reply.raw) or signs.get("none") or kept["absent"]:
        return Heard("none", kept=kept)
    return Heard("none", kept=kept) if says_no(reply) else UNCLEAR


def _date(reply: Reply) -> Heard:
    reading = reply.reading
    if not reading.value or date.fromisoformat(reading.value) > reply.ground.today:
        return UNCLEAR
    if reading.status == "unsure":
        return Heard(None, guess=reading.value, kept=reading.value)
    return Heard("given", kept=reading.value)


def _onset(reply: Reply) -> Heard:
    if is_none(reply.raw):
        return Heard("none")
    heard = _date(reply)
    if heard.band or heard.guess:
        return heard
    return Heard("none") if says_no(reply) else UNCLEAR


def _years(reply: Reply) -> list[int]:
    this_year = reply.ground.today.year
    return [y for y in map(int, _YEAR.findall(plain(reply.raw))) if y <= this_year]


def _birth_year(reply: Reply) -> Heard:
    years = _years(reply)
    person = reply.ground.here.person
    known = person.birth_date.year if person.birth_date else person.birth_year
    if not years:
        return UNCLEAR
    return Heard("match" if years == [known] else "differs")


def _year(reply: Reply) -> Heard:
    years = _years(reply)
    return Heard("given", kept=years[0]) if len(years) == 1 else UNCLEAR


def _full_name(reply: Reply) -> Heard:
    typed = reply.reading.value
    if not typed:
        return UNCLEAR
    person = reply.ground.here.person
    recorded = f"{person.given_name} {person.family_name}".strip()
    return Heard("match" if names_match(typed, recorded) else "differs")


def _own_name(reply: Reply) -> Heard:
    """The name that somebody types of whom none is on record; one on record must match."""
    person = reply.ground.here.person
    if person.given_name or person.family_name:
        return _full_name(reply)
    typed = str(reply.reading.value or "")
    return Heard("given", kept=typed) if may_be_name(typed) else UNCLEAR


def _count(reply: Reply) -> Heard:
    value = reply.reading.value
    if value is None:
        return UNCLEAR
    return Heard("some" if value else "none", kept=value)


def _text(reply: Reply) -> Heard:
    words = reply.raw.strip()
    if is_none(words) or says_only(words, "nothing"):
        return Heard("none")
    if not words:
        return UNCLEAR
    return Heard("given", kept=words)


# By the kind of question.
ABOUT_ONESELF: Mapping[str, Callable[[Reply], Heard]] = {
    "yes_no": _yes_no,
    "danger_signs": _danger_signs,
    "choice": _choice,
    "several": _several,
    "fever": _fever,
    "symptoms": _symptoms,
    "onset": _onset,
    "date": _date,
    "birth_year": _birth_year,
    "year": _year,
    "full_name": _full_name,
    "own_name": _own_name,
    "count": _count,
    "text": _text,
}
