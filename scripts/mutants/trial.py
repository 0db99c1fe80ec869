"""Builds a tree and runs its tests, up to the first that fails."""

import contextlib
import json
import os
import re
import signal
import subprocess
import tempfile
import time
from dataclasses import dataclass
from enum import Enum
from pathlib import Path

from changes import Change

NEVER = "SimulationTests|HouseRulesTests|no proxy from the environment"
"""The simulation costs more than all the others. The other two read the sources, where the switch itself shows."""
FUZZ = "FuzzTests"
"""They count the instructions of every parser, which takes long: only what all others let through comes to them."""
PATIENCE = 150
MOST_LEFT_OUT = 5
TEST = re.compile(r"[^()]+\([^()]*\)")
"""A test as the run names it, without the place of its code."""
NO_SUCH_TEST = "no such test"
WIDTH = "SWT_EXPERIMENTAL_MAXIMUM_PARALLELIZATION_WIDTH"
"""How many tests run side by side, as in scripts/run-tests."""
ENDS = {0: "", 69: NO_SUCH_TEST}
"""What the program's exit codes mean; any other is a crash."""


@dataclass(frozen=True)
class Part:
    """Some of the tests, by patterns of their names."""

    name: str
    chosen: str
    skipped: str


ALL = Part("others", ".", f"{NEVER}|{FUZZ}")
LAST = Part("last", FUZZ, NEVER)


def near(nearest: str) -> Part:
    return Part(nearest, nearest, ALL.skipped)


class Step(Enum):
    """Which tests a change meets one after the other."""

    NAMESAKES = "likeliest"
    NEAR = "nearest"
    OTHERS = "other"
    LAST = "last"


def part(step: Step, change: Change) -> Part:
    match step:
        case Step.NAMESAKES:
            return Part(change.nearest, change.namesakes, ALL.skipped)
        case Step.NEAR:
            return near(change.nearest)
        case Step.OTHERS:
            return Part(ALL.name, ALL.chosen, f"{ALL.skipped}|{change.nearest}")
        case Step.LAST:
            return LAST


def build(tree: Path) -> str:
    """Nothing when it builds, else what the compiler said."""
    done = subprocess.run(
        ["swift", "build", "--build-tests"],
        cwd=tree,
        capture_output=True,
        text=True,
        check=False,
    )
    return "" if done.returncode == 0 else done.stdout + done.stderr


class Trial:
    """The test program of a built tree."""

    def __init__(self, tree: Path):
        self.tree = tree
        self.program = next((tree / ".build" / "debug").glob("*.xctest"))
        self.took: dict[str, float] = {}
        self.left_out: list[str] = []

    def without_changes(self, parts: set[Part]) -> str:
        """What fails without any change; learns how long each part takes. A few tests that look at time may fail on a
        busy machine: they are left out, and named."""
        for name in sorted({which.name for which in parts}):
            chosen = "|".join(
                sorted({which.chosen for which in parts if which.name == name})
            )
            self.took.pop(name, None)
            begin = time.monotonic()
            while failure := self.confirmed(
                Part(name, chosen, LAST.skipped if name == LAST.name else ALL.skipped),
                "0",
            ):
                test = TEST.match(failure)
                if not test or len(self.left_out) == MOST_LEFT_OUT:
                    return failure
                print(
                    f"Left out, because it fails without any change: {failure}",
                    flush=True,
                )
                self.left_out.append("^" + re.escape(test[0]))
                begin = time.monotonic()
            self.took[name] = time.monotonic() - begin
        return ""

    def finds(self, change: Change, number: str, step: Step) -> str:
        """The test that fails while a change is on; nothing when all pass."""
        return self.confirmed(part(step, change), number)

    def confirmed(self, which: Part, number: str) -> str:
        """A test counts when it fails twice, the second time by itself: on a busy machine some fail that look at time."""
        passed: list[str] = []
        while failure := self.run(which, number, passed):
            if failure == NO_SUCH_TEST:
                return ""
            test = TEST.match(failure)
            if not test:
                return failure
            only = "^" + re.escape(test[0])
            again = self.run(Part(which.name, only, NEVER), number, [])
            assert again != NO_SUCH_TEST, f"{test[0]} cannot be run by itself"
            if again:
                return failure
            passed.append(only)
        return ""

    def run(self, which: Part, number: str, passed: list[str]) -> str:
        """The first test that fails, or how the run ended."""
        patience = 30 + 4 * self.took.get(which.name, PATIENCE)
        skipped = "|".join([which.skipped, *passed, *self.left_out])
        reading, writing = os.pipe()
        with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
            process = subprocess.Popen(
                [self.program, "--testing-library", "swift-testing"]
                + ["--filter", which.chosen, "--skip", skipped]
                + ["--event-stream-version", "0"]
                + ["--event-stream-output-path", f"/dev/fd/{writing}"],
                cwd=self.tree,
                env=os.environ
                | {"MUTANT": number, "TMPDIR": folder, WIDTH: str(8 * os.cpu_count())},
                stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL,
                pass_fds=[writing],
                start_new_session=True,
            )
            os.close(writing)
            try:
                return followed(process, reading, patience)
            finally:
                os.close(reading)
                stop(process)


def followed(process: subprocess.Popen, reading: int, patience: float) -> str:
    end, rest = time.monotonic() + patience, b""
    os.set_blocking(reading, False)
    while time.monotonic() < end:
        has_ended = process.poll() is not None
        rest += read(reading)
        *lines, rest = rest.split(b"\n")
        for line in lines:
            if failure := failure_in(line):
                return failure
        if has_ended:
            code = process.returncode
            return ENDS.get(code, f"the run ended with {code}")
        time.sleep(0.05)
    return f"no end within {patience:.0f} s"


def read(reading: int) -> bytes:
    got = b""
    with contextlib.suppress(BlockingIOError):
        while piece := os.read(reading, 1 << 16):
            got += piece
    return got


def failure_in(line: bytes) -> str:
    event = json.loads(line).get("payload", {}) if line.strip() else {}
    if event.get("kind") != "issueRecorded" or event.get("issue", {}).get("isKnown"):
        return ""
    return event.get("testID") or "an issue outside a test"


def stop(process: subprocess.Popen):
    """With the programs that its tests have started."""
    with contextlib.suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
