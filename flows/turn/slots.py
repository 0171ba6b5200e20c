"""The values of placeholders, each worked out only where a text asks for it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flows.engine import facts, household, naming, roll_call, staying
from flows.engine.ground import Ground
from flows.engine.pausing import usual_time
from flows.engine.replies import name_of
from flows.rules import emergency_numbers, next_check_in, resumes_at, windows
from flows.turn.desk import Desk
from flows.vocabulary import Conversation, Named, Person, Prompt
from flows.wording.moments import clock, day, figures, short_date
from flows.wording.rendering import for_channel, placeholders, render
from flows.wording.speech import spoken


@dataclass(frozen=True, slots=True)
class Voice:
    """Who speaks to whom, in which language, on which channel."""

    desk: Desk
    ground: Ground
    conversation: Conversation | None = None

    def say(self, key: str, english: str = "", values: Mapping[str, str] | None = None) -> str:
        """The text of `key`, filled and fitted to the channel."""
        if self.ground.address.channel == "voice":
            return self._aloud(key, english, values)
        return self._written(key, english, values)

    def _written(self, key: str, english: str, values: Mapping[str, str] | None) -> str:
        template = self.desk.words(key, self.ground.lang, english)
        filled = self._filled(template, values)
        return for_channel(render(template, filled), self.ground.address.channel)

    def _aloud(self, key: str, english: str, values: Mapping[str, str] | None) -> str:
        """In a call: the spoken variant of a text, or the text as it can be said."""
        if (variant := f"spoken.{key}") in self.desk.english:
            return self._written(variant, "", values)
        return spoken(self._written(key, english, values), self.ground.lang)

    def prompt(
        self, key: str, english: str = "", values: Mapping[str, str] | None = None
    ) -> Prompt:
        """What `say` says, by key and values, for a channel that may send a template."""
        template = self.desk.words(key, self.ground.lang, english)
        return Prompt(key, self.ground.lang, self._filled(template, values))

    def _filled(self, template: str, values: Mapping[str, str] | None) -> dict[str, str]:
        given = values or {}
        return {n: given[n] if n in given else self.value(n) for n in placeholders(template)}

    def value(self, name: str) -> str:
        """The value of one placeholder now."""
        return _VALUES[name](self)

    @property
    def person(self) -> Person:
        """The person whom the text is about."""
        return self.ground.here.person


# How people call it; the same word in all languages.
_ILLNESS = {"covid-19": "Covid"}


def initials(person: Person) -> str:
    """The initials of a person: "M.B."."""
    names = f"{person.given_name} {person.family_name}".split()
    return "".join(f"{name[0].upper()}." for name in names) or "?"


def country_of(person: Person, prefix: str = "") -> str:
    """Where the person is: the place last said, else the record, else the number's country."""
    return person.location or person.country or prefix


def _number(name: str) -> Callable[[Voice], str]:
    def number(voice: Voice) -> str:
        country = country_of(voice.person)
        return emergency_numbers(voice.ground.pack, country, voice.ground.today).get(name, "112")

    return number


def _emergency_any(voice: Voice) -> str:
    country = country_of(voice.person)
    known = emergency_numbers(voice.ground.pack, country, voice.ground.today)
    if known.get("emergency_eu", known["emergency"]) == known["emergency"]:
        return known["emergency"]
    return voice.say("always.two_numbers")


def _agency(name: str) -> Callable[[Voice], str]:
    return lambda voice: voice.ground.pack.agency.get(name, "")


def _sought(voice: Voice) -> str:
    """Somebody as a third person hears of them: a first name and an initial, no more."""
    person = voice.person
    return f"{person.given_name} {person.family_name[:1].upper()}".strip()


def _window_start(voice: Voice) -> str:
    first, _ = facts.window_of(voice.ground, voice.conversation)
    return day(first, voice.ground.lang)


def _until(voice: Voice) -> str:
    found = staying.isolation_end(voice.ground, voice.conversation).value
    return short_date(found, voice.ground.lang) if found else "?"


def _because(voice: Voice) -> str:
    """The rule in one sentence; the days it counts from are said to a contact by consent alone."""
    ground = voice.ground
    row = ground.pack.row(staying.isolation_end(ground, voice.conversation).row)
    if row is None:
        return ""
    exposures = ground.here.exposures
    dated = bool(exposures) and all(e.may_date and e.last_day for e in exposures)
    key = (row.text("because_dated") if dated else "") or row.text("because")
    text = ground.pack.row(key) if key else None
    return voice.say(key, text.text("text")) if text else ""


def _test_day(voice: Voice) -> str:
    ground = voice.ground
    coming = [day for day in staying.test_days(ground) if day >= ground.today]
    return day(min(coming), ground.lang) if coming else "?"


