"""What a flow is made of: a small closed vocabulary of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

# How a reply to an `ask` may come out beside the bands of its kind.
UNIVERSAL_BANDS = ("unclear", "refused", "silent")

# The finite bands of each kind of question (`choice` and `several` bring their own options).
KIND_BANDS: Mapping[str, tuple[str, ...]] = {
    "yes_no": ("yes", "no"),
    "danger_signs": ("yes", "no"),
    "choice": (),
    "several": ("none", "some"),
    "fever": ("none", "felt", "figure"),
    "symptoms": ("none", "some"),
    "onset": ("given", "none"),
    "date": ("given",),
    "birth_year": ("match", "differs"),
    "year": ("given",),
    "full_name": ("match", "differs"),
    "contacts": ("some", "none"),
    "numbers": ("some", "later"),
    "consent": ("all", "nobody", "named", "chosen"),
    "summary": ("right", "changed"),
    "which": ("some", "none"),
    "ages": ("some",),
    "count": ("none", "some"),
    "text": ("given", "none"),
    "members": ("some", "none"),
    "member_risks": ("some", "none"),
    "teen_number": ("given", "later"),
    "new_word": ("given",),
    "family_word": ("match", "nothing", "told"),
    "household": ("nothing", "told"),
    "household_right": ("right", "changed", "wrong"),
    "danger_who": ("yes", "no"),
}

# Questions about danger: a yes is one, and what is no answer wants a person.
DANGER_KINDS = ("danger_signs", "danger_who")

# Facts that the engine computes while a flow runs; any flow may branch on them.
COMPUTED_FACTS: Mapping[str, tuple[str, ...]] = {
    "named": ("some", "none"),
    "nameless": ("some", "none"),
    "danger_named": ("yes", "no"),
    "minors": ("doubtful", "clear"),
    "last_days": ("missing", "clear"),
    "members": ("missing", "all"),
    "member_ages": ("missing", "clear"),
    "teenagers": ("some", "none"),
    "other_adults": ("some", "none"),
    "children": ("some", "none"),
    "infants": ("some", "none"),
    "assessment": ("danger", "urgent", "watch", "calm"),
    "signs": ("none", "first", "again"),
}

# Everything that `do:` may name, and whether it takes an argument.
DEEDS: Mapping[str, bool] = {
    "assess": False,
    "assess_all": False,
    "close_list": True,
    "date_named": False,
    "enrol": False,
    "enrol_members": False,
    "identity_proven": False,
    "keep_word": False,
    "learn": True,
    "lower_danger": False,
    "mark": True,
    "mark_others": True,
    "missed": False,
    "missed_all": False,
    "move_case": True,
    "move_contact": True,
    "note_symptoms": False,
    "number_wrong": False,
    "review": True,
    "shared_phone": False,
}


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


Node = Say | Ask | Decide | Call | End


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
