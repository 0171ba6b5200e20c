"""The shipped flows, read once."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from importlib import resources

from flows.spec.faults import Fault, FlowFaults
from flows.spec.nodes import Flow
from flows.spec.reading import read_flow


@dataclass(frozen=True, slots=True)
class Library:
    """Flows by name."""

    flows: Mapping[str, Flow]

    def __getitem__(self, name: str) -> Flow:
        return self.flows[name]


def read_library(files: Iterable[tuple[str, str]]) -> Library:
    """A library of (file name, text); raises `FlowFaults` with the faults of all of them."""
    flows: dict[str, Flow] = {}
    faults: list[Fault] = []
    for file, text in files:
        try:
            flow = read_flow(text, file)
        except FlowFaults as found:
            faults.extend(found.faults)
            continue
        if flow.name in flows:
            faults.append(Fault(file, 1, "", f"a flow named “{flow.name}” exists already"))
        flows[flow.name] = flow
    if faults:
        raise FlowFaults(tuple(faults))
    return Library(flows)


@cache
def shipped() -> Library:
    """The flows that come with the product."""
    folder = resources.files("flows") / "library"
    files = sorted((f.name, f.read_text("utf-8")) for f in folder.iterdir() if _is_flow(f.name))
    return read_library((f"flows/library/{name}", text) for name, text in files)


def _is_flow(name: str) -> bool:
    return name.endswith(".yaml") and not name.startswith("_")
