"""What a service has stored, behind its back: in SQLite's file, or on the PostgreSQL server of the tests."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from .postgresql import PostgreSQL
from .service import Service
from .statements import of_sqlite


class SQLiteRows:
    def __init__(self, service: Service):
        self.folder = service.data

    def ask(self, question: str) -> str:
        """The one value that a query finds, as text."""
        with closing(sqlite3.connect(f"file:{self._file}?mode=ro", uri=True)) as database:
            return str(database.execute(of_sqlite(question)).fetchone()[0])

    def change(self, script: str):
        """Literals of ids are written as the standard has them: `uuid '…'`."""
        with closing(sqlite3.connect(self._file, isolation_level=None)) as database:
            database.executescript(of_sqlite(script))

    @contextmanager
    def put_back(self) -> Iterator[None]:
        """Undoes all changes at the end. The service must run neither at the beginning nor at the end."""
        untouched = {file: file.read_bytes() for file in self.folder.glob("runbell.db*")}
        try:
            yield
        finally:
            for file in self.folder.glob("runbell.db*"):
                file.unlink()
            for file, content in untouched.items():
                file.write_bytes(content)

    @property
    def _file(self) -> Path:
        return self.folder / "runbell.db"


class PostgreSQLRows:
    def __init__(self, server: PostgreSQL, address: str):
        self.server, self.address = server, address
        self.name = urlsplit(address).path.removeprefix("/")

    def ask(self, question: str) -> str:
        return self.server.ask(self.address, question)

    def change(self, script: str):
        said = self.server.run(script, "-d", self.name, "-v", "ON_ERROR_STOP=1")
        assert not said, said

    @contextmanager
    def put_back(self) -> Iterator[None]:
        copy = f"{self.name}_untouched"
        self._administer(f"CREATE DATABASE {copy} TEMPLATE {self.name};")
        owner = f"FROM pg_database WHERE datname = '{self.name}'"
        self._administer(f"SELECT format('ALTER DATABASE {copy} OWNER TO %I', datdba::regrole) {owner} \\gexec")
        try:
            yield
        finally:
            self._administer(f"DROP DATABASE {self.name} WITH (FORCE);")
            self._administer(f"ALTER DATABASE {copy} RENAME TO {self.name};")

    def _administer(self, command: str):
        said = self.server.run(f"{command}\n", "-v", "ON_ERROR_STOP=1")
        assert not said, said


Rows = SQLiteRows | PostgreSQLRows
