"""`vigie talk FLOW`: speak with a flow in the terminal; nothing is stored, nothing is sent."""

from __future__ import annotations

import argparse
import os
import re
import sys
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from bot.desk import desk_for
from bot.settings import read_pack
from flows.rehearsal import Rehearsal, lines, somebody
from flows.spec.library import shipped
from flows.vocabulary import LANGUAGES, Turn

NAME = "talk"
HELP = "speak with a flow in the terminal"
EXAMPLE = "vigie talk check_in --lang fr"

_WAIT = re.compile(r"\+(\d+) ?(min|h|d)")
_UNITS = {"min": "minutes", "h": "hours", "d": "days"}
_ROLES = {"case": "case", "contact": "contact", "check_in": "contact"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The flow and the language."""
    parser.add_argument("flow", metavar="FLOW", choices=sorted(shipped().flows))
    parser.add_argument("--lang", default="en", choices=LANGUAGES)


def run(args: argparse.Namespace) -> int:
    """Talk until the end, or until the terminal says that it is over."""
    now = datetime.now(UTC)
    here = somebody(
        _ROLES.get(args.flow, "case"),
        args.lang,
        now.date(),
        proven=args.flow == "check_in",
        now=now,
    )
    talk = Rehearsal(desk_for(read_pack(os.environ).name, now), here, now)
    born = here.person.birth_date.year if here.person.birth_date else "any year"
    print(f"You are {here.person.given_name} {here.person.family_name}, born {born}. Fictional.")
    print("Write an answer, or let time pass: +5 min, +3 h, +1 d. End with Ctrl-D.\n")
    _show([talk.begin(args.flow)])
    for line in sys.stdin:
        waited = _WAIT.fullmatch(line.strip())
        if waited:
            _show(talk.wait(timedelta(**{_UNITS[waited[2]]: int(waited[1])})))
        else:
            _show([talk.hear(line.rstrip("\n"))])
        print(f"    ({talk.standing})")
    return 0


def _show(turns: Iterable[Turn]) -> None:
    for turn in turns:
        for mark, text in lines(turn):
            print(f"{mark} {text}")
