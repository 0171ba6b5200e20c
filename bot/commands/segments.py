"""`vigie segments`: what texts cost as SMS, and a spelling that costs less."""

import argparse
from dataclasses import asdict

from bot.json_lines import Line, converse, text_of
from flows.wording.segments import measure, rewrite

NAME = "segments"
HELP = "count SMS segments: JSON lines in, JSON lines out"
EXAMPLE = """echo '{"id": 1, "text": "Reçu, merci…"}' | vigie segments"""


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: texts come on standard input."""


def run(args: argparse.Namespace) -> int:
    """Answer each `{"id", "text"}`."""
    return converse(_measured)


def _measured(line: Line) -> Line:
    text = text_of(line)
    return asdict(measure(text)) | {"suggestion": rewrite(text)}
