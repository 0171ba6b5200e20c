"""A list of people cut into its pieces: names, relations, telephones, days, groups."""

from __future__ import annotations

from flows.understanding import calling, groups
from flows.understanding.cutting import Cut, Piece
from flows.understanding.letters import repair
from flows.understanding.reading import Question
from flows.understanding.relations import FAMILY, Relation, of_somebody, relation_at
from flows.understanding.scan import Scan
from flows.understanding.strangers import are_two, describes, lacking, stranger, without_with
from flows.understanding.titles import DOCTORS, couple, titled

_MARKS = {",": "comma", ";": "end", "\n": "end", "(": "open", ")": "close", "[": "open",
          "]": "close",
          ":": "colon", "=": "colon", "+": "and", "/": "and", "&": "and", "!": "end", "?": "end",
          ">": "dash", "*": "comma", "|": "comma", "~": "dash"}  # fmt: skip
_FEW = 1
_KUNYAS = frozenset({"ام", "ابو", "بو", "om", "oum", "umm", "abou", "abu"})
_WITH = ("la", "le", "yla", "yle")  # "Selma hanımla"
_AT_A_PLACE = ("da", "de", "ta", "te", "dan", "den", "tan", "ten")  # Turkish "at" and "from".


def _is_spaced(cut: Cut) -> bool:
    lexemes, i = cut.reply.lexemes, cut.i
    before = i == 0 or lexemes[i - 1].end < lexemes[i].start or lexemes[i - 1].word == "\n"
    after = i + 1 >= len(lexemes) or lexemes[i].end < lexemes[i + 1].start
    return before or after


def _mark(cut: Cut) -> bool:
    word = cut.reply.word(cut.i)
    if word == "." and (_is_spaced(cut) or cut.i + 1 == len(cut.reply.lexemes)):
        before = cut.reply.word(cut.i - 1)
        initial = len(before) == 1 or (len(before) <= 3 and cut.reply.words.has("titles", before))
        cut.part("none" if initial else "end", cut.i + 1)
    elif word == "-" and _is_spaced(cut):
        opening = not cut.pieces or cut.pieces[-1].kind == "sep"
        cut.part("none" if opening else "dash", cut.i + 1)
    elif word in _MARKS:
        cut.part(_MARKS[word], cut.i + 1)
    else:
        return False
    return True


def _and(cut: Cut) -> bool:
    found = cut.reply.words.at("and", cut.reply.lexemes, cut.i)
    if found is None or cut.i == 0:
        return False
    cut.part("and", cut.i + found.length)
    return True


def _label(cut: Cut, first: int, at: int) -> None:
    """ "la maman d'Ines": how the person is called."""
    reply = cut.reply
    last = calling.name_end(reply, at, cut.taken, loud=cut.loud)
    written = reply.raw(first, last)
    cut.put("name", last, written, first=first)
    cut.slot = "word"


def _called(cut: Cut) -> bool:
    """Maman, tata Lucie; "la maman d'Ines" is a label."""
    reply = cut.reply
    found = reply.words.at("called", reply.lexemes, cut.i)
    if found is None:
        return False
    at = cut.i + found.length
    if cut.i > cut.segment and reply.is_a("theirs", cut.i - 1):
        whose = Relation(None, cut.i - 1, at, False, None, False, True, False)
        cut.put("relation", at, whose, first=cut.i - 1)
        cut.slot = "strong"
        return True
    named = at
    while reply.is_a("of", named) or reply.word(named) == "'":
        named += 1
    if named > at and named < len(reply.lexemes) and reply.lexemes[named].is_word and not (
        reply.is_a("mine", named) or reply.is_a("filler", named)
    ):  # fmt: skip
        first = cut.i - 1 if cut.i > cut.segment and reply.is_a("the", cut.i - 1) else cut.i
        _label(cut, first, named)
        return True
    last = at
    free = at < len(reply.lexemes) and at not in cut.taken
    slot = free and (calling.is_capital(reply, at) or found.value == "other_family")
    if free and calling.opens_name(reply, at, slot=slot, loud=cut.loud):
        last = calling.name_end(reply, at, cut.taken, loud=cut.loud)
    own = last > at and (reply.is_a("mine", cut.i - 1) or found.value == "parent")
    name = repair(reply.raw(at if own else cut.i, last), reply.text.lang)
    cut.put("called", last, (name, found.value))
    cut.slot = "word"
    return True


