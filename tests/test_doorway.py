"""A phone that others read: the family word lets answers in, and without it nothing is said."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from bot.desk import open_desk
from flows.checking import words
from flows.engine.family_word import fit_for_word, without_word
from flows.engine.speaking import OPEN_FLOWS
from flows.rehearsal import Rehearsal, member, somebody
from flows.spec.library import shipped
from flows.spec.nodes import Ask
from flows.vocabulary import LANGUAGES, Conversation, Event, FollowUp, Frame, PersonHere

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
LONG_AGO = NOW - timedelta(days=1)
QUESTIONS = [
    (flow.name, node.name)
    for flow in shipped().flows.values()
    for node in flow.nodes.values()
    if isinstance(node, Ask)
]
BEHIND_THE_DOOR = [one for one in QUESTIONS if one[0] not in OPEN_FLOWS]


def anne(lang: str = "fr") -> PersonHere:
    here = somebody("contact", lang, NOW.date(), given_name="Anne", birth_date=date(1984, 2, 4))
    link = replace(here.link, proven_at=LONG_AGO, role="self")
    return replace(here, link=link, follow_up=FollowUp(1, 1, "contact", NOW.date(), None))


def family() -> list[PersonHere]:
    tom = member(2, "Tom", date(2020, 6, 1), NOW.date(), long_illness="yes")
    return [tom, member(3, "Lou", date(2026, 9, 20), NOW.date())]


def at_home(flow: str, node: str, lang: str = "fr") -> Rehearsal:
    """The family's phone, with a word, standing at a question asked long ago."""
    talk = Rehearsal(open_desk(), anne(lang), NOW, others=family(), word="tournesol")
    bands = {"case.onset": "given"}
    standing = Conversation(
        7, 1, 1, (Frame(flow, node),), status="open", bands=bands, day=NOW.date(), asked_at=NOW
    )
    talk.scene = replace(talk.scene, conversations=(standing,))
    return talk


@pytest.mark.parametrize(
    ("said", "rest"),
    [
        ("tournesol 0", "0"),
        ("Tournesol, léo tousse", "léo tousse"),
        ("TOURNESSOL: rien", "rien"),
        ("tournsol 0", "0"),
        ("tuornesol 0", "0"),
        ("0 tournesol", "0"),
        ("tournesol", ""),
        ("tourterelle 0", None),
        ("0", None),
        ("", None),
    ],
)
def test_the_word_is_known_however_it_is_typed(said: str, rest: str | None) -> None:
    assert without_word("tournesol", said) == rest


@pytest.mark.parametrize(
    "word", ["oui", "1234", "0", "anne", "rien", "un mot bien trop long", "ok"]
)
def test_a_word_that_guesses_itself_is_refused(word: str) -> None:
    assert fit_for_word(word, "Anne") == ""


@pytest.mark.parametrize("word", ["Tournesol", "gâteau", "café noir", "çiçek", "زهرة"])
def test_a_simple_word_is_taken(word: str) -> None:
    chosen = fit_for_word(word, "Anne")
    assert chosen and without_word(chosen, f"{word} 0") == "0"


@pytest.mark.parametrize(("flow", "node"), BEHIND_THE_DOOR)
def test_without_the_word_no_flow_hears_and_nothing_of_health_is_said(flow: str, node: str) -> None:
    for lang in LANGUAGES:
        talk = at_home(flow, node, lang)
        before = talk.scene.conversations
        turn = talk.hear("0")
        assert talk.scene.conversations == before
        assert turn.drafts
        for draft in turn.drafts:
            assert not words.found("health", draft.text, lang), draft.text
            assert not words.found("secret", draft.text, lang), draft.text
            assert not {"Anne", "Tom", "Lou"} & set(draft.text.split())


@pytest.mark.parametrize(("flow", "node"), BEHIND_THE_DOOR)
def test_who_is_silent_for_long_is_reminded_of_nothing_but_the_word(flow: str, node: str) -> None:
    talk = at_home(flow, node)
    asked = next(iter(talk.scene.conversations))
    for turn in (talk.hear("pause"), *talk.wait(timedelta(hours=30))):
        for draft in turn.drafts:
            assert not words.found("health", draft.text, "fr"), draft.text
    assert asked.frames[0].flow == flow


def test_danger_is_heard_without_the_word_and_names_nobody() -> None:
    turn = at_home("household", "word").hear("tom ne respire plus")
    assert [(review.priority, review.person_id) for review in turn.reviews] == [("P1", 2)]
    assert "15" in turn.drafts[0].text and "Tom" not in turn.drafts[0].text
    assert turn.drafts[0].kind == "safety"


