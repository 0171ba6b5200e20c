"""Commands that read JSON lines and answer each with one: a bad line spoils no other."""

import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

Line = Mapping[str, Any]


def converse(answer: Callable[[Line], Line]) -> int:
    """Answer standard input line by line; exit code 1 if a line was bad.

    `answer` raises ValueError, in words for the author of the line, where it cannot.
    """
    bad = 0
    for answered in answers(sys.stdin.buffer, answer):
        bad += "error" in answered
        sys.stdout.buffer.write(json.dumps(answered, ensure_ascii=False).encode() + b"\n")
        sys.stdout.buffer.flush()
    return 1 if bad else 0


def answers(lines: Iterable[bytes], answer: Callable[[Line], Line]) -> Iterator[Line]:
    """One answer for each line that is not blank, in order: `{"id", …}` or `{"id", "error"}`."""
    for line in lines:
        if line.strip():
            yield _answered(line, answer)


def text_of(line: Line) -> str:
    """The line's text; ValueError where it is missing or not text."""
    text = line.get("text")
    if text is None:
        raise ValueError('"text" is missing')
    if not isinstance(text, str):
        raise ValueError('"text" must be a string')
    if any(0xD800 <= ord(char) <= 0xDFFF for char in text):
        raise ValueError('"text" holds half a character (a lone surrogate)')
    return text


def _answered(line: bytes, answer: Callable[[Line], Line]) -> Line:
    try:
        read = _read(line)
    except ValueError as fault:
        return {"id": None, "error": str(fault)}
    name = {"id": _printable(read.get("id"))}
    try:
        return name | dict(answer(read))
    except ValueError as fault:
        return name | {"error": str(fault)}


def _read(line: bytes) -> Line:
    try:
        read = json.loads(line.decode("utf-8-sig"))
    except UnicodeDecodeError:
        raise ValueError("not UTF-8") from None
    except (json.JSONDecodeError, RecursionError):
        raise ValueError("not JSON") from None
    if not isinstance(read, dict):
        raise ValueError('not a JSON object: write {"id": …, "text": …}')
    return read


def _printable(name: Any) -> Any:
    """The id as it came, unless it cannot be written as UTF-8."""
    try:
        json.dumps(name, ensure_ascii=False).encode()
    except UnicodeEncodeError:
        return None
    return name
