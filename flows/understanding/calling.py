"""Which words of a reply are somebody's name: by capitals, by known names, by where they stand."""

from __future__ import annotations

import re

from flows.understanding.relations import ADJECTIVES, ADJECTIVES_AFTER
from flows.understanding.scan import Scan

_ORDINARY = frozenset({
    "filler", "the", "of", "and", "with", "mine", "theirs", "people", "group", "units", "nobody",
    "all", "number", "ordinal", "greeting", "not_name", "negation", "weekdays", "months", "days",
    "relation", "relations", "called", "except", "either", "last", "next", "ago", "ago_after",
    "name_outro", "fever", "alone", "total", "oxygen", "including", "weekend", "collective",
    "concepts", "titles", "met", "correction", "refusal", "dont_know", "nickname",
})  # fmt: skip
CLITICS = frozenset(
    {"le", "la", "yle", "yla", "i", "u", "yi", "yu", "e", "a", "ye", "ya", "in", "un", "nin",
     "nun", "de", "da", "den", "dan", "te", "ta", "ten", "tan", "ler", "lar", "gil", "s"}
)  # fmt: skip
_MOST_PARTS = 5
_PHRASES = frozenset(
    {"group", "nobody", "days", "last_week", "refusal", "dont_know", "concepts", "relation"}
)


def is_ordinary(reply: Scan, word: str) -> bool:
    """Whether the word has another meaning in the languages of the reply."""
    return reply.words.any_of(_ORDINARY, word)


def is_capital(reply: Scan, i: int) -> bool:
    """Written with a capital."""
    return reply.raw(i, i + 1)[:1].isupper()


def shouts(text: str) -> bool:
    """Whether a whole reply is in capitals, so that capitals tell nothing."""
    letters = [c for c in text if c.isalpha() and c.lower() != c.upper()]
    return len(letters) > 6 and sum(c.isupper() for c in letters) > 0.8 * len(letters)


def is_known(reply: Scan, i: int) -> bool:
    """A given name that many people have."""
    return reply.words.has("given_names", reply.word(i))


def _has_no_capitals(reply: Scan, i: int) -> bool:
    return not reply.raw(i, i + 1)[:1].islower() and not is_capital(reply, i)


def opens_name(reply: Scan, i: int, *, slot: bool, loud: bool) -> bool:
    """Whether a name begins at lexeme i; `slot`: a name is expected here."""
    word = reply.word(i)
    if not reply.lexemes[i].is_word:
        return False
    if len(word) < 2:
        elided = reply.word(i + 1) == "'" and _joins(reply, i + 1)
        return elided and is_capital(reply, i) and is_capital(reply, i + 2)
    careful = is_capital(reply, i) and not loud and not _is_first(reply, i)
    if careful and _is_plain_name(reply, i):
        return True
    ordinary = is_ordinary(reply, word) or word in ADJECTIVES or word in ADJECTIVES_AFTER
    if is_known(reply, i):
        capital = is_capital(reply, i) and not loud
        return (
            not ordinary
            or (capital and not _is_first(reply, i))
            or (slot and (not _common(reply, i) or _is_of_kin(reply, i)))
        )
    if ordinary or _is_a_verb(reply, i):
        return False
    if reply.words.may_open(_PHRASES, word) and any(reply.is_a(kind, i) for kind in _PHRASES):
        return False
    # "my piano teacher": what he teaches, not how he is called.
    if i and reply.is_a("mine", i - 1) and reply.is_a("relation", i + 1):
        return False
    return slot or (is_capital(reply, i) and not loud)


# "Bizdeydi", "bayıldı"; "معنديش", "ماجاش": no name is written so.
_TURKISH_VERB = re.compile(
    r"\w{2,}(?:[dt][iu](?:m|k|n|lar|ler)?|yo(?:r|rum|ruz|rlar|lar)?|mis|mus"
    r"|[dt][ae]y(?:im|iz|di\w*)|\w{3}l[ae]ri)\Z"
)
_ARABIC_VERB = re.compile(r"ما?\w{2,}ش\Z")


def _is_a_verb(reply: Scan, i: int) -> bool:
    word = reply.word(i)
    if reply.text.lang == "tr" and reply.raw(i, i + 1)[:1].islower():
        return _TURKISH_VERB.match(word) is not None
    return "\u0600" <= word[:1] <= "\u06ff" and _ARABIC_VERB.match(word) is not None