def test_a_word_that_speaks_of_danger_takes_no_danger_away() -> None:
    talk = at_home("household", "word")
    talk.scene = replace(
        talk.scene, address=replace(talk.scene.address, word="nao consigo respirar")
    )
    turn = talk.hear("não consigo respirar")
    assert [draft.kind for draft in turn.drafts] == ["safety"]
    assert [(review.reason, review.priority) for review in turn.reviews] == [("danger", "P1")]


@pytest.mark.parametrize("said", ["não consigo respirar", "j'étouffe", "I cannot breathe", "toux"])
def test_what_tells_of_illness_is_no_family_word(said: str) -> None:
    assert fit_for_word(said) == ""


def test_with_the_word_the_one_in_danger_is_named() -> None:
    turn = at_home("household", "word").hear("tournesol tom ne respire plus")
    assert turn.drafts[0].text.startswith("URGENT pour Tom")


def test_the_word_holds_for_an_hour() -> None:
    talk = at_home("household", "word")
    talk.hear("tournesol 0")
    assert talk.standing == "household.danger"
    talk.hear("0")
    assert talk.standing == "ended: done"
    other = at_home("household", "word")
    other.hear("tournesol 0")
    list(other.wait(timedelta(hours=2)))
    turn = other.hear("0")
    assert other.standing == "household.danger"
    assert "le mot" in turn.drafts[0].text


def test_a_forgotten_word_is_replaced_after_the_year_of_birth() -> None:
    talk = at_home("household", "word")
    assert "naissance" in talk.hear("j'ai oublié le mot").drafts[0].text
    talk.hear("1984")
    talk.hear("lavande")
    assert talk.scene.address.word == "lavande"
    assert talk.standing == "household.word"
    talk.hear("lavande 0")
    assert talk.standing == "household.danger"


def test_a_wrong_year_twice_makes_a_person_call_and_keeps_the_word() -> None:
    talk = at_home("household", "word")
    for said in ("mot oublié", "1999", "2001"):
        turn = talk.hear(said)
    assert [review.reason for review in turn.reviews] == ["identity_failed"]
    assert talk.scene.address.word == "tournesol"


def test_who_has_the_word_may_change_it() -> None:
    talk = at_home("household", "word")
    assert "mot" in talk.hear("changer le mot").drafts[0].text
    assert talk.scene.address.word == "tournesol"
    talk.hear("tournesol changer le mot")
    talk.hear("lavande")
    assert talk.scene.address.word == "lavande"


def test_the_word_stands_in_no_line_of_the_trail_and_in_no_conversation() -> None:
    talk = Rehearsal(open_desk(), anne(), NOW, others=family())
    talk.begin("this_phone")
    talk.hear("2")
    talk.hear("lavande")
    assert talk.scene.address.word == "lavande"
    events: list[Event] = [event for turn in talk.turns for event in turn.events]
    assert "lavande" not in repr(events)
    assert "lavande" not in repr(talk.scene.conversations)


def test_each_member_has_an_own_check_in_and_an_own_review() -> None:
    talk = at_home("household", "word")
    talk.hear("tournesol tom tousse, lou 37,9, moi rien")
    talk.hear("oui")
    turn = talk.hear("0")
    days = {deed.person_id: deed.answers for deed in turn.deeds}  # type: ignore[union-attr]
    assert days[1]["none"] is True
    assert days[2]["symptoms"] == ["cough"] and days[2]["by"] == "proxy"
    assert days[3]["temperature"] == 37.9
    assert {review.person_id for review in turn.reviews} == {2}


def test_a_household_that_falls_silent_misses_a_day_each() -> None:
    talk = at_home("household", "everybody")
    talk.hear("tournesol tom tousse")
    asked = talk.standing
    turns = list(talk.wait(timedelta(hours=30)))
    missed = [deed for turn in turns for deed in turn.deeds]
    assert asked == "household.one"
    assert {deed.person_id: deed.complete for deed in missed if hasattr(deed, "complete")} == {
        1: False,
        2: True,
        3: False,
    }


@pytest.mark.parametrize(
    "said", ["tournesol rien de plus pour Lou", "tournesol plus rien pour Lou"]
)
def test_nothing_more_for_one_is_an_answer_and_no_stop(said: str) -> None:
    assert all(not link.stopped for link in at_home("household", "word").hear(said).links)


def test_stop_says_for_whom_where_several_are_followed() -> None:
    assert "pour les 3" in at_home("household", "word").hear("STOP").drafts[0].text


@pytest.mark.parametrize(
    "said",
    [
        *("plus de messages pour Lou", "plus pour Lou", "no more for Lou"),
        *("no más mensajes para Lou", "Lou için artık mesaj istemiyorum", "لا رسائل عن Lou"),
    ],
)
def test_stop_for_one_leaves_the_others_followed(said: str) -> None:
    talk = at_home("household", "word")
    turn = talk.hear(said)
    assert [(link.person_id, link.stopped) for link in turn.links] == [(3, True)]
    assert talk.scene.address.silence == ""
