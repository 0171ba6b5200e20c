"""Checks flows, texts and keywords from their sources: the shipped ones, and an author's own."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from importlib import resources
from typing import Any

from flows.checking.always import deaf_to
from flows.checking.languages import DECLARED
from flows.checking.library import BUDGET, check_library
from flows.checking.report import Report
from flows.spec.faults import Fault, FlowFaults
from flows.spec.library import Library
from flows.spec.nodes import Flow
from flows.spec.reading import read_flow
from flows.spec.yaml_loader import YamlFault, load
from flows.wording.catalogues import Catalogues
from flows.wording.extract import TEXT_TABLES, Text, texts_of

_FOLDERS = ("library", "rules/packs")


@dataclass(frozen=True, slots=True)
class Source:
    """One YAML file: the name that findings show, and its text."""

    file: str
    text: str


@dataclass(slots=True)
class _Read:
    """What the sources hold; a later flow or text replaces an earlier one of the same name."""

    flows: dict[str, Flow] = field(default_factory=dict)
    texts: dict[str, Text] = field(default_factory=dict)
    keywords: list[tuple[str, Mapping[str, Collection[str]]]] = field(default_factory=list)
    faults: list[Fault] = field(default_factory=list)


def shipped_sources() -> Iterator[Source]:
    """The flows, texts and rules that come with the product."""
    for name in _FOLDERS:
        folder = resources.files("flows").joinpath(*name.split("/"))
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".yaml"):
                yield Source(f"flows/{name}/{file.name}", file.read_text("utf-8"))


def check_sources(
    shipped: Iterable[Source],
    own: Iterable[Source],
    catalogues: Catalogues,
    *,
    reasons: Collection[str] = (),
    declared: Sequence[str] = DECLARED,
    budget: int = BUDGET,
) -> Report:
    """A report on the shipped sources with an author's own in their place.

    What cannot be read is reported alone: the rest is checked once it is mended.
    """
    read = _Read()
    for one in shipped:
        _take(one, read)
    names: dict[str, str] = {}
    for one in own:
        _take(one, read, names)
    if read.faults:
        return Report(tuple(sorted(read.faults)))
    found = check_library(
        Library(read.flows),
        catalogues,
        read.texts.values(),
        reasons=reasons,
        declared=declared,
        budget=budget,
    )
    deaf = [fault for file, whole in read.keywords for fault in deaf_to(whole, file)]
    findings = tuple(sorted({*found.findings, *deaf}))
    return Report(findings, found.situations, found.walked, found.segments)


def _take(source: Source, read: _Read, names: dict[str, str] | None = None) -> None:
    """Read one source into `read`; `names` tells which of the author's files holds a flow."""
    try:
        top: Any = load(source.text, source.file)
        if not isinstance(top, dict):
            raise YamlFault(source.file, 1, "a file begins with “spec: 1” and names a flow")
        _take_document(top, source, read, names)
    except YamlFault as fault:
        read.faults.append(Fault(source.file, fault.line, "", fault.message))
    except FlowFaults as found:
        read.faults.extend(found.faults)


def _take_document(
    top: Mapping[str, Any], source: Source, read: _Read, names: dict[str, str] | None
) -> None:
    if "flow" in top or "nodes" in top:
        flow = read_flow(source.text, source.file)
        if names is not None and names.setdefault(flow.name, source.file) != source.file:
            says = f"a flow named “{flow.name}” stands in {names[flow.name]} too"
            raise YamlFault(source.file, 1, says)
        read.flows[flow.name] = flow
    elif "texts" in top or "whole" in top:
        _keys_with_values(top, source)
        read.texts |= {text.key: text for text in texts_of(source.text, source.file)}
        read.keywords += [(source.file, top["whole"])] if "whole" in top else []
    elif "tables" in top:
        # What is wrong with rules is found where packs are read; their texts alone matter here.
        if _holds_texts(top["tables"]):
            read.texts |= {text.key: text for text in texts_of(source.text, source.file)}
    elif "pack" not in top:
        says = "neither a flow, nor texts, nor rules: begin with “spec: 1” and “flow: name”"
        raise YamlFault(source.file, 1, says)


def _keys_with_values(top: Mapping[str, Any], source: Source) -> None:
    for key, form, such in (("texts", str, "help: “…”"), ("whole", list, "right: [ok, yes]")):
        part = top.get(key, {})
        if not isinstance(part, dict) or not all(isinstance(v, form) for v in part.values()):
            line = getattr(part, "line", 1)
            raise YamlFault(source.file, line, f"“{key}:” needs names with values, such as {such}")


def _holds_texts(tables: Any) -> bool:
    if not isinstance(tables, dict):
        return False
    held = [tables.get(name, ()) for name in TEXT_TABLES]
    return all(isinstance(rows, list | tuple) for rows in held) and all(
        isinstance(row, dict) and {"id", "text"} <= row.keys() for rows in held for row in rows
    )
