"""The people whom a case names: one row each, however often they are named."""

from __future__ import annotations

from datetime import date
from typing import Any

from flows.engine import naming
from flows.engine.grown import grown_beside
from flows.spec.nodes import Brings
from flows.vocabulary import Named

MONDAY = date(2026, 11, 23)
AT_WORK = Brings(kind="face_to_face", setting="work", day="ask")
AT_HOME = Brings(kind="home", setting="home", day="each")


def person(name: str | None = None, **more: Any) -> dict[str, Any]:
    return {"name": name, "phone": None, "relation": None, "last_seen": None, **more}


def test_each_person_gets_a_number_that_stays() -> None:
    named = naming.merge((), [person("Karim"), person("Lina")], AT_HOME, MONDAY)
    assert [(row.number, row.name) for row in named] == [(1, "Karim"), (2, "Lina")]
    named = naming.merge(named, [person("Paul"), person("karim")], AT_WORK, None)
    assert [(row.number, row.name) for row in named] == [(1, "Karim"), (2, "Lina"), (3, "Paul")]


def test_a_fuller_name_completes_the_first_name() -> None:
    named = naming.merge((), [person("Marc")], AT_WORK, None)
    named = naming.merge(named, [person("Marc Besson", phone="+33639980021")], AT_WORK, None)
    assert [(row.name, row.phone) for row in named] == [("Marc Besson", "+33639980021")]


def test_two_people_of_one_first_name_with_other_surnames_stay_two() -> None:
    named = naming.merge((), [person("Marc Besson"), person("Marc Tanguy")], AT_WORK, None)
    assert [row.name for row in named] == ["Marc Besson", "Marc Tanguy"]


def test_people_without_a_name_are_kept_each_for_themselves() -> None:
    named = naming.merge((), [person(relation="child"), person(relation="child")], AT_HOME, MONDAY)
    assert [row.relation for row in named] == ["child", "child"]


def test_what_the_question_implies_is_not_asked() -> None:
    (karim,) = naming.merge((), [person("Karim", relation="partner")], AT_HOME, MONDAY)
    assert (karim.kind, karim.setting, karim.last_day, karim.minor) == (
        "home",
        "home",
        MONDAY,
        False,
    )


def test_a_nurse_is_care_whatever_the_question() -> None:
    (nurse,) = naming.merge((), [person("Delphine", relation="health_worker")], AT_WORK, None)
    assert nurse.kind == "care"


def test_the_latest_day_counts() -> None:
    named = naming.merge((), [person("Joel", last_seen="2026-11-20")], AT_WORK, None)
    named = naming.merge(named, [person("Joel", last_seen="2026-11-18")], AT_WORK, None)
    assert named[0].last_day == date(2026, 11, 20)


def test_only_children_of_the_house_are_doubtful() -> None:
    rows = (
        Named(1, "Lina", relation="child", kind="home"),
        Named(2, "Karim", relation="partner", kind="home", minor=False),
        Named(3, "Tom", kind="face_to_face"),
    )
    assert [row.name for row in naming.doubtful_minors(rows)] == ["Lina"]


def test_names_are_found_in_a_sentence_by_their_first_word() -> None:
    rows = (Named(1, "Marc Besson"), Named(2, "Lina"), Named(3, "Inès"))
    assert naming.find(rows, "ines et marc oui") == (1, 3)


def test_a_removed_person_is_listed_no_more() -> None:
    rows = (Named(1, "Marc"), Named(2, "Lina", removed=True))
    assert naming.listed(rows) == "Marc"


def test_a_long_list_says_how_many_more() -> None:
    rows = [Named(n, f"P{n}") for n in range(1, 10)]
    assert naming.listed(rows) == "P1, P2, P3, P4, P5, P6 + 3"


def test_names_asked_for_fill_those_known_by_their_relation() -> None:
    named = naming.merge((), [person(relation="child"), person(relation="child")], AT_HOME, MONDAY)
    asked = Brings(kind="home", setting="home", day="each", completes="yes")
    named = naming.merge(named, [person("Lina"), person("Nour")], asked, MONDAY)
    assert [(row.number, row.name, row.relation) for row in named] == [
        (1, "Lina", "child"),
        (2, "Nour", "child"),
    ]


def test_a_title_before_a_known_name_makes_nobody_new() -> None:
    named = naming.merge((), [person("Dona Neide")], AT_HOME, MONDAY)
    named = naming.merge(named, [person("Neide")], AT_WORK, None)
    assert [row.name for row in named] == ["Dona Neide"]
    assert [row.minor for row in named] == [False]


def test_a_partner_known_by_name_is_no_second_person() -> None:
    named = naming.merge((), [person("Rui", relation="partner")], AT_HOME, MONDAY)
    named = naming.merge(named, [person(relation="partner")], AT_WORK, None)
    assert [row.name for row in named] == ["Rui"]


def test_a_whole_name_is_found_before_those_that_are_parts_of_it() -> None:
    rows = (Named(1, "Tiago Ines Martim"), Named(2, "Ines"), Named(3, "Martim"))
    assert naming.find(rows, "tirar Tiago Ines Martim") == (1,)
    assert naming.find(rows, "tirar ines") == (2,)


def test_words_of_kinship_and_no_children_tell_who_is_grown_up() -> None:
    rows = (Named(1, "Carmen"), Named(2, "Iker"))
    assert [r.minor for r in grown_beside(rows, "mi suegra Carmen e Iker")] == [False, None]
    assert [r.minor for r in grown_beside(rows, "Carmen, Iker, sin niños")] == [False, False]
