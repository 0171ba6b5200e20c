"""Another way to talk, as somebody wishes: a page, Telegram, the machine's voice, texts again."""

from __future__ import annotations

from flows.engine.keywords import says_only
from flows.turn.making import Making
from flows.turn.slots import Voice
from flows.vocabulary import ChannelName, ChatWanted, PageWanted, PersonHere, VoiceWanted, WrittenBy


def wanted(making: Making, words: str) -> str | None:
    """Which other way a message asks for, where it is open to whoever writes."""
    if says_only(words, "page") and _has_page(making):
        return "page"
    if says_only(words, "chat") and _has_chat(making):
        return "chat"
    if says_only(words, "voice") and _has_voice(making):
        return "voice"
    if says_only(words, "whatsapp") and making.desk.whatsapp and making.address.channel == "sms":
        return "by_whatsapp"
    if not says_only(words, "text"):
        return None
    if making.address.channel == "whatsapp":
        return "by_sms"
    return "text" if _hears_voice(making) else None


def page(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """A link is sent to whoever is talked with here, or to the first who can prove themselves."""
    able = [one for one in making.scene.people if _year_known(one)]
    chosen = here if here and _year_known(here) else able[0]
    making.deeds.append(PageWanted(chosen.person.id, making.address.id))


def chat(making: Making, here: PersonHere | None, voice: Voice) -> None:
    """A code that ties a chat of theirs is sent here."""
    first = here if here and here.link.proven_at else _proven(making)[0]
    making.deeds.append(ChatWanted(first.person.id, making.address.id))


def voice(making: Making, here: PersonHere | None, speaker: Voice) -> None:
    """From now on the telephone rings and a voice asks: for who cannot read, or would rather."""
    making.say(speaker, "by_voice")
    _ask(making, here, wanted=True)


def text(making: Making, here: PersonHere | None, speaker: Voice) -> None:
    """Texts again."""
    making.say(speaker, "by_text")
    _ask(making, here, wanted=False)


def by_sms(making: Making, here: PersonHere | None, speaker: Voice) -> None:
    """By SMS from now on, to who wrote by WhatsApp."""
    _write_by(making, here, speaker, "sms")


def by_whatsapp(making: Making, here: PersonHere | None, speaker: Voice) -> None:
    """By WhatsApp from now on, at the same number."""
    _write_by(making, here, speaker, "whatsapp")


def _write_by(
    making: Making, here: PersonHere | None, speaker: Voice, channel: ChannelName
) -> None:
    making.say(speaker, f"by_{channel}")
    for one in [here] if here else making.scene.people[:1]:
        making.deeds.append(WrittenBy(one.person.id, making.address.id, channel))


def _ask(making: Making, here: PersonHere | None, *, wanted: bool) -> None:
    for one in [here] if here else making.scene.people[:1]:
        making.deeds.append(VoiceWanted(one.person.id, making.address.id, wanted))


def _has_page(making: Making) -> bool:
    """Pages are served, this is not one, and somebody here can prove who they are by their year."""
    known = any(_year_known(here) for here in making.scene.people)
    return known and bool(making.desk.page_url) and making.address.channel != "web"


def _year_known(here: PersonHere) -> bool:
    return bool(here.person.birth_year or here.person.birth_date) and not here.link.dropped


def _has_chat(making: Making) -> bool:
    """There is a bot, this is not it, and the code goes to nobody but who proved themselves."""
    alone = not making.address.shared and bool(_proven(making))
    return alone and making.desk.chats and making.address.channel not in ("telegram", "voice")


def _proven(making: Making) -> list[PersonHere]:
    return [one for one in making.scene.people if one.link.proven_at and not one.link.dropped]


def _has_voice(making: Making) -> bool:
    """The machine calls here, and this is no call."""
    known = any(not here.link.dropped for here in making.scene.people)
    return known and making.desk.calls and making.address.channel != "voice"


def _hears_voice(making: Making) -> bool:
    chosen = any(here.person.facts.get("by_voice") == "yes" for here in making.scene.people)
    return making.address.channel == "voice" or chosen
