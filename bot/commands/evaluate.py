"""`vigie evaluate`: how well replies are understood, against what their files want."""

import argparse
import json
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.commands import Fault
from bot.json_lines import Line
from bot.questions import understood
from bot.scores import Judged, Tally, confusions, judge, summary, tally

NAME = "evaluate"
HELP = "how well replies are understood: accuracy, danger heard, false alarms, the misses"
EXAMPLE = "vigie evaluate tests/understanding/*.jsonl"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The files, and how many misses to show."""
    parser.add_argument(
        "files", metavar="FILE", nargs="+", type=Path,
        help='JSON lines as for "vigie understand", each with "want": the keys that it must give',
    )  # fmt: skip
    parser.add_argument(
        "--misses", type=int, default=20, metavar="N", help="how many misses to show (20)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the tables; 0 whatever they say."""
    judged = [one for file in args.files for one in judged_file(file)]
    for line in report(judged, args.misses):
        print(line)
    return 0


def judged_file(file: Path) -> Iterator[Judged]:
    """Every line of a file, read and compared; a Fault names the line that is bad."""
    try:
        lines = file.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as fault:
        raise Fault(f"{file}: cannot be read: {fault}", 2) from None
    for number, words in enumerate(lines, 1):
        if words.strip():
            try:
                yield _judged(json.loads(words))
            except (ValueError, KeyError, TypeError, AttributeError) as fault:
                raise Fault(f"{file}:{number}: {fault}", 2) from None


def _judged(line: Line) -> Judged:
    if not isinstance(line.get("want"), dict):
        raise ValueError('"want" is missing: an object of the keys wanted')
    return judge(line, understood(line, datetime.now()))


def report(judged: Sequence[Judged], misses: int) -> Iterator[str]:
    """The tables as lines of text."""
    figures = summary(judged)
    yield f"replies right   {_share(*figures.right)}"
    yield f"danger heard    {_share(*figures.dangers)}"
    yield f"false alarms    {_share(*figures.false_alarms)}"
    yield f"commands right  {_share(*figures.commands)}"
    yield from _table("by language", tally(judged, lambda one: str(one.line["lang"])))
    yield from _table("by question", tally(judged, lambda one: str(one.line["expect"])))
    yield from _confused(judged)
    yield from _misses([one for one in judged if one.wrong], misses)


def _share(right: int, of: int) -> str:
    return f"{right:5} of {of:5}  {100 * right / of if of else 100:5.1f} %"


def _table(title: str, counted: Tally) -> Iterator[str]:
    yield f"\n{title}"
    for name, right, of in counted.rows():
        yield f"  {name:14}{_share(right, of)}"


def _confused(judged: Sequence[Judged]) -> Iterator[str]:
    yield "\nconfusion (wanted, read, how often)"
    for (wanted, read), often in confusions(judged).most_common(30):
        yield f"  {wanted:28} {read:28} {often}"


def _misses(wrong: Sequence[Judged], most: int) -> Iterator[str]:
    yield f"\nmisses ({len(wrong)})"
    worst = sorted(wrong, key=lambda one: (one.heard, "command" not in one.wrong))
    for one in worst[:most]:
        line = one.line
        yield f"  {line.get('id')} {line['lang']} {line['expect']}: {line['text']!r}"
        for key in one.wrong:
            wanted = line["want"].get(key, [] if key == "danger" else None)
            yield f"      {key}: wanted {_json(wanted)}, read {_json(one.read.get(key))}"


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)
