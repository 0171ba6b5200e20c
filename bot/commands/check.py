"""`vigie check`: proves flows, rules, wordings and translations before anybody meets them."""

import argparse
import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from importlib import resources
from itertools import groupby, product
from pathlib import Path

from babel.messages.pofile import PoFileError

from bot.commands import Fault as WrongUse
from bot.desk import open_desk
from bot.templates import TemplateFaults, read_templates
from flows import rules
from flows.checking.languages import DECLARED
from flows.checking.library import BUDGET
from flows.checking.report import Cost, Report
from flows.checking.sources import Source, check_sources, shipped_sources
from flows.costing import DAYS, Priced, follow_up_cost
from flows.spec.faults import Fault
from flows.vocabulary import LANGUAGES
from flows.wording import catalogues
from flows.wording.catalogues import Catalogues, read_catalogue

NAME = "check"
HELP = "prove flows, rules, wordings and translations; exit 1 with findings"
EXAMPLE = "vigie check my-flows/"

_PACKS = ("pack:", "shared:")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """What to check, how far to walk, how much to show."""
    parser.add_argument(
        "paths",
        nargs="*",
        metavar="PATH",
        type=Path,
        help="YAML files, catalogues (.po) or folders; a flow takes the place of the shipped one"
        " of the same name. Without: what comes with Vigie",
    )
    parser.add_argument(
        "--templates",
        metavar="FILE",
        type=Path,
        default=os.environ.get("TWILIO_TEMPLATES"),
        help="also check this file of WhatsApp templates (default: that of TWILIO_TEMPLATES)",
    )
    parser.add_argument("--table", action="store_true", help="show the cost of each prompt")
    parser.add_argument(
        "--budget", type=int, default=BUDGET, help="the most steps to walk (default: %(default)s)"
    )
    parser.add_argument(
        "--languages",
        metavar="LANGS",
        default=",".join(DECLARED),
        help="the languages that must be complete, separated by commas (default: %(default)s)",
    )


def run(args: argparse.Namespace) -> int:
    """Print the findings, what was walked and what texts cost."""
    if args.budget < 1:
        raise WrongUse("check: --budget is a number of steps, at least 1", exit_code=2)
    declared = _languages(args.languages)
    report = _checked(list(_files(args.paths)), args.budget, declared)
    report = replace(report, findings=(*report.findings, *_template_faults(args.templates)))
    for finding in report.findings:
        print(finding)
    if not args.paths and not report.findings and not args.table:
        print(_price(declared))
    _print_summary(report, args.table)
    if args.table and not args.paths and not report.findings:
        print(_follow_ups(declared))
    return 1 if report.findings else 0


def _languages(given: str) -> tuple[str, ...]:
    wanted = tuple(lang.strip() for lang in given.split(","))
    if unknown := [lang for lang in wanted if lang not in LANGUAGES]:
        known = ", ".join(LANGUAGES)
        raise WrongUse(f"check: --languages: “{unknown[0]}” is none of {known}", exit_code=2)
    return wanted


def _template_faults(file: Path | str | None) -> tuple[Fault, ...]:
    """The faults of a deployment's WhatsApp templates."""
    if not file:
        return ()
    try:
        read_templates(Path(file), open_desk())
    except TemplateFaults as found:
        return found.faults
    return ()


def _checked(files: list[Path], budget: int, declared: tuple[str, ...]) -> Report:
    faults = list(_pack_faults(files))
    own = [Source(str(file), _text(file)) for file in files if file.suffix != ".po"]
    known = _catalogues([file for file in files if file.suffix == ".po"], faults)
    report = check_sources(
        shipped_sources(),
        own,
        known,
        reasons=_reasons(faults),
        declared=declared,
        budget=budget,
    )
    findings = tuple(sorted({*report.findings, *faults}))
    return Report(findings, report.situations, report.walked, report.segments)


