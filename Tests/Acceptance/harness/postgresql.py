"""A PostgreSQL of a test's own, where one is installed: no port, and nothing is left of it."""

import os
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from .service import PROJECT

MIGRATIONS = sorted((PROJECT / "Migrations" / "sql").glob("*.postgresql.sql"))
PLACES = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr/pgsql").glob("*/bin")]
"""Where distributions put the programs of a server, besides the search path."""
MARK = "statement "


def programs() -> Path | None:
    """The folder of `initdb` and `pg_ctl`; None where there is no server."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    return next((place for place in places + PLACES if (place / "pg_ctl").exists()), None)


class PostgreSQL:
    def __init__(self, folder: Path, user: str):
        self.command = ["psql", "-X", "-q", "-h", folder, "-U", user, "-d", "postgres"]

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
        script = "".join(
            f"\\echo {MARK}{number}\nPREPARE s{number} AS {statement};\n" for number, statement in enumerate(statements)
        )
        refused = {}
        for part in self.run(script).split(MARK)[1:]:
            number, _, words = part.partition("\n")
            if words.strip():
                refused[statements[int(number)]] = words.strip()
        return refused


@contextmanager
def postgresql() -> Iterator[PostgreSQL]:
    """A server that runs as long as the test. It refuses to run as root, who lets `nobody` do it."""
    place = programs()
    assert place, "no PostgreSQL server is installed"
    is_root = os.geteuid() == 0
    folder = Path(tempfile.mkdtemp(prefix="runbell-pg-"))
    user = "nobody" if is_root else os.environ.get("USER", "runbell")
    who = {"user": user} if is_root else {}
    if is_root:
        shutil.chown(folder, user)

    def control(*arguments: object) -> None:
        subprocess.run([*arguments], check=True, stdout=subprocess.DEVNULL, cwd=folder, timeout=120, **who)

    data = folder / "data"
    control(place / "initdb", "-D", data, "-U", user, "-A", "trust", "--no-sync", "-E", "UTF8", "--locale=C")
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    control(place / "pg_ctl", "-D", data, "-w", "-l", folder / "log", "-o", options, "start")
    try:
        yield PostgreSQL(folder, user)
    finally:
        control(place / "pg_ctl", "-D", data, "-m", "immediate", "stop")
        shutil.rmtree(folder, ignore_errors=True)
