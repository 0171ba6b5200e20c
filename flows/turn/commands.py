"""What a person may say in every state: STOP, a human, the wrong person, a death, a language …"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from flows.engine import naming, running
from flows.engine.keywords import asks_if_genuine, begins, plain, says, says_only
from flows.engine.pausing import open_ask
from flows.rules import is_fragile, person_facts
from flows.turn import apart, condole, lists, ways
from flows.turn.answering_for import answers_for_oneself, change_word, end_help
from flows.turn.calling import human
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.turn.waiting import waits
from flows.understanding import Reading
from flows.vocabulary import (
    LANGUAGES,
    Conversation,
    Frame,
    Incoming,
    Named,
    PersonHere,
    PersonLearned,
    SilenceAsked,
)

_ABOUT_OTHERS = frozenset(
    (
        *("contacts", "which", "ages", "numbers", "summary", "week", "members", "member_risks"),
        *("teen_number", "household", "household_right", "family_word", "danger_who"),
    )
)
# "No more messages for Léo, please".
_SHORT_STOP = 7
Command = Callable[[Making, PersonHere | None, Voice], None]


def obey(
    making: Making,
    incoming: Incoming,
    reading: Reading,
    here: PersonHere | None,
    voice: Voice,
    asked: str = "",
) -> bool:
    """Carries out a command, if the message holds one. False: the flow may hear the message.

    `asked` is the kind of the open question: an age in answer to one about others is theirs.
    """
    name = _command(making, incoming, reading, here)
    if name is None and waits(incoming.text, reading, asked):
        name = "pause"
    if name == "bereaved" and condole.goes_on(making, incoming.text, reading, here, voice):
        return False
    if name == "minor" and asked in _ABOUT_OTHERS:
        return False
    if name == "hospital" and asked in _ABOUT_OTHERS and says(incoming.text, "week_work"):
        # Who works in a hospital is not a patient there.
        return False
    if name is None:
        return False
    if name.startswith("language:"):
        change_language(making, here, voice, name.removeprefix("language:"))
    elif name in (apart.APART_NOW, apart.TOGETHER_NOW) and here:
        apart.settle(making, here, name, voice)
    elif name == "stop":
        _stop(making, incoming, here, voice)
    else:
        _COMMANDS[name](making, here, voice)
    making.trail("command", here, command=name)
    return True


def _command(
    making: Making, incoming: Incoming, reading: Reading, here: PersonHere | None
) -> str | None:
    """The one command that counts: the provider's own reading first, then the words'."""
    by_provider = {"STOP": "stop", "START": "start", "HELP": "help"}.get(incoming.opt_out)
    if by_provider and not (by_provider == "start" and not making.address.silence):
        return by_provider
    words = incoming.text
    if _subscribes_again(making, incoming):
        return "start"
    if condole.is_alive(words, here):
        return "alive"
    if reading.detail == "deceased":
        return "deceased"
    if reading.command == "stop" or _no_more_for(making, words):
        return "stop"
    if reading.command == "wrong_person":
        return "wrong_person" if making.scene.people else None
    if reading.detail == "hospital_other":
        return "hospital" if condole.may_be_followed(here, words) else None
    if reading.detail in ("hospital", "minor", "proxy", "bereaved"):
        return reading.detail
    if reading.command in (None, "help"):
        if asks_if_genuine(words):
            return "genuine"
        if says(words, "rights"):
            return "rights"
    if reading.command == "start" and not making.address.silence:
        return None
    if reading.command:
        return reading.command
    if says(words, "helper_ends") and answers_for_oneself(making):
        return "helper_ends"
    if making.address.word and says(words, "forgot_word"):
        return "forgot_word"
    if making.word and says(words, "change_word"):
        return "change_word"
    if lists.wants_list(words) and lists.is_there(making):
        return "list"
    if condole.is_back(words, here):
        return "back"
    return (
        next((name for name in ("human", "pause") if says_only(words, name)), None)
        or ways.wanted(making, words)
        or apart.told(making, words)
    )


def _subscribes_again(making: Making, incoming: Incoming) -> bool:
    """Words by which a provider that took STOP lets a number in again, where nothing was asked.

    https://help.twilio.com/articles/223134027
    """
    stopped = making.address.silence == "stopped" and incoming.channel == "sms"
    return stopped and incoming.text.strip().upper() in ("YES", "UNSTOP")


# -- silence and speech


def _stop(making: Making, incoming: Incoming, here: PersonHere | None, voice: Voice) -> None:
    """STOP silences the whole number at once; "only for Léo", in words, that one person."""
    named = _people_named(making, incoming.text)
    if named and len(making.scene.people) > len(named):
        for one in named:
            making.links[one.person.id] = replace(one.link, stopped=True)
            _end_all(making, "stopped", one.person.id)
        making.say(voice, "stopped_one")
    else:
        several = len(voice.ground.members) > 1
        making.say(voice, "stopped_all" if several else "stopped", "safety")
        making.address = replace(making.address, silence="stopped")
        _end_all(making, "stopped")
        _everywhere(making, here, stopped=True)
    if _watched(making):
        making.review("stop_fragile", here, words=incoming.text)


def _no_more_for(making: Making, words: str) -> bool:
    """ "No more for Léo", and nothing else: silence for one who is answered for here.

    "Nothing more for Léo" is an answer about his health.
    """
    asked = begins(words, "no_more_for") or says(words, "no_more_for")
    short = len(plain(words).split()) <= _SHORT_STOP
    return asked and short and bool(_people_named(making, words))


def _people_named(making: Making, words: str) -> list[PersonHere]:
    rows = [Named(h.person.id, name=h.person.given_name) for h in making.scene.people]
    found = naming.find(rows, words)
    return [h for h in making.scene.people if h.person.id in found]


def _watched(making: Making) -> bool:
    """A fragile person, a child, or an open alert: silence there calls for a telephone call."""
    if any(review.priority in ("P1", "P2") for review in making.scene.reviews):
        return True
    return any(_fragile_or_child(making, here) for here in making.scene.people)


def _fragile_or_child(making: Making, here: PersonHere) -> bool:
    ground = making.ground(here)
    facts = person_facts(here.person, "contact", ground.today)
    return here.person.minor or is_fragile(ground.pack, facts, ground.today).value


def _start(making: Making, here: PersonHere | None, voice: Voice) -> None:
    if making.address.silence == "stopped":
        making.address = replace(making.address, silence="")
    for one in making.scene.people:
        if one.link.stopped:
            making.links[one.person.id] = replace(one.link, stopped=False)
    _everywhere(making, here, stopped=False)
    making.say(voice, "started")


def _everywhere(making: Making, here: PersonHere | None, stopped: bool) -> None:
    """A chat or a page is one person's own: what is said there holds for their telephone too."""
    if here and making.address.channel in ("telegram", "web"):
        making.deeds.append(SilenceAsked(here.person.id, stopped))


