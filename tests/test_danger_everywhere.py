"""Nobody in danger goes unheard: at every question of every flow, in French and English.

Every question that a shipped flow can ask is stood upon, and somebody in danger writes there.
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from bot.desk import open_desk
from flows.rehearsal import Rehearsal, somebody
from flows.spec.library import shipped
from flows.spec.nodes import Ask, Walk
from flows.vocabulary import Address, Conversation, Frame, Incoming, Scene, Turn

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
CALLER = {"identity": "case", "reproof": "check_in"}
DANGERS = {
    "fr": "je n'arrive plus à respirer",
    "en": "I can't breathe",
}
QUESTIONS = [
    (flow.name, node.name)
    for flow in shipped().flows.values()
    for node in flow.nodes.values()
    if isinstance(node, Ask | Walk)
]


def standing_at(flow: str, node: str, lang: str, status: str = "open") -> Rehearsal:
    """Somebody who was just asked this question."""
    role = "contact" if flow == "contact" else "case"
    here = somebody(role, lang, NOW.date(), proven=flow not in CALLER, now=NOW)
    talk = Rehearsal(open_desk(), here, NOW)
    frames = (Frame(flow, node),)
    if flow in CALLER:
        below = next(
            n.name
            for n in shipped()[CALLER[flow]].nodes.values()
            if n.name in ("identity", "proof")
        )
        frames = (Frame(CALLER[flow], below), *frames)
    conversation = Conversation(7, 1, 1, frames, status=status, case_id=1, asked_at=NOW)
    talk.scene = Scene(talk.scene.address, talk.scene.people, (conversation,))
    return talk


def kinds(turn: Turn) -> list[str]:
    return [draft.kind for draft in turn.drafts]


def reviews(turn: Turn) -> set[tuple[str, str]]:
    return {(wanted.priority, wanted.reason) for wanted in turn.reviews}


@pytest.mark.parametrize("lang", DANGERS)
@pytest.mark.parametrize(("flow", "node"), QUESTIONS)
def test_danger_is_heard_at_every_question(flow: str, node: str, lang: str) -> None:
    turn = standing_at(flow, node, lang).hear(DANGERS[lang])
    assert kinds(turn) == ["safety"]
    assert ("P1", "danger") in reviews(turn)


@pytest.mark.parametrize("status", ["held", "lapsed"])
def test_danger_is_heard_while_an_agent_has_it_and_after_a_time_out(status: str) -> None:
    turn = standing_at("check_in", "fever", "fr", status).hear(DANGERS["fr"])
    assert kinds(turn)[0] == "safety"
    assert ("P1", "danger") in reviews(turn)


def test_danger_is_heard_after_stop() -> None:
    talk = standing_at("check_in", "fever", "fr")
    talk.hear("STOP")
    turn = talk.hear(DANGERS["fr"])
    assert kinds(turn) == ["safety"]
    assert ("P1", "danger") in reviews(turn)


def test_a_stranger_in_danger_gets_the_safety_text() -> None:
    from flows.turn import take_turn

    scene = Scene(Address(1, "sms", "+33639980099"), (), ())
    incoming = Incoming("sms", "SM1", "+33639980099", "38000", DANGERS["fr"])
    turn = take_turn(scene, incoming, open_desk(), NOW, 1)
    assert kinds(turn) == ["safety"]
    assert "15" in turn.drafts[0].text
    assert ("P1", "danger") in reviews(turn)


@pytest.mark.parametrize(("flow", "node"), QUESTIONS)
def test_stop_is_obeyed_at_every_question(flow: str, node: str) -> None:
    talk = standing_at(flow, node, "fr")
    turn = talk.hear("STOP")
    assert talk.scene.address.silence == "stopped"
    assert len(turn.drafts) == 1
    assert "START" in turn.drafts[0].text


@pytest.mark.parametrize(("flow", "node"), QUESTIONS)
def test_nobody_who_writes_meets_silence(flow: str, node: str) -> None:
    turn = standing_at(flow, node, "fr").hear("zut alors")
    assert turn.drafts or turn.reviews
    assert turn.drafts or flow == "danger"