def _relation(cut: Cut) -> bool:
    reply = cut.reply
    short = reply.word(cut.i) in DOCTORS and len(reply.word(cut.i)) <= 3
    relation = None if short and titled(cut) else relation_at(reply, cut.i, cut.segment)
    if short and cut.pieces and cut.pieces[-1].last == cut.i and cut.pieces[-1].kind == "name":
        return True
    if relation is None:
        return False
    known = calling.is_known(reply, cut.i) and calling.is_capital(reply, cut.i) and not cut.loud
    if known and relation.last == cut.i + 1 and relation.first == cut.i:
        return False
    kunya = reply.word(cut.i) in _KUNYAS and relation.last == cut.i + 1
    if kunya and relation.last < len(reply.lexemes) and relation.last not in cut.taken and (
        calling.opens_name(reply, relation.last, slot=True, loud=cut.loud)
    ):  # fmt: skip
        _label(cut, cut.i, relation.last)
        return True
    at = of_somebody(reply, relation)
    if at is not None and at not in cut.taken:
        _label(cut, relation.first, at)
        return True
    # "my twin sister": two words, one person.
    if cut.pieces and cut.pieces[-1].kind == "relation" and relation.first <= cut.pieces[-1].first:
        cut.pieces.pop()
    last = relation.last
    if relation.code not in FAMILY and not relation.plural and reply.is_a("of", last):
        last = _workplace_end(cut, last)
    cut.put("relation", last, relation, first=relation.first)
    cut.slot = "strong" if last == relation.last else "word"
    return True


def _workplace_end(cut: Cut, last: int) -> int:
    """ "the cashier of Lidl": where somebody works is not how they are called."""
    reply, at = cut.reply, last
    while reply.is_a("of", at) or reply.word(at) == "'":
        at += 1
    if at >= len(reply.lexemes) or at in cut.taken or not calling.is_capital(reply, at):
        return last
    return calling.name_end(reply, at, cut.taken, loud=cut.loud)


def _tail(cut: Cut) -> bool:
    """ "Paul du boulot": where one knows somebody from."""
    found = cut.reply.words.at("relation_tail", cut.reply.lexemes, cut.i)
    if found is None or not any(p.kind == "name" for p in cut.pieces[-3:]):
        return False
    cut.put("tail", cut.i + found.length, found.value)
    cut.slot = "word"
    return True


def _group(cut: Cut) -> bool:
    opening = cut.i == cut.segment or cut.slot in ("list", "strong")
    group = groups.group_at(cut.reply, cut.i, cut.taken, opening=opening)
    if group is None:
        return False
    cut.put("group", group.last, group, first=group.first)
    cut.slot = "word"
    return True


def _plain_words(cut: Cut) -> int:
    """How many everyday words stand in this item of the list: a sentence has many, a name none."""
    count, skipped = 0, 0
    for i in range(cut.segment, len(cut.reply.lexemes)):
        word = cut.reply.word(i)
        tail = cut.reply.words.at("relation_tail", cut.reply.lexemes, i)
        skipped = max(skipped, i + tail.length if tail else 0)
        if i < skipped:
            continue
        if word in _MARKS or (cut.reply.is_a("and", i) and i > cut.segment):
            break
        if i not in cut.taken and cut.reply.words.has("filler", word):
            count += 1
    return count


