"""The changes that can be made: one condition, constant or SQL clause of one line each."""

import random
import re
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
KNOWN = ROOT / "scripts" / "mutants.known"

AREAS = {
    "rules": (["Sources/Notifications"], "NotificationsTests"),
    "repository": (["Sources/Repository"], "RepositoryTests"),
    "engine": (["Sources/EventRouting"], "EventRoutingTests"),
    "drivers": (
        ["Sources/SQLiteDatabase", "Sources/PostgresDatabase"],
        "SQLiteDatabaseTests|PostgresDatabaseTests",
    ),
    "guard": (
        ["Sources/Notifications/Egress", "Sources/OutboundHTTP"],
        "OutboundHTTPTests|Egress",
    ),
    "admission": (
        ["Sources/WebServing/Admission", "Sources/WebServing/Middleware"],
        "WebTests",
    ),
    "pages": (["Sources/WebPages/Security"], "WebTests"),
}
"""Where changes are made, and the tests that are nearest: they run first."""

SWIFT = [
    (r"(?<=[\w)\]]) <= (?=[\w(.])", " < "),
    (r"(?<=[\w)\]]) >= (?=[\w(.])", " > "),
    (r"(?<=[\w)\]]) < (?=[\w(.])", " <= "),
    (r"(?<=[\w)\]]) > (?=[\w(.])", " >= "),
    (r" == ", " != "),
    (r" != ", " == "),
    (r" && ", " || "),
    (r" \|\| ", " && "),
    (r"\bmin\(", "max("),
    (r"\bmax\(", "min("),
    (r"\btrue\b", "false"),
    (r"\bfalse\b", "true"),
    (r"(?<=[\s(])!(?=[a-z(])", ""),
    (r"(?<=seconds\()\d+", lambda found: str(int(found[0]) * 2 + 1)),
    (r"(?<== )\d+\b(?!\.)", lambda found: str(int(found[0]) + 1)),
    (r"(?<=[<>=] )\d+\b(?!\.)", lambda found: str(int(found[0]) + 1)),
    (r" \+ (?=\w+\b(?!\())", " - "),
]
SQL = [
    (r" AND [\w.]+ (?:=|<>|<=|<|>=|>) (?:\$\d+|'\w+'|[\w.]+)(?=$|\s|\))", ""),
    (r" <= (?=[$\w])", " < "),
    (r" < (?=[$\w])", " <= "),
    (r" > (?=[$\w])", " >= "),
    (r"\bDESC\b", ""),
    (r"\bIS NULL\b", "IS NOT NULL"),
    (r"\bIS NOT NULL\b", "IS NULL"),
    (r" \+ (?=[$\w])", " - "),
]


@dataclass(frozen=True)
class Change:
    area: str
    path: str
    line: int
    before: str
    after: str
    column: int
    old: str
    new: str

    def __str__(self):
        return f"{self.path}:{self.line}\n    - {self.before.strip()}\n    + {self.after.strip()}"

    @property
    def key(self):
        """Names the change wherever its line has gone."""
        return f"{self.path} | {self.before.strip()} | {self.after.strip()}"

    @property
    def target(self):
        return "/".join(self.path.split("/")[:2])

    @property
    def nearest(self):
        return AREAS[self.area][1]

    @property
    def namesakes(self):
        """Matches tests that are named like the file."""
        words = set(Path(self.path).stem.split("+")) - {"Repository", "Transaction"}
        return "|".join(sorted(word.removesuffix("s") for word in words))

    def place(self, text: str) -> int:
        """Where the old words stand in the text of the file."""
        lines = text.split("\n")
        assert lines[self.line - 1] == self.before, f"{self.path} is not what it was"
        return sum(len(line) + 1 for line in lines[: self.line - 1]) + self.column


def code_of(line: str) -> str:
    """The line with its comment and its texts blanked, so that places in it stay."""
    blank = re.sub(
        r'"(?:[^"\\]|\\.)*"', lambda found: '"' + " " * (len(found[0]) - 2) + '"', line
    )
    start = blank.find("//")
    return blank if start < 0 else blank[:start]


def changes_of_line(line: str, is_sql: bool):
    """The column, the old words and the new ones of each change."""
    shown = line if is_sql else code_of(line)
    for pattern, change in SQL if is_sql else SWIFT:
        for found in re.finditer(pattern, shown):
            yield found.start(), found[0], change(found) if callable(change) else change


def changes_of_file(area: str, path: Path):
    is_sql = False
    for number, line in enumerate(path.read_text().splitlines(), start=1):
        if line.count('"""') == 1:
            is_sql = not is_sql
            continue
        if is_sql and area != "repository" or line.lstrip().startswith("//"):
            continue
        for column, old, new in changes_of_line(line, is_sql):
            after = line[:column] + new + line[column + len(old) :]
            yield Change(
                area, str(path.relative_to(ROOT)), number, line, after, column, old, new
            )


def possible() -> list[list[Change]]:
    """Every change, by area."""
    piles = []
    for area, (folders, _) in AREAS.items():
        files = sorted(
            {file for folder in folders for file in (ROOT / folder).rglob("*.swift")}
        )
        piles.append(
            [change for file in files for change in changes_of_file(area, file)]
        )
    return piles


def drawn(seed: int, count: int) -> list[Change]:
    """From each area in turn, so that a small one counts as much as a large one."""
    chance = random.Random(seed)
    piles = possible()
    for pile in piles:
        chance.shuffle(pile)
    taken: dict[str, Change] = {}
    while len(taken) < count and any(piles):
        for pile in piles:
            if pile and len(taken) < count:
                change = pile.pop()
                taken.setdefault(change.key, change)
    return list(taken.values())


def named(keys: set[str]) -> list[Change]:
    """The changes with these keys, wherever their lines stand now."""
    found = {
        change.key: change
        for pile in possible()
        for change in pile
        if change.key in keys
    }
    return list(found.values())


def known() -> dict[str, str]:
    """Changes that make no difference, with the reason."""
    lines = [
        line
        for line in KNOWN.read_text().splitlines()
        if line and not line.startswith("#")
    ]
    return dict(line.rsplit(" || ", 1) for line in lines)
