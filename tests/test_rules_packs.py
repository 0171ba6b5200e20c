"""Packs are dated, whole and signed; each fault is told with file, line and row."""

import re
from datetime import date
from importlib.resources import files
from pathlib import Path

import pytest

import flows.library
from flows.rules import (
    NoPack,
    Packs,
    faults_in,
    is_at_risk,
    read_packs,
    review_reasons,
    shipped_packs,
)
from flows.rules.shelf import PackFaults
from flows.rules.tables import TABLES

SHIPPED = Path(str(files("flows.rules").joinpath("packs")))
DEMO = "demonstration.yaml"
GUIDE = Path(__file__).parent.parent / "docs" / "writing-rules.md"

FAULTS = [
    (DEMO, "at_risk: doubtful", "at_risk: maybe", "exposure, row `demo-other`", "no, yes"),
    (DEMO, "{kind: other}", "{kind: bus}", "exposure, row `demo-other`", "home"),
    (DEMO, "{kind: other}", "{knd: other}", "exposure, row `demo-other`", "`when` cannot ask"),
    (DEMO, "{kind: other}", "bus", "exposure, row `demo-other`", "`when` is a mapping"),
    (DEMO, "minutes: under 15", "minutes: 15 or so", "row `demo-closed-short`", "at least N"),
    (
        DEMO,
        "days: 7,",
        "days: seven,",
        "row `demo-contact-home-shared`",
        "whole number, not `seven`",
    ),
    (DEMO, "days: 7,", "days: -7,", "row `demo-contact-home-shared`", "below zero"),
    (DEMO, "days: 7,", "dys: 7,", "row `demo-contact-home-shared`", "a row cannot give `dys`"),
    (DEMO, ', closes: "17:00"', "", "hours, row `hours-saturday`", "`closes` is missing"),
    (DEMO, '"17:00"', "5 pm", "hours, row `hours-saturday`", "time of day"),
    (DEMO, '"17:00"', '"07:00"', "hours, row `hours-saturday`", "closes before it opens"),
    (DEMO, "weekdays: [sat]", "weekdays: [sab]", "hours, row `hours-saturday`", "cannot be `sab`"),
    (DEMO, "day: 2026-12-25", "day: 25/12", "row `holiday-2026-12-25`", "date such as 2020-05-11"),
    (DEMO, "id: demo-face", "id: demo-home", "", "two rows are called `demo-home`"),
    (DEMO, "- {id: demo-face, when", "- {when", "", "a row of `exposure` has no `id`"),
    (DEMO, "  exposure:", "  exposures:", "", "no table is called `exposures`"),
    (DEMO, "fictional: yes", "fictional: perhaps", "", "`fictional` is yes or no"),
    (DEMO, "signed_by:", "signed:", "", "the pack does not say `signed_by:`"),
    (DEMO, "zone: Europe/Paris", "zone: Europe/Armor", "", "no time zone is called"),
    (DEMO, "[common, safety,", "[common, safty,", "", "no sound shared file safty.yaml"),
    (DEMO, "[common, safety, prices]", "common", "", "`with` is a list"),
    (DEMO, "from: 2020-01-01", "from: always", "", "`from` is a date"),
    (DEMO, "country: FR\n", "country: FR\nplanet: earth\n", "", "a pack has no `planet`"),
    (DEMO, "pack: demonstration", "pack: france", "", "two packs are called `france`"),
    (
        "safety.yaml",
        "key: safety.violence}",
        "key: safety.none}",
        "row `violence-line`",
        "`texts` has no",
    ),
    (
        "common.yaml",
        "{id: high_fever,",
        "{id: hot,",
        "row `triage-fever-39`",
        "called `high_fever`",
    ),
    ("common.yaml", "shared: common", "share: common", "", "begins with `pack:`"),
    ("france.yaml", "territory: France", "territory: Armor", "", "hold on the same days"),
    (
        "france.yaml",
        "id: fr-home,",
        "id: fr-home, to: 2019-01-01,",
        "row `fr-home`",
        "ends (2019-01-01)",
    ),
    ("france.yaml", "id: fr-home,", "id: fr-home, id: fr-home,", "", "stands here twice"),
    ("france.yaml", ", weak: yes}", ", weak: somewhat}", "row `fr-", "`weak` cannot be `somewhat`"),
]


def copy(folder: Path, file: str = "", old: str = "", new: str = "") -> Path:
    for path in SHIPPED.glob("*.yaml"):
        text = path.read_text(encoding="utf-8")
        if path.name == file:
            assert old in text, old
            text = text.replace(old, new, 1)
        (folder / path.name).write_text(text, encoding="utf-8")
    return folder


def test_the_shipped_packs_are_without_fault() -> None:
    assert faults_in(SHIPPED) == []


