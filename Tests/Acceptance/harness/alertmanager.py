"""Prometheus's Alertmanager from Debian, on the loopback interface: a sender that others wrote."""

import json
import shutil
import subprocess
from pathlib import Path

import requests

from .service import clean_environment, free_port
from .waiting import wait_until

PROGRAM = shutil.which("prometheus-alertmanager")


class Alertmanager:
    """Sends every alert to all receivers at once."""

    def __init__(self, folder: Path, receivers: dict[str, dict]):
        """`receivers` are configurations by the name of Alertmanager's integration, such as `slack`."""
        self.folder = folder
        self.url = f"http://127.0.0.1:{free_port()}"
        self.receivers = receivers
        self.process: subprocess.Popen | None = None

    def start(self) -> "Alertmanager":
        settings = {
            "route": {"receiver": "all", "group_wait": "10ms", "group_interval": "1h", "repeat_interval": "24h"},
            "receivers": [{"name": "all"} | {f"{name}_configs": [one] for name, one in self.receivers.items()}],
        }
        file = self.folder / "alertmanager.yml"
        file.write_text(json.dumps(settings))
        options = {
            "config.file": file,
            "storage.path": self.folder / "data",
            "web.listen-address": self.url.partition("//")[2],
            "cluster.listen-address": "",
        }
        command = [PROGRAM, *(f"--{name}={value}" for name, value in options.items())]
        with self.log_path.open("wb") as out:
            self.process = subprocess.Popen(
                command, cwd=self.folder, env=clean_environment(), stdout=out, stderr=subprocess.STDOUT
            )
        wait_until(self.is_ready, 20, lambda: f"Alertmanager is not ready: {self.log[-2000:]}")
        return self

    def is_ready(self) -> bool:
        assert self.process.poll() is None, self.log[-2000:]
        try:
            return requests.get(f"{self.url}/-/ready", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False

    def alert(self, name: str):
        alert = {
            "labels": {"alertname": name, "severity": "critical"},
            "annotations": {"summary": f"{name} <b> & more"},
        }
        answer = requests.post(f"{self.url}/api/v2/alerts", json=[alert], timeout=10)
        assert answer.status_code == 200, answer.text

    def stop(self):
        self.process.terminate()
        self.process.wait(10)

    @property
    def log_path(self) -> Path:
        return self.folder / "alertmanager.log"

    @property
    def log(self) -> str:
        return self.log_path.read_text(errors="replace")

    def counts(self, name: str) -> dict[str, float]:
        """By integration: the value of a counter, such as `notifications_total`."""
        lines = requests.get(f"{self.url}/metrics", timeout=10).text.splitlines()
        prefix = f'alertmanager_{name}{{integration="'
        found = (line.removeprefix(prefix).split('"} ') for line in lines if line.startswith(prefix))
        return {integration: float(value) for integration, value in found}

    def wait_for(self, name: str, counts: dict[str, float]):
        def reached() -> bool:
            now = self.counts(name)
            return all(now.get(integration, 0) >= count for integration, count in counts.items())

        wait_until(reached, 20, lambda: f"{self.counts(name)}: {self.log[-3000:]}", pause=0.05)
