"""Turns at one address: what depends on who it is, and on who else is reached there."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from flows.turn import start, take_turn
from flows.vocabulary import (
    Conversation,
    FollowUp,
    Frame,
    Incoming,
    Link,
    Person,
    PersonHere,
    PersonLearned,
    Review,
    Scene,
    Turn,
    frame_from,
)

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)


def guardian_of(name: str, born: date) -> PersonHere:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW, given_name=name,
                    family_name="", birth_date=born)  # fmt: skip
    child = replace(here.person, minor=True)
    return replace(here, person=child, link=replace(here.link, role="guardian"))


def talking(here: PersonHere, flow: str = "check_in") -> Rehearsal:
    talk = Rehearsal(open_desk(), here, NOW)
    talk.begin(flow)
    return talk


def kinds(turn: Turn) -> list[str]:
    return [draft.kind for draft in turn.drafts]


def reasons(turn: Turn) -> set[tuple[str, str]]:
    return {(wanted.priority, wanted.reason) for wanted in turn.reviews}


def test_38_degrees_at_two_months_is_a_danger_whatever_the_words() -> None:
    talk = talking(guardian_of("Lou", date(2026, 9, 20)))
    talk.hear("non")
    turn = talk.hear("38,2 mais elle tète bien")
    assert kinds(turn) == ["safety"]
    assert ("P1", "danger") in reasons(turn)


def test_a_bare_number_that_answers_its_question_is_kept_as_understood() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    said = [(words, talk.hear(words).reading["status"]) for words in ("2", "0", "hibou", "0")]
    assert [word for word, status in said if status == "not_understood"] == ["hibou"]


def test_38_degrees_at_nine_years_is_none() -> None:
    talk = talking(guardian_of("Lina", date(2017, 9, 20)))
    talk.hear("non")
    turn = talk.hear("38,2 mais elle mange bien")
    assert kinds(turn) == ["reply"]


def test_a_guardian_reads_whom_it_is_about() -> None:
    talk = Rehearsal(open_desk(), guardian_of("Lina", date(2017, 9, 20)), NOW)
    turn = talk.begin("check_in")
    assert "Lina" in turn.drafts[0].text


def test_stop_by_a_fragile_person_also_asks_for_a_call() -> None:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW)
    fragile = replace(here, person=replace(here.person, facts={"long_illness": "yes"}))
    assert ("P2", "stop_fragile") in reasons(talking(fragile).hear("STOP"))
    assert reasons(talking(here).hear("STOP")) == set()


def test_stop_for_one_person_leaves_the_others() -> None:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW, given_name="Anne")
    leo = PersonHere(Person(2, given_name="Léo"), Link(2, 1, role="guardian"))
    talk = talking(here)
    talk.scene = replace(talk.scene, people=(*talk.scene.people, leo))
    turn = talk.hear("stop les messages pour Léo")
    assert [(link.person_id, link.stopped) for link in turn.links] == [(2, True)]
    assert talk.scene.address.silence == ""


def test_start_after_stop_opens_the_number_again() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    talk.hear("STOP")
    turn = talk.hear("START")
    assert talk.scene.address.silence == ""
    assert len(turn.drafts) == 1


def test_what_was_no_emergency_is_lowered_and_never_closed() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    talk.hear("1")
    turn = talk.hear("3")
    assert [w.lower_to for w in turn.reviews if w.reason == "danger"] == ["P2"]


def test_silence_after_an_alert_is_an_emergency_of_its_own() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    talk.hear("1")
    turns = list(talk.wait(timedelta(minutes=40)))
    assert {reason for turn in turns for reason in reasons(turn)} >= {("P1", "silent_after_alert")}
    assert talk.standing.endswith("(held)")


def test_the_open_question_returns_when_an_agent_hands_back() -> None:
    talk = talking(somebody("contact", "en", NOW.date(), proven=True, now=NOW))
    talk.hear("no")
    talk.hear("I can't breathe")
    list(talk.wait(timedelta(minutes=40)))
    turn = talk.hand_back()
    assert "Fever" in turn.drafts[0].text
    assert talk.standing == "check_in.fever"


def test_a_code_that_ties_a_chat_brings_the_open_question_along() -> None:
    talk = talking(somebody("contact", "en", NOW.date(), proven=True, now=NOW))
    turn = talk.hear("/start ABC", link_code="ABC")
    assert len(turn.drafts) == 2
    assert "1 yes 2 no" in turn.drafts[1].text


def test_a_death_learned_is_kept_and_silences() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), given_name="Marc"), "contact")
    turn = talk.hear("il est décédé")
    assert PersonLearned(1, {"condition": "deceased"}) in turn.deeds
    assert talk.standing == "ended: deceased"


def test_an_unanswerable_sender_is_kept_and_never_answered() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    turn = talk.hear("promo -50 %", answerable=False)
    assert turn.drafts == ()
    assert len(turn.reviews) == 1


def test_a_photo_alone_is_answered_kindly_and_looked_at() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    turn = talk.hear("", media=("image/jpeg",))
    assert "15" in turn.drafts[0].text
    assert ("P3", "media_kept") in reasons(turn)


def test_the_same_message_taken_twice_has_the_same_keys() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    scene: Scene = talk.scene
    incoming = Incoming("sms", "SM1", scene.address.value, "38000", "non")
    once, again = (take_turn(scene, incoming, open_desk(), NOW, 5) for _ in range(2))
    assert once == again
    assert len({draft.key for draft in once.drafts}) == len(once.drafts)


def test_an_open_alert_makes_stop_a_matter_for_a_call() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    alert = Review(1, "danger", "P1", 1, "danger:1", NOW, NOW)
    talk.scene = replace(talk.scene, reviews=(alert,))
    assert ("P2", "stop_fragile") in reasons(talk.hear("STOP"))


def test_beside_a_command_the_safety_text_stands_alone_and_the_flow_waits() -> None:
    talk = talking(somebody("contact", "fr", NOW.date(), proven=True, now=NOW))
    turn = talk.hear("c'est qui ? je n'arrive plus à respirer")
    assert kinds(turn) == ["safety"]
    assert talk.standing == "danger.reached"


def test_a_childs_age_does_not_make_the_writer_a_minor() -> None:
    talk = talking(somebody("case", "fr", NOW.date()), "case")
    for words in ("oui", "1985", "2", "ma fille Lina"):
        talk.hear(words)
    turn = talk.hear("Lina, elle a 8 ans")
    assert not any(reason == "minor" for _, reason in reasons(turn))


def followed(since_days: int = 0) -> PersonHere:
    here = somebody("contact", "fr", NOW.date(), proven=True, now=NOW)
    begins = NOW.date() - timedelta(days=since_days)
    return replace(here, follow_up=FollowUp(1, 1, "contact", begins, None, contact_id=1))


def test_in_the_middle_of_the_follow_up_one_asks_how_it_is_going() -> None:
    talk = talking(followed(since_days=4))
    for words in ("non", "0"):
        talk.hear(words)
    assert "1 bien 2 difficile" in talk.hear("rien").drafts[0].text
    assert ("P3", "support_needed") in reasons(talk.hear("2"))
    assert talk.standing == "ended: done"


def test_on_other_days_one_does_not() -> None:
    talk = talking(followed(since_days=3))
    for words in ("non", "0", "rien"):
        talk.hear(words)
    assert talk.standing == "ended: done"


def test_a_voice_note_of_somebody_followed_is_looked_at_within_the_hour() -> None:
    turn = talking(followed()).hear("", media=("voice abc",))
    [review] = turn.reviews
    assert (review.reason, review.priority) == ("media_received", "P2")
    assert review.deadline - NOW <= timedelta(minutes=62)
    assert "15" in turn.drafts[0].text


def test_a_picture_with_words_is_kept_and_its_words_are_heard() -> None:
    turn = talking(followed()).hear("non", media=("photo abc",))
    assert ("P2", "media_received") in reasons(turn)
    assert "fièvre" in turn.drafts[0].text


def test_a_place_is_kept_and_told_to_whoever_reads_the_alert() -> None:
    talk = talking(followed())
    talk.hear("1")
    alert = Review(
        7, "danger", "P1", 1, "danger:1", NOW, NOW + timedelta(minutes=5), person_id=1, address_id=1
    )
    talk.scene = replace(talk.scene, reviews=(alert,))
    turn = talk.hear("", media=("location 48.11,-1.68",))
    assert ["48.11, -1.68" in str(d.values) for d in turn.deeds if isinstance(d, PersonLearned)]
    assert {"place": "48.11, -1.68"} in [wanted.detail for wanted in turn.reviews]


def test_a_place_answers_the_question_for_it() -> None:
    here = somebody("case", "fr", NOW.date(), proven=True, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    asked = Conversation(1, 1, 1, (Frame("case", "place"),), "open", case_id=1, asked_at=NOW)
    talk.scene = replace(talk.scene, conversations=(asked,))
    talk.hear("", media=("location 48.11,-1.68",))
    assert talk.standing != "case.place"


def test_two_questions_left_without_an_answer_go_to_a_person() -> None:
    talk = talking(followed())
    found: set[str] = set()
    for words in ("banane", "pomme", "poire", "prune"):
        found |= {reason for _, reason in reasons(talk.hear(words))}
    assert "gave_up" in found


def test_a_question_asked_again_at_another_hour_skips_no_step_and_repeats_none() -> None:
    """Asked before dawn, its review comes before the reminder that the night holds back."""
    talk = talking(somebody("case", "fr", NOW.date()), "case")
    for words in ("oui", "1985", "2"):
        talk.hear(words)
    nearly = list(talk.wait(timedelta(hours=23, minutes=30)))
    assert [kinds(turn) for turn in nearly] == [["reminder"], ["reminder"]]
    talk.scene = replace(
        talk.scene,
        conversations=tuple(replace(one, status="queued") for one in talk.scene.conversations),
    )
    talk.timers.clear()
    talk.now = datetime(2026, 11, 25, 5, 30, tzinfo=UTC)
    talk._done(start(talk.scene, talk.desk, talk.now, "s:2"))
    later = list(talk.wait(timedelta(days=3)))
    assert [wanted.reason for turn in later for wanted in turn.reviews] == ["case_incomplete"]
    assert not any(turn.drafts for turn in later)


def test_the_steps_that_an_earlier_row_counted_are_not_taken_again() -> None:
    kept = {"flow": "case", "node": "danger", "structure": "", "tries": 0, "item": 0, "asked": True}
    assert frame_from({**kept, "silences": 2}).climbed == (1, 2)
    assert frame_from({**kept, "climbed": [1, 3]}).climbed == (1, 3)
