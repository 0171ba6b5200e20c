"""Forms that languages build by rule: articles, owners and cases, numbers in one word."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from itertools import product

Page = list[tuple[str, tuple[str, ...]]]

_ARABIC_KINDS = frozenset(
    {"units", "weekdays", "fever", "degree", "pulse", "oxygen", "group", "people", "months",
     "relation", "relations", "two_of", "filler", "not_heat_before", "concepts", "last_week",
     "duals"}
)  # fmt: skip
_ARABIC_OWNED = frozenset({"relation", "concepts", "fever", "oxygen", "group"})
_ARABIC_PREFIXES = ("ال", "بال", "ب", "لل", "ل", "فال", "عال", "هال")
_ARABIC_ENDINGS = ("ي", "نا")
_TURKISH_OWN = ("", "im", "m", "imiz", "miz", "um", "umuz", "in", "n", "si", "su", "i", "u",
                "lar", "ler", "larim", "lerim", "larimiz", "lerimiz")  # fmt: skip
_TURKISH_CASES = ("", "la", "le", "yla", "yle", "a", "e", "ya", "ye", "i", "u", "yi", "yu",
                  "in", "un", "nin", "nun", "dan", "den", "da", "de", "gil", "gile",
                  "laydim", "leydim", "laydik", "leydik", "ylaydim", "yleydim")  # fmt: skip
_TURKISH_THEIRS = ("si", "su", "i", "u")
_TURKISH_AFTER_THEIRS = ("", "yla", "yle", "nin", "nun", "ni", "nu", "na", "ne")
_TURKISH_PLACES = ("", "de", "da", "te", "ta", "den", "dan", "ten", "tan", "e", "a", "im", "imde")
_TURKISH_KINDS = frozenset({"relation"})


def _is_arabic(word: str) -> bool:
    return "؀" <= word[0] <= "ۿ"


def _with_article(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    bare = words[0][2:] if words[0].startswith("ال") and len(words[0]) > 4 else words[0]
    yield (bare, *words[1:])
    for prefix in _ARABIC_PREFIXES:
        yield (prefix + bare, *words[1:])


def _possessed(words: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
    word = words[0]
    if len(words) > 1 or len(word) < 2 or word.endswith("ي"):
        return
    stem = word[:-1] + "ت" if word.endswith("ه") else word
    yield from ((stem + ending,) for ending in _ARABIC_ENDINGS)


def arabic(kind: str, page: Page) -> Page:
    """A page and, for nouns, their forms with article, preposition and owner."""
    if kind not in _ARABIC_KINDS:
        return page
    forms: Page = []
    for value, words in page:
        forms.append((value, words))
        if not _is_arabic(words[0]):
            continue
        forms += [(value, form) for form in _with_article(words)]
        if kind in _ARABIC_OWNED:
            forms += [(value, form) for form in _possessed(words)]
    return forms


def arabic_of_others(page: Page) -> Page:
    """ "her husband", "his sister": relations to somebody else than the sender."""
    forms: Page = []
    for value, words in page:
        word = words[0]
        if len(words) > 1 or not _is_arabic(word) or len(word) < 2:
            continue
        if word.endswith("ي"):
            if len(word) >= 4:
                forms += [(value, (word[:-1] + ending,)) for ending in ("ها", "ه", "و")]
            continue
        feminine = word.endswith("ه")
        stem = word[:-1] + "ت" if feminine else word
        forms.append((value, (stem + "ها",)))
        forms += [(value, (stem + "ه",))] if feminine else []
    return forms


def arabic_of_many(page: Page) -> Page:
    """ "their children": several people who are somebody else's, and nobody to be named."""
    nouns = [words[0] for _, words in page if len(words) == 1 and _is_arabic(words[0])]
    return [("", (noun + ending,)) for noun in nouns for ending in ("هم", "ها", "ه")]


def _softened(stem: str) -> Iterable[str]:
    """A stem and its softened form before a vowel: cocuk, cocug-."""
    yield stem
    if stem.endswith("k"):
        yield stem[:-1] + "g"


def turkish(kind: str, page: Page, stems: Page) -> Page:
    """A page and, for the stems of relations, their plural, owner and case endings."""
    if kind not in _TURKISH_KINDS:
        return page
    known = {words for _, words in stems}
    forms: Page = list(page)
    for value, words in page:
        if words not in known:
            continue
        for stem, own, case in product(_softened(words[-1]), _TURKISH_OWN, _TURKISH_CASES):
            if own.startswith(("lar", "ler")) or own in _TURKISH_THEIRS:
                continue
            forms.append((value, (*words[:-1], stem + own + case)))
    return forms


def turkish_of_others(page: Page, stems: Page) -> Page:
    """ "eşi", "annesi": relations to somebody else than the sender."""
    known = {words for _, words in stems}
    forms: Page = []
    for value, words in page:
        if words not in known:
            continue
        for stem, own, case in product(
            _softened(words[-1]), _TURKISH_THEIRS, _TURKISH_AFTER_THEIRS
        ):
            if own.startswith("s") == stem.endswith(tuple("aeiou")):
                forms.append((value, (*words[:-1], stem + own + case)))
    return forms


def turkish_places(page: Page) -> Page:
    """ "ofiste", "evde": a place with its case."""
    return [(value, (*words[:-1], words[-1] + case))
            for value, words in page for case in _TURKISH_PLACES]  # fmt: skip


def glued_numbers(page: Page, joiners: Iterable[str]) -> Page:
    """Tens and units written as one word: otuzsekiz, treintaiocho, thirtyeight."""
    single = [(int(value), words[0]) for value, words in page if len(words) == 1]
    tens = [(value, word) for value, word in single if 20 <= value <= 90 and value % 10 == 0]
    units = [(value, word) for value, word in single if 0 < value < 10]
    between = ("", *joiners)
    return [(str(ten + unit), (before + joint + after,))
            for (ten, before), (unit, after), joint in product(tens, units, between)]  # fmt: skip


def grow(lang: str, pages: Mapping[str, Page]) -> dict[str, Page]:
    """All pages of a language with the forms that it builds by rule."""
    grown = {kind: page for kind, page in pages.items() if kind != "stems"}
    if lang == "ar":
        grown = {kind: arabic(kind, page) for kind, page in grown.items()}
        grown["relation_theirs"] = arabic_of_others(pages["relation"])
        grown["filler"] = [*grown["filler"], *arabic_of_many(pages["relations"])]
    if lang == "tr":
        stems = pages.get("stems", [])
        grown = {kind: turkish(kind, page, stems) for kind, page in grown.items()}
        grown["relation_theirs"] = turkish_of_others(pages["relation"], stems)
        grown["concepts"] = turkish_places(grown["concepts"])
    if lang != "ar":
        joiners = [words[0] for _, words in pages.get("joiner", []) if words[0] in ("y", "i", "e")]
        grown["number"] = [*grown["number"], *glued_numbers(grown["number"], joiners)]
    return grown
