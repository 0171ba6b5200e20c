# Vigie, from an empty clone: `make run` to try it, `make test` to trust it.
SHELL := /bin/bash
BIN := .venv/bin
# The first Python that is new enough; say PYTHON=… to choose another.
NEW_ENOUGH := import sys; sys.exit(sys.version_info < (3, 11))
PYTHON ?= $(shell for p in python3 python3.13 python3.12 python3.11; do \
	$$p -c '$(NEW_ENOUGH)' >/dev/null 2>&1 && echo $$p && break; done)
PIP := $(BIN)/python -m pip --disable-pip-version-check install --quiet
# Options for pytest: make test ARGS="-x tests/test_segments.py"
ARGS ?=

.DEFAULT_GOAL := help
.PHONY: help setup run test check messages pictures

help: ## this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-10s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

setup: .venv/installed ## make .venv and install Vigie in it

run: setup ## the demonstration at http://127.0.0.1:8080
	$(BIN)/vigie migrate
	$(BIN)/vigie demo
	exec $(BIN)/vigie serve

test: .venv/installed-dev ## install what tests need, then run them all
	@bash tests/parts.sh
	$(BIN)/pytest -n auto --dist worksteal $(ARGS)

check: .venv/installed-dev ## style, types, imports between floors, flows
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports
	$(BIN)/vigie check

messages: setup ## bring the translation files up to date, and say what they lack
	$(BIN)/vigie messages

pictures: .venv/installed-dev ## make the pictures of README and guide anew
	@bash tests/parts.sh
	$(BIN)/python -m tests.pictures

.venv/bin/python:
	@test -n "$(PYTHON)" || { echo "Vigie needs Python 3.11 or newer: install it, or say make PYTHON=/path/to/python" >&2; exit 1; }
	@$(PYTHON) -m venv .venv || { rm -rf .venv; echo "Python cannot make a virtual environment here (Debian: apt-get install python3-venv)" >&2; exit 1; }

.venv/installed: pyproject.toml | .venv/bin/python
	@echo "Installing Vigie in .venv (a minute or two) …"
	@$(PIP) --editable .
	@touch $@

.venv/installed-dev: pyproject.toml | .venv/bin/python
	@echo "Installing Vigie and its development tools in .venv (a minute or two) …"
	@$(PIP) --editable '.[dev]'
	@touch .venv/installed $@
