"""What a flow is made of: a small closed vocabulary of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from flows.spec.bands import COMPUTED_FACTS as COMPUTED_FACTS
from flows.spec.bands import DANGER_KINDS as DANGER_KINDS
from flows.spec.bands import DEEDS as DEEDS
from flows.spec.bands import KIND_BANDS as KIND_BANDS
from flows.spec.bands import UNIVERSAL_BANDS as UNIVERSAL_BANDS
from flows.spec.cues import rest_by


@dataclass(frozen=True, slots=True)
class Do:
    """A deed by its name in the closed list of `flows.engine.doing`, with its one argument."""

    name: str
    argument: str = ""


@dataclass(frozen=True, slots=True)
class Words:
    """The English texts of a node by part: text, text_other, retry, reminder, option.CODE."""

    parts: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.parts)


@dataclass(frozen=True, slots=True)
class Brings:
    """What a question that brings names says of them beforehand.

    `kind` is the exposure kind, `setting` where; `day`: item (the day of the round), each (every
    day of the window: the last one counts) or ask. `completes` is "yes" where it asks for the
    names of those who have none yet.
    """

    kind: str = "unknown"
    setting: str = ""
    day: str = ""
    completes: str = ""


@dataclass(frozen=True, slots=True)
class Say:
    """A text, then on."""

    name: str
    line: int
    words: Words
    then: str
    do: tuple[Do, ...] = ()


@dataclass(frozen=True, slots=True)
class Ask:
    """A question. `then` leads from each band; `rest` from those not named.

    `delay` holds the prompt back, while a reply is already read as its answer. `tries` is how
    often a reply that is not understood is asked again. `wait` is how long until `silent`; None
    leaves it to the rules' ladder of reminders.
    """

    name: str
    line: int
    kind: str
    words: Words
    then: Mapping[str, str]
    options: tuple[str, ...] = ()
    do: Mapping[str, tuple[Do, ...]] = field(default_factory=dict)
    brings: Brings | None = None
    tries: int = 1
    delay: timedelta | None = None
    wait: timedelta | None = None
    over: str = ""
    flow: str = ""
    # The part of the node's words that holds its text, where that is not `text`: a walk's cue.
    cue: str = ""

    @property
    def key(self) -> str:
        """`flow.node`, under which its texts stand in the catalogues."""
        return f"{self.flow}.{self.name}"

    @property
    def own_bands(self) -> tuple[str, ...]:
        """The bands this question can come out with, beside the universal ones."""
        return self.options if self.kind == "choice" else KIND_BANDS[self.kind]

    def target(self, band: str) -> str:
        """The node that this band leads to."""
        return self.then.get(band) or self.then["rest"]

    @property
    def after_no_round(self) -> str:
        """Where a `collect` leads that finds nothing to ask about."""
        empty = next((band for band in ("none", "nothing") if band in self.then), "given")
        return self.target(empty)


@dataclass(frozen=True, slots=True)
class Cue:
    """One cue of a memory walk: when it fits, and what the people it brings have in common.

    `most` is how often it may be asked; cues of one `family` are asked as if they were one.
    `completes`: it asks for what lacks of those whom the last reply brought.
    `needed`: it is asked even where it costs more than it may bring.
    """

    name: str
    line: int
    kind: str
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    brings: Brings | None = None
    family: str = ""
    most: int = 1
    needed: bool = False

    @property
    def over_days(self) -> bool:
        """Whether it is asked of days, one or two at a time."""
        return self.brings is not None and self.brings.day == "item"

    @property
    def completes(self) -> bool:
        """Whether it asks for what lacks of those just named."""
        return self.brings is not None and self.brings.completes == "yes"


# What the question of a cue is called where replies are read; ages and names are people's.
_CUE_QUESTIONS = {
    "people": "contacts",
    "week": "week",
    "fragile": "contacts",
    "last_days": "contacts",
    "numbers": "numbers",
    "rest": "choice",
}


@dataclass(frozen=True, slots=True)
class Walk:
    """A memory walk: the first cue that fits is asked, as long as it is worth its prompt.

    `least` prompts anybody may get; beyond them each must be paid for, `per_person` hundredths of
    a prompt for each person named, `closing` of which are kept for what follows the walk. Never
    more than `most`. The texts of its cues stand in `words` under the cue's name.
    """

    name: str
    line: int
    words: Words
    cues: tuple[Cue, ...]
    then: Mapping[str, str]
    do: Mapping[str, tuple[Do, ...]] = field(default_factory=dict)
    least: int = 7
    most: int = 16
    per_person: int = 120
    closing: int = 3
    flow: str = ""

    @property
    def key(self) -> str:
        """`flow.node`, under which its texts stand in the catalogues."""
        return f"{self.flow}.{self.name}"

    def cue(self, name: str) -> Cue:
        """The cue of this name; KeyError where there is none."""
        return {cue.name: cue for cue in self.cues}[name]

    def ask(self, cue: Cue) -> Ask:
        """The question that a cue puts, as replies are read for it."""
        rest = cue.kind == "rest"
        said = (cue.name, "retry") if cue.brings else (cue.name,)
        parts = {name: self.words.parts[name] for name in said}
        if rest:
            parts |= {p: t for p, t in self.words.parts.items() if p.startswith("option.")}
        return Ask(
            name=self.name,
            line=cue.line,
            kind=_CUE_QUESTIONS[cue.kind],
            words=Words(parts),
            then={"rest": self.name},
            options=rest_by(cue.when) if rest else (),
            brings=cue.brings,
            flow=self.flow,
            cue=cue.name,
        )

    def target(self, outcome: str) -> str:
        """The node that this outcome leads to."""
        return self.then.get(outcome) or self.then["rest"]


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a decision table: all of `when` holds, and at least `least` of `among`."""

    go: str
    line: int
    when: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    least: int = 0
    among: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Decide:
    """A decision table: the first row that holds."""

    name: str
    line: int
    rows: tuple[Row, ...]
    do: tuple[Do, ...] = ()


@dataclass(frozen=True, slots=True)
class Call:
    """Another flow, and where each of its outcomes leads."""

    name: str
    line: int
    flow: str
    then: Mapping[str, str]

    def target(self, outcome: str) -> str:
        """The node that this outcome leads to."""
        return self.then.get(outcome) or self.then["rest"]


@dataclass(frozen=True, slots=True)
class End:
    """The end, with its outcome; a last text if there is one."""

    name: str
    line: int
    outcome: str
    words: Words = field(default_factory=Words)
    do: tuple[Do, ...] = ()


Node = Say | Ask | Walk | Decide | Call | End


@dataclass(frozen=True, slots=True)
class Flow:
    """A declarative state machine.

    `reads` are the facts it branches on that stand before it begins, each with its bands.
    `structure` is a fingerprint that texts do not change. `before_identity` says that its people
    may not have proved who they are when it starts.
    """

    name: str
    title: str
    start: str
    nodes: Mapping[str, Node]
    reads: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    file: str = ""
    structure: str = ""
    before_identity: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Every outcome this flow can end with, sorted."""
        return tuple(sorted({n.outcome for n in self.nodes.values() if isinstance(n, End)}))
