"""What a person may ask at any time: silence, a human, another language, help; or "not me"."""

from __future__ import annotations

from flows.understanding.lexicon import COMMON, LANGS, negates
from flows.understanding.reading import Span
from flows.understanding.scene import Hit, Scene

# Words that a provider obeys whatever the language of the person.
_EVERYWHERE = frozenset({
    "stop", "stopp", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout",
    "arret", "start", "unstop", "help", "info", "alto", "parar", "baja", "sair", "dur", "iptal",
    "ret", "sos",
})  # fmt: skip
_FEW, _BARE = 5, 3  # words of a reply, and of a part between commas
_NOT_ME = ("wrong_number", "other_holder", "deceased", "unsure")


def span_of(found: Scene, hit: Hit, code: str) -> Span:
    tokens = found.text.tokens
    return Span(tokens[hit.start].start, tokens[hit.end].end, code)


def whole(found: Scene, code: str) -> Hit | None:
    """The hit that is the whole reply, courtesies apart: "stop svp", "Arrêt !!"."""
    hits = found.by_code.get(code)
    if not hits:
        return None
    polite = {at for hit in found.of("POLITE") for at in range(hit.start, hit.end + 1)}
    words = found.text.tokens
    rest = [at for at in range(len(words)) if at not in polite]
    for hit in hits:
        repeated = words[hit.start].word
        said = all(hit.start <= at <= hit.end or words[at].word == repeated for at in rest)
        if said and _heeded(found, hit):
            return hit
    return None


def _heeded(found: Scene, hit: Hit) -> bool:
    """Bare words of a language that is not the person's count only where they are well known."""
    if hit.lang in (found.text.lang, COMMON) or hit.end > hit.start:
        return True
    word = found.text.tokens[hit.start].word
    own_script = hit.lang == "ar" and not word.isascii()
    return word in _EVERYWHERE or own_script or (len(word) >= 5 and hit.lang in found.leading)


def first_half(found: Scene, no: Hit) -> bool:
    """The French "ne", which denies nothing by itself."""
    return found.text.tokens[no.start].word in ("ne", "n")


def _refused(found: Scene, hit: Hit) -> bool:
    """Whether a "don't" stands right before or after: "n'arrêtez pas", "don't call me"."""
    words = found.text.tokens[hit.start : hit.end + 1]
    carries = any(negates(word.word, hit.lang) for word in words)
    own = {at for no in found.of("POLITE", "YES") for at in range(no.start, no.end + 1)}
    # "Une vraie personne, pas un robot" sets one thing against another.
    own |= {no.start for no in found.of("NOT") if _contrasts(found, no)}
    return any(
        (
            0 < hit.start - no.end <= 2
            and found.segment[no.end] == found.segment[hit.start]
            # A Turkish verb ends what it denies: "I don't want it, somebody call me".
            and not (no.code == "VERBNOT" and no.lang == "tr")
        )
        or (no.start == hit.end + 1 and no.lang == "fr" and not carries)
        for no in found.of("NOT", "VERBNOT")
        if no.lang == hit.lang and no.start not in own and not first_half(found, no)
    )  # fmt: skip


def _contrasts(found: Scene, no: Hit) -> bool:
    return any(0 < robot.start - no.end <= 2 for robot in found.of("ROBOT"))


def _phrase(found: Scene, code: str) -> Hit | None:
    """A command said in a sentence, in a language of the reply, not refused or supposed."""
    for hit in found.spoken(code):
        if not _refused(found, hit):
            return hit
    return None


def _stop(found: Scene) -> Hit | None:
    return whole(found, "STOP_WHOLE") or _opening_stop(found) or _phrase(found, "STOP_PHRASE")


def _opening_stop(found: Scene) -> Hit | None:
    """The keyword in front of a complaint ("STOP! I told you already"), cut off by a mark."""
    for hit in found.of("STOP_WHOLE"):
        if hit.start == 0 and found.text.tokens[0].word in ("stop", "unsubscribe", "stopall"):
            if hit.end + 1 < len(found.segment) and found.segment[hit.end + 1] != found.segment[0]:
                return hit
            if found.text.raw[: found.text.tokens[0].end].strip() == "STOP":
                return hit
    return None


def _human(found: Scene, expect: str) -> Hit | None:
    hit = _phrase(found, "HUMAN")
    # "They call me Jo" names somebody.
    named = hit is not None and expect in ("name", "contacts") and hit.end - hit.start < 2
    return None if named or (hit and _told_of_others(found, hit)) else hit


def _told_of_others(found: Scene, hit: Hit) -> bool:
    """ "She keeps calling me by my uncle's name": what somebody does is not asked for."""
    if found.sentence[hit.start] in found.asked or found.spoken("ABLE") or found.spoken("WANT"):
        return False
    return any(
        0 < hit.start - she.end <= 3 and found.segment[she.start] == found.segment[hit.start]
        for she in found.spoken("THIRD")
    )


def _language(found: Scene) -> tuple[Hit, str] | None:
    """A language asked for by name; the one the person does not know is not asked for."""
    for lang in LANGS:
        for hit in found.of(f"LANG_{lang}"):
            if lang != found.text.lang and _wanted(found, hit) and not _refused(found, hit):
                return hit, f"language:{lang}"
    return None


def _wanted(found: Scene, hit: Hit) -> bool:
    """Whether a language is asked for: named nearly alone, or beside writing and reading."""
    spoken = found.segment.count(found.segment[hit.start])
    if len(found.text.tokens) <= _FEW or spoken <= _BARE:
        return True
    beside = found.of("SEND", "WRITEV")
    if any(found.segment[one.start] == found.segment[hit.start] and 0 < one.start - hit.end <= 2
           for one in found.of("POLITE")):  # fmt: skip
        return True
    return any(abs(verb.start - hit.start) <= 4 for verb in beside) and not any(
        True for _ in found.spoken("LEARNV")
    )


def command(found: Scene, expect: str, detail: str | None) -> tuple[str | None, list[Span]]:
    """The one command of a reply; of two, the first of: stop, wrong person, human, language."""
    if detail == "deceased" and found.spoken("TOTHEM"):
        return "wrong_person", []
    if hit := _stop(found):
        return "stop", [span_of(found, hit, "stop")]
    if detail in _NOT_ME:
        return "wrong_person", []
    if hit := _human(found, expect):
        return "human", [span_of(found, hit, "human")]
    if asked := _language(found):
        return asked[1], [span_of(found, asked[0], asked[1])]
    if hit := whole(found, "START_WHOLE") or _phrase(found, "START"):
        return "start", [span_of(found, hit, "start")]
    # "Quem fala é Marta" answers who speaks.
    phrase = None if expect == "name" else _phrase(found, "HELP")
    if hit := whole(found, "HELP_WHOLE") or whole(found, "HELP_CMD") or phrase:
        return "help", [span_of(found, hit, "help")]
    return None, []