def _is_plain_name(reply: Scan, i: int) -> bool:
    """A capital inside a sentence, on a word that means nothing in the reply's own languages."""
    word = reply.word(i)
    if reply.words.any_own(_ORDINARY, word):
        return False
    return not any(reply.is_a(kind, i) for kind in ("relation", "relations", "called", "group"))


def _is_of_kin(reply: Scan, i: int) -> bool:
    """ "My father علي": a name behind a word of kinship, whatever else it means."""
    return "\u0600" <= reply.word(i)[:1] <= "\u06ff" and i > 0 and reply.is_a("relation", i - 1)


def _common(reply: Scan, i: int) -> bool:
    word = reply.word(i)
    return reply.words.any_own(_ORDINARY - {"concepts"}, word)


def _is_first(reply: Scan, i: int) -> bool:
    return i == 0 or reply.word(i - 1) in (".", "\n", "!", "?")


def _joins(reply: Scan, i: int) -> bool:
    """A hyphen or an apostrophe inside a name, or the point of an initial."""
    if i + 1 >= len(reply.lexemes) or i == 0:
        return False
    before, mark, after = reply.lexemes[i - 1 : i + 2]
    if mark.word == ".":
        initial = len(before.word) == 1 and after.is_word and before.end == mark.start
        return initial and not reply.is_a("and", i + 1)
    if mark.word not in "-'" or before.end != mark.start or mark.end != after.start:
        return False
    if mark.word == "'" and after.word in CLITICS:
        return False
    return after.is_word


def _continues(reply: Scan, i: int, *, loud: bool, first_capital: bool) -> bool:
    """Whether the word at lexeme i belongs to the name before it."""
    word = reply.word(i)
    if not word or not reply.lexemes[i].is_word:
        return False
    if len(word) == 1:
        initial = reply.word(i + 1) == "."
        return is_capital(reply, i) and (initial or not is_ordinary(reply, word))
    if is_capital(reply, i) and not loud:
        return not any(reply.is_a(kind, i) for kind in ("weekdays", "relation", "months", "days"))
    if first_capital and not loud and not _has_no_capitals(reply, i):
        return False
    if is_ordinary(reply, word):
        return word in _SURNAMES_TOO
    return not (reply.text.lang == "tr" and _is_a_verb(reply, i))


_SURNAMES_TOO = frozenset({"petit", "grand", "blanc", "martin", "leon", "marie", "rose", "dupont"})


def _is_verb_like(reply: Scan, i: int) -> bool:
    """An Arabic word that tells what she did, not how she is called."""
    word = reply.word(i)
    return word.endswith("ت") and len(word) >= 4 and not is_known(reply, i)


def _particles(reply: Scan, i: int) -> int:
    """How many particles stand before the next part of a name: de la, ben, el."""
    count = 0
    while count < 3 and reply.words.has("particle", reply.word(i + count)):
        if reply.is_a("and", i + count):
            return 0
        count += 1
    return count


def name_end(reply: Scan, first: int, taken: frozenset[int], *, loud: bool) -> int:
    """Where the name that begins at lexeme `first` ends."""
    capital = is_capital(reply, first) and not loud
    i, parts = first + 1, 1
    while i < len(reply.lexemes) and i not in taken and parts < _MOST_PARTS:
        if _joins(reply, i):
            i += 2
            continue
        if _has_no_capitals(reply, i) and _is_verb_like(reply, i):
            break
        if _continues(reply, i, loud=loud, first_capital=capital):
            i, parts = i + 1, parts + 1
            continue
        skip = _particles(reply, i)
        at = i + skip
        if reply.word(at) == "'" and skip:
            at += 1
        if not skip or at >= len(reply.lexemes) or at in taken:
            break
        if not _continues(reply, at, loud=loud, first_capital=capital) or is_ordinary(
            reply, reply.word(at)
        ):
            break
        i, parts = at + 1, parts + 1
    return i


def all_given_names(reply: Scan, first: int, last: int) -> bool:
    """Three or more given names in a row are as many people: karim lina nour."""
    known = [is_known(reply, i) for i in range(first, last)]
    # A last word that may be a surname: "ana maria lopes" is one person, "ana leo tom wren" four.
    return len(known) >= 3 and (all(known) or (len(known) > 3 and known.count(False) == 1))
