"""The real program, started and stopped like an operator would."""

import contextlib
import itertools
import os
import re
import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import requests

from .client import Client
from .waiting import wait_until

PROJECT = Path(__file__).resolve().parents[3]
START_TIMEOUT = 30
STOP_TIMEOUT = 30


def binary() -> Path:
    return Path(os.environ.get("RUNBELL_BIN", PROJECT / ".build" / "debug" / "runbell")).resolve()


def _own_ports() -> Iterator[int]:
    """Ports of this worker alone, below those that the system gives to connections: a service that is started again
    finds its port free, whoever else runs meanwhile."""
    worker = int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))
    first = 10_000 + 2_500 * (worker % 8)
    return itertools.cycle(range(first + os.getpid() % 1_250, first + 2_500))


_ports = _own_ports()


def free_port() -> int:
    for port in itertools.islice(_ports, 2_500):
        with socket.socket() as probe, contextlib.suppress(OSError):
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(("127.0.0.1", port))
            return port
    raise AssertionError("no port is free")


def clean_environment() -> dict[str, str]:
    """This process's environment without any setting of the program or of a proxy, and as if outside CI."""
    signs = "GITHUB_ACTIONS|GITLAB_CI|CIRCLECI|BUILDKITE|TF_BUILD|JENKINS_URL"
    hidden = re.compile(rf"RUNBELL_|.*_proxy$|({signs})$", re.IGNORECASE)
    return {name: value for name, value in os.environ.items() if not hidden.match(name)}


class Service:
    def __init__(self, folder: Path, receiver_host: str, **environment: str):
        self.folder = folder
        self.data = folder / "data"
        self.log_path = folder / "service.log"
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None
        self.launcher: tuple[str, ...] = ()
        """A command that runs the program, such as one that makes its system calls fail."""
        self.launched_at = 0.0
        """time.monotonic() just before the process that runs was started."""
        self.environment = clean_environment() | {
            "RUNBELL_DATA": str(self.data),
            "RUNBELL_LISTEN": f"127.0.0.1:{self.port}",
            "RUNBELL_EGRESS_ALLOW": "127.0.0.0/8",
            "RUNBELL_EGRESS_HTTP": "true",
            "RUNBELL_SLACK_HOSTS": receiver_host,
            **environment,
        }

    def start(self) -> "Service":
        self.launch()
        return self.wait_until_ready()

    def launch(self):
        """Starts the process without waiting for it."""
        command = [*self.launcher, str(binary()), "serve"]
        with self.log_path.open("ab") as log:
            streams = {"stdin": subprocess.DEVNULL, "stdout": log, "stderr": log}
            self.launched_at = time.monotonic()
            self.process = subprocess.Popen(command, cwd=self.folder, env=self.environment, **streams)

    def wait_until_ready(self) -> "Service":
        wait_until(self.is_ready, START_TIMEOUT, lambda: f"the service is not ready: {self.log[-2000:]}")
        return self

    def is_ready(self) -> bool:
        assert self.process.poll() is None, f"serve ended with {self.process.returncode}: {self.log[-2000:]}"
        try:
            return requests.get(self.url + "/readyz", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self) -> float:
        """Sends SIGTERM, which must end it with 0. Returns how many seconds that took."""
        begin = time.monotonic()
        self.process.send_signal(signal.SIGTERM)
        code = self.process.wait(STOP_TIMEOUT)
        assert code == 0, f"SIGTERM ended the service with {code}: {self.log[-2000:]}"
        self.process = None
        return time.monotonic() - begin

    def kill(self):
        """What a power cut does to a process: `kill -9`."""
        self.process.kill()
        self.process.wait(10)
        self.process = None

    def wait_for_end(self, timeout: float) -> int:
        """Waits for a process that ends by itself. Returns its exit code."""
        code = self.process.wait(timeout)
        self.process = None
        return code

    def close(self):
        """At the end of a test: stops the process, and fails if it had already died."""
        if self.process is None:
            return
        code = self.process.poll()
        assert code is None, f"the service ended by itself with {code}: {self.log[-2000:]}"
        self.stop()

    @property
    def is_alive(self) -> bool:
        return self.process is not None and self.process.poll() is None

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace") if self.log_path.exists() else ""

    @property
    def operator_key(self) -> str:
        return (self.data / "operator.key").read_text().strip()

    def client(self, key: str | None) -> Client:
        return Client(self.url, key)

    @property
    def operator(self) -> Client:
        return self.client(self.operator_key)

    def run(self, *arguments: str, key: str | None = None, timeout: float = 60, **environment: str):
        """Runs a client command of the program against this service."""
        variables = clean_environment() | {"RUNBELL_URL": self.url, **environment}
        if key:
            variables["RUNBELL_KEY"] = key
        command = [str(binary()), *arguments]
        streams = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
        return subprocess.run(command, cwd=self.folder, env=variables, timeout=timeout, check=False, **streams)
