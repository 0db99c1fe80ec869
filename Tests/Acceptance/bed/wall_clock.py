"""The wall clock of one process, as libfaketime shows it: it can jump while the process runs.

The monotonic clock stays as it is. See https://github.com/wolfcw/libfaketime#readme, "Faking with a file timestamp".
"""

from pathlib import Path

LIBRARIES = Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1")


class WallClock:
    def __init__(self, folder: Path):
        self.file = folder / "wall-clock"
        self.library = next(LIBRARIES, None)
        assert self.library, "libfaketime is not there: scripts/install-test-needs"
        self.set(0)

    @property
    def environment(self) -> dict[str, str]:
        return {
            "LD_PRELOAD": str(self.library),
            "FAKETIME_TIMESTAMP_FILE": str(self.file),
            "FAKETIME_NO_CACHE": "1",
            "DONT_FAKE_MONOTONIC": "1",
        }

    def set(self, seconds: int):
        """So far ahead of (or behind) the machine's clock; in one step, as a reader sees it."""
        new = self.file.with_suffix(".new")
        new.write_text(f"{seconds:+d}\n")
        new.rename(self.file)
