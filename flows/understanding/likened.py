"""What prices, papers and animals do: "the bill gave me a heart attack", "the dog had the fit"."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from flows.understanding.findings import Finding
from flows.understanding.people import Mention
from flows.understanding.scene import Hit, Scene

_NEAR = 7  # words between a price and what it does to somebody
_BEFORE = 4  # words between papers and "are suffocating me"
_CLEFT = 5  # words between what happened and the animal that it happened to
# What people say that a price or a pile of paper does to them.
_LIKENED = frozenset({
    "chest_pain", "severe_breathlessness", "other_emergency", "stroke_signs", "violence",
})  # fmt: skip
# Who cannot breathe says so in these words; what only "takes my breath" does not.
_IN_EARNEST = frozenset({"CANT", "HARD", "NOT", "VERBNOT", "PAIN", "HURT"})
_COPULAS = frozenset({
    "was", "is", "were", "it", "its", "c", "est", "etait", "fue", "era", "es", "foi", "e",
    "كان", "كانت", "هو", "هي", "kan", "kanet", "huwa", "howa", "hiya",
})  # fmt: skip
_PAST = ("ti", "tu", "di", "du")  # "köpekti": it was the dog.


def likened(
    found: Scene, findings: Sequence[Finding], mentioned: Sequence[Mention]
) -> Iterator[int]:
    """Findings that are no danger: what a price or papers do, and what befell an animal."""
    prices, papers = found.spoken("ELSE_PRICE"), found.spoken("ELSE_TOIL")
    animals = [hit for hit in found.spoken("ELSE_ANIMAL") if _is_the_one(found, hit)]
    if not (prices or papers or animals):
        return
    well = any(True for code in ("ELSE_FINE", "LAUGH", "LOL", "none") for _ in found.spoken(code))
    for at, one in enumerate(findings):
        if _of_others(found, one, mentioned):
            continue
        if any(_befell(found, one, animal) for animal in animals) or (
            one.code in _LIKENED
            and (
                any(_takes(found, one, price) for price in prices)
                or any(_weighs(found, one, paper, well) for paper in papers)
            )
        ):
            yield at


def _of_others(found: Scene, one: Finding, mentioned: Sequence[Mention]) -> bool:
    """Whether it is told of somebody of theirs, in the same part of the sentence."""
    part = found.segment[one.start]
    # English "me" is also a person that something may be done to.
    mine = {hit.start for hit in found.of("ELSE_ANIMAL", "SELF")}
    return any(
        found.segment[who.start] == part and who.code != "self" and who.start not in mine
        and not one.start <= who.start <= one.end
        for who in mentioned
    )  # fmt: skip


def _in_earnest(one: Finding) -> bool:
    return any(part.code in _IN_EARNEST for part in one.parts)


def _takes(found: Scene, one: Finding, price: Hit) -> bool:
    together = found.segment[price.start] == found.segment[one.start]
    apart = max(price.start - one.end, one.start - price.end)
    return together and apart <= _NEAR and not _in_earnest(one)


def _weighs(found: Scene, one: Finding, paper: Hit, well: bool) -> bool:
    """ "The paperwork is suffocating me"; where all is well, work may stand anywhere near."""
    if found.sentence[paper.start] != found.sentence[one.start]:
        return False
    if 0 < one.start - paper.end <= _BEFORE and not _in_earnest(one):
        return True
    return well and max(paper.start - one.end, one.start - paper.end) <= _NEAR


def _is_the_one(found: Scene, animal: Hit) -> bool:
    """Whether an animal is pointed out: "it was the dog that", "el que … fue el perro"."""
    words = [token.word for token in found.text.tokens]
    if animal.lang == "tr":
        # "Kustu" without its accents is no bird: somebody vomited.
        alone = all(hit.code == animal.code for hit in found.hits if hit.start == animal.start)
        return alone and words[animal.end].endswith(_PAST)
    near = (
        *words[max(0, animal.start - 3) : animal.start],
        *words[animal.end + 1 : animal.end + 2],
    )
    return any(word in _COPULAS for word in near)


def _befell(found: Scene, one: Finding, animal: Hit) -> bool:
    together = found.sentence[animal.start] == found.sentence[one.start]
    return together and one.start - animal.end >= -_NEAR and animal.start - one.end <= _CLEFT and (
        one.start - animal.end <= _CLEFT
    )  # fmt: skip
