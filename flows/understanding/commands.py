"""What a person may ask at any time: silence, a human, another language, help; or "not me"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.understanding.lexicon import COMMON, LANGS
from flows.understanding.people import Mention
from flows.understanding.reading import Span
from flows.understanding.scene import Hit, Scene

# Words that a provider obeys whatever the language of the person.
_EVERYWHERE = frozenset({
    "stop", "stopp", "stopall", "unsubscribe", "cancel", "end", "quit", "revoke", "optout", "arret",
    "start", "unstop", "help", "info", "alto", "parar", "baja", "sair", "dur", "iptal", "ret", "sos",
})  # fmt: skip
_LONGEST_COMMAND = 6
_FAREWELL = frozenset({"BEREAVED", "DECEASED"})


def _span(found: Scene, hit: Hit, code: str) -> Span:
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
        if all(hit.start <= at <= hit.end or words[at].word == repeated for at in rest):
            if _heeded(found, hit):
                return hit
    return None


def _heeded(found: Scene, hit: Hit) -> bool:
    """Bare words of a language that is not the person's count only where they are well known."""
    if hit.lang in (found.text.lang, COMMON) or hit.end > hit.start:
        return True
    word = found.text.tokens[hit.start].word
    return word in _EVERYWHERE or (len(word) >= 5 and hit.lang in found.leading)


def _refused(found: Scene, hit: Hit) -> bool:
    """Whether a "don't" stands right before or after: "n'arrêtez pas", "don't call me"."""
    own = {at for no in found.of("POLITE", "YES") for at in range(no.start, no.end + 1)}
    return any(
        0 < hit.start - no.end <= 2 and not (found.segment[no.end] != found.segment[hit.start])
        or (no.start == hit.end + 1 and no.lang == "fr" and no.code == "NOT")
        for no in found.of("NOT", "VERBNOT")
        if no.lang == hit.lang and no.start not in own and not _first_half(found, no)
    )  # fmt: skip


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
    # "Call me Jo" names somebody.
    return None if hit is not None and expect in ("name", "contacts") and hit.end == 1 else hit


def _language(found: Scene) -> tuple[Hit, str] | None:
    """A language asked for by name; the one the person does not know is not asked for."""
    for lang in LANGS:
        for hit in found.of(f"LANG_{lang}"):
            alone = len(found.text.tokens) <= 8
            if alone and lang != found.text.lang and not _refused(found, hit):
                return hit, f"language:{lang}"
    return None


def command(found: Scene, expect: str, detail: str | None) -> tuple[str | None, list[Span]]:
    """The one command of a reply; of two, the first of: stop, wrong person, human, language."""
    if hit := _stop(found):
        return "stop", [_span(found, hit, "stop")]
    if detail in ("wrong_number", "other_holder", "deceased", "unsure"):
        return "wrong_person", []
    if hit := _human(found, expect):
        return "human", [_span(found, hit, "human")]
    if asked := _language(found):
        return asked[1], [_span(found, asked[0], asked[1])]
    if hit := whole(found, "START_WHOLE") or _phrase(found, "START"):
        return "start", [_span(found, hit, "start")]
    if hit := whole(found, "HELP_WHOLE") or whole(found, "HELP_CMD") or _phrase(found, "HELP"):
        return "help", [_span(found, hit, "help")]
    return None, []


# --- details ----------------------------------------------------------------------------------


def _first(found: Scene, *codes: str) -> Hit | None:
    return next((hit for code in codes for hit in found.spoken(code)), None)


def _mourned(found: Scene, hit: Hit) -> bool:
    """Whether it is a relative of the sender who died, named beside the death."""
    for code in ("PARTNER", "CHILD", "BABY", "PARENT", "GRANDPARENT", "PERSON"):
        for person in found.spoken(code):
            if found.sentence[person.start] == found.sentence[hit.start]:
                if 0 <= hit.start - person.end <= 4 or 0 <= person.start - hit.end <= 2:
                    return not _introduced(found, person)
    return False


