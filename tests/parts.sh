#!/usr/bin/env bash
# Installs the two programs that tests need beside Python, or says exactly what to install.
set -euo pipefail

# install NAME PACKAGE: with apt where that is possible, else a sentence and failure.
install() {
    if [ "$(id -u)" -eq 0 ] && command -v apt-get >/dev/null; then
        echo "Installing $1 for the tests (apt-get install $2) …"
        export DEBIAN_FRONTEND=noninteractive
        apt-get update -qq
        apt-get install -y -qq --no-install-recommends "$2" >/dev/null
    else
        echo "The tests need $1: install it, then run make test again." >&2
        echo "On Debian or Ubuntu: sudo apt-get install $2" >&2
        exit 1
    fi
}

browser() {
    command -v chromium || command -v chromium-browser ||
        command -v google-chrome || command -v google-chrome-stable
}

server() {
    .venv/bin/python -c 'from tests.postgres import find_programs; find_programs()' 2>/dev/null
}

browser >/dev/null || install "a Chromium browser" chromium
server || install "a PostgreSQL server" postgresql
