"""The services that are compared: how each is prepared, started, asked and ended."""

import json
import os
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
import urllib.error
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

PROJECT = Path(__file__).resolve().parents[1]
RUNBELL = Path(os.environ.get("RUNBELL_BIN", PROJECT / ".build" / "release" / "runbell"))
BUILT = Path(__file__).resolve().parent / "bin"
TEXT = "t0:{{T0}};id:{{ID}};"
"""What the generator fills in and the sink reads again: when the event was due, and its number."""
USER = 1


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def test_finished() -> str:
    """The event that Runbell gets, for the generator to fill in."""
    numbers = '"user_id":1,"organization_id":1,"load_test_id":1,"load_test_run_id":1{{ID}},"project_id":1'
    return f'{{"event":"test.finished","status":3,"name":"{TEXT}",{numbers}}}'


def call(method: str, url: str, body=None, key: str | None = None):
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    data = json.dumps(body).encode() if body is not None else None
    with urllib.request.urlopen(urllib.request.Request(url, data, headers, method=method), timeout=10) as answer:
        return json.loads(answer.read() or b"null")


def output(*command: str) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout.strip()


class Service:
    """One organization with a channel for each of the URLs."""

    ready_path = "/"

    def __init__(self, channels: list[str]):
        self.channels = channels
        self.folder = Path(tempfile.mkdtemp(prefix="bench-"))
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.prepare()
        self.start()
        self.configure()

    def prepare(self):
        """Before the first start."""

    def command(self) -> list[str]:
        raise NotImplementedError

    def configure(self):
        """Once, when it runs."""

    def request(self) -> list[str]:
        """The generator's arguments for one event."""
        raise NotImplementedError

    def start(self):
        with (self.folder / "log").open("ab") as log:
            self.process = subprocess.Popen(
                self.command(), stdout=log, stderr=log, cwd=self.folder, env=self.environment()
            )
        for _ in range(4000):
            if self.is_ready():
                return
            time.sleep(0.005)
        raise RuntimeError(f"{type(self).__name__} did not start: {(self.folder / 'log').read_text()[-2000:]}")

    def is_ready(self) -> bool:
        try:
            with urllib.request.urlopen(self.url + self.ready_path, timeout=5):
                return True
        except (urllib.error.URLError, ConnectionError):
            return False

    def environment(self) -> dict[str, str]:
        return dict(os.environ)

    def kill(self):
        self.process.send_signal(signal.SIGKILL)
        self.process.wait()

    def close(self):
        self.kill()
        shutil.rmtree(self.folder)

    def version(self) -> str:
        """What was measured, for the report."""
        raise NotImplementedError

    def cpu_seconds(self) -> float:
        fields = Path(f"/proc/{self.process.pid}/stat").read_text().rpartition(")")[2].split()
        return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")

    def memory(self) -> int:
        """MiB that the process has at the moment."""
        lines = Path(f"/proc/{self.process.pid}/status").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) // 1024

    def written(self) -> int:
        """Bytes that the process has handed to the disk."""
        lines = Path(f"/proc/{self.process.pid}/io").read_text().splitlines()
        return next(int(line.split()[1]) for line in lines if line.startswith("write_bytes"))


class Ceiling(Service):
    """No product, but the least that a durable fan-out costs here: C, SQLite, group commit, no look-ups, no retries."""

    def command(self):
        sink = urlsplit(self.channels[0])
        paths = [urlsplit(url).path for url in self.channels]
        return [str(BUILT / "ceiling"), str(self.port), str(self.folder / "db"), "full", str(sink.port), *paths]

    def is_ready(self) -> bool:
        return listens(self.port)

    def request(self):
        body = f'{{"kind":"deploy","text":"{TEXT}"}}'
        return ["-u", f"{self.url}/events/1", "-b", body]

    def version(self):
        return f"bench/src/ceiling.c, SQLite {sqlite3.sqlite_version}, synchronous=FULL"


class Frameworks(Service):
    """No product either: what Hummingbird and SwiftNIO cost. Nothing is checked, stored, signed or tried again."""

    def command(self):
        sink = urlsplit(self.channels[0])
        paths = [urlsplit(url).path for url in self.channels]
        return [str(RUNBELL.with_name("frameworks")), str(self.port), str(sink.port), *paths]

    def is_ready(self) -> bool:
        return listens(self.port)

    def request(self):
        return ["-u", f"{self.url}/v1/events", "-b", test_finished()]

    def version(self):
        return "bench/frameworks, Hummingbird and SwiftNIO as in Package.swift, release build"


class Runbell(Service):
    ready_path = "/readyz"

    def command(self):
        return [str(RUNBELL), "serve"]

    def environment(self):
        return dict(os.environ) | {
            "RUNBELL_DATA": str(self.folder / "data"),
            "RUNBELL_LISTEN": f"127.0.0.1:{self.port}",
            "RUNBELL_EGRESS_ALLOW": "127.0.0.0/8",
            "RUNBELL_EGRESS_HTTP": "true",
            "RUNBELL_EVENTS_PER_SECOND": "1000000",
        }

    def configure(self):
        operator = (self.folder / "data" / "operator.key").read_text().strip()
        path = f"{self.url}/v1/organizations/1"
        call("PUT", path, {"name": "Bench", "owner_user_id": USER}, operator)
        owner = call("POST", f"{path}/keys", {"name": "owner", "user_id": USER}, operator)["key"]
        self.key = call("POST", f"{path}/keys", {"name": "bench", "scopes": ["events:write"]}, owner)["key"]
        for number, url in enumerate(self.channels):
            draft = {"kind": "webhook", "name": f"channel {number}", "settings": {"url": url}}
            call("POST", f"{path}/channels", draft, owner)

    def request(self):
        return ["-u", f"{self.url}/v1/events", "-b", test_finished(), "-H", f"Authorization: Bearer {self.key}"]

    def version(self):
        return f"commit {output('git', '-C', str(PROJECT), 'describe', '--always', '--dirty')}, release build"


class Alertmanager(Service):
    """Prometheus Alertmanager from Debian: every alert to every channel at once, nothing grouped."""

    ready_path = "/-/ready"

    def prepare(self):
        routes, receivers = [], [{"name": "nobody"}]
        for number, url in enumerate(self.channels):
            times = {"group_wait": "0s", "group_interval": "1m", "repeat_interval": "4h"}
            routes.append({"receiver": f"channel {number}", "continue": True, "group_by": ["id"]} | times)
            hook = {"url": url, "send_resolved": False}
            receivers.append({"name": f"channel {number}", "webhook_configs": [hook]})
        # JSON is YAML too.
        configuration = {"route": {"receiver": "nobody", "routes": routes}, "receivers": receivers}
        (self.folder / "alertmanager.yml").write_text(json.dumps(configuration))

    def command(self):
        files = [f"--config.file={self.folder}/alertmanager.yml", f"--storage.path={self.folder}/data"]
        return [
            "prometheus-alertmanager",
            *files,
            f"--web.listen-address=127.0.0.1:{self.port}",
            "--cluster.listen-address=",
        ]

    def request(self):
        body = f'[{{"labels":{{"alertname":"e","id":"{{{{ID}}}}"}},"annotations":{{"text":"{TEXT}"}}}}]'
        return ["-u", f"{self.url}/api/v2/alerts", "-b", body]

    def version(self):
        return output("prometheus-alertmanager", "--version").splitlines()[0].removeprefix("alertmanager, ")
