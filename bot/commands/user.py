"""`vigie user add`: a sign-in for the admin."""

from __future__ import annotations

import argparse
import asyncio
import getpass
import re
import sys

from bot.clock import Clock
from bot.commands import Fault
from bot.commands._opening import opened, reached, read
from bot.roles import NATIONAL, REGIONAL, ROLES
from bot.settings import Settings

NAME = "user"
HELP = "sign-ins for the admin: user add EMAIL --role R"
EXAMPLE = "vigie user add nurse@example.org --role agent"

_EMAIL = re.compile(r"[^@\s]+@[^@\s]+\.[^@\s]+")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to do, for whom, in which role."""
    acts = parser.add_subparsers(metavar="add", required=True)
    add = acts.add_parser("add", help="a new sign-in", epilog=f"Example:\n  {EXAMPLE}")
    add.formatter_class = argparse.RawDescriptionHelpFormatter
    add.add_argument("email", metavar="EMAIL")
    add.add_argument("--role", required=True, choices=ROLES)
    add.add_argument(
        "--territory",
        action="append",
        default=[],
        metavar="CODE",
        help="a territory whose people they see, more than one may be given; none: all of them",
    )
    add.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def run(args: argparse.Namespace) -> int:
    """Add a sign-in; the password is asked for twice, or read from standard input."""
    from bot.passwords import TooWeak, hashed

    email = args.email.strip().lower()
    if not _EMAIL.fullmatch(email):
        raise Fault(f"{args.email} is not an e-mail address: write name@example.org", 2)
    settings = read()
    codes = _codes(settings, args.role, args.territory)
    try:
        kept = hashed(_password(args.password_stdin))
    except TooWeak as fault:
        raise Fault(str(fault), 2) from None
    asyncio.run(_add(settings, email, args.role, kept, codes))
    print(f"{email} may sign in as {args.role}")
    return 0


def _codes(settings: Settings, role: str, given: list[str]) -> list[str]:
    """The territories as the rules write them; a regional agency has one at least."""
    from flows.rules import shipped_packs, territories

    today = Clock(settings.now_offset).now().date()
    known = [one.code for one in territories(shipped_packs().named(settings.pack), today)]
    codes = [one.upper() for one in given]
    if unknown := [one for one in codes if one not in known]:
        there = f"there are: {', '.join(known)}" if known else "the rules have none"
        raise Fault(f"no territory is called {unknown[0]}; {there}", 2)
    if codes and role in NATIONAL:
        raise Fault(f"{role} has no territory: leave --territory out", 2)
    if known and not codes and role in REGIONAL:
        raise Fault(f"{role} needs a territory: add --territory, one of {', '.join(known)}", 2)
    return codes


def _password(from_stdin: bool) -> str:
    if from_stdin:
        return sys.stdin.readline().rstrip("\r\n")
    if not sys.stdin.isatty():
        raise Fault("no terminal to ask for a password: use --password-stdin", 2)
    first = getpass.getpass("Password: ")
    if getpass.getpass("Again: ") != first:
        raise Fault("the two passwords are not the same", 2)
    return first


async def _add(settings: Settings, email: str, role: str, kept: str, codes: list[str]) -> None:
    from bot.store import users

    async with opened(settings) as store:
        with reached():
            async with store.writing() as tx:
                if await users.by_email(tx, email):
                    raise Fault(f"{email} has a sign-in already", 1)
                now = Clock(settings.now_offset).now()
                await users.add(tx, email, role, kept, territories=codes, now=now)
