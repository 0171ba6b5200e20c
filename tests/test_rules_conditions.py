"""A fact told as exactly as rows ask for it decides every one of them as the fact itself does."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from flows.rules.conditions import Between, Condition, Fact, OneOf, as_asked, meets, scale_of

WORDS = st.sampled_from(["yes", "no", "fever", "cough", "rest", "P1"])
POINTS = st.sampled_from([-1.0, 0.0, 2.0, 37.8, 38.0, 38.1, 40.0])
BETWEEN = st.builds(Between, POINTS, POINTS, st.booleans()) | st.builds(Between, low=POINTS)


@given(
    st.lists(st.builds(OneOf, st.frozensets(WORDS)), min_size=1),
    st.none() | st.booleans() | WORDS | st.text(max_size=3) | st.frozensets(WORDS),
)
def test_words_told_as_they_are_asked_meet_the_same_conditions(
    asked: list[Condition], fact: Fact
) -> None:
    assert [meets(one, as_asked(scale_of(asked), fact)) for one in asked] == [
        meets(one, fact) for one in asked
    ]


@given(
    st.lists(BETWEEN, min_size=1),
    st.none() | st.integers(-3, 45) | st.floats(-3, 45) | POINTS,
)
def test_figures_told_as_they_are_asked_meet_the_same_conditions(
    asked: list[Condition], fact: Fact
) -> None:
    assert [meets(one, as_asked(scale_of(asked), fact)) for one in asked] == [
        meets(one, fact) for one in asked
    ]


def test_figures_that_no_row_tells_apart_are_told_alike() -> None:
    scale = scale_of([Between(low=38.0), Between(low=40.0)])
    assert as_asked(scale, 38.3) == as_asked(scale, 39.9) != as_asked(scale, 40.0)
    assert as_asked(scale, 12) == as_asked(scale, 37.9)
