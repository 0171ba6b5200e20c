"""Texts that agents need every day, ready in each language; nothing in them says why we write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from flows.rules import Pack
from flows.vocabulary import Lang
from flows.wording.rendering import render

# Each fits one SMS, two in Arabic; words that would leave the SMS alphabet are avoided.
_TEXTS: Final[Mapping[str, Mapping[Lang, str]]] = {
    "tried": {
        "en": "{agency}: we tried to call you and will try again. You can also call us: {phone}.",
        "fr": "{agency} : nous avons essayé de vous joindre et rappellerons. "
        "Vous pouvez aussi nous appeler au {phone}.",
        "es": "{agency}: hemos intentado llamarle y volveremos a llamar. "
        "También puede llamarnos al {phone}.",
        "pt": "{agency}: tentamos ligar e voltaremos a ligar. Pode também ligar para {phone}.",
        "tr": "{agency}: sizi aradık, yine arayacağız. Siz de {phone} numarasını arayabilirsiniz.",
        "ar": "{agency}: حاولنا الاتصال بك وسنعاود الاتصال. يمكنك أيضا الاتصال بالرقم {phone}.",
    },
    "call_us": {
        "en": "{agency}: please call us when you can: {phone}. "
        "You can also answer here with a time at which we may call.",
        "fr": "{agency} : pouvez-vous nous appeler au {phone} ? "
        "Vous pouvez aussi répondre ici à quelle heure vous appeler.",
        "es": "{agency}: ¿puede llamarnos al {phone}? "
        "También puede responder aquí a qué hora llamarle.",
        "pt": "{agency}: pode ligar-nos para {phone}? "
        "Pode também responder aqui a que horas ligar.",
        "tr": "{agency}: lütfen {phone} numarasını arayın ya da hangi saatte arayalım, yazın.",
        "ar": "{agency}: هل يمكنك الاتصال بنا على {phone}؟ أو اكتب هنا في أي ساعة نتصل بك.",
    },
    "how_today": {
        "en": "Hello, this is a person of {agency}. How are you now? "
        "If it is serious, do not wait for us: call {emergency}.",
        "fr": "Bonjour, ici une personne de {agency}. Comment allez-vous maintenant ? "
        "Si c'est grave, n'attendez pas : appelez le {emergency}.",
        "es": "Hola, le escribe una persona de {agency}. ¿Cómo está ahora? "
        "Si es grave, no espere: llame al {emergency}.",
        "pt": "Bom dia, escreve uma pessoa da {agency}. Como se sente agora? "
        "Se for grave, não espere: ligue {emergency}.",
        "tr": "Merhaba, {agency} görevlisiyim. Şimdi nasılsınız? "
        "Durum ciddiyse beklemeyin: {emergency} arayın.",
        "ar": "مرحبا، أنا موظف من {agency}. كيف حالك الآن؟ إن كان الأمر خطيرا "
        "فلا تنتظر: اتصل بـ {emergency}.",
    },
    "thanks": {
        "en": "Thank you, it is noted. You can write here at any time. Emergency: {emergency}.",
        "fr": "Merci, c'est noté. Vous pouvez écrire ici à tout moment. Urgence : {emergency}.",
        "es": "Gracias, queda anotado. Puede escribir aquí en todo momento. "
        "Urgencias: {emergency}.",
        "pt": "Obrigado, fica registado. Pode escrever aqui a qualquer hora. "
        "Urgência: {emergency}.",
        "tr": "Teşekkürler, not ettik. Buraya her zaman yazabilirsiniz. Acil: {emergency}.",
        "ar": "شكرا، تم التسجيل. يمكنك الكتابة هنا في أي وقت. الطوارئ: {emergency}.",
    },
}

NAMES: Final = {
    "announced": "Announce my call",
    "tried": "We tried to call you",
    "call_us": "Please call us",
    "how_today": "How are you now?",
    "thanks": "Thank you, it is noted",
}


def announced(pack: Pack, said: str, word: str) -> str:
    """The text that announces a call, with the word that will be said."""
    return render(said, {**_agency(pack), "word": word})


def texts(pack: Pack, lang: Lang, emergency: str) -> list[tuple[str, str]]:
    """The prepared texts in one language: (English name, text)."""
    slots = {**_agency(pack), "emergency": emergency}
    return [(NAMES[key], said[lang].format(**slots)) for key, said in _TEXTS.items()]


def text(pack: Pack, key: str, lang: Lang, emergency: str) -> str:
    """One prepared text in one language."""
    return _TEXTS[key][lang].format(**_agency(pack), emergency=emergency)


_WORD: Final[Mapping[str, str]] = {
    "en": "Our word: {word}.",
    "fr": "Notre mot : {word}.",
    "es": "Nuestra palabra: {word}.",
    "pt": "A nossa palavra: {word}.",
    "tr": "Kelimemiz: {word}.",
    "ar": "كلمتنا: {word}.",
}


def tried_text(pack: Pack, lang: Lang, word: str) -> str:
    """What says that we called, with the word by which the next call proves itself."""
    said = _TEXTS["tried"][lang].format(**_agency(pack))
    return f"{said} {_WORD[lang].format(word=word)}" if word else said


_TRIED: Final[Mapping[str, Mapping[str, str]]] = {
    "not_reached": {"en": "Not reached.", "fr": "Non joint."},
    "no_answer": {"en": "No answer.", "fr": "Pas de réponse."},
    "voicemail": {"en": "Neutral voicemail left.", "fr": "Message vocal neutre laissé."},
    "call_back": {"en": "Wants to be called back.", "fr": "Demande à être rappelé."},
    "busy": {"en": "Busy.", "fr": "Occupé."},
    "call_at": {"en": "Call then.", "fr": "Rappeler à l'heure dite."},
    "other_person": {"en": "Another person answered.", "fr": "Une autre personne a répondu."},
    "interpreter": {"en": "Needs an interpreter.", "fr": "Besoin d'un interprète."},
}


def tried(pack: Pack, outcome: str) -> str:
    """A try in the words of the territory's own language: kept with the review as a note."""
    said = _TRIED[outcome]
    return said.get(pack.language, said["en"])


def _agency(pack: Pack) -> dict[str, str]:
    return {
        "agency": pack.agency.get("name", ""),
        "phone": pack.agency.get("public_phone", ""),
    }
