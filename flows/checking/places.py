"""Where a fault stands."""

from __future__ import annotations

from flows.spec.faults import Fault
from flows.spec.nodes import Flow


def at(flow: Flow, line: int, node: str, says: str) -> Fault:
    """A fault in this flow."""
    return Fault(flow.file, line, node, says)
