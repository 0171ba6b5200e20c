"""YAML as text with line numbers: scalars stay strings and every value knows where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from typing import Any, Protocol, TypeVar, cast

import yaml
from yaml.events import AliasEvent
from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode


class YamlFault(Exception):
    """A fault that the file's author can mend; reads as `file:line: message`."""

    def __init__(self, file: str, line: int, message: str) -> None:
        super().__init__(f"{file}:{line}: {message}")
        self.file = file
        self.line = line
        self.message = message


class MarkedStr(str):
    """A scalar and where it stands."""

    __slots__ = ("file", "line")
    file: str
    line: int


class MarkedList(list[Any]):
    """A sequence and where it begins."""

    __slots__ = ("file", "line")
    file: str
    line: int


class MarkedDict(dict[str, Any]):
    """A mapping and where it begins; its keys are marked too."""

    __slots__ = ("file", "line")
    file: str
    line: int

    def key_line(self, key: str) -> int:
        """The line of a key, or of the mapping where the key is absent."""
        return next((mark.line for mark, _ in self.marked() if mark == key), self.line)

    def marked(self) -> Iterator[tuple[MarkedStr, Any]]:
        """The items, each key with its place."""
        return ((cast(MarkedStr, key), value) for key, value in self.items())


Marked = MarkedDict | MarkedList | MarkedStr
M = TypeVar("M", MarkedDict, MarkedList, MarkedStr)

_PLAIN_TAGS: dict[type[Node], str] = {
    ScalarNode: "tag:yaml.org,2002:str",
    SequenceNode: "tag:yaml.org,2002:seq",
    MappingNode: "tag:yaml.org,2002:map",
}


class Readable(Protocol):
    """A path, or a file inside an installed package."""

    def read_text(self, encoding: str | None = None) -> str: ...


class _Loader(yaml.BaseLoader):
    """BaseLoader keeps every scalar a string: in plain YAML a bare `no` is a boolean."""

    def compose_node(self, parent: Node | None, index: int) -> Node | None:
        if self.check_event(AliasEvent):
            event = self.peek_event()  # type: ignore[no-untyped-call]
            problem = "anchors and aliases (& and *) are not used here: write the value out"
            raise yaml.MarkedYAMLError(problem=problem, problem_mark=event.start_mark)
        return super().compose_node(parent, index)


# The same in C, ten times as fast, where PyYAML was built with it.
_QUICK: type[_Loader] = getattr(yaml, "CBaseLoader", _Loader)


def load(source: Readable | str, name: str) -> Marked:
    """Read one document from a path or a text; `name` is what faults call the file.

    Raises YamlFault for text that is not YAML, duplicate keys, keys that are not plain words,
    tags, aliases, several documents and empty files.
    """
    text = source if isinstance(source, str) else _text(source, name)
    node = _compose(text, name)
    if node is None:
        raise YamlFault(name, 1, "the file is empty")
    return _marked(node, name)


def _text(source: Readable, name: str) -> str:
    try:
        return source.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError:
        raise YamlFault(name, 1, "not readable as UTF-8 text") from None
    except OSError as problem:
        raise YamlFault(name, 1, f"cannot be read: {problem.strerror or problem}") from None


def _compose(text: str, name: str) -> Node | None:
    with suppress(yaml.YAMLError):
        if not any(isinstance(event, AliasEvent) for event in yaml.parse(text, _QUICK)):
            return _QUICK(text).get_single_node()
    # The slow loader says in words what is wrong.
    try:
        return _Loader(text).get_single_node()
    except yaml.MarkedYAMLError as problem:
        mark = problem.problem_mark or problem.context_mark
        line = mark.line + 1 if mark else 1
        raise YamlFault(name, line, _in_words(problem)) from None
    except yaml.YAMLError as problem:
        raise YamlFault(name, 1, str(problem).splitlines()[0]) from None


def _in_words(problem: yaml.MarkedYAMLError) -> str:
    parts = (problem.context, problem.problem)
    return "not YAML: " + ", ".join(part for part in parts if part)


def _marked(node: Node, file: str) -> Marked:
    line = node.start_mark.line + 1
    if node.tag != _PLAIN_TAGS[type(node)]:
        raise YamlFault(file, line, f"tags are not used here: {node.tag}")
    match node:
        case ScalarNode():
            return _at(MarkedStr(node.value), file, line)
        case SequenceNode():
            items = MarkedList(_marked(item, file) for item in node.value)
            return _at(items, file, line)
        case MappingNode():
            return _at(MarkedDict(_pairs(node, file)), file, line)
        case _:
            raise YamlFault(file, line, "neither a value, a list nor a mapping")


def _pairs(node: MappingNode, file: str) -> Iterator[tuple[MarkedStr, Marked]]:
    seen: dict[str, int] = {}
    for key_node, value_node in node.value:
        line = key_node.start_mark.line + 1
        if not isinstance(key_node, ScalarNode):
            raise YamlFault(file, line, "a key is one plain word")
        key = _at(MarkedStr(key_node.value), file, line)
        if key in seen:
            raise YamlFault(file, line, f"`{key}` stands here twice (first on line {seen[key]})")
        seen[key] = line
        yield key, _marked(value_node, file)


def _at(value: M, file: str, line: int) -> M:
    value.file = file
    value.line = line
    return value
