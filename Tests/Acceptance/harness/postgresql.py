"""A PostgreSQL of a test's own, where one is installed: no port, and nothing is left of it."""

import itertools
import os
import re
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from .service import PROJECT

MIGRATIONS = sorted((PROJECT / "Migrations" / "sql").glob("*.postgresql.sql"))
PLACES = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").glob("*/bin")]
"""Where distributions put the programs of a server, besides the search path."""
MARK = "=== next ==="
ADMINISTRATOR = "postgres"
ROLE = "runbell"
"""The service's own role: row-level security holds for it, as it does not for a superuser."""


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None where there is no server."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    return next((place for place in places + PLACES if (place / "pg_ctl").exists()), None)


class PostgreSQL:
    def __init__(self, folder: Path, control: Callable[..., None]):
        self.folder, self.control = folder, control
        self.command = ["psql", "-X", "-q", "-h", folder, "-U", ADMINISTRATOR, "-d", "postgres"]
        self.numbers = itertools.count(1)

    def start(self):
        self.control("-w", "-l", self.folder / "log", "-o", self.options, "start")

    def stop(self, mode: str = "fast"):
        """`fast` ends the sessions and stops in order; `immediate` is a crash."""
        self.control("-w", "-m", mode, "stop")

    @property
    def options(self) -> str:
        return f"-k {self.folder} -c listen_addresses='' -c fsync=off"

    def new_database(self) -> str:
        """The address of an empty database, which the service's role owns."""
        name = f"runbell{next(self.numbers)}"
        said = self.run(f"CREATE DATABASE {name} OWNER {ROLE};\n")
        assert not said, said
        return self.address(name)

    def address(self, database: str) -> str:
        return f"postgresql://{ROLE}@/{database}?host={self.folder}"

    def ask(self, address: str, question: str) -> str:
        """What a query finds, row by row, asked by the administrator, who sees all rows."""
        asked = address.replace(f"//{ROLE}@", f"//{ADMINISTRATOR}@")
        done = subprocess.run(
            ["psql", "-X", "-q", "-t", "-A", "-d", asked, "-c", question],
            text=True,
            check=True,
            capture_output=True,
        )
        return done.stdout.strip()

    def run(self, script: str, *options: str) -> str:
        done = subprocess.run(
            [*self.command, *options], input=script, text=True, check=False, stdout=-1, stderr=subprocess.STDOUT
        )
        return done.stdout

    def load(self) -> str:
        """Brings an empty database to the newest schema; what was said about it, nothing when all went well."""
        script = "\n".join(path.read_text() for path in MIGRATIONS)
        return self.run(f"BEGIN;\n{script}\nCOMMIT;\n", "-v", "ON_ERROR_STOP=1")

    def refused(self, statements: list[str]) -> dict[str, str]:
        """The statements that cannot be prepared, and why."""
        prepared = [f"PREPARE s{number} AS {statement};\n" for number, statement in enumerate(statements)]
        said = zip(statements, self._said(prepared), strict=True)
        return {statement: words for statement, words in said if words}

    def plans(self, statements: list[str], role: str) -> dict[str, list[str]]:
        """How the rows of each statement are found for a role, as sessions plan it: the scans and their conditions."""
        begin = f"GRANT ALL ON ALL TABLES IN SCHEMA public TO {ROLE};\nSET ROLE {role};\n"
        settings = "SET enable_seqscan = off;\nSET jit = off;\nSET plan_cache_mode = force_generic_plan;\n"
        asked = []
        for number, statement in enumerate(statements):
            count = max(map(int, re.findall(r"\$(\d+)", statement)), default=0)
            values = f"({', '.join(['NULL'] * count)})" if count else ""
            asked.append(f"PREPARE s{number} AS {statement};\nEXPLAIN (COSTS OFF) EXECUTE s{number}{values};\n")
        found = {}
        for statement, words in zip(statements, self._said(asked, begin + settings), strict=True):
            lines = [line.strip(" |->") for line in words.splitlines()]
            found[statement] = [line for line in lines if re.search(r"\bScan\b|^Index Cond:", line)]
        return found

    def _said(self, parts: list[str], begin: str = "") -> list[str]:
        """What is said to each part of a script."""
        script = begin + "".join(f"\\echo {MARK}\n{part}" for part in parts)
        return [part.strip() for part in self.run(script, "-t").split(MARK)[1:]]


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server that runs as long as the test. It refuses to run as root, who lets `nobody` do it."""
    place = programs()
    assert place, "no PostgreSQL server is installed"
    is_root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="runbell-pg-"))
    who = {"user": "nobody"} if is_root else {}
    if is_root:
        shutil.chown(folder, "nobody")

    def carry_out(*arguments: object) -> None:
        subprocess.run([*arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=120, **who)

    data = folder / "data"
    carry_out(place / "initdb", "-D", data, "-U", ADMINISTRATOR, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    server = PostgreSQL(folder, lambda *arguments: carry_out(place / "pg_ctl", "-D", data, *arguments))
    server.start()
    try:
        said = server.run(f"CREATE ROLE {ROLE} LOGIN NOSUPERUSER NOBYPASSRLS;\n")
        assert not said, said
        yield server
    finally:
        server.stop("immediate")
        shutil.rmtree(folder, ignore_errors=True)
