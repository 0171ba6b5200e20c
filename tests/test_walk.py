"""The memory walk: what it asks, what it makes of answers, and that it always ends in time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.desk import open_desk
from flows.engine.walking import Prompted, Trail, following, trail_in
from flows.rehearsal import Rehearsal, somebody
from flows.spec.cues import CONDITIONS
from flows.spec.library import shipped
from flows.spec.nodes import Walk
from flows.vocabulary import Conversation, Frame, Named

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
node = shipped()["case"].nodes["people"]
assert isinstance(node, Walk)
WALK = node
DESK = open_desk()
OUTS = ("some", "none", "unclear")
REPLIES = (
    "0", "personne", "j'ai vu personne", "jsp", "bof", "oui", "1", "2", "3", "demain", "un appel",
    "mon mari Karim", "Lina 9 ans, Nour 14", "Martine et Joel jeudi", "maman", "boulot lundi",
    "toute la classe", "chez moi", "PLUS TARD", "Paul 0639980012", "attends mon fils pleure",
    "j'ai de la fievre", "je veux pas balancer mes potes", "???", "une vraie personne", "mercredi",
)  # fmt: skip


def at_the_walk(lang: str = "fr", **named: object) -> Rehearsal:
    """Somebody about to be asked whom they met."""
    here = somebody("case", lang, NOW.date(), proven=True, now=NOW, **named)  # type: ignore[arg-type]
    talk = Rehearsal(DESK, here, NOW)
    conversation = Conversation(
        7, 1, 1, (Frame("case", "danger"),), status="open", case_id=1, asked_at=NOW
    )
    talk.scene = replace(talk.scene, conversations=(conversation,))
    return talk


def told(talk: Rehearsal, *replies: str) -> str:
    """What was said last, after these replies."""
    said = ""
    for reply in replies:
        turn = talk.hear(reply)
        said = turn.drafts[-1].text if turn.drafts else ""
    return said


def named(talk: Rehearsal) -> dict[str, Named]:
    return {row.name: row for row in talk.scene.conversations[0].named}


bands = {name: st.sets(st.sampled_from(known), min_size=1) for name, known in CONDITIONS.items()}
situations = st.fixed_dictionaries(bands)


@given(st.lists(st.tuples(situations, st.sampled_from(OUTS), st.integers(0, 3), st.booleans())))
def test_the_strategy_ends_within_its_prompts_whatever_stands_and_is_answered(
    script: list[tuple[dict[str, set[str]], str, int, bool]],
) -> None:
    trail, people = Trail(), 0
    for stands, out, new, short in script * 4:
        trail = replace(trail, short=trail.short or short)
        found = following(WALK, trail, {k: frozenset(v) for k, v in stands.items()}, people)
        if isinstance(found, str):
            break
        done = Prompted(found.name, out=out, new=tuple(range(new if out == "some" else 0)))
        people += done.brought
        nobody = trail.nobody + (out == "none" and not people)
        trail = replace(trail, done=(*trail.done, done), prompts=trail.prompts + 1, nobody=nobody)
    assert trail.prompts <= WALK.most


@settings(deadline=None, max_examples=40)
@given(st.lists(st.sampled_from(REPLIES), min_size=1, max_size=12))
def test_the_walk_ends_within_its_prompts_for_any_answers(replies: list[str]) -> None:
    talk = at_the_walk()
    talk.hear("2")
    for number in range(60):
        if talk.standing != "case.people":
            break
        if not talk.timers or talk.hear(replies[number % len(replies)]).drafts:
            continue
        list(talk.wait(timedelta(days=1)))
    trail = trail_in(talk.scene.conversations[0])
    assert trail.prompts <= WALK.most
    waits = "attends" in replies[-1] or all("attends" in reply for reply in replies)
    assert talk.standing != "case.people" or waits or trail.resting


def test_beyond_the_first_prompts_each_is_paid_for_by_the_people_named() -> None:
    first = {name: frozenset((known[0],)) for name, known in CONDITIONS.items()}
    first |= {"undated": frozenset(("no",)), "week": frozenset(("home",))}
    stands = {**first, "home": frozenset(("somebody",))}
    begun = Trail(prompts=WALK.least, done=(Prompted("home", out="some", new=(1,)),))
    assert following(WALK, begun, stands, 1) == "names"
    asked = following(WALK, begun, stands, 20)
    assert not isinstance(asked, str) and asked.name == "days"


def test_nobody_who_stays_at_home_is_asked_about_work_or_school() -> None:
    talk = at_the_walk()
    said = [told(talk, reply) for reply in ("2", "mon mari Karim", "chez moi", "0", "0", "0")]
    assert not any("travail" in text for text in said[2:])
    assert "agenda" in said[2]


def test_what_follows_from_the_cue_is_never_asked() -> None:
    talk = at_the_walk()
    told(talk, "2", "mon mari Karim", "boulot mercredi et jeudi", "Martine")
    told(talk, "Joel, seulement mercredi")
    people = named(talk)
    assert people["Karim"].kind == "home" and people["Karim"].minor is False
    assert (people["Martine"].kind, people["Martine"].setting) == ("face_to_face", "work")
    assert people["Martine"].last_day == date(2026, 11, 19)
    assert people["Joel"].last_day == date(2026, 11, 18)


def test_who_was_with_them_is_taken_from_the_same_scene() -> None:
    talk = at_the_walk()
    told(talk, "2", "mon mari Karim", "boulot jeudi", "Martine et Joel")
    told(talk, "Kevin")
    assert named(talk)["Kevin"] == replace(
        named(talk)["Joel"], number=4, name="Kevin", relation=named(talk)["Kevin"].relation
    )


def test_words_of_kinship_get_the_first_names_that_follow() -> None:
    talk = at_the_walk()
    told(talk, "2", "mon mari Karim", "chez moi", "maman et mon frere hier")
    told(talk, "Fatiha et Samir, sa copine Julie")
    assert set(named(talk)) == {"Karim", "Fatiha", "Samir", "Julie"}
    assert named(talk)["Samir"].relation == "sibling"


def test_ages_are_read_beside_names_and_decide_who_is_a_child() -> None:
    talk = at_the_walk()
    told(talk, "2", "Karim et mes 3 enfants", "Lina 9 ans, Tom 8 mois et Paul 19")
    people = named(talk)
    assert (people["Lina"].age_months, people["Lina"].minor) == (108, True)
    assert (people["Tom"].age_months, people["Tom"].minor) == (8, True)
    assert people["Paul"].minor is False and people["Karim"].minor is False


def test_a_name_said_twice_is_one_person() -> None:
    talk = at_the_walk()
    told(talk, "2", "mon mari Karim", "chez moi", "Karim et maman hier", "0", "maman samedi")
    assert len(named(talk)) == 2


@pytest.mark.parametrize(
    ("lang", "none", "wants"),
    [
        ("fr", "j'ai vu personne", "personne je vis seul"),
        ("en", "I met nobody", "nobody, I live alone"),
        ("es", "no he visto a nadie", "nadie"),
        ("pt", "não vi ninguém", "ninguém"),
        ("tr", "kimseyi görmedim", "kimse"),
        ("ar", "ما شفت حد", "لا أحد"),
    ],
)
def test_nobody_twice_is_believed_in_every_language(lang: str, none: str, wants: str) -> None:
    talk = at_the_walk(lang)
    told(talk, "2", none)
    assert talk.standing == "case.people"
    told(talk, wants)
    assert talk.standing == "case.nobody_alone"


def test_somebody_who_works_in_a_hospital_is_not_taken_for_a_patient() -> None:
    talk = at_the_walk()
    told(talk, "2", "ma femme Rosa", "je bosse de nuit a l'hopital")
    assert talk.standing == "case.people"
    assert talk.scene.people[0].person.condition == ""


def test_danger_in_an_answer_is_heard_and_its_names_are_kept() -> None:
    talk = at_the_walk()
    told(talk, "2", "mon mari Karim")
    turn = talk.hear("boulot, et je n'arrive plus à respirer")
    assert [draft.kind for draft in turn.drafts] == ["safety"]
    assert "Karim" in named(talk)
    told(talk, "1")
    assert talk.standing in (
        "case.people",
        "case.people (held)",
        "danger.unhelped",
        "danger.helped",
    )
