"""Whether each word of a flow's YAML holds the form of value that it needs, before it is read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping

from flows.spec.faults import Fault
from flows.spec.yaml_loader import Marked, MarkedDict, MarkedList, MarkedStr

_NAME = re.compile(r"[a-z][a-z0-9_]*")
_WHOLE = re.compile(r"[0-9]{1,3}")
_EXPOSURES = ("home", "face_to_face", "care", "closed_space", "class", "other", "unknown")
_DAYS = ("item", "each", "same", "ask")

# What is wrong with the value of a key, in words; nothing where it is right.
Found = Iterator[tuple[int, str]]
Form = Callable[[MarkedStr, Marked], Found]


def shape_faults(top: MarkedDict, file: str) -> list[Fault]:
    """Every value of a wrong form, with its line and node."""
    found = [Fault(file, line, "", says) for line, says in _fields(_TOP)(MarkedStr(""), top)]
    nodes = top.get("nodes")
    if not isinstance(nodes, MarkedDict):
        return found
    for name, node in nodes.marked():
        faults = [*_named(name), *_node(name, node)]
        found += [Fault(file, line, str(name), says) for line, says in faults]
    return found


def _node(name: MarkedStr, node: Marked) -> Found:
    if not isinstance(node, MarkedDict):
        yield name.line, "a node is a list of “word: value” lines"
        return
    yield from _fields(_NODE)(name, node)


def _named(name: MarkedStr) -> Found:
    if not _NAME.fullmatch(name):
        yield name.line, f"“{name}” is no name: small letters, digits and _, a letter first"


def _word(key: MarkedStr, value: Marked) -> Found:
    if not isinstance(value, MarkedStr) or not value.strip():
        yield key.line, f"“{key}:” needs words after it"


def _name(key: MarkedStr, value: Marked) -> Found:
    if not isinstance(value, MarkedStr) or not _NAME.fullmatch(value):
        yield key.line, f"“{key}:” needs a name: small letters, digits and _, a letter first"


def _number(key: MarkedStr, value: Marked) -> Found:
    if not isinstance(value, MarkedStr) or not _WHOLE.fullmatch(value):
        yield key.line, f"“{key}:” needs a whole number"


def _one_of(*words: str) -> Form:
    def form(key: MarkedStr, value: Marked) -> Found:
        if value not in words:
            yield key.line, f"“{key}:” is one of: {', '.join(words)}"

    return form


def _words(key: MarkedStr, value: Marked) -> Found:
    """One word, or a list of them."""
    for item in value if isinstance(value, MarkedList) else (value,):
        yield from _word(key, item)


def _anything(key: MarkedStr, value: Marked) -> Found:
    yield from ()


def _each(form: Form, example: str) -> Form:
    """A mapping whose values all have this form."""

    def mapping(key: MarkedStr, value: Marked) -> Found:
        if not isinstance(value, MarkedDict):
            yield key.line, f"“{key}:” needs names with values, such as {example}"
            return
        for name, inner in value.marked():
            yield from form(name, inner)

    return mapping


def _fields(forms: Mapping[str, Form]) -> Form:
    """A mapping with a form for each known key; unknown keys are for the reader to refuse."""

    def mapping(key: MarkedStr, value: Marked) -> Found:
        if not isinstance(value, MarkedDict):
            yield key.line, f"“{key}:” needs “word: value” lines"
            return
        for name, inner in value.marked():
            yield from forms.get(name, _anything)(name, inner)

    return mapping


def _then(key: MarkedStr, value: Marked) -> Found:
    yield from (_ways if isinstance(value, MarkedDict) else _word)(key, value)


def _deeds(key: MarkedStr, value: Marked) -> Found:
    """Deeds as a list, or by band."""
    if isinstance(value, MarkedDict):
        for band, inner in value.marked():
            yield from _deed_list(band, inner)
    else:
        yield from _deed_list(key, value)


def _deed_list(key: MarkedStr, value: Marked) -> Found:
    for item in value if isinstance(value, MarkedList) else (value,):
        if isinstance(item, MarkedDict) and len(item) == 1:
            yield from _each(_word, "review: refusal")(key, item)
        elif not isinstance(item, MarkedStr) or not item:
            yield key.line, f"“{key}:” needs deeds, such as [enrol, review: refusal]"


def _rows(key: MarkedStr, value: Marked) -> Found:
    if not isinstance(value, MarkedList):
        yield key.line, f"“{key}:” needs rows, each begun with “-”"
        return
    for row in value:
        if isinstance(row, MarkedDict):
            yield from _fields(_ROW)(key, row)
        else:
            yield row.line, "a row is “when: … go: …”, the last only “go: …”"


_DECIMAL = re.compile(r"[0-9]{1,2}(\.[0-9]{1,2})?")


def _decimal(key: MarkedStr, value: Marked) -> Found:
    if not isinstance(value, MarkedStr) or not _DECIMAL.fullmatch(value) or "." not in value:
        yield key.line, f"“{key}:” needs a figure such as 1.2"


_ways = _each(_word, "{yes: next, rest: last}")
_bands = _each(_words, "{told: [yes, no]}")
_ROW: Mapping[str, Form] = {
    "go": _word,
    "when": _bands,
    "at_least": _fields({"n": _number, "of": _bands}),
}
_TOP: Mapping[str, Form] = {
    "flow": _name,
    "title": _word,
    "start": _word,
    "before_identity": _one_of("yes", "no"),
    "reads": _bands,
    "nodes": _each(_anything, "hello: {say: …}"),
}
_BRINGS = _fields(
    {
        "kind": _one_of(*_EXPOSURES),
        "setting": _word,
        "day": _one_of(*_DAYS),
        "completes": _one_of("yes"),
    }
)
_CUE: Mapping[str, Form] = {
    **dict.fromkeys(("cue", "family"), _name),
    "text": _word,
    "when": _bands,
    "brings": _BRINGS,
    "most": _number,
    "needed": _one_of("yes"),
    "options": _each(_word, "{tomorrow: tomorrow}"),
}


def _cues(key: MarkedStr, value: Marked) -> Found:
    """The rows of a walk, each under the name of its cue."""
    yield from _each(_fields(_CUE), "home: {cue: people, text: …}")(key, value)
    for name in value if isinstance(value, MarkedDict) else ():
        yield from _named(MarkedStr(name) if not isinstance(name, MarkedStr) else name)


_NODE: Mapping[str, Form] = {
    **dict.fromkeys(("say", "say_other", "text", "text_other", "retry", "reminder"), _word),
    **dict.fromkeys(("ask", "collect", "over", "delay", "wait"), _word),
    **dict.fromkeys(("call", "end"), _name),
    "tries": _number,
    "then": _then,
    "options": _each(_word, "{morning: morning}"),
    "do": _deeds,
    "brings": _BRINGS,
    "walk": _name,
    "brief": _word,
    "cues": _cues,
    **dict.fromkeys(("least", "most", "closing"), _number),
    "per_person": _decimal,
    "decide": _rows,
}
