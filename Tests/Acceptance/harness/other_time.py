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
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, start_new_session=True)
        self.environment: dict[str, str] = {}
        wanted = {"LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED", "FAKETIME_DONT_FAKE_MONOTONIC", "DONT_FAKE_MONOTONIC"}
        while not {"LD_PRELOAD", "FAKETIME", "FAKETIME_SHARED"} <= set(self.environment):
            line = self.process.stdout.readline()
            assert line, "faketime ended"
            name, _, value = line.rstrip("\n").partition("=")
            if name in wanted:
                self.environment[name] = value
        self.environment["DONT_FAKE_MONOTONIC"] = "1"
        timers = folder / "real_timers.so"
        build_real_timers(timers)
        self.environment["LD_PRELOAD"] = f"{timers}:{self.environment['LD_PRELOAD']}"

    def close(self):
        subprocess.run(["pkill", "-P", str(self.process.pid)], check=False)
        self.process.wait(10)