def _introduced(found: Scene, person: Hit) -> bool:
    """ "I am his wife" says who writes, not who died."""
    return any(proxy.start <= person.start <= proxy.end for proxy in found.of("PROXY"))


def _death(found: Scene) -> tuple[str, Hit] | None:
    hit = _first(found, "DECEASED")
    if _first(found, "SELFDEAD", "IGNORE", "LAUGH"):
        return None
    if _first(found, "CHASED") and hit:
        return "deceased", hit
    if mourning := _first(found, "BEREAVED"):
        return "bereaved", mourning
    if hit is None or _denied(found, hit):
        return None
    return ("bereaved" if _mourned(found, hit) else "deceased"), hit


def _denied(found: Scene, hit: Hit) -> bool:
    return any(
        0 < hit.start - no.end <= 1
        for no in found.of("NOT")
        if no.lang == hit.lang and not _first_half(found, no)
    )


def _first_half(found: Scene, no: Hit) -> bool:
    """The French "ne", which denies nothing by itself."""
    return found.text.tokens[no.start].word in ("ne", "n")


def _not_me(found: Scene) -> tuple[str, Hit] | None:
    if hit := _first(found, "OTHER_HOLDER"):
        return "other_holder", hit
    hit = _first(found, "WRONG")
    if hit is None or _denied(found, hit) or found.sentence[hit.start] in found.asked:
        return None
    return "wrong_number", hit


def _hospital(found: Scene) -> Hit | None:
    """In hospital now: not on the way there, working there, or back from it."""
    for hit in found.spoken("HOSPITALISED"):
        if not _denied(found, hit) and not found.asked and not found.spoken("FAR"):
            return hit
    for hit in found.spoken("HOSPITAL"):
        near = [go for go in found.of("GOTO") if go.lang == hit.lang and abs(go.start - hit.start) <= 4
                and not hit.start <= go.start <= hit.end]  # fmt: skip
        if not near and not _denied(found, hit) and found.sentence[hit.start] not in found.asked:
            if not any(far for far in found.spoken("FAR")):
                return hit
    return None


def _minor(found: Scene) -> Hit | None:
    for hit in found.spoken("MINOR"):
        words = [token.word for token in found.text.tokens[hit.start : hit.end + 1]]
        numbers = [int(word) for word in words if word.isdigit() and len(word) < 3]
        about_self = not any(found.spoken(code) for code in ("CHILD", "BABY", "THIRD", "PARTNER"))
        if numbers and 5 <= numbers[0] < 18 and about_self and _of_years(found, hit):
            return hit
        if not numbers and any(
            word.startswith(("mineur", "minor", "menor", "قاصر", "underage", "resit"))
            for word in words
        ):
            return hit
    return None


def _of_years(found: Scene, hit: Hit) -> bool:
    """ "I'm 15" alone, but not "I'm 15 minutes away"; other languages name the years."""
    if found.text.tokens[hit.start].word not in ("im", "i"):
        return True
    following = [token.word for token in found.text.tokens[hit.end + 1 : hit.end + 2]]
    return not following or following[0] in (
        "years",
        "yrs",
        "yo",
        "and",
        "year",
        "so",
        "but",
        "old",
    )


def detail(found: Scene, mentioned: Sequence[Mention]) -> tuple[str | None, list[Span]]:
    """The fact that changes what is owed: a death, another holder, hospital, a minor, a proxy."""
    for code, hit in _details(found):
        return code, [_span(found, hit, code)]
    return None, []


def _details(found: Scene) -> Iterator[tuple[str, Hit]]:
    if death := _death(found):
        yield death
    if other := _not_me(found):
        yield other
    if hit := _hospital(found):
        yield "hospital", hit
    if hit := _first(found, "PROXY"):
        yield "proxy", hit
    if hit := _minor(found):
        yield "minor", hit
