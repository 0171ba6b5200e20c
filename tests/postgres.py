"""A real PostgreSQL for the tests: started once, on loopback, thrown away at the end."""

import importlib.util
import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

ADVICE = "PostgreSQL is missing for the tests: install it (Debian: apt-get install postgresql)"
_DURABILITY_OFF = "-c fsync=off -c full_page_writes=off -c synchronous_commit=off"
_LEAVE = """
SELECT pg_terminate_backend(pid) FROM pg_stat_activity
WHERE datname = current_database() AND pid <> pg_backend_pid();
"""
_EMPTY = """
DO $$ DECLARE name text; BEGIN
    SET LOCAL session_replication_role = replica;  -- no order among the tables
    FOR name IN SELECT tablename FROM pg_tables
        WHERE schemaname = 'public' AND tablename <> 'alembic_version'
    LOOP EXECUTE format('DELETE FROM %I', name); END LOOP;
END $$;
"""


@dataclass(frozen=True, slots=True)
class Server:
    """A running server and the way to its databases."""

    programs: Path
    port: int
    numbers: Iterator[int] = field(default_factory=count)

    def url(self, database: str) -> str:
        return f"postgresql://postgres@127.0.0.1:{self.port}/{database}"

    def create(self, template: str = "template0") -> str:
        """Create a new database as a copy of `template` and return its name."""
        name = f"test_{next(self.numbers)}"
        self.sql(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        return name

    def drop(self, database: str) -> None:
        self.sql(f'DROP DATABASE IF EXISTS "{database}" WITH (FORCE)')

    def empty(self, database: str) -> None:
        """Take all rows out of a database: a hundred times sooner than a new one."""
        self.sql(_LEAVE + _EMPTY, database)

    def sql(self, statement: str, database: str = "postgres") -> None:
        flags = ("-X", "-q", "-v", "ON_ERROR_STOP=1")
        _run([self.programs / "psql", *flags, "-c", statement, self.url(database)])


@contextmanager
def running() -> Iterator[Server]:
    """A server in a new folder below /tmp, stopped and deleted afterwards."""
    home = Path(tempfile.mkdtemp(prefix="vigie-pg-"))
    programs = _readable(find_programs(), home)
    data, port, user = home / "data", _free_port(), _user()
    try:
        _hand_over(home)
        flags = ["-U", "postgres", "-A", "trust", "-E", "UTF8", "--no-locale", "--no-sync"]
        _run([programs / "initdb", "-D", data, *flags], user)
        options = f"-c listen_addresses=127.0.0.1 -p {port} -k {home} {_DURABILITY_OFF}"
        flags = ["-w", "-t", "60", "-o", options, "-l", str(home / "log")]
        _run([programs / "pg_ctl", "start", "-D", data, *flags], user)
        yield Server(programs, port)
    finally:
        if (data / "postmaster.pid").exists():
            _run([programs / "pg_ctl", "stop", "-D", data, "-m", "immediate"], user)
        shutil.rmtree(home, ignore_errors=True)


def find_programs() -> Path:
    """The folder of a server's programs: of a package in this environment, else the system's."""
    package = importlib.util.find_spec("pgserver")
    if package and package.origin:
        return Path(package.origin).parent / "pginstall" / "bin"
    system = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").glob("*/bin")]
    found = [folder for folder in system if (folder / "initdb").exists()]
    if on_path := shutil.which("initdb"):
        found.append(Path(on_path).resolve().parent)
    if not found:
        raise FileNotFoundError(ADVICE)
    return max(found, key=lambda folder: (len(folder.parent.name), folder.parent.name))


def _user() -> str | None:
    """PostgreSQL refuses to run as root: then nobody runs it."""
    return "nobody" if os.geteuid() == 0 else None


def _readable(programs: Path, home: Path) -> Path:
    """The programs, copied where nobody may read them if their folder is closed to others."""
    folders = [programs, *programs.parents]
    if _user() is None or all(folder.stat().st_mode & 0o005 == 0o005 for folder in folders):
        return programs
    # The package's programs look for their libraries beside the package.
    packages, copied = programs.parents[2], home / "packages"
    for part in (programs.parent.relative_to(packages), Path("pgserver.libs")):
        shutil.copytree(packages / part, copied / part, symlinks=True)
    return copied / programs.relative_to(packages)


def _hand_over(home: Path) -> None:
    if user := _user():
        os.chown(home, pwd.getpwnam(user).pw_uid, -1)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _run(command: Sequence[str | Path], user: str | None = None) -> None:
    group = pwd.getpwnam(user).pw_gid if user else None
    others: list[int] | None = [] if user else None
    # Into a file and not a pipe: the server started by pg_ctl would hold a pipe open for ever.
    with tempfile.TemporaryFile("w+") as said:
        done = subprocess.run(
            command,
            stdout=said,
            stderr=said,
            cwd="/",
            user=user,
            group=group,
            extra_groups=others,
            check=False,
        )
        said.seek(0)
        if done.returncode:
            raise RuntimeError(f"{Path(command[0]).name} failed: {said.read().strip()}")
