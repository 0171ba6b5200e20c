"""Rule packs: who signed them, where and when they hold, and their tables of dated rows."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.rules.reading import Defaults, day, fault, read_tables, word
from flows.rules.rows import Row
from flows.rules.tables import TABLES
from flows.spec.yaml_loader import MarkedDict, YamlFault, load

OPEN = date.max
_HEAD = ("pack", "illness", "territory", "zone", "from", "source", "signed_by", "fictional")
_MAY = ("language", "to", "with", "agency", "tables", "rules", "country")
_OPTIONAL_TABLES = frozenset({"holidays", "on_call", "watch"})


class PackFaults(Exception):
    """All that is wrong with the packs of a folder."""

    def __init__(self, faults: Sequence[YamlFault]) -> None:
        super().__init__("\n".join(str(each) for each in faults))
        self.faults = tuple(faults)


class NoPack(LookupError):
    """No pack holds for that illness, territory and day."""


@dataclass(frozen=True, slots=True)
class Pack:
    """The rules of one illness in one territory from one day to another.

    `agency` says who writes: name, public_phone, sender, place of the rights notice …
    `fictional` packs serve demonstrations and say so wherever they are shown.
    """

    name: str
    illness: str
    territory: str
    zone: ZoneInfo
    starts: date
    ends: date
    source: str
    signed_by: str
    fictional: bool
    language: str = ""
    country: str = ""
    agency: Mapping[str, str] = field(default_factory=dict)
    tables: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)

    def table(self, name: str) -> tuple[Row, ...]:
        """The rows of a table, none where the pack has no such table."""
        return self.tables.get(name, ())

    def row(self, row_id: str) -> Row | None:
        """The row of that id, to show which rule decided."""
        return next((row for row in self.rows() if row.id == row_id), None)

    def rows(self) -> Iterator[Row]:
        """All rows of all tables."""
        for rows in self.tables.values():
            yield from rows


@dataclass(frozen=True, slots=True)
class Packs:
    """The packs of a service."""

    packs: tuple[Pack, ...]

    def for_(self, illness: str, territory: str, on: date) -> Pack:
        """The pack that holds on a day; NoPack where there is none."""
        for pack in self.packs:
            same = (pack.illness, pack.territory) == (illness, territory)
            if same and pack.starts <= on <= pack.ends:
                return pack
        raise NoPack(f"no rules for {illness} in {territory} on {on}")

    def named(self, name: str) -> Pack:
        """The pack of that name; NoPack where there is none."""
        for pack in self.packs:
            if pack.name == name:
                return pack
        raise NoPack(f"no rule pack is called {name}")


@lru_cache(maxsize=1)
def shipped_packs() -> Packs:
    """The packs that come with the service, read once."""
    return read_packs(files("flows.rules").joinpath("packs"))


def read_packs(folder: Traversable | Path) -> Packs:
    """The packs of a folder of YAML files; PackFaults with all faults where there are any."""
    faults: list[YamlFault] = []
    packs = _read(folder, faults)
    if faults:
        raise PackFaults(faults)
    return Packs(tuple(packs))


def faults_in(folder: Traversable | Path) -> list[YamlFault]:
    """What is wrong with the packs of a folder; an empty list is a clean bill."""
    faults: list[YamlFault] = []
    _read(folder, faults)
    return faults


def _read(folder: Traversable | Path, faults: list[YamlFault]) -> list[Pack]:
    documents = _documents(folder, faults)
    packs: list[Pack] = []
    for document in documents.values():
        if "pack" in document:
            _collect(document, documents, packs, faults)
    faults.extend(_overlaps(packs, documents))
    return packs


def _documents(folder: Traversable | Path, faults: list[YamlFault]) -> dict[str, MarkedDict]:
    documents: dict[str, MarkedDict] = {}
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if not path.name.endswith((".yaml", ".yml")):
            continue
        try:
            document = load(path, path.name)
            if not isinstance(document, MarkedDict):
                raise fault(document, "a rule file is a mapping that begins with `pack:`")
            documents[path.name.rsplit(".", 1)[0]] = document
        except YamlFault as found:
            faults.append(found)
    return documents


def _collect(
    document: MarkedDict,
    documents: Mapping[str, MarkedDict],
    packs: list[Pack],
    faults: list[YamlFault],
) -> None:
    before = len(faults)
    try:
        pack = _pack(document, documents, faults)
        faults.extend(_gaps(pack, document))
        if len(faults) == before:
            packs.append(pack)
    except YamlFault as found:
        faults.append(found)


def _pack(
    document: MarkedDict, documents: Mapping[str, MarkedDict], faults: list[YamlFault]
) -> Pack:
    for key in _HEAD:
        if key not in document:
            raise fault(document, f"the pack does not say `{key}:`")
    stranger = next((key for key, _ in document.marked() if key not in (*_HEAD, *_MAY)), None)
    if stranger is not None:
        raise fault(stranger, f"a pack has no `{stranger}`")
    starts = day(document["from"], "`from`")
    return Pack(
        name=str(word(document["pack"], "`pack`")),
        illness=str(word(document["illness"], "`illness`")),
        territory=str(word(document["territory"], "`territory`")),
        zone=_zone(document),
        starts=starts,
        ends=day(document["to"], "`to`") if "to" in document else OPEN,
        source=str(word(document["source"], "`source`")),
        signed_by=str(word(document["signed_by"], "`signed_by`")),
        fictional=_yes_or_no(document),
        language=str(document.get("language", "")),
        country=str(document.get("country", "")),
        agency=_agency(document),
        tables=_tables(document, documents, starts, faults),
    )


def _yes_or_no(document: MarkedDict) -> bool:
    said = word(document["fictional"], "`fictional`")
    if said not in ("yes", "no"):
        raise fault(said, "`fictional` is yes or no")
    return said == "yes"


def _zone(document: MarkedDict) -> ZoneInfo:
    name = word(document["zone"], "`zone`")
    try:
        return ZoneInfo(str(name))
    except (KeyError, ValueError, OSError):
        raise fault(name, f"no time zone is called `{name}`; write e.g. Europe/Paris") from None


def _agency(document: MarkedDict) -> dict[str, str]:
    agency = document.get("agency", {})
    if not isinstance(agency, dict):
        raise fault(agency, "`agency` is a mapping such as `name: …`, `public_phone: …`")
    return {str(key): str(word(value, f"`{key}`")) for key, value in agency.items()}


def _tables(
    document: MarkedDict,
    documents: Mapping[str, MarkedDict],
    starts: date,
    faults: list[YamlFault],
) -> dict[str, tuple[Row, ...]]:
    tables: dict[str, tuple[Row, ...]] = {}
    for source in (*_shared(document, documents), document):
        own = source.get("tables", MarkedDict())
        if not isinstance(own, MarkedDict):
            raise fault(own, "`tables` is a mapping of table names to rows")
        said = str(source.get("source", document["source"]))
        tables |= read_tables(own, Defaults(starts, said), faults)
    return tables


def _shared(document: MarkedDict, documents: Mapping[str, MarkedDict]) -> Iterator[MarkedDict]:
    for name in document.get("with", ()):
        if "shared" not in documents.get(name, ()):
            raise fault(name, f"`with` names `{name}`, but no shared file {name}.yaml is here")
        yield documents[name]


def _gaps(pack: Pack, document: MarkedDict) -> Iterator[YamlFault]:
    for table in TABLES:
        if table not in _OPTIONAL_TABLES and not pack.table(table):
            yield fault(document, f"the pack `{pack.name}` has no rows for the table `{table}`")
    seen: dict[str, Row] = {}
    for row in pack.rows():
        if row.id in seen:
            other = seen[row.id]
            place = f"{other.file}:{other.line}"
            yield YamlFault(row.file, row.line, f"two rows are called `{row.id}` (first {place})")
        seen[row.id] = row
    reasons = {row.id for row in pack.table("reviews")}
    for table in ("triage", "reminders"):
        for row in pack.table(table):
            if row.text("reason") and row.text("reason") not in reasons:
                message = f"{table}, row `{row.id}`: no review is called `{row.text('reason')}`"
                yield YamlFault(row.file, row.line, message)
    texts = {row.id for row in pack.table("texts")}
    for row in pack.table("safety"):
        if row.text("key") not in texts:
            message = f"safety, row `{row.id}`: no text is called `{row.text('key')}`"
            yield YamlFault(row.file, row.line, message)


def _overlaps(packs: Sequence[Pack], documents: Mapping[str, MarkedDict]) -> Iterator[YamlFault]:
    heads = {str(d["pack"]): d for d in documents.values() if "pack" in d}
    for index, pack in enumerate(packs):
        for other in packs[:index]:
            same = (pack.illness, pack.territory) == (other.illness, other.territory)
            if same and pack.starts <= other.ends and other.starts <= pack.ends:
                message = f"`{pack.name}` and `{other.name}` hold on the same days"
                yield fault(heads[pack.name], f"{message} for {pack.illness} in {pack.territory}")
