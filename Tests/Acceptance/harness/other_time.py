"""Another time for a program: libfaketime, by its own wrapper."""

import shutil
import subprocess
from pathlib import Path

from .wall_clock import build_real_timers


class OtherTime:
    """While it lives, programs with `environment` see a wall clock that is so many days ahead.

    The wrapper makes the shared memory that the library would otherwise make itself, which moves the environment; Swift
    finds a program's arguments beside the environment, and then there would be none.
    """

    def __init__(self, days: int, folder: Path):
        wrapper = shutil.which("faketime")
        assert wrapper, "faketime is not there: scripts/install-test-needs"
        command = [wrapper, "-m", "--exclude-monotonic", "-f", f"+{days}d", "sh", "-c", "env; exec sleep 600"]
        # The wrapper names its shared memory after its process id, and fails if a killed one has left that name behind.
        for _ in range(5):
            self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
            self.environment = self._told()
            if self.environment:
                break
        assert self.environment, "faketime ended"
        self.environment["DONT_FAKE_MONOTONIC"] = "1"
        timers = folder / "real_timers.so"
        build_real_timers(timers)
        self.environment["LD_PRELOAD"] = f"{timers}:{self.environment['LD_PRELOAD']}"

    def _told(self) -> dict[str, str]:
        """What the wrapper sets; nothing if it ended."""
        told: dict[str, str] = {}
        wanted = {"LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED", "FAKETIME_DONT_FAKE_MONOTONIC", "DONT_FAKE_MONOTONIC"}
        while not {"LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED"} <= set(told):
            line = self.process.stdout.readline()
            if not line:
                return {}
            name, _, value = line.rstrip("\n").partition("=")
            if name in wanted:
                told[name] = value
        return told

    def close(self):
        subprocess.run(["pkill", "-P", str(self.process.pid)], check=False)
        self.process.wait(10)
