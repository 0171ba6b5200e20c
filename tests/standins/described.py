"""What Twilio itself publishes of its API, and where a request or an answer differs from that.

`twilio_api.json` is some paths of twilio-oai (MIT, see `twilio_api.LICENSE`), without its prose.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

_FORM = "application/x-www-form-urlencoded"
_URL = re.compile(r"https?://\S+")
# Answers name resources by their path alone.
_RESOURCE = re.compile(r"/2010-04-01/\S+")


@cache
def _description() -> Any:
    return json.loads((Path(__file__).parent / "twilio_api.json").read_text("utf-8"))


def request_faults(
    method: str, path: str, query: Mapping[str, str], form: Sequence[tuple[str, str]]
) -> list[str]:
    """Where a request is not one of those that are described."""
    operation = _operation(method, path)
    if operation is None:
        return [f"{method} {path} is not described"]
    known = {one["name"]: one for one in operation.get("parameters", ()) if one["in"] == "query"}
    faults = [f"the query has {name}" for name in query if name not in known]
    for name, value in query.items():
        faults += [
            f"{name}: {says}" for says in _says(known.get(name, {}).get("schema", {}), value)
        ]
    return [*faults, *_form_faults(operation, form)]


def answer_faults(method: str, path: str, status: int, answer: Any) -> list[str]:
    """Where an answer of the stand-in is not one that is described."""
    operation = _operation(method, path) or {}
    described = operation.get("responses", {}).get(str(status))
    if described is None:
        return [f"{status} is not described"]
    return list(_says(described["content"]["application/json"]["schema"], answer))


def _operation(method: str, path: str) -> Any:
    for template, operations in _description()["paths"].items():
        pattern = re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(template))
        if re.fullmatch(pattern, path) and method.lower() in operations:
            return operations[method.lower()]
    return None


def _form_faults(operation: Any, form: Sequence[tuple[str, str]]) -> Iterator[str]:
    content = operation.get("requestBody", {}).get("content", {})
    schema = content.get(_FORM, {}).get("schema", {})
    names = [name for name, _ in form]
    for name in schema.get("required", ()):
        if name not in names:
            yield f"{name} is missing"
    for name, value in form:
        if name not in schema.get("properties", {}):
            yield f"the form has {name}"
            continue
        column = _resolved(schema["properties"][name])
        if column.get("type") != "array" and names.count(name) > 1:
            yield f"{name} stands twice"
        yield from (f"{name}: {says}" for says in _says(column.get("items", column), value))


def _resolved(schema: Any) -> Any:
    while "$ref" in schema:
        schema = _description()["components"]["schemas"][schema["$ref"].rpartition("/")[2]]
    return schema


def _says(schema: Any, value: Any) -> Iterator[str]:
    """What is wrong with a value; numbers and truths of a form are text."""
    schema = _resolved(schema)
    if value is None:
        if not schema.get("nullable"):
            yield "may not be null"
        return
    match schema.get("type"):
        case "object" if isinstance(value, Mapping):
            for name, one in value.items():
                if name in schema.get("properties", {}):
                    for says in _says(schema["properties"][name], one):
                        yield f"{name} {says}"
                elif schema.get("properties"):
                    yield f"has {name}"
        case "array" if isinstance(value, list):
            for one in value:
                yield from _says(schema["items"], one)
        case "integer" if not re.fullmatch(r"-?\d+", str(value)):
            yield f"is no whole number: {value}"
        case "boolean" if str(value).lower() not in ("true", "false"):
            yield f"is neither true nor false: {value}"
        case "string":
            yield from _of_text(schema, value)


def _of_text(schema: Any, value: Any) -> Iterator[str]:
    if not isinstance(value, str):
        yield f"is no text: {value}"
        return
    if "enum" in schema and value not in schema["enum"]:
        yield f"is none of {schema['enum']}: {value}"
    if "pattern" in schema and not re.search(schema["pattern"], value):
        yield f"is not like {schema['pattern']}: {value}"
    if not schema.get("minLength", 0) <= len(value) <= schema.get("maxLength", len(value)):
        yield f"has {len(value)} letters"
    if schema.get("format") == "uri" and not _is_address(value):
        yield f"is no address: {value}"


def _is_address(value: str) -> bool:
    url = _URL.fullmatch(value) and urlsplit(value).hostname
    return bool(url or _RESOURCE.fullmatch(value))
