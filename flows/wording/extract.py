"""The English texts of flows, of the always-layer and of rule packs, each under its key."""

from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import IO, Any

from flows.spec.nodes import Ask, End, Flow, Say, Walk
from flows.spec.reading import read_flow
from flows.spec.yaml_loader import load

_FOLDERS = ("library", "rules/packs")
# The tables of a pack that hold what people read.
TEXT_TABLES = ("texts", "explanations")


@dataclass(frozen=True, slots=True)
class Text:
    """One English text: its key in the catalogues and where it stands."""

    key: str
    english: str
    file: str
    line: int


def texts_of(source: str, file: str) -> Iterator[Text]:
    """The texts of one YAML file: a flow, the always-layer (`texts:`) or a pack (`tables:`)."""
    top: Any = load(source, file)
    if "flow" in top:
        yield from flow_texts(read_flow(source, file))
    elif "texts" in top:
        head = str(top.get("prefix", "always"))
        for key, english in top["texts"].items():
            yield Text(f"{head}.{key}", str(english), file, key.line)
        yield from _answers(top.get("questions", {}), file)
    elif "tables" in top:
        for table in TEXT_TABLES:
            for row in top["tables"].get(table, ()):
                yield Text(str(row["id"]), str(row["text"]), file, row.line)


def _answers(questions: Any, file: str) -> Iterator[Text]:
    """The answers to what people ask back, under `question.CODE.situation`."""
    for code, row in questions.items():
        for situation, english in row["texts"].items():
            yield Text(f"question.{code}.{situation}", str(english), file, situation.line)


def flow_texts(flow: Flow) -> Iterator[Text]:
    """The texts of a flow under `flow.node.part`."""
    for node in flow.nodes.values():
        if isinstance(node, Say | Ask | Walk | End):
            for part, english in node.words.parts.items():
                yield Text(f"{flow.name}.{node.name}.{part}", english, flow.file, node.line)


@cache
def shipped_texts() -> tuple[Text, ...]:
    """Every text that comes with the product, in a fixed order."""
    found = (text for file, source in _files() for text in texts_of(source, file))
    return tuple({text.key: text for text in found}.values())


def by_key(texts: Iterable[Text]) -> Mapping[str, str]:
    """English by key, as `Catalogues.gaps` wants it."""
    return {text.key: text.english for text in texts}


def extract(
    file: IO[bytes],
    keywords: Collection[str],
    comment_tags: Collection[str],
    options: Mapping[str, Any],
) -> Iterator[tuple[int, str, tuple[str, str], list[str]]]:
    """Babel's extraction method for our YAML: `pgettext` with the key as context."""
    name = getattr(file, "name", "flow.yaml")
    for text in texts_of(file.read().decode("utf-8-sig"), str(name)):
        yield text.line, "pgettext", (text.key, text.english), []


def _files() -> Iterator[tuple[str, str]]:
    for name in _FOLDERS:
        folder = resources.files("flows").joinpath(*name.split("/"))
        files = folder.iterdir() if folder.is_dir() else ()
        for file in sorted(files, key=lambda file: file.name):
            if file.name.endswith(".yaml"):
                yield f"flows/{name}/{file.name}", file.read_text("utf-8")
