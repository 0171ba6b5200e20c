"""Where nodes lead, and the fingerprint of a structure, which texts do not change."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import replace

from flows.spec.nodes import Ask, Call, Decide, End, Node, Say, Walk


def targets(node: Node) -> tuple[str, ...]:
    """Every node that this one may lead to."""
    match node:
        case Say():
            return (node.then,)
        case Ask() | Walk() | Call():
            return tuple(dict.fromkeys(node.then.values()))
        case Decide():
            return tuple(dict.fromkeys(row.go for row in node.rows))
        case End():
            return ()


def fingerprint(nodes: Mapping[str, Node]) -> str:
    """Changes with the structure; texts and line numbers leave it as it is."""
    shapes = []
    for name, node in sorted(nodes.items()):
        shape = {
            slot: repr(getattr(node, slot))
            for slot in node.__slots__
            if slot not in ("line", "words", "rows", "cues")
        }
        if isinstance(node, Walk):
            shape["cues"] = repr([replace(cue, line=0) for cue in node.cues])
        if isinstance(node, Decide):
            shape["rows"] = repr([(r.go, r.when, r.least, r.among) for r in node.rows])
        if isinstance(node, Ask | Say | Walk | End):
            shape["parts"] = repr(sorted(node.words.parts))
        shapes.append((name, shape))
    written = json.dumps(shapes, sort_keys=True).encode()
    return hashlib.sha256(written).hexdigest()[:16]
