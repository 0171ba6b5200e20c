"""`vigie understand`: what replies mean, without a database or a network."""

import argparse
from datetime import datetime

from bot.json_lines import Line, converse
from bot.questions import understood

NAME = "understand"
HELP = "what replies mean: JSON lines in, JSON lines out"
EXAMPLE = (
    """echo '{"id": 1, "lang": "fr", "expect": "temperature", "text": "jé 38 2"}'"""
    " | vigie understand"
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """No arguments: replies come on standard input."""


def run(args: argparse.Namespace) -> int:
    """Answer each `{"id", "lang", "expect", "text", …}`."""
    today = datetime.now()

    def answered(line: Line) -> Line:
        return understood(line, today)

    return converse(answered)