def _files(paths: Iterable[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            inside = [f for f in sorted(path.rglob("*")) if f.suffix in (".yaml", ".yml", ".po")]
            if not inside:
                raise WrongUse(f"{path}: no .yaml or .po file is in this folder", exit_code=2)
            yield from inside
        elif path.suffix not in (".yaml", ".yml", ".po"):
            raise WrongUse(f"{path}: give a .yaml or .po file, or a folder of them", exit_code=2)
        elif not path.is_file():
            raise WrongUse(f"{path}: there is no such file", exit_code=2)
        else:
            yield path


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8-sig")
    except UnicodeDecodeError:
        raise WrongUse(f"{file}: not readable as UTF-8 text", exit_code=2) from None
    except OSError as problem:
        raise WrongUse(
            f"{file}: cannot be read: {problem.strerror or problem}", exit_code=2
        ) from None


def _pack_faults(files: Iterable[Path]) -> Iterator[Fault]:
    """The faults of the shipped rule packs, and of the folders in which other packs stand."""
    shipped = resources.files("flows.rules") / "packs"
    folders = {file.parent for file in files if _is_pack(file)}
    for name, folder in (("flows/rules/packs", shipped), *((str(f), f) for f in sorted(folders))):
        for fault in rules.faults_in(folder):
            yield Fault(f"{name}/{Path(fault.file).name}", fault.line, "", fault.message)


def _is_pack(file: Path) -> bool:
    return file.suffix != ".po" and any(
        line.startswith(_PACKS) for line in _text(file).splitlines()
    )


def _reasons(faults: list[Fault]) -> frozenset[str]:
    """The reasons for a review that the rules know; none while the packs cannot be read."""
    if faults:
        return frozenset()
    packs = rules.shipped_packs().packs
    return frozenset(row.id for pack in packs for row in pack.table("reviews"))


def _catalogues(files: Iterable[Path], faults: list[Fault]) -> Catalogues:
    """The shipped translations with an author's own in their place."""
    try:
        languages = dict(catalogues.shipped().languages)
        for file in files:
            lang = file.resolve().parts[-3]
            languages[lang] = {**languages.get(lang, {}), **read_catalogue(_text(file), lang)}
    except (PoFileError, IndexError, ValueError) as problem:
        faults.append(Fault("flows.po", 1, "", f"a catalogue cannot be read: {problem}"))
        return Catalogues()
    return Catalogues(languages)


def _print_summary(report: Report, each: bool) -> None:
    if report.segments:
        print(_table(report.segments) if each else _short_table(report.segments))
    if report.walked:
        by_flow = ", ".join(f"{name} {count}" for name, count in report.walked)
        print(f"{report.situations} situations walked ({by_flow})")
    count = len(report.findings)
    print(f"{count} finding{'' if count == 1 else 's'}" if count else "nothing found")


def _short_table(costs: Iterable[Cost]) -> str:
    """Flow by flow and language by language: how many texts, their SMS, the longest."""
    head = f"{'texts of':<18}{'lang':<6}{'texts':>6}{'SMS':>6}{'over 1':>8}  longest"
    rows = sorted(costs, key=lambda cost: (_group(cost), cost.lang))
    lines = [
        _line(group, lang, list(found))
        for (group, lang), found in groupby(rows, lambda cost: (_group(cost), cost.lang))
    ]
    return "\n".join([head, *lines])


def _line(group: str, lang: str, costs: list[Cost]) -> str:
    longest = max(costs, key=lambda cost: (cost.cost.segments, cost.cost.units))
    total = sum(cost.cost.segments for cost in costs)
    over = sum(cost.cost.segments > 1 for cost in costs)
    where = f"{longest.cost.units} ({longest.key.partition('.')[2]})"
    return f"{group:<18}{lang:<6}{len(costs):>6}{total:>6}{over:>8}  {where}"


def _follow_ups(langs: Iterable[str]) -> str:
    """What a whole calm follow-up takes in each language, and what it costs by the rules."""
    desk, now = open_desk(), datetime.now(UTC)
    lines = [f"{f'follow-up, {DAYS} days':<22}{'lang':<6}{'texts':>6}{'SMS':>6}  price"]
    for role, lang in product(("case", "contact"), langs):
        cost = follow_up_cost(desk, role, lang, now)
        price = f"{cost.price:.2f} {cost.currency}" if cost.price is not None else "no price known"
        lines.append(f"{role:<22}{lang:<6}{cost.texts:>6}{cost.segments:>6}  {price}")
    return "\n".join(lines)


def _price(langs: Sequence[str]) -> str:
    """What a calm follow-up costs in the language of the rules, and who says so."""
    desk, now = open_desk(), datetime.now(UTC)
    lang = next((one for one in langs if one == desk.pack(now.date()).language), langs[0])
    costs = {role: follow_up_cost(desk, role, lang, now) for role in ("case", "contact")}
    said = ", ".join(f"{role} {cost.segments} SMS{_money(cost)}" for role, cost in costs.items())
    cost = costs["case"]
    doubt = "; remembered, not read there" if cost.weak else ""
    return f"follow-up of {DAYS} days in {lang}: {said}" + (
        f" ({cost.source}{doubt})" if cost.price is not None else " (no price known)"
    )


def _money(cost: Priced) -> str:
    return f" {cost.price:.2f} {cost.currency}" if cost.price is not None else ""


def _group(cost: Cost) -> str:
    return cost.key.partition(".")[0]


def _table(costs: Iterable[Cost]) -> str:
    """Each prompt: the SMS that it costs in each language, and its letters."""
    rows: dict[str, dict[str, Cost]] = {}
    for cost in costs:
        rows.setdefault(cost.key, {})[cost.lang] = cost
    langs = sorted({lang for row in rows.values() for lang in row}, key=_declared_first)
    head = f"{'prompt':<44}" + "".join(f"{lang:>10}" for lang in langs)
    lines = (
        f"{key:<44}" + "".join(f"{_cell(row.get(lang)):>10}" for lang in langs)
        for key, row in rows.items()
    )
    return "\n".join([head, *lines])


def _cell(cost: Cost | None) -> str:
    return f"{cost.cost.segments} ({cost.cost.units})" if cost else "-"


def _declared_first(lang: str) -> tuple[bool, str]:
    return lang not in DECLARED, lang
