"""The wall clock of one process, as libfaketime shows it: it can jump while the process runs.

The monotonic clocks stay as they are. See https://github.com/wolfcw/libfaketime#readme.
"""

import shutil
import subprocess
from pathlib import Path

from .service import PROJECT, Service

LIBRARIES = sorted(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
REAL_TIMERS = PROJECT / "Tests" / "Acceptance" / "data" / "real_timers.c"


def build_real_timers(library: Path):
    """What libfaketime would do to the kernel's timers, undone (the source says why)."""
    compiler = shutil.which("clang") or shutil.which("cc")
    subprocess.run([compiler, "-shared", "-fPIC", "-o", library, REAL_TIMERS], check=True)


class WallClock:
    def __init__(self, folder: Path):
        self.file = folder / "wall-clock"
        self.real_timers = folder / "real_timers.so"
        self.library = next(iter(LIBRARIES), None)
        assert self.library, "libfaketime is not there: scripts/install-test-needs"
        build_real_timers(self.real_timers)
        self.set(0)

    def show(self, service: Service):
        """Before it is started. libfaketime moves the environment that it is loaded with, and then Swift does not find
        the arguments in front of it; so another program, env(1), is loaded first and becomes the service."""
        variables = {
            "LD_PRELOAD": f"{self.real_timers}:{self.library}",
            "FAKETIME_TIMESTAMP_FILE": self.file,
            "FAKETIME_NO_CACHE": 1,
            "DONT_FAKE_MONOTONIC": 1,
        }
        service.environment |= {name: str(value) for name, value in variables.items()}
        service.launcher = ("/usr/bin/env",)

    def set(self, seconds: int):
        """So far ahead of (or behind) the machine's clock; in one step, as a reader sees it."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.rename(self.file)
