"""A fault in a flow, in words for its author: where it stands and what to do."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Fault:
    """`file`, 1-based `line`, `node` ("" for the flow itself) and one sentence."""

    file: str
    line: int
    node: str
    says: str

    def __str__(self) -> str:
        where = f"{self.file}:{self.line}"
        return f"{where}: {self.node}: {self.says}" if self.node else f"{where}: {self.says}"


class FlowFaults(Exception):
    """A flow that cannot be read; every fault found, not the first alone."""

    def __init__(self, faults: tuple[Fault, ...]) -> None:
        super().__init__("\n".join(str(fault) for fault in faults))
        self.faults = faults