def _end_all(making: Making, outcome: str, person_id: int | None = None) -> None:
    for conversation in making.open_ones():
        if person_id is None or conversation.person_id == person_id:
            making.put(replace(conversation, status="ended", outcome=outcome))


# -- people and places


def _wrong_person(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """One neutral question, whatever stood open: does this person sometimes use this phone?"""
    if here is None:
        making.say(voice, "stranger")
        return
    standing = next((c for c in making.open_ones() if c.person_id == here.person.id), None)
    _end_all(making, "wrong_person", here.person.id)
    flow = making.desk.library["wrong_person"]
    frames = (Frame(flow.name, flow.start, flow.structure),)
    if standing is None:
        new_id = int(making.cause.removeprefix("m:"))
        standing = Conversation(new_id, making.address.id, here.person.id, frames)
    asked = replace(standing, frames=frames, pending=None, bands={}, status="queued")
    making.take(running.begin(asked, making.ground(here)), here)


def _deceased(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """One message of condolence, then silence; a person looks. Never the apology."""
    making.say(voice, "condolence")
    if here is None:
        making.review("deceased", None)
        return
    making.deeds.append(PersonLearned(here.person.id, {"condition": "deceased"}))
    _end_all(making, "deceased", here.person.id)
    making.review("deceased", here)


def _hospital(making: Making, here: PersonHere | None, voice: Voice) -> None:
    making.say(voice, "hospital")
    if here:
        making.deeds.append(PersonLearned(here.person.id, {"condition": "hospital"}))
        _end_all(making, "hospital", here.person.id)
    making.review("hospital", here)


def _back(making: Making, here: PersonHere | None, voice: Voice) -> None:
    making.say(voice, "back")
    if here and here.person.condition == "hospital":
        making.deeds.append(PersonLearned(here.person.id, {"condition": ""}))
        making.review("hospital", here, returned=True)


def _minor(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """A minor answers: only a grown-up is told more."""
    making.say(voice, "minor")
    if here and here.link.role != "guardian":
        making.deeds.append(PersonLearned(here.person.id, {"minor": True}))
    for conversation in making.open_ones():
        if conversation.status == "open":
            making.put(replace(conversation, status="held"))
    making.review("minor", here)


# -- a word from us


def change_language(making: Making, here: PersonHere | None, voice: Voice, wanted: str) -> None:
    """Changes the language at once; the open question is asked again in it."""
    lang = next((known for known in LANGUAGES if known == wanted), None)
    if lang is None:
        making.say(voice, "noted")
        making.review("language_unsupported", here, wanted=wanted)
        return
    making.address = replace(making.address, language=lang)
    if here is None:
        making.say(replace(voice, ground=replace(voice.ground, lang=lang)), "language")
        return
    making.deeds.append(PersonLearned(here.person.id, {"language": lang}))
    ground = making.ground(here)
    making.say(replace(voice, ground=ground), "language")
    standing = next((c for c in making.open_ones() if c.status == "open"), None)
    if standing and open_ask(standing, ground):
        making.take(running.prompt(standing, ground), here)


def _genuine(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """How to verify us; then the open question again, as after whatever is asked back."""
    making.say(voice, "genuine" if here else "stranger")
    standing = next((c for c in making.open_ones() if c.status == "open"), None)
    again = running.ask_again(standing, making.ground(here)) if here and standing else None
    if here and again:
        making.take(again, here)


def _spoken(name: str, review: str = "") -> Command:
    """A command that is a text, and perhaps a review."""

    def say(making: Making, here: PersonHere | None, voice: Voice) -> None:
        making.say(voice, name if here or name in ("help", "rights", "human") else "stranger")
        if review:
            making.review(review, here)

    return say


_COMMANDS: Mapping[str, Command] = {
    "start": _start,
    "help": _spoken("help"),
    "human": human,
    "list": lists.say_list,
    "rights": _spoken("rights", "rights"),
    "genuine": _genuine,
    "page": ways.page,
    "chat": ways.chat,
    "voice": ways.voice,
    "text": ways.text,
    "by_sms": ways.by_sms,
    "by_whatsapp": ways.by_whatsapp,
    "pause": _spoken("pause"),
    "helper_ends": end_help,
    "forgot_word": change_word,
    "change_word": change_word,
    "back": _back,
    "wrong_person": _wrong_person,
    "alive": condole.alive,
    "deceased": _deceased,
    "hospital": _hospital,
    "minor": _minor,
    "proxy": _spoken("proxy", "proxy"),
    "bereaved": condole.bereaved,
}
