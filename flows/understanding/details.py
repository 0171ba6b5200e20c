"""Facts that change what is owed: a death, another holder, hospital, a minor, a proxy."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.understanding.commands import first_half, span_of
from flows.understanding.people import Mention, mentions, subject
from flows.understanding.reading import Span
from flows.understanding.scene import Hit, Scene

_UNDER_AGE = ("mineur", "minor", "menor", "قاصر", "underage", "resit")
_ADULT = 18
_FIRST_WORDS = 2  # "but who died?"


def _first(found: Scene, *codes: str) -> Hit | None:
    return next((hit for code in codes for hit in found.spoken(code)), None)


def _mourned(found: Scene, hit: Hit) -> bool:
    """Whether it is a relative of the sender who died, named beside the death."""
    for code in ("PARTNER", "CHILD", "BABY", "PARENT", "GRANDPARENT", "PERSON"):
        for person in found.spoken(code):
            near = 0 <= hit.start - person.end <= 4 or 0 <= person.start - hit.end <= 2
            if near and found.sentence[person.start] == found.sentence[hit.start]:
                return not _introduced(found, person)
    return False


def _introduced(found: Scene, person: Hit) -> bool:
    """ "I am his wife" says who writes, not who died."""
    return any(proxy.start <= person.start <= proxy.end for proxy in found.of("PROXY"))


def _death(found: Scene) -> tuple[str, Hit] | None:
    hit = _first(found, "DECEASED")
    if _first(found, "SELFDEAD", "IGNORE", "LAUGH", "ELSE_FILM") or _asked_after(found):
        return None
    mourning = _first(found, "BEREAVED")
    # Who writes "this is his son" tells of the one whom we wrote to.
    # … and so does who asks that no more be written "to him".
    theirs = _first(found, "CHASED", "PROXY", "TOTHEM")
    if (long_gone := hit or mourning) and _years_ago(found):
        # Whom we wrote to this week died in none of the years before.
        return "bereaved", long_gone
    if (died := hit or mourning) and (theirs or _was_their_number(found)):
        return "deceased", died
    if mourning:
        return "bereaved", mourning
    if hit is None or _denied(found, hit) or _of_a_thing(found, hit):
        return None
    return ("bereaved" if _mourned(found, hit) else "deceased"), hit


def _asked_after(found: Scene) -> bool:
    """ "Did somebody die?", "who died", "nobody died": no death is announced."""
    if found.spoken("DEATHNONE"):
        return True
    if any(found.sentence[hit.start] in found.asked for hit in found.spoken("DEATHSOME")):
        return True
    return any(_opens(found, hit) for hit in found.spoken("DEATHWHO"))


def _opens(found: Scene, hit: Hit) -> bool:
    """Whether the question stands first: "my husband who died" asks nothing."""
    before = [at for at in range(hit.start) if found.sentence[at] == found.sentence[hit.start]]
    kin = found.of("PARTNER", "CHILD", "BABY", "PARENT", "GRANDPARENT", "PERSON")
    return len(before) <= _FIRST_WORDS and not any(one.start in before for one in kin)


_YEARS = frozenset({
    "year", "years", "yr", "yrs", "ans", "annees", "an", "ano", "anos", "yil", "yillar",
    "sene", "seneler", "سنه", "سنين", "سنوات", "سنتين", "عام", "اعوام",
})  # fmt: skip


def _years_ago(found: Scene) -> bool:
    """ "In 2015", "ten years ago"."""
    words = found.text.tokens
    return any(
        words[at].word in _YEARS or (words[at].word[:4].isdigit() and len(words[at].word) >= 4)
        for far in found.spoken("FAR")
        for at in range(far.start, far.end + 1)
    )


def _was_their_number(found: Scene) -> bool:
    """ "This was my mother's telephone"."""
    return any(
        found.sentence[line.start] == found.sentence[was.start]
        for was in found.spoken("NOLONGER")
        for line in found.spoken("NUMBERWORD")
    )


def _of_a_thing(found: Scene, hit: Hit) -> bool:
    """Whether it is a telephone, a car or a pet that died."""
    return any(
        abs(hit.start - thing.end) <= 5 and found.segment[thing.start] == found.segment[hit.start]
        for thing in found.of("CHANNEL", "THINGW", "ELSE_ANIMAL", "ELSE_DOLL")
    )


def _denied(found: Scene, hit: Hit) -> bool:
    return any(
        0 < hit.start - no.end <= 1
        for no in found.of("NOT")
        if no.lang == hit.lang and not first_half(found, no)
    )


def _not_me(found: Scene) -> tuple[str, Hit] | None:
    hit = _first(found, "WRONG")
    # "I'm not Karim, I just got this number" knows nothing of Karim.
    if hit is None and (other := _first(found, "OTHER_HOLDER")):
        return "other_holder", other
    if hit is None or _denied(found, hit) or found.sentence[hit.start] in found.asked:
        return None
    if _beside(found, hit, "HOSPITAL"):
        # "It is not me who is in hospital" mends what was misread.
        return None
    return "wrong_number", hit


def _hospital(found: Scene) -> Hit | None:
    """In hospital now: not on the way there, working there, back from it, or long ago."""
    if found.spoken("FAR"):
        return None
    for hit in (*found.spoken("HOSPITALISED"), *found.spoken("HOSPITAL")):
        asked = found.sentence[hit.start] in found.asked
        if _beside(found, hit, "NOTME"):
            return hit
        passing = hit.code == "HOSPITAL" and _in_passing(found, hit)
        if not (asked or passing or _denied(found, hit) or _at_work(found, hit)):
            return hit
    return None


def _of_another(found: Scene, hit: Hit) -> bool:
    """ "My gran is in hospital": somebody named lies there. A bare "she" may be who is followed."""
    if _beside(found, hit, "NOTME"):
        return True
    own = {each.start for each in found.spoken("SELF")}
    people = [one for one in mentions(found, ()) if one.code == "self" or one.start not in own]
    of = subject(found, hit.start, hit.end, people)
    if of.code == "self" or (_beside(found, hit, "IAMW") and not _before(people, hit)):
        return of.code == "self" and not of.said and _name_before(found, hit)
    return of.named or any(one.start < hit.start and one.code == "other" for one in people)


def _before(people: Sequence[Mention], hit: Hit) -> bool:
    return any(0 <= hit.start - one.end <= 4 and one.code == "other" for one in people)


def _beside(found: Scene, hit: Hit, code: str) -> bool:
    """Whether this is said in the same sentence."""
    return any(found.sentence[one.start] == found.sentence[hit.start] for one in found.spoken(code))


_IS = frozenset({"is", "s", "was", "est", "esta", "foi", "fue", "ta", "ingreso", "went", "got"})


def _name_before(found: Scene, hit: Hit) -> bool:
    """ "Dave is in hospital": a word that we do not know, written with a capital."""
    tokens, known = found.text.tokens, found.known()
    return any(
        found.text.raw[tokens[at].start].isupper()
        and at not in known
        and tokens[at + 1].word in _IS
        and found.segment[at] == found.segment[hit.start]
        for at in range(max(hit.start - 4, 0), hit.start)
    )


def _at_work(found: Scene, hit: Hit) -> bool:
    """ "I do nights in the hospital laundry"."""
    return hit.code == "HOSPITAL" and any(
        found.sentence[job.start] == found.sentence[hit.start] for job in found.spoken("JOBW")
    )


def _in_passing(found: Scene, hit: Hit) -> bool:
    return any(
        going.lang == hit.lang
        and abs(going.start - hit.start) <= 4
        and not hit.start <= going.start <= hit.end
        for going in found.of("GOTO")
    )


# "I'm 15 minutes away", "im 14 weeks pregnant".
_NOT_YEARS = ("min", "week", "wk", "month", "mth", "day", "hour", "hr", "mile", "km",
              "kg", "lb", "percent", "stone", "meter", "metre")  # fmt: skip


def _minor(found: Scene) -> Hit | None:
    for hit in found.spoken("MINOR"):
        words = [token.word for token in found.text.tokens[hit.start : hit.end + 1]]
        numbers = [int(word) for word in words if word.isdigit() and len(word) < 3]
        about_self = not any(found.spoken(code) for code in ("CHILD", "BABY", "THIRD", "PARTNER"))
        if numbers and 5 <= numbers[0] < 18 and about_self and _of_years(found, hit):
            return hit
        if not numbers and any(word.startswith(_UNDER_AGE) for word in words):
            return hit
    return None


def _of_years(found: Scene, hit: Hit) -> bool:
    """ "I'm 15" alone, but not "I'm 15 minutes away"; other languages name the years."""
    if found.text.tokens[hit.start].word not in ("im", "i"):
        return True
    following = found.text.tokens[hit.end + 1 : hit.end + 2]
    return not any(token.word.startswith(_NOT_YEARS) for token in following)


def detail(found: Scene, expect: str) -> tuple[str | None, list[Span]]:
    """The fact that changes what is owed: a death, another holder, hospital, a minor, a proxy."""
    for code, hit in _details(found, expect):
        return code, [span_of(found, hit, code)]
    return None, []


def _details(found: Scene, expect: str) -> Iterator[tuple[str, Hit]]:
    if death := _death(found):
        yield death
    # Somebody unknown among people met is no wrong number.
    if (other := _not_me(found)) and (expect != "contacts" or found.spoken("NUMBERWORD")):
        yield other
    if hit := _hospital(found):
        yield ("hospital_other" if _of_another(found, hit) else "hospital"), hit
    if hit := _first(found, "PROXY"):
        yield "proxy", hit
    if hit := _minor(found):
        yield "minor", hit
