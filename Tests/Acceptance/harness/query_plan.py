"""How SQLite would execute a statement, and what is wrong with that in a service whose tables grow."""

import re
import sqlite3
from collections.abc import Iterator
from functools import cached_property

from .service import PROJECT

MIGRATIONS = sorted((PROJECT / "Migrations" / "sql").glob("*.sqlite.sql"))
SMALL = {"grdb_migrations", "sqlite_master", "sqlite_schema", "nodes"}
"""Tables that do not grow."""
SMALL_IN_AN_ORGANIZATION = {"organizations", "sealing_keys", "members", "keys", "planned_removals", "audit_prunings"}
"""Tables that grow with the organizations, and not with what one of them is sent: some rows each."""
ONLY_THE_ORGANIZATION = re.compile(r"\(organization_id=\?(?: AND (?!organization_id)\w+[<>]\?)?\)")
"""An index that is entered for all of an organization, or for all of it from one place on."""


class Schema:
    """The tables of the newest version, empty."""

    def __init__(self):
        self.database = sqlite3.connect(":memory:")
        self.database.execute("CREATE TABLE grdb_migrations (identifier TEXT PRIMARY KEY)")
        for migration in MIGRATIONS:
            self.database.executescript(migration.read_text())

    @cached_property
    def columns(self) -> dict[str, set[str]]:
        """Of each table that grows."""
        names = [name for (name,) in self.database.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
        return {
            name: {row[1] for row in self.database.execute(f"PRAGMA table_info({name})")}
            for name in names
            if name not in SMALL and not name.startswith("sqlite_")
        }

    def plan(self, statement: str) -> list[str]:
        return [row[3] for row in self._explain("EXPLAIN QUERY PLAN", statement)]

    def temporary_tables(self, statement: str) -> int:
        """How many it opens each time it runs, apart from what its triggers do."""
        program = self._explain("EXPLAIN", statement)
        # The triggers' programs follow, each with addresses of its own.
        end = next((place for place, row in enumerate(program) if place and row[0] == 0), len(program))
        return sum(row[1] in ("OpenEphemeral", "OpenAutoindex") for row in program[:end])

    def _explain(self, command: str, statement: str) -> list[tuple]:
        places = len(set(re.findall(r"\$\d+", statement))) + statement.count("?")
        numbers = [int(number) for number in re.findall(r"\$(\d+)", statement)]
        # `$1` is a name to SQLite.
        values = {str(number): None for number in numbers} or [None] * places
        return self.database.execute(f"{command} {statement}", values).fetchall()

    def errors(self, statement: str) -> list[str]:
        """What is wrong with the plan, in words; the caller waives errors that have a good reason."""
        return list(self._errors(statement, self.plan(statement)))

    def _errors(self, statement: str, plan: list[str]) -> Iterator[str]:
        for step in plan:
            words = step.split()
            table = self._table(words[1], statement) if len(words) > 1 else None
            if words[0] == "SCAN" and table:
                yield f"reads the whole table: {step}"
            if words[0] == "SEARCH" and table and self._is_open(step, table, statement):
                yield f"reads all of an organization: {step}"
            if step.startswith("USE TEMP B-TREE"):
                yield f"sorts: {step}"

    def _table(self, name: str, statement: str) -> str | None:
        """The growing table behind a name in the statement."""
        if name in self.columns:
            return name
        for table in self.columns:
            if re.search(rf"\b{table}\s+(?:AS\s+)?{re.escape(name)}\b", statement):
                return table
        return None

    def _is_open(self, step: str, table: str, statement: str) -> bool:
        if table in SMALL_IN_AN_ORGANIZATION or not ONLY_THE_ORGANIZATION.search(step):
            return False
        filtered = (
            set(re.findall(r"(\w+)\s*(?:=|<>|<|>|<=|>=|\bIN\b|\bIS\b|\bLIKE\b)", statement)) & self.columns[table]
        )
        entered = set(re.findall(r"(\w+)[=<>]\?", step))
        return "LIMIT" not in statement or bool(filtered - entered)
