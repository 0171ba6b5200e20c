"""Words as they are misspelt: what a written word may stand for in the lexicon."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache, lru_cache

from flows.understanding.lexicon import COMMON, lexicon

_DOUBLE = re.compile(r"([^\W\d_])\1")
_ARABIC = re.compile(r"[؀-ۿ]")
_ARABIZI_DIGIT = re.compile(r"[a-z][23579]|[23579][a-z]{2}")
_TURKISH_NEGATIVE = re.compile(
    r"(?P<unable>y?[ae]m)?(?(unable)|m)(?:[iu]yo|[ae]?d[iu]|[ae]z|[ae]m[iu]|[ae]y[ae]|[ae]yinc|[iu]yr|[iu]y$)"
)
_TURKISH_IF = re.compile(r"(?:[rz]|mis|iyor|uyor)s[ae](?:m|n|k|niz|lar|ler)?\Z")
_PROCLITICS = (
    "وال", "فال", "بال", "عال", "كال", "هال", "لل", "ال", "و", "ف", "ب", "ل", "ع", "ك", "ه",
)  # fmt: skip
_VERBAL = re.compile(r"(?:[وف]?(?:ك|ب|ح|ه|س|ع|د|ت|ما|م)?[اينت]|[وف]?م)(?=..)")
_LETTERS = str.maketrans({
    "ب": "b", "ت": "t", "ث": "t", "ج": "j", "ح": "h", "خ": "x", "د": "d", "ذ": "d", "ر": "r",
    "ز": "z", "س": "s", "ش": "c", "ص": "s", "ض": "d", "ط": "t", "ظ": "z", "ع": "3", "غ": "g",
    "ف": "f", "ق": "k", "ك": "k", "ل": "l", "م": "m", "ن": "n", "ه": "h", "و": "", "ي": "", "ا": "",
})  # fmt: skip
_ARABIZI = str.maketrans(
    {"7": "h", "5": "x", "9": "k", "q": "k", "v": "f", "p": "b", "c": "k"}
    | dict.fromkeys("aeiouyw'", "")
)


def undouble(word: str) -> str:
    """Doubled letters written once, for nobody is sure where they stand."""
    return _DOUBLE.sub(r"\1", word)


@lru_cache(maxsize=16_384)
def sound(word: str) -> str:
    """A rough pronunciation common to the Latin languages; equal for most misspellings."""
    word = undouble(word)
    for written, heard in _SOUNDS:
        word = word.replace(written, heard)
    return undouble(word)


_LEAST_TURKISH = {False: 6, True: 8}  # Its endings make shorter words too alike.
_ELIDED = "jldmstnc"  # "jtousse", "jarrive": the little word written onto the verb

_SOUNDS = (
    ("ph", "f"), ("th", "t"), ("sch", "ch"), ("qu", "k"), ("ck", "k"), ("eau", "o"), ("au", "o"),
    ("ai", "e"), ("ei", "e"), ("ce", "se"), ("ci", "si"), ("ch", "#"), ("h", ""), ("#", "ch"),
    ("c", "k"), ("q", "k"), ("z", "s"), ("x", "s"), ("y", "i"), ("v", "b"), ("w", "u"), ("j", "g"),
    ("em", "an"), ("am", "an"), ("en", "an"), ("om", "on"), ("ou", "u"),
)  # fmt: skip


def skeletons(word: str) -> Iterator[str]:
    """The consonants of an Arabic word, in its script or in Latin letters and digits."""
    if _ARABIC.match(word):
        yield undouble(word.translate(_LETTERS))
        return
    word = undouble(word)
    for written, heard in (
        ("sh", "%"),
        ("ch", "%"),
        ("kh", "5"),
        ("gh", "g"),
        ("dh", "d"),
        ("th", "t"),
    ):
        word = word.replace(written, heard)
    for hamza in ("", "k") if "2" in word else ("",):
        yield undouble(word.replace("2", hamza).translate(_ARABIZI)).replace("%", "c")


def looks_arabizi(word: str) -> bool:
    """Whether digits stand for letters in this word, as in "7arara" or "3andi"."""
    return not word.isdigit() and bool(_ARABIZI_DIGIT.search(word))


def tails(word: str) -> Iterator[str]:
    """An Arabic word without the particles and verb prefixes written onto it."""
    yield word
    for particle in _PROCLITICS:
        least = 2 if particle in "وف" else 3
        if word.startswith(particle) and len(word) >= len(particle) + least:
            yield word[len(particle) :]
    verbal = _VERBAL.match(word)
    if verbal and len(word) >= verbal.end() + 3:
        yield word[verbal.end() :]


def _exact(word: str) -> Iterator[str]:
    known = lexicon()
    yield from known.words.get(word, ())
    for length in range(2, len(word) + 1):
        for symbol in (*known.stems.get(word[:length], ()), *known.verbs.get(word[:length], ())):
            yield symbol
            if symbol[:2] == "tr":
                yield from _turkish_ending(word[length:])


def _turkish_ending(ending: str) -> Iterator[str]:
    """What the ending of a Turkish verb adds: not, cannot, if."""
    negative = _TURKISH_NEGATIVE.match(ending)
    if negative and negative.group("unable"):
        yield "tr!unable"
    # "-maya" is oftener "to do" than "may it not".
    elif negative and ending not in ("maya", "meye"):
        yield "tr!not"
    if _TURKISH_IF.search(ending):
        yield "tr!if"


@cache
def _variants() -> dict[str, list[str]]:
    """Undoubled words, sounds and skeletons → symbols, each kept apart by its first sign."""
    table: dict[str, list[str]] = {}
    known = lexicon()
    for source in (known.words, known.stems, known.verbs):
        for word, symbols in source.items():
            for key in _keys(word):
                table.setdefault(key, []).extend(symbols)
    return table


def _keys(word: str) -> Iterator[str]:
    if _ARABIC.match(word):
        yield from (f"s{skeleton}" for skeleton in skeletons(word) if len(skeleton) >= 3)
        return
    yield f"u{undouble(word)}"
    if len(heard := sound(word)) >= 4:
        yield f"p{heard}"


def _says_all(symbol: str) -> bool:
    node = lexicon().root.edges.get(symbol)
    return node is not None and any(code.islower() for _, code in node.codes)


@cache
def _deletions() -> dict[str, list[tuple[str, str]]]:
    """Words and stems of five letters or more, under themselves and themselves less a letter."""
    table: dict[str, list[tuple[str, str]]] = {}
    known = lexicon()
    for source in (known.words, known.stems):
        for word, symbols in source.items():
            if len(word) < 5 or not word.isalpha():
                continue
            # A short word that says everything by itself must be written right.
            symbols = symbols if len(word) > 5 else [s for s in symbols if not _says_all(s)]
            for key in {word, *(word[:i] + word[i + 1 :] for i in range(len(word)))}:
                table.setdefault(key, []).extend((symbol, word) for symbol in symbols)
    return table


def _near(word: str) -> Iterator[str]:
    """Symbols one letter away: missing, added, changed or two swapped; the first letter holds."""
    if not 4 <= len(word) <= 24 or not word.isalpha():
        return
    table = _deletions()
    starts = {word[:length] for length in range(4, len(word) + 1)}
    for key in {start[:i] + start[i + 1 :] for start in starts for i in range(len(start))} | starts:
        for symbol, target in table.get(key, ()):
            if symbol.startswith("tr:") and len(target) < _LEAST_TURKISH[_says_all(symbol)]:
                continue
            if target[0] == word[0] and _one_edit(word, target, symbol.endswith("*")):
                yield symbol


def _one_edit(word: str, target: str, stem: bool) -> bool:
    lengths = (len(target) - 1, len(target), len(target) + 1) if stem else (len(word),)
    return any(within_one_letter(word[:length], target) for length in lengths)


def within_one_letter(one: str, other: str) -> bool:
    """One letter missing, added, changed, or two swapped; the same word too."""
    if abs(len(one) - len(other)) > 1:
        return False
    short, long = sorted((one, other), key=len)
    at = next((i for i, (a, b) in enumerate(zip(short, long, strict=False)) if a != b), len(short))
    if len(short) < len(long):
        return short[at:] == long[at + 1 :]
    swapped = short[at + 1 : at + 2] + short[at : at + 1] == long[at : at + 2]
    return short[at + 1 :] == long[at + 1 :] or (swapped and short[at + 2 :] == long[at + 2 :])


def _prefixed(table: dict[str, list[str]], kind: str, key: str) -> Iterator[str]:
    """Symbols under the whole key, and stems under each of its beginnings."""
    yield from (s for s in table.get(kind + key, ()) if s[-1] not in "*~")
    for length in range(4 if kind == "p" else 3, len(key) + 1):
        yield from (s for s in table.get(kind + key[:length], ()) if s[-1] in "*~")


def _of(symbols: Iterable[str], langs: tuple[str, ...]) -> list[str]:
    return [symbol for symbol in symbols if symbol[:2] in langs]


@lru_cache(maxsize=65_536)
def symbols(word: str) -> tuple[str, ...]:
    """What a word stands for as it is written, in any language."""
    found = list(_exact(word))
    if _ARABIC.match(word):
        for tail in tails(word):
            found.extend(_exact(tail))
    if word.isdigit():
        found.extend(lexicon().words.get("#", ()))
    return tuple(dict.fromkeys(found))


@lru_cache(maxsize=65_536)
def guesses(word: str, langs: tuple[str, ...]) -> tuple[str, ...]:
    """What a misspelt word may stand for in these languages; nothing for a word known to them."""
    if (
        word.isdigit()
        or _ARABIC.match(word)
        or any(symbol[: symbol.find(":")] in langs for symbol in symbols(word))
    ):
        return ()
    if any(is_plain(word, lang) for lang in langs):
        return ()
    found = _of(_skeletal(word), langs) if "ar" in langs else []
    if "fr" in langs and len(word) >= 4 and word[0] in _ELIDED:
        found.extend(_of(_exact(word[1:]), ("fr",)))
    return tuple(dict.fromkeys(found or _misspelt(word, langs)))


def is_plain(word: str, lang: str) -> bool:
    """Whether an ordinary word, however near to one of ours, means only itself."""
    plain = lexicon().plain[lang]
    return word in plain or any(f"{word[:length]}*" in plain for length in range(4, len(word) + 1))


def _misspelt(word: str, langs: tuple[str, ...]) -> list[str]:
    table = _variants()
    if undoubled := _of(_prefixed(table, "u", undouble(word)), langs):
        return undoubled
    if len(word) >= 5 and (heard := _of(_prefixed(table, "p", sound(word)), langs)):
        return heard
    return _of(_near(word), langs)


def _skeletal(word: str) -> Iterator[str]:
    table = _variants()
    least = 3 if looks_arabizi(word) else 4
    for skeleton in skeletons(word):
        if len(skeleton) < least:
            continue
        for start in range(3):
            if len(skeleton) - start < 3 or (start and skeleton[start - 1] not in "ntbhlfm3k"):
                break
            yield from _prefixed(table, "s", skeleton[start:])


__all__ = [
    "COMMON",
    "looks_arabizi",
    "sound",
    "symbols",
    "tails",
    "undouble",
    "within_one_letter",
]
