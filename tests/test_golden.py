"""Golden talks: texts that a nurse can read and approve, played against the real flows.

A talk begins with `# title` and one line of settings (`flow check_in, role contact, lang fr,
proven`), then: `> ` the person writes, `< ` we say (a text ending in … matches its beginning),
`= ` a review or a deed, `(26 hours pass)` time; `> [photo]` sends a picture. All that is said
must stand there, in order.
"""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from bot.desk import open_desk
from flows.rehearsal import PAUSE, Rehearsal, lines, member, somebody
from flows.vocabulary import CheckIn, FollowUp, PersonHere

TALKS = sorted((Path(__file__).parent / "golden").glob("*.txt"))
MONDAY = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
MEDIA = {"[photo]": "image/jpeg", "[voice note]": "audio/ogg", "[sticker]": "image/webp"}
PASSES = re.compile(r"\((\d+) (second|minute|hour|day)s? pass(?:es)?\)")


def settings(line: str) -> dict[str, str]:
    """`flow check_in, role contact, proven` → {"flow": "check_in", …, "proven": ""}."""
    pairs = (part.strip().partition(" ") for part in line.split(","))
    return {name: value for name, _, value in pairs}


def household(said: str, today: date) -> list[PersonHere]:
    """`Tom 2020-03-01 long_illness + Lou 2026-09-20`: those for whom the person answers."""
    found = []
    for number, one in enumerate(filter(None, said.split(" + ")), 2):
        name, born, *facts = one.split()
        known = dict.fromkeys(facts, "yes")
        found.append(member(number, name, date.fromisoformat(born), today, **known))
    return found


def yesterday(today: date) -> CheckIn:
    """A day on which somebody was worse."""
    day = today - timedelta(days=1)
    answers, told = {"state": "worse", "symptoms": ["cough"]}, {"priority": "P2", "trend": "worse"}
    return CheckIn(1, 1, 1, day, "answered", answers, told)


def play(said: dict[str, str], script: list[str]) -> list[str]:
    """The talk as it really goes, in the same notation as the script."""
    now = datetime.fromisoformat(said["at"]).replace(tzinfo=UTC) if "at" in said else MONDAY
    names = {key: said[key] for key in ("given_name", "family_name") if key in said}
    born = {"birth_date": date.fromisoformat(said["born"])} if "born" in said else {}
    here = somebody(
        said.get("role", "case"),
        said.get("lang", "fr"),
        now.date(),
        proven="proven" in said,
        told="untold" not in said,
        now=now,
        **names,
        **born,  # type: ignore[arg-type]
    )
    if "met" in said:
        met = tuple(replace(one, kind=said["met"]) for one in here.exposures)
        here = replace(here, exposures=met)
    if "worse_yesterday" in said:
        here = replace(here, history=(yesterday(now.date()),))
    followed = FollowUp(1, 1, "contact", now.date(), None, contact_id=1)
    if "members" in said or "followed" in said:
        here = replace(here, follow_up=followed)
    if "word" in said:
        here = replace(here, link=replace(here.link, proven_at=now - timedelta(days=1)))
    others = household(said.get("members", ""), now.date())
    talk = Rehearsal(open_desk(), here, now, others=others, word=said.get("word", ""))
    went: list[str] = []
    went += [f"{mark} {text}" for mark, text in lines(talk.begin(said["flow"]))]
    for line in script:
        if line.startswith("> "):
            # A piece of the same thought follows at once.
            after = timedelta() if went[-1].endswith("seconds pass)") else PAUSE
            went.append(line)
            media = tuple(MEDIA[line[2:]] for _ in [0] if line[2:] in MEDIA)
            words = "" if media else line[2:]
            turn = talk.hear(words, after, media=media)
            went += [f"{mark} {text}" for mark, text in lines(turn)]
        elif found := PASSES.fullmatch(line):
            went.append(line)
            for turn in talk.wait(timedelta(**{f"{found[2]}s": int(found[1])})):
                went += [f"{mark} {text}" for mark, text in lines(turn)]
    went.append(f"at {talk.standing}")
    return went


def alike(went: str, wanted: str) -> bool:
    """Whether a line is as wanted; an ellipsis at its end leaves the rest open."""
    return went.startswith(wanted[:-1]) if wanted.endswith("…") else went == wanted


@pytest.mark.parametrize("file", TALKS, ids=lambda file: file.stem)
def test_a_golden_talk_goes_as_it_was_approved(file: Path) -> None:
    title, how, *script = [line for line in file.read_text("utf-8").splitlines() if line.strip()]
    assert title.startswith("# ")
    went = play(settings(how), script)
    faults = [
        f"line {number}: {is_said!r} is not {wanted!r}"
        for number, (is_said, wanted) in enumerate(zip(went, script, strict=False), 3)
        if not alike(is_said, wanted)
    ]
    assert not faults and len(went) == len(script), "\n".join([*faults, "", *went])
