"""`vigie messages`: bring the translation files up to date, and say what they lack."""

import argparse
import sys
from importlib import resources
from pathlib import Path

from babel.messages.pofile import PoFileError

from flows.spec.faults import FlowFaults
from flows.spec.yaml_loader import YamlFault
from flows.vocabulary import LANGUAGES
from flows.wording.catalogues import ENGLISH, Catalogues, read_catalogue
from flows.wording.extract import by_key, shipped_texts
from flows.wording.merging import updated

NAME = "messages"
HELP = "update flows/locales from the English texts and report what is missing or stale"
EXAMPLE = "vigie messages --add es"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Which languages, and whether files may be written."""
    others = [lang for lang in LANGUAGES if lang != ENGLISH]
    shipped = Path(str(resources.files("flows"))) / "locales"
    parser.add_argument("--folder", type=Path, default=shipped, help="default: the shipped ones")
    parser.add_argument("--add", metavar="LANG", choices=others, help="begin a new language")
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 on any gap")
    parser.add_argument("--verbose", action="store_true", help="name each key")


def run(args: argparse.Namespace) -> int:
    """Update each catalogue, then report; only with --check do gaps decide the exit code."""
    try:
        gaps = _gaps(args)
    except (YamlFault, FlowFaults, PoFileError) as fault:
        print(fault, file=sys.stderr)
        return 1
    return 1 if args.check and gaps else 0


def _gaps(args: argparse.Namespace) -> int:
    files = {file.parts[-3]: file for file in sorted(args.folder.glob("*/LC_MESSAGES/flows.po"))}
    if args.add:
        files[args.add] = args.folder / args.add / "LC_MESSAGES" / "flows.po"
    if not args.check:
        for lang, file in files.items():
            _update(lang, file)
    return sum(_report(lang, file, args.verbose) for lang, file in files.items() if file.exists())


def _update(lang: str, file: Path) -> None:
    before = file.read_text("utf-8") if file.exists() else ""
    after = updated(before, lang, shipped_texts())
    if after != before:
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(after, "utf-8")


def _report(lang: str, file: Path, verbose: bool) -> int:
    """Print one line for a language (and its keys) and return how many gaps it has."""
    english = by_key(shipped_texts())
    catalogues = Catalogues({lang: read_catalogue(file.read_text("utf-8"), lang)})
    gaps = catalogues.gaps(lang, english)
    print(f"{lang}: {len(english)} texts, {len(gaps.missing)} missing, {len(gaps.stale)} stale")
    if verbose:
        for key in gaps.missing:
            print(f"  missing  {key}")
        for key in gaps.stale:
            print(f"  stale    {key}")
    return len(gaps.missing) + len(gaps.stale)