def _next_time(voice: Voice) -> str:
    ground = voice.ground
    bands = voice.conversation.bands if voice.conversation else {}
    chosen = bands.get("contact.window") or bands.get("case.window")
    window = chosen if chosen in windows(ground.pack, ground.today) else ground.here.person.window
    person_id, usual = ground.here.person.id, usual_time(ground)
    moment = next_check_in(ground.pack, ground.local, window, person_id, usual)
    at = clock(moment.time().replace(minute=0), ground.lang)
    return voice.say("always.next_time", values={"clock": at})


def _resumes(voice: Voice) -> str:
    ground = voice.ground
    return clock(resumes_at(ground.pack, ground.local).time(), ground.lang)


def _exposure_day(voice: Voice) -> str:
    days = [e.last_day for e in voice.ground.here.exposures if e.may_date and e.last_day]
    return day(max(days), voice.ground.lang) if days else "?"


def _named(voice: Voice) -> str:
    return naming.said(voice.conversation.named, voice.ground) if voice.conversation else ""


def _count(voice: Voice) -> str:
    return str(len(naming.present(voice.conversation.named)) if voice.conversation else 0)


def _people(voice: Voice) -> str:
    """Those for whom somebody answers, by first name."""
    return _and([name_of(one) for one in voice.ground.members], voice)


def _listed(names: Sequence[str], voice: Voice) -> str:
    return voice.say("sign.comma").join(names)


def _and(names: Sequence[str], voice: Voice) -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{_listed(names[:-1], voice)}{voice.say('sign.and')}{names[-1]}"


def _helper(voice: Voice) -> str:
    """Who would like to answer for the person."""
    kept = voice.conversation.kept if voice.conversation else {}
    return str(kept.get("helper", {}).get("name", ""))


def _roll(voice: Voice) -> str:
    """Who was named, with their ages: "Anne, Léo 15, Lou 2 months"."""
    rows = naming.present(voice.conversation.named) if voice.conversation else ()
    return ", ".join(f"{row.name} {_age(voice, row)}".strip() for row in rows)


def _age(voice: Voice, row: Named) -> str:
    months = roll_call.months_of(row, voice.ground.today)
    if months is None or row.role == roll_call.SELF:
        return ""
    if months >= 24:
        return str(months // 12)
    return f"{months} {voice.say('sign.months')}"


def _told(voice: Voice) -> str:
    """What was understood of each: "Léo toux et 38,5 ; Anne, Tom rien de nouveau"."""
    conversation = voice.conversation
    told = household.rows(conversation) if conversation else {}
    calm: list[str] = []
    said: list[str] = []
    for one in voice.ground.members:
        row = told.get(str(one.person.id))
        if row is None:
            continue
        figure = row.get("temperature")
        codes = [code for code in row.get("symptoms", ()) if not (figure and code == "fever")]
        signs = [voice.say(f"sign.{code}") for code in codes]
        if figure:
            signs.append(figures(figure, voice.ground.lang))
        if signs:
            said.append(f"{name_of(one)} {_and(signs, voice)}")
        else:
            calm.append(name_of(one))
    if calm:
        said.append(f"{_listed(calm, voice)} {voice.say('sign.nothing')}")
    return voice.say("sign.between").join(said) if said else ""


_VALUES: Mapping[str, Callable[[Voice], str]] = {
    "agency": _agency("name"),
    "phone": _agency("public_phone"),
    "illness": lambda voice: _ILLNESS.get(voice.ground.pack.illness, voice.ground.pack.illness),
    "initials": lambda voice: initials(voice.person),
    "check_code": lambda voice: voice.person.check_code,
    "emergency": _number("emergency"),
    "emergency_eu": _number("emergency_eu"),
    "emergency_any": _emergency_any,
    "sms_line": _number("sms_line"),
    "crisis": _number("crisis"),
    "child_line": _number("child_line"),
    "start_word": lambda voice: voice.desk.start_word,
    # Some are known by one name alone, whichever it is.
    "first_name": lambda voice: voice.person.given_name or voice.person.family_name,
    "window_start": _window_start,
    "sought": _sought,
    "until": _until,
    "because": _because,
    "test_day": _test_day,
    "next_time": _next_time,
    "resumes": _resumes,
    "relay_code": lambda voice: voice.ground.here.case.relay_code if voice.ground.here.case else "",
    "sender": _agency("sender"),
    "names": _named,
    "people": _people,
    "how_many": lambda voice: str(len(voice.ground.members)),
    "told": _told,
    "roll": _roll,
    "helper": _helper,
    "count": _count,
    "case_name": lambda voice: facts.exposures_named_by(voice.ground.here),
    "exposure_day": _exposure_day,
}
