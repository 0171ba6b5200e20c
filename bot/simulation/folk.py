"""The people of a world: who they are, whom they met, and what they answer."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import date
from random import Random
from typing import Final

from bot.simulation.provider import Kept
from bot.simulation.questions import Questions
from bot.simulation.tempers import CALM, DANGER, TEMPERS, Temper, words_of
from flows.spec.nodes import Ask
from flows.vocabulary import LANGUAGES, Lang

GIVEN: Final = ("Anne", "Jean", "Lina", "Paul", "Sofia", "Karim", "Elif", "Marc", "Rosa", "Yann")
FAMILY: Final = ("Morvan", "Riou", "Besson", "Costa", "Demir", "Haddad", "Le Goff", "Martin")
ZONES: Final = ("Europe/Paris", "Europe/Paris", "America/Martinique", "Indian/Reunion")


@dataclass(slots=True)
class Somebody:
    """A made-up person. `met` are the numbers of those near them; `heard` the texts they got."""

    phone: str
    given: str
    family: str
    born: date
    lang: Lang
    zone: str
    temper: Temper
    met: tuple[str, ...] = ()
    is_case: bool = False
    heard: int = 0
    said: list[tuple[float, str, str]] = field(default_factory=list)

    @property
    def name(self) -> str:
        """First name and last name."""
        return f"{self.given} {self.family}"


Say = Callable[[Somebody, str, str, float], None]


class Folk:
    """Everybody by number. `say(who, kind, words, wait)` lets somebody write."""

    def __init__(
        self, questions: Questions, dice: Random, people: Sequence[Somebody], say: Say
    ) -> None:
        self._questions = questions
        self._dice = dice
        self._say = say
        self.people = {one.phone: one for one in people}
        self.quiet = False

    def receive(self, kept: Kept) -> None:
        """A text arrives; whoever reads it may answer."""
        one = self.people.get(kept.outgoing.to)
        if one is None:
            return
        one.heard += 1
        ask = self._questions.find(kept.outgoing.text)
        if ask is None or self.quiet:
            return
        for kind, words, wait in self._answers(one, ask):
            self._say(one, kind, words, wait)

    def _answers(self, one: Somebody, ask: Ask) -> list[tuple[str, str, float]]:
        dice, temper = self._dice, one.temper
        wait = dice.uniform(*temper.waits)
        own = self._own_words(one)
        if own is not None:
            return [(*own, wait)]
        if dice.random() > temper.answers:
            return []
        words = self._answer(one, ask)
        answers = [("answer", words, wait)]
        if dice.random() < temper.pieces:
            answers.append(
                ("answer", dice.choice((words, "ok", "merci")), wait + dice.uniform(0, 3))
            )
        if dice.random() < temper.twice:
            answers.append(("answer", words, wait + dice.uniform(0, 20)))
        return answers

    def _own_words(self, one: Somebody) -> tuple[str, str] | None:
        dice = self._dice
        for kind, chance in one.temper.says.items():
            if dice.random() < chance:
                if kind == "foreign_danger":
                    lang = dice.choice(LANGUAGES)
                    return "danger", dice.choice(DANGER[lang])
                return kind, dice.choice(words_of(kind, one.lang))
        return None

    def _answer(self, one: Somebody, ask: Ask) -> str:
        dice, ill = self._dice, self._dice.random() < one.temper.ill
        match ask.kind:
            case "yes_no":
                return _yes_no(ask)
            case "danger_signs":
                return "1" if ill and dice.random() < 0.15 else "2"
            case "choice":
                return _choice(ask, dice)
            case "fever":
                return f"{dice.uniform(38.0, 40.2):.1f}" if ill else dice.choice(("0", "37,2"))
            case "symptoms":
                return dice.choice(("toux", "cough", "fièvre 39")) if ill else "0"
            case "onset":
                return dice.choice(("0", "hier", "3/11"))
            case "contacts":
                return self._names(one)
            case "numbers":
                return self._numbers(one)
            case "consent":
                return dice.choice("123")
            case "summary":
                return "ok"
            case "which":
                return "0"
            case "ages":
                return "9"
            case "birth_year" | "year":
                return str(one.born.year if dice.random() < 0.95 else one.born.year + 1)
            case "full_name":
                return one.name
            case "date":
                return dice.choice(("hier", "yesterday", "17/11"))
            case "text":
                return "Armor, 8 rue du Phare"
        return "0"

    def _names(self, one: Somebody) -> str:
        near = [self.people[phone] for phone in one.met if phone in self.people]
        chosen = [other.name for other in near if self._dice.random() < 0.4]
        return ", ".join(chosen[: one.temper.names]) or "0"

    def _numbers(self, one: Somebody) -> str:
        near = [self.people[phone] for phone in one.met if phone in self.people]
        return ", ".join(f"{other.name} 0{other.phone[3:]}" for other in near) or "LATER"


def _yes_no(ask: Ask) -> str:
    """Yes to who they are; else no."""
    return "1" if ask.name in ("hello", "pass_on") else "2"


def _choice(ask: Ask, dice: Random) -> str:
    if ask.flow == "danger":
        return dice.choice(("1", "1", "2", "3"))
    return str(dice.randint(1, len(ask.options)))


def draw(
    dice: Random, count: int, today: date, *, abroad: bool = True, tempers: bool = True
) -> list[Somebody]:
    """So many people, each with some others near them."""
    kinds = [temper for temper, _ in TEMPERS]
    weights = [weight for _, weight in TEMPERS]
    people = []
    for number in range(count):
        people.append(
            Somebody(
                phone=f"+3363998{number:04d}",
                given=dice.choice(GIVEN),
                family=dice.choice(FAMILY),
                born=date(today.year - dice.randint(19, 88), dice.randint(1, 12), 4),
                lang=dice.choice(LANGUAGES) if dice.random() < 0.5 else "fr",
                zone=dice.choice(ZONES) if abroad else ZONES[0],
                temper=dice.choices(kinds, weights)[0] if tempers else CALM,
            )
        )
    for one in people:
        others = [other.phone for other in people if other is not one]
        one.met = tuple(dice.sample(others, min(len(others), dice.randint(0, 5))))
    return people