@pytest.mark.parametrize(("file", "old", "new", "row", "words"), FAULTS)
def test_a_fault_is_told_with_its_file_line_and_row(
    tmp_path: Path, file: str, old: str, new: str, row: str, words: str
) -> None:
    found = faults_in(copy(tmp_path, file, old, new))
    told = [str(each) for each in found if row in str(each) and words in str(each)]
    assert told, [str(each) for each in found]
    named = "france.yaml" if "two packs" in words else file
    expected = r"(demonstration|france)" if words in ("hold on the same days",) else named
    assert re.match(rf"{expected}(\.yaml)?:\d+: ", told[0])


def test_the_line_is_that_of_the_fault(tmp_path: Path) -> None:
    (found,) = faults_in(copy(tmp_path, DEMO, "at_risk: doubtful", "at_risk: maybe"))
    lines = (SHIPPED / DEMO).read_text(encoding="utf-8").splitlines()
    assert "demo-other" in lines[found.line - 1]


def test_faults_of_a_shared_file_are_told_once_and_all_at_once(tmp_path: Path) -> None:
    folder = copy(tmp_path, "common.yaml", "minutes: 5, closed: clock", "minutes: x, closed: y")
    text = (folder / "common.yaml").read_text(encoding="utf-8")
    (folder / "common.yaml").write_text(text.replace('at: "12:30"', "at: noon"), encoding="utf-8")
    rows = [each.message.split("`")[1] for each in faults_in(folder)]
    assert rows == ["due-p1", "window-noon"]
    with pytest.raises(PackFaults, match=r"common\.yaml:\d+: priorities, row `due-p1`"):
        read_packs(folder)


def test_a_pack_is_chosen_by_illness_territory_and_day() -> None:
    packs = shipped_packs()
    assert packs.for_("covid-19", "France", date(2020, 5, 11)).name == "france"
    assert packs.for_("covid-19", "France", date(2023, 1, 31)).name == "france"
    for day in (date(2020, 5, 10), date(2023, 2, 1)):
        with pytest.raises(NoPack, match="no rules for covid-19 in France"):
            packs.for_("covid-19", "France", day)
    with pytest.raises(NoPack):
        Packs(()).named("france")


def test_the_demonstration_says_that_it_is_fictional() -> None:
    demo = shipped_packs().named("demonstration")
    assert demo.fictional and "fictional" in demo.signed_by
    assert demo.agency["name"] == "Agence Santé Armor"
    assert not shipped_packs().named("france").fictional


def test_every_row_has_a_source_and_remembered_figures_are_marked() -> None:
    france = shipped_packs().named("france")
    assert all(row.source for row in france.rows())
    weak = {row.id for row in france.rows() if row.weak}
    assert {"fr-case-2020-05-signs", "fr-contact-2022-03"} <= weak


def test_a_change_of_rule_is_a_new_row(tmp_path: Path) -> None:
    row = "    - {id: demo-new, from: 2026-12-01, when: {kind: other}, at_risk: yes}\n"
    folder = copy(tmp_path, DEMO, "  contact_isolation:\n", row + "\n  contact_isolation:\n")
    pack = read_packs(folder).named("demonstration")
    assert is_at_risk(pack, "other", "none", 60, date(2026, 11, 30)).value == "doubtful"
    newer = is_at_risk(pack, "other", "none", 60, date(2026, 12, 1))
    assert (newer.value, newer.row) == ("yes", "demo-new")


def test_every_review_that_a_flow_asks_for_is_a_row() -> None:
    folder = Path(flows.library.__path__[0])
    asked = {
        reason
        for path in folder.glob("*.yaml")
        for reason in re.findall(r"review: ([a-z_]+)", path.read_text(encoding="utf-8"))
    }
    assert asked
    for pack in shipped_packs().packs:
        assert asked <= set(review_reasons(pack))


def test_the_pack_in_the_guide_is_sound(tmp_path: Path) -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    pack = guide.split("```yaml\n")[1].split("```")[0]
    demo = (SHIPPED / DEMO).read_text(encoding="utf-8").split("  contact_isolation:")[1]
    folder = copy(tmp_path)
    (folder / DEMO).write_text(f"{pack}  contact_isolation:{demo}", encoding="utf-8")
    armor = read_packs(folder).named("armor-2027")
    assert is_at_risk(armor, "class", "none", 60, date(2027, 1, 1)).row == "armor-rest"


def test_every_table_and_column_is_in_the_guide() -> None:
    rows = GUIDE.read_text(encoding="utf-8").split("## The tables")[1].splitlines()
    told = {line.split("`")[1]: line for line in rows if line.startswith("| `")}
    assert set(told) == set(TABLES)
    for name, table in TABLES.items():
        for column in (*table.asks, *table.gives):
            assert re.search(rf"\b{column}\b", told[name]), (name, column)