def _name(cut: Cut) -> bool:
    reply, i = cut.reply, cut.i
    slot = cut.slot != "word"
    if not calling.opens_name(reply, i, slot=slot, loud=cut.loud):
        return False
    capital = calling.is_capital(reply, i) and not cut.loud
    sure = capital or calling.is_known(reply, i)
    if not sure and cut.slot == "list":
        plain = _plain_words(cut)
        if plain > (0 if cut.capitals else _FEW):
            return False
    if not sure and reply.text.lang == "tr" and reply.word(i).endswith(_AT_A_PLACE):
        return False
    if not sure and i and (reply.is_a("the", i - 1) and not reply.is_a("met", i - 1)):
        return False
    if not sure and describes(cut):
        return False
    last = calling.name_end(reply, i, cut.taken, loud=cut.loud)
    if not capital and (calling.all_given_names(reply, i, last) or are_two(cut, last)):
        for at in range(i, last):
            cut.put("name", at + 1, repair(reply.raw(at, at + 1), reply.text.lang), first=at)
            cut.pieces.append(Piece("sep", at + 1, at + 1, "and"))
        cut.pieces.pop()
    else:
        _one_name(cut, last, weak=not sure)
    cut.slot = "word"
    return True


def _one_name(cut: Cut, last: int, *, weak: bool) -> None:
    reply = cut.reply
    name_last = last
    after = (
        reply.words.at("title_after", reply.lexemes, last) if last < len(reply.lexemes) else None
    )
    if after:
        inflected = reply.word(last).endswith(_WITH)
        last, name_last = last + 1, last if inflected else last + 1
    clitic = reply.word(last) == "'" and reply.word(last + 1) in calling.CLITICS
    written = reply.raw(cut.i, name_last)
    if clitic:
        last += 2
        owned = _owned_end(reply, last)
        if owned and reply.word(last - 1) in ("s", "nin", "in", "un", "nun"):
            cut.put("name", owned, reply.raw(cut.i, owned))
            return
    if name_last == last and not clitic and not calling.is_known(reply, last - 1):
        written = without_with(written, reply.text.lang)
    cut.put("name", last, repair(written, reply.text.lang), weak=weak)


def _owned_end(reply: Scan, i: int) -> int:
    """Where "(Paul's) wife" ends, or 0."""
    if i >= len(reply.lexemes):
        return 0
    relation = relation_at(reply, i, i)
    if relation:
        return 0 if relation.plural else relation.last
    called = reply.words.at("called", reply.lexemes, i)
    return i + called.length if called else 0


def _word(cut: Cut) -> None:
    reply = cut.reply
    met = reply.words.at("met", reply.lexemes, cut.i)
    with_whom = reply.words.at("with", reply.lexemes, cut.i)
    keeps = cut.slot == "list" and (reply.is_a("greeting", cut.i) or reply.is_a("the", cut.i))
    placed = reply.text.lang == "tr" and reply.word(cut.i).endswith(_AT_A_PLACE)
    keeps = (
        keeps
        or (placed and cut.slot != "word")
        or (cut.slot == "strong" and reply.word(cut.i) in "'-.")
    )
    excepted = reply.words.at("except", reply.lexemes, cut.i)
    if excepted:
        cut.put("except", cut.i + excepted.length)
        cut.slot = "strong"
    elif met or with_whom:
        found = met or with_whom
        cut.put("word", cut.i + (found.length if found else 1))
        cut.slot = "strong"
    else:
        number = cut.reply.lexemes[cut.i].is_digits
        cut.put("number" if number else "word", cut.i + 1)
        if not keeps and not number and not reply.is_a("mine", cut.i - 1):
            cut.slot = "word"


_WAYS = (_mark, stranger, lacking, couple, _called, _relation, titled, _tail, _group, _and, _name)


def cut(reply: Scan, question: Question) -> list[Piece]:
    """The pieces of a reply in order."""
    walk = Cut(reply, question)
    while walk.i < len(reply.lexemes):
        fixed = walk.fixed.get(walk.i)
        if fixed:
            walk.pieces.append(fixed)
            walk.i = fixed.last
            walk.slot = "list" if fixed.kind == "day" else "strong"
        elif not any(way(walk) for way in _WAYS):
            _word(walk)
    return walk.pieces
