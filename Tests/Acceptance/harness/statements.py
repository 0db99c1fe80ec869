"""The SQL of the program: what its code contains, and what it was observed to prepare."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

from .service import PROJECT, clean_environment

RECORDER = PROJECT / "Tests" / "Acceptance" / "data" / "statements.c"
TESTS = PROJECT / ".build" / "debug" / "runbellPackageTests.xctest"
SUITES = "RepositoryTests|SQLiteDatabaseTests|EventRoutingTests|WebTests|StoreCopyTests"
WORLDS = "60"
"""Small simulated worlds: they set clocks, which the other tests do not."""
TEXTS = re.compile(r'"""\n(.*?)"""|"((?:[^"\\\n]|\\.)*)"', re.DOTALL)
BEGINS = re.compile(r"(?:SELECT|INSERT|UPDATE|DELETE|WITH)\s")


def plain(text: str) -> str:
    return " ".join(text.split())


def of_sqlite(text: str) -> str:
    """Tests write literals of ids and bytes as the standard has them (TestDialect)."""
    text = re.sub(r"uuid '([0-9a-f-]*)'", lambda found: f"x'{found[1].replace('-', '')}'", text)
    return re.sub(r"bytea '\\x([0-9a-f]*)'", r"x'\1'", text)


class Literal:
    """A statement, or the beginning of one, as it stands in Swift: what is put into it can be anything."""

    def __init__(self, path: Path, text: str):
        self.path = path
        self.text = plain(of_sqlite(text))
        parts = [re.escape(part.strip()) for part in _without_interpolations(self.text)]
        self.is_whole = len(parts) == 1
        self.pattern = re.compile(r"\s?.*".join(parts), re.DOTALL)

    def __str__(self) -> str:
        return f"{self.path.relative_to(PROJECT)}: {self.text}"


def literals(folder: str) -> list[Literal]:
    return [
        Literal(path, text)
        for path in sorted((PROJECT / folder).rglob("*.swift"))
        for text in _texts(path.read_text())
        if BEGINS.match(text)
    ]


def _texts(code: str) -> Iterator[str]:
    code = "\n".join("" if line.lstrip().startswith("//") else line for line in code.split("\n"))
    for found in TEXTS.finditer(code):
        yield (found[1] if found[1] is not None else found[2]).strip()


def _without_interpolations(text: str) -> list[str]:
    parts, rest = [], text
    while (start := rest.find("\\(")) >= 0:
        parts.append(rest[:start])
        rest = rest[_end_of_interpolation(rest, start + 1) :]
    return [*parts, rest]


def _end_of_interpolation(text: str, start: int) -> int:
    depth = 0
    for place in range(start, len(text)):
        depth += {"(": 1, ")": -1}.get(text[place], 0)
        if depth == 0:
            return place + 1
    return len(text)


def recorded(folder: Path) -> list[str]:
    """What the Swift tests prepare: as scripts/run-tests noted it just now, else by a run of them in the folder."""
    noted = os.environ.get("RECORDED_STATEMENTS")
    texts = Path(noted).read_bytes() if noted else _record(folder)
    return sorted({plain(text.decode()) for text in texts.split(b"\0")} - {""})


def _record(folder: Path) -> bytes:
    """Noted by a library that is loaded before SQLite's."""
    assert TESTS.exists(), "build the Swift tests first: swift build --build-tests"
    library, noted = folder / "statements.so", folder / "statements"
    compiler = shutil.which("clang") or shutil.which("cc")
    subprocess.run([compiler, "-shared", "-fPIC", "-O1", "-o", library, RECORDER, "-ldl"], check=True)
    more = {"LD_PRELOAD": str(library), "STATEMENTS": str(noted), "WORLDS": WORLDS, "RUNBELL_TEST_POSTGRES": "no"}
    command = [TESTS, "--testing-library", "swift-testing", "--filter", SUITES, "--skip", "everySabotageIsFound"]
    done = subprocess.run(
        command, cwd=PROJECT, env=clean_environment() | more, capture_output=True, text=True, check=False
    )
    assert noted.exists(), f"{done.stdout[-2000:]}{done.stderr[-2000:]}"
    return noted.read_bytes()
