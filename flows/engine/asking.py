"""How a reply to each kind of question comes out: a finite band, and its payload beside it."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from flows.engine import naming
from flows.engine.ground import Ground
from flows.engine.keywords import plain, says, says_only
from flows.rules import is_fragile, names_match, person_facts
from flows.spec.nodes import Ask, Brings
from flows.understanding import Member, Option, Question, Reading, read
from flows.vocabulary import Named

# What understanding is asked for, by the kind of question.
EXPECT: Mapping[str, str] = {
    "yes_no": "yes_no",
    "danger_signs": "yes_no",
    "choice": "choice",
    "fever": "temperature",
    "symptoms": "symptoms",
    "onset": "date",
    "date": "date",
    "full_name": "name",
    "contacts": "contacts",
    "numbers": "contacts",
    "summary": "contacts",
    "count": "count",
}
_DANGER_SYMPTOMS = frozenset(
    ["breathlessness", "chest_pain", "confusion", "fainting", "coughing_blood", "drowsiness"]
)
_YEAR = re.compile(r"(?<!\d)(19\d\d|20\d\d)(?!\d)")
_FEW_WORDS = 2
_NUMBER = re.compile(r"\d+")
_PIECES = re.compile(r"[,;/+&\n.]| et | and | y | e | ve | و")


@dataclass(frozen=True, slots=True)
class Reply:
    """What was asked, what came, and how understanding reads it for this question.

    `day` and `items` belong to a round of a `collect`: its day, the people it is about.
    """

    ask: Ask
    raw: str
    reading: Reading
    ground: Ground
    named: tuple[Named, ...] = ()
    day: date | None = None
    items: tuple[Named, ...] = ()

    def again(self, expect: str, raw: str | None = None) -> Reading:
        """The reply, or a piece of it, read for something else."""
        return read(self.raw if raw is None else raw, question(self.ask, self.ground, expect))


@dataclass(frozen=True, slots=True)
class Heard:
    """How a reply came out. `band` None: not understood; `guess`: to be confirmed first."""

    band: str | None
    kept: Any = None
    named: tuple[Named, ...] | None = None
    guess: str = ""
    dangers: tuple[str, ...] = field(default=())


UNCLEAR = Heard(None)
# What corrects the summary: the day said now counts, be it earlier than the one before.
_CORRECTION = Brings(day="said")


def question(ask: Ask | None, ground: Ground, expect: str = "") -> Question:
    """The question that understanding gets for this node."""
    labels = tuple(Option(code, _label(ask, code, ground)) for code in ask.options) if ask else ()
    kind = ask.kind if ask else ""
    return Question(
        expect=expect or EXPECT.get(kind, "text"),
        options=labels,
        lang=ground.lang,
        country=ground.here.person.country or "FR",
        now=ground.local.replace(tzinfo=None),
        about=_about(ground),
    )


def _about(ground: Ground) -> tuple[Member, ...]:
    """The one for whom somebody else answers: what is danger depends on who it is."""
    if not ground.about_other:
        return ()
    person = ground.here.person
    known = person_facts(person, "contact", ground.today)
    fragile = is_fragile(ground.pack, known, ground.today).value
    return (Member(str(person.id), person.given_name, known.age_months, fragile),)


def _label(ask: Ask, code: str, ground: Ground) -> str:
    """The option as the person reads it."""
    english = ask.words.parts.get(f"option.{code}", code)
    key = f"{ask.key}.option.{code}"
    return ground.catalogues.lookup(ground.lang, key, english).text


def judge(reply: Reply) -> Heard:
    """The band of this reply."""
    heard = _JUDGES[reply.ask.kind](reply)
    if heard.band is None and not heard.guess and says(reply.raw, "refusal"):
        return Heard("refused")
    return heard


def _is_none(raw: str) -> bool:
    return plain(raw) in ("0", "zero", "o")


def _yes_no(reply: Reply) -> Heard:
    digits = plain(reply.raw)
    if digits in ("1", "2"):
        return Heard("yes" if digits == "1" else "no")
    value, danger = reply.reading.value, reply.reading.danger
    if value is None or reply.reading.status == "unsure" or (danger and not value):
        return UNCLEAR
    return Heard("yes" if value else "no")


def _danger_signs(reply: Reply) -> Heard:
    """A yes, a number or a label is a danger; only a plain no is none."""
    if reply.reading.danger:
        return Heard("yes", dangers=reply.reading.danger)
    found = _NUMBER.findall(plain(reply.raw))
    if found and plain(reply.raw) == found[0]:
        harmless = found[0] in ("0", "2")
        return Heard("no") if harmless else Heard("yes", dangers=("unspecified",))
    signs = reply.again("symptoms").value or {}
    if _DANGER_SYMPTOMS & set(signs.get("present", ())):
        return Heard("yes", kept=signs["present"], dangers=("unspecified",))
    if reply.reading.value is True:
        return Heard("yes", dangers=("unspecified",))
    if _says_no(reply) or signs.get("none") or _begins_with_no(reply.raw):
        return Heard("no", kept=signs.get("present") or None)
    return UNCLEAR


def _says_no(reply: Reply) -> bool:
    """A no that stands first; further on it may assert, and beside a danger it is none."""
    reading = reply.reading if reply.reading.value is False else reply.again("yes_no")
    if reading.value is not False or reply.reading.danger:
        return False
    first = any(span.code == "no" and span.start <= 1 for span in reading.spans)
    return first or len(plain(reply.raw).split()) <= _FEW_WORDS


def _begins_with_no(raw: str) -> bool:
    """“2 just tired”: the digit that stands for no, then words that hold no danger."""
    words = plain(raw).split()
    return len(words) > 1 and words[0] in ("2", "0")


def _choice(reply: Reply) -> Heard:
    value = reply.reading.value
    if value in reply.ask.options and reply.reading.status == "understood":
        return Heard(value, kept=value)
    return UNCLEAR


def _several(reply: Reply) -> Heard:
    options = reply.ask.options
    words = plain(reply.raw)
    if _is_none(reply.raw) or says_only(reply.raw, "nothing"):
        return Heard("none", kept=[])
    chosen = {int(n) for n in _NUMBER.findall(words) if 0 < int(n) <= len(options)}
    picked = {options[n - 1] for n in chosen}
    for piece in _PIECES.split(reply.raw):
        if piece.strip() and not _NUMBER.search(plain(piece)):
            read_as = reply.again("choice", piece)
            if read_as.status == "understood" and read_as.value in options:
                picked.add(read_as.value)
    if picked:
        return Heard("some", kept=[code for code in options if code in picked])
    return Heard("none", kept=[]) if _says_no(reply) else UNCLEAR


def _fever(reply: Reply) -> Heard:
    if _is_none(reply.raw):
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
    if _says_no(reply):
        return Heard("none")
    return Heard("felt") if reply.again("yes_no").value is True else UNCLEAR


def _symptoms(reply: Reply) -> Heard:
    signs = reply.reading.value or {}
    kept = {"present": list(signs.get("present", ())), "absent": list(signs.get("absent", ()))}
    if kept["present"] or reply.reading.danger:
        return Heard("some", kept=kept)
    if _is_none(reply.raw) or signs.get("none") or kept["absent"]:
        return Heard("none", kept=kept)
    return Heard("none", kept=kept) if _says_no(reply) else UNCLEAR


def _date(reply: Reply) -> Heard:
    reading = reply.reading
    if not reading.value or date.fromisoformat(reading.value) > reply.ground.today:
        return UNCLEAR
    if reading.status == "unsure":
        return Heard(None, guess=reading.value, kept=reading.value)
    return Heard("given", kept=reading.value)


def _onset(reply: Reply) -> Heard:
    if _is_none(reply.raw):
        return Heard("none")
    heard = _date(reply)
    if heard.band or heard.guess:
        return heard
    return Heard("none") if _says_no(reply) else UNCLEAR


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


def _contacts(reply: Reply) -> Heard:
    if _is_none(reply.raw):
        return Heard("none")
    reading = reply.reading
    if reading.value is None and not reading.groups:
        return UNCLEAR
    found = reading.value or []
    groups = [dict(group) for group in reading.groups]
    if not found and not groups:
        return Heard("none")
    brings = reply.ask.brings or Brings()
    return Heard(
        "some", kept={"groups": groups}, named=naming.merge(reply.named, found, brings, reply.day)
    )


def _numbers(reply: Reply) -> Heard:
    if says_only(reply.raw, "later") or _is_none(reply.raw):
        return Heard("later")
    found = [row for row in reply.reading.value or () if row.get("phone")]
    if not found:
        return Heard("later") if _says_no(reply) else UNCLEAR
    missing = [row for row in naming.present(reply.named) if not row.phone]
    if len(missing) == 1 and len(found) == 1 and not found[0].get("name"):
        found = [{**found[0], "name": missing[0].name}]
    nameless = [row for row in found if not row.get("name")]
    named = naming.merge(reply.named, found, Brings(), None)
    return Heard("some", kept={"nameless": len(nameless)}, named=named)


def _consent(reply: Reply) -> Heard:
    words = plain(reply.raw)
    by_digit = {"1": "all", "2": "nobody", "3": "chosen", "0": "nobody"}
    if words in by_digit:
        band = by_digit[words]
        return Heard(band, named=_all_may(reply.named, band == "all"))
    if naming.find(reply.named, reply.raw):
        return Heard("named", named=_consent_in_words(reply))
    if says_only(reply.raw, "everybody"):
        return Heard("all", named=_all_may(reply.named, True))
    answer = reply.again("yes_no").value
    if answer is None:
        return UNCLEAR
    return Heard("all" if answer else "nobody", named=_all_may(reply.named, answer))


def _all_may(named: tuple[Named, ...], may: bool) -> tuple[Named, ...]:
    return tuple(replace(row, may_name=may) for row in named)


def _consent_in_words(reply: Reply) -> tuple[Named, ...]:
    """Names in a clause that says no are refused; in another, allowed; silence means no."""
    allowed: set[int] = set()
    refused: set[int] = set()
    for clause in re.split(r"[.,;\n]| mais | but | sauf | except ", reply.raw):
        says_no = reply.again("yes_no", clause).value is False or " pas " in f" {plain(clause)} "
        (refused if says_no else allowed).update(naming.find(reply.named, clause))
    return tuple(replace(row, may_name=row.number in allowed - refused) for row in reply.named)


def _summary(reply: Reply) -> Heard:
    if says_only(reply.raw, "right"):
        return Heard("right")
    spoken = naming.find(reply.named, reply.raw)
    if spoken and says(reply.raw, "remove"):
        return Heard(
            "changed",
            named=tuple(
                replace(row, removed=row.removed or row.number in spoken) for row in reply.named
            ),
        )
    found = reply.reading.value or []
    if found:
        named = naming.merge(reply.named, found, _CORRECTION, None)
        return Heard("changed" if named != reply.named else "right", named=named)
    if spoken and (day := reply.again("date").value):
        return Heard(
            "changed",
            named=tuple(
                replace(row, last_day=date.fromisoformat(day)) if row.number in spoken else row
                for row in reply.named
            ),
        )
    return Heard("right") if reply.again("yes_no").value is True else UNCLEAR


def _which(reply: Reply) -> Heard:
    about = reply.items or naming.present(reply.named)
    if _is_none(reply.raw):
        return Heard("none", kept=[])
    if says_only(reply.raw, "everybody"):
        return Heard("some", kept=[row.number for row in about])
    found = naming.find(about, reply.raw)
    if found:
        return Heard("some", kept=list(found))
    if _says_no(reply) or reply.again("contacts").value == []:
        return Heard("none", kept=[])
    return UNCLEAR


def _count(reply: Reply) -> Heard:
    value = reply.reading.value
    if value is None:
        return UNCLEAR
    return Heard("some" if value else "none", kept=value)


def _text(reply: Reply) -> Heard:
    words = reply.raw.strip()
    if _is_none(words) or says_only(words, "nothing"):
        return Heard("none")
    if not words:
        return UNCLEAR
    return Heard("given", kept=words)


_JUDGES: Mapping[str, Callable[[Reply], Heard]] = {
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
    "contacts": _contacts,
    "numbers": _numbers,
    "consent": _consent,
    "summary": _summary,
    "which": _which,
    "count": _count,
    "text": _text,
}
