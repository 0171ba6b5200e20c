"""The roof: finds the command that was asked for, runs it, and says errors in one line."""

from __future__ import annotations

import argparse
import ast
import importlib
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib import resources
from types import ModuleType

from bot.commands import Fault
from bot.setting_faults import SettingFault

DEFAULT = "serve"
ABOUT = "Contact tracing intake and symptom follow-up by SMS and chat."


@dataclass(frozen=True, slots=True)
class Command:
    """A command as its module's first lines describe it; the module is imported only to run it."""

    name: str
    help: str
    example: str
    module: str

    def load(self) -> ModuleType:
        """Import the command."""
        return importlib.import_module(f"bot.commands.{self.module}")


def main(argv: Sequence[str] | None = None) -> int:
    """Run `vigie` with these words; the exit code: 0 done, 1 findings or failures, 2 wrong use."""
    words = list(sys.argv[1:] if argv is None else argv) or [DEFAULT]
    known = {command.name: command for command in commands()}
    chosen = known.get(words[0])
    module = chosen.load() if chosen else None
    args = _parser(known.values(), chosen, module).parse_args(words)
    # Without a command the parser has ended the program.
    assert module is not None  # noqa: S101
    return _run(module, args)


def commands() -> Iterator[Command]:
    """Every command, by name, read without importing any: `vigie --help` answers at once."""
    files = [file for file in resources.files("bot.commands").iterdir() if _is_command(file.name)]
    found = (_described(file.name.removesuffix(".py"), file.read_text("utf-8")) for file in files)
    return iter(sorted(found, key=lambda command: command.name))


def _is_command(file: str) -> bool:
    return file.endswith(".py") and not file.startswith("_")


def _described(module: str, source: str) -> Command:
    words = _constants(source)
    if words.keys() < {"NAME", "HELP", "EXAMPLE"}:
        # Words that are put together are known only to the module itself.
        words = vars(importlib.import_module(f"bot.commands.{module}"))
    return Command(words["NAME"], words["HELP"], words["EXAMPLE"], module)


def _constants(source: str) -> dict[str, str]:
    """The names that stand for a plain string at the top of a module."""
    words: dict[str, str] = {}
    for node in ast.parse(source).body:
        match node:
            case (
                ast.Assign(targets=[ast.Name(id=name)], value=ast.Constant(value=str(word)))
                | ast.AnnAssign(target=ast.Name(id=name), value=ast.Constant(value=str(word)))
            ):
                words[name] = word
    return {name: words[name] for name in ("NAME", "HELP", "EXAMPLE") if name in words}


def _parser(
    known: Iterable[Command], chosen: Command | None, module: ModuleType | None
) -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="vigie", description=ABOUT, epilog="Without a command: serve."
    )
    rooms = parser.add_subparsers(metavar="COMMAND", required=True)
    for command in known:
        room = rooms.add_parser(
            command.name,
            help=_shown(command.help),
            description=_shown(command.help[:1].upper() + command.help[1:]),
            epilog=f"Example:\n  {_shown(command.example)}" if command.example else None,
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        if module is not None and command == chosen:
            module.add_arguments(room)
    return parser


def _shown(words: str) -> str:
    # argparse fills percent signs in.
    return words.replace("%", "%%")


def _run(module: ModuleType, args: argparse.Namespace) -> int:
    try:
        return int(module.run(args))
    except Fault as fault:
        print(f"vigie: {fault}", file=sys.stderr)
        return fault.exit_code
    except SettingFault as fault:
        print(f"vigie: {fault}", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        return 1
    except BrokenPipeError:
        # Whoever read our output has left; Python would complain while closing it.
        sys.stderr.close()
        return 1


if __name__ == "__main__":
    sys.exit(main())
