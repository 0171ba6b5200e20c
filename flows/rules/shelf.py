"""Where packs stand: a folder of YAML files, read once, with every fault found on the way."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from zoneinfo import ZoneInfo

from flows.rules.packs import OPEN, Pack, Packs
from flows.rules.proofreading import gaps, overlaps
from flows.rules.reading import Defaults, day, fault, read_tables, word
from flows.rules.rows import Row
from flows.spec.yaml_loader import MarkedDict, MarkedList, YamlFault, load

_HEAD = ("pack", "illness", "territory", "zone", "from", "source", "signed_by", "fictional")
_MAY = ("language", "country", "to", "with", "agency", "tables")
Documents = Mapping[str, MarkedDict]


class PackFaults(Exception):
    """All that is wrong with the packs of a folder."""

    def __init__(self, faults: Sequence[YamlFault]) -> None:
        super().__init__("\n".join(str(each) for each in faults))
        self.faults = tuple(faults)


@lru_cache(maxsize=1)
def shipped_packs() -> Packs:
    """The packs that come with the service, read once."""
    return read_packs(files("flows.rules").joinpath("packs"))


def read_packs(folder: Traversable | Path) -> Packs:
    """The packs of a folder of YAML files; PackFaults with all faults where there are any."""
    packs, faults = _read(folder)
    if faults:
        raise PackFaults(faults)
    return Packs(tuple(packs))


def faults_in(folder: Traversable | Path) -> list[YamlFault]:
    """What is wrong with the packs of a folder; an empty list is a clean bill."""
    return _read(folder)[1]


def _read(folder: Traversable | Path) -> tuple[list[Pack], list[YamlFault]]:
    faults: list[YamlFault] = []
    documents = _documents(folder, faults)
    heads = [document for document in documents.values() if "pack" in document]
    packs = [pack for head in heads if (pack := _sound_pack(head, documents, faults))]
    faults.extend(overlaps(packs, heads))
    # A file that several packs share is read for each of them: its faults are told once.
    return packs, list({str(each): each for each in faults}.values())


def _documents(folder: Traversable | Path, faults: list[YamlFault]) -> Documents:
    documents: dict[str, MarkedDict] = {}
    for path in sorted(folder.iterdir(), key=lambda each: each.name):
        if path.name.endswith((".yaml", ".yml")):
            try:
                documents[path.name.rsplit(".", 1)[0]] = _document(path)
            except YamlFault as found:
                faults.append(found)
    return documents


def _document(path: Traversable | Path) -> MarkedDict:
    document = load(path, path.name)
    if not isinstance(document, MarkedDict) or not {"pack", "shared"} & set(document):
        raise fault(document, "a rule file begins with `pack:` (or `shared:`) and its name")
    return document


def _sound_pack(document: MarkedDict, documents: Documents, faults: list[YamlFault]) -> Pack | None:
    """The pack, or None where anything in it is at fault."""
    before = len(faults)
    try:
        pack = _pack(document, documents, faults)
    except YamlFault as found:
        faults.append(found)
        return None
    faults.extend(gaps(pack, document) if len(faults) == before else ())
    return pack if len(faults) == before else None


def _pack(document: MarkedDict, documents: Documents, faults: list[YamlFault]) -> Pack:
    _check_head(document)
    starts = day(document["from"], "`from`")
    return Pack(
        name=_said(document, "pack"),
        illness=_said(document, "illness"),
        territory=_said(document, "territory"),
        zone=_zone(document),
        starts=starts,
        ends=day(document["to"], "`to`") if "to" in document else OPEN,
        source=_said(document, "source"),
        signed_by=_said(document, "signed_by"),
        fictional=_yes_or_no(document),
        language=str(document.get("language", "")),
        country=str(document.get("country", "")),
        agency=_agency(document),
        tables=_tables(document, documents, starts, faults),
    )


def _check_head(document: MarkedDict) -> None:
    for key in _HEAD:
        if key not in document:
            raise fault(document, f"the pack does not say `{key}:`")
    for key, _ in document.marked():
        if key not in (*_HEAD, *_MAY):
            raise fault(key, f"a pack has no `{key}`; it may: {', '.join(_MAY)}")


def _said(document: MarkedDict, key: str) -> str:
    return str(word(document[key], f"`{key}`"))


def _yes_or_no(document: MarkedDict) -> bool:
    said = _said(document, "fictional")
    if said not in ("yes", "no"):
        raise fault(document["fictional"], "`fictional` is yes or no")
    return said == "yes"


def _zone(document: MarkedDict) -> ZoneInfo:
    name = _said(document, "zone")
    try:
        return ZoneInfo(name)
    except (KeyError, ValueError, OSError):
        words = f"no time zone is called `{name}`; write one such as Europe/Paris"
        raise fault(document["zone"], words) from None


def _agency(document: MarkedDict) -> dict[str, str]:
    agency = document.get("agency", {})
    if not isinstance(agency, dict):
        raise fault(agency, "`agency` is a mapping such as `name: …`, `public_phone: …`")
    return {str(key): str(word(value, f"`{key}`")) for key, value in agency.items()}


def _tables(
    document: MarkedDict, documents: Documents, starts: date, faults: list[YamlFault]
) -> dict[str, tuple[Row, ...]]:
    """The tables of the shared files, then the pack's own, which replace them whole."""
    tables: dict[str, tuple[Row, ...]] = {}
    for source in (*_shared(document, documents), document):
        own = source.get("tables", MarkedDict())
        if not isinstance(own, MarkedDict):
            raise fault(own, "`tables` is a mapping of table names to rows")
        said = str(source.get("source", document["source"]))
        tables |= read_tables(own, Defaults(starts, said), faults)
    return tables


def _shared(document: MarkedDict, documents: Documents) -> Iterator[MarkedDict]:
    names = document.get("with", MarkedList())
    if not isinstance(names, MarkedList):
        raise fault(names, "`with` is a list of shared files, such as [common, safety]")
    for name in names:
        if "shared" not in documents.get(name, ()):
            raise fault(
                name, f"`with` names `{name}`, but no sound shared file {name}.yaml is here"
            )
        yield documents[name]
