"""The wall clock of one process, as libfaketime shows it: it can jump while the process runs.

The monotonic clock stays as it is. See https://github.com/wolfcw/libfaketime#readme, "Faking with a file timestamp".
"""

from pathlib import Path

from .service import Service

LIBRARIES = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")


class WallClock:
    def __init__(self, folder: Path):
        self.file = folder / "wall-clock"
        self.library = next(LIBRARIES, None)
        assert self.library, "libfaketime is not there: scripts/install-test-needs"
        self.set(0)

    def show(self, service: Service):
        """Before it is started. The library moves the environment that it is loaded with, and then Swift does not find
        the arguments behind it; so the environment is made by a program before: env(1)."""
        variables = {
            "LD_PRELOAD": self.library,
            "FAKETIME_TIMESTAMP_FILE": self.file,
            "FAKETIME_NO_CACHE": 1,
            "DONT_FAKE_MONOTONIC": 1,
        }
        service.environment |= {name: str(value) for name, value in variables.items()}
        service.started_by = ["/usr/bin/env"]

    def set(self, seconds: int):
        """So far ahead of (or behind) the machine's clock; in one step, as a reader sees it."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.rename(self.file)
