"""Whatever people rely on is written down: settings, commands, node kinds, routes; and it works."""

from __future__ import annotations

import argparse
import ast
import asyncio
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import get_args

import pytest
from sqlalchemy import select

from bot.__main__ import commands
from bot.commands._opening import opened
from bot.commands._running import ROOMS
from bot.figures import figures, waits
from bot.service import serving
from bot.settings import read_settings
from bot.store.overview import Backlog, Queues
from bot.store.schema import reviews
from bot.web import build_app
from flows.spec.nodes import KIND_BANDS, Node
from tests.services import NOON, settings_for

TREE = Path(__file__).parent.parent
PAGES = {
    str(file.relative_to(TREE)): file.read_text("utf-8")
    for file in (TREE / "README.md", *sorted((TREE / "docs").rglob("*.md")))
}
ALL = "\n".join(PAGES.values())
COMMANDS_PAGE = PAGES["docs/commands.md"]
SECTIONS = dict(re.findall(r"^### `vigie ([\w-]+)`\n(.*?)(?=^##|\Z)", COMMANDS_PAGE, re.M | re.S))
EXAMPLES = {
    name: block
    for name, section in SECTIONS.items()
    for kind, block in re.findall(r"```sh( endless)?\n(.*?)```", section, re.S)
    if not kind
}
# They serve until they are stopped: tests of the wheel and of the Procfile run them.
ENDLESS = {"serve", "web", "worker"}
# What a review says where a reply did not fit its question.
NOT_HEARD = {
    "unclear_danger_answer",
    "unread_answer",
    "message",
    "identity_failed",
    "unreadable_message",
    "gave_up",
}
KNOWN = {command.name: command for command in commands()}


def _settings() -> list[str]:
    """Every name that the settings look up in the environment."""
    source = ast.parse((TREE / "bot" / "settings.py").read_text("utf-8"))
    words = {node.value for node in ast.walk(source) if isinstance(node, ast.Constant)}
    return sorted(str(w) for w in words if re.fullmatch(r"[A-Z][A-Z_]{3,}", str(w)))


def _options(parser: argparse.ArgumentParser) -> Iterator[str]:
    """The long options of a command and of the commands within it."""
    for action in parser._actions:
        yield from (name for name in action.option_strings if name.startswith("--"))
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                yield from _options(inner)


@pytest.mark.parametrize("page", PAGES)
def test_every_file_that_a_page_links_to_is_there(page: str) -> None:
    linked = re.findall(r"\]\((?!https?:|#)([^)#]+)", PAGES[page])
    assert [link for link in linked if not ((TREE / page).parent / link).exists()] == []


@pytest.mark.parametrize("name", _settings())
def test_every_setting_is_documented(name: str) -> None:
    assert f"`{name}`" in PAGES["docs/settings.md"]


def test_no_setting_is_documented_that_nobody_reads() -> None:
    table = re.findall(r"^\| (.*?) \|", PAGES["docs/settings.md"], re.M)
    named = {name for cell in table for name in re.findall(r"`([A-Z_]+)`", cell)}
    assert named == set(_settings())


@pytest.mark.parametrize("word", [node.__name__.lower() for node in get_args(Node)])
def test_every_kind_of_node_is_documented(word: str) -> None:
    assert re.search(rf"`{word}[:`]", ALL)


@pytest.mark.parametrize("kind", KIND_BANDS)
def test_every_kind_of_question_is_documented(kind: str) -> None:
    assert f"`{kind}`" in PAGES["docs/writing-flows.md"]


def test_the_commands_that_are_documented_are_those_that_exist() -> None:
    assert set(SECTIONS) == set(KNOWN)


@pytest.mark.parametrize("name", KNOWN)
def test_every_option_of_a_command_is_documented(name: str) -> None:
    parser = argparse.ArgumentParser(add_help=False)
    KNOWN[name].load().add_arguments(parser)
    given = set(_options(parser)) - {"--help"}
    assert [option for option in given if not re.search(rf"{option}\b", SECTIONS[name])] == []


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder where `vigie migrate` was run."""
    folder = tmp_path_factory.mktemp("prepared")
    _shell("vigie migrate", folder)
    return folder


def _shell(script: str, folder: Path) -> None:
    ours = ("VIGIE_", "TWILIO_", "TELEGRAM_", "DATABASE_URL", "HOST", "PUBLIC_URL")
    environ = {name: word for name, word in os.environ.items() if not name.startswith(ours)}
    environ["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{environ['PATH']}"
    done = subprocess.run(
        ["bash", "-euo", "pipefail", "-c", script],
        cwd=folder,
        env=environ,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Traceback" not in done.stderr


def test_every_command_has_an_example() -> None:
    assert set(EXAMPLES) == set(KNOWN) - ENDLESS


@pytest.mark.parametrize("name", EXAMPLES)
def test_the_example_of_a_command_works(
    prepared: Path, name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    _shell(EXAMPLES[name], prepared)
    if name == "demo":
        # Flows change, and a script that was right once says nonsense to them.
        monkeypatch.chdir(prepared)
        assert asyncio.run(_left_open()) & NOT_HEARD == set()


async def _left_open() -> set[str]:
    """For which reasons somebody waits in the database of this folder."""
    async with opened(read_settings({})) as store, store.reading() as tx:
        return {row[0] for row in await tx.conn.execute(select(reviews.c.reason))}


async def test_every_route_is_documented(sqlite_store_url: str) -> None:
    async with serving(settings_for(sqlite_store_url)) as service:
        served = {resource.canonical for resource in build_app(service).router.resources()}
    served |= {prefix for prefix, *_ in ROOMS}
    assert {"/health/ready", "/channels/twilio/messages"} < served
    assert served == {path for path in served if f"{path}`" in ALL}


async def test_every_figure_is_documented(sqlite_store_url: str) -> None:
    async with serving(settings_for(sqlite_store_url)) as service:
        names = {metric.name for metric in await figures(service)}
    kinds = Queues(reviews={"P1": Backlog()}, texts={"reply": Backlog()})
    names |= {metric.name for metric in waits(kinds, NOON)}
    for file in (TREE / "bot").rglob("*.py"):
        counted = re.findall(r'counts\.add\(\s*"(\w+)"', file.read_text("utf-8"))
        names |= {f"vigie_{name}_total" for name in counted}
    assert "vigie_sent_total" in names
    assert names == {name for name in names if f"`{name}`" in PAGES["docs/operations.md"]}
