"""A real homeserver of Matrix (Synapse) on the loopback interface."""

import hashlib
import hmac
import subprocess
import sys
import time
from pathlib import Path

import requests
import yaml

from .client import expect
from .service import clean_environment, free_port
from .waiting import wait_until

NAME = "chat.test"
SHARED = "the secret with which accounts are registered"


class Homeserver:
    def __init__(self, folder: Path):
        self.folder = folder
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen | None = None

    def start(self) -> "Homeserver":
        """Messages are limited to three at once and two per second, so that a test can meet the limit."""
        settings = {
            "server_name": NAME,
            "pid_file": str(self.folder / "homeserver.pid"),
            "listeners": [
                {
                    "port": self.port,
                    "type": "http",
                    "bind_addresses": ["127.0.0.1"],
                    "resources": [{"names": ["client"]}],
                }
            ],
            "database": {"name": "sqlite3", "args": {"database": str(self.folder / "homeserver.db")}},
            "media_store_path": str(self.folder / "media"),
            "signing_key_path": str(self.folder / "signing.key"),
            "registration_shared_secret": SHARED,
            "macaroon_secret_key": SHARED,
            "report_stats": False,
            "trusted_key_servers": [],
            # Making a room counts as one message, so three more may follow at once, and the next 5 s later.
            "rc_message": {"per_second": 0.2, "burst_count": 4},
        }
        file = self.folder / "homeserver.yaml"
        file.write_text(yaml.safe_dump(settings))
        command = [sys.executable, "-m", "synapse.app.homeserver", "--config-path", str(file)]
        environment = clean_environment()
        subprocess.run([*command, "--generate-keys"], cwd=self.folder, env=environment, check=True, timeout=60)
        with (self.folder / "homeserver.out").open("wb") as out:
            self.process = subprocess.Popen(command, cwd=self.folder, env=environment, stdout=out, stderr=out)
        wait_until(self.is_ready, 60, "the homeserver is not ready", pause=0.1)
        return self

    def is_ready(self) -> bool:
        assert self.process.poll() is None, (self.folder / "homeserver.out").read_text()[-2000:]
        try:
            return requests.get(self.url + "/_matrix/client/versions", timeout=2).status_code == 200
        except requests.ConnectionError:
            return False

    def stop(self):
        self.process.terminate()
        self.process.wait(20)

    def account(self, name: str) -> str:
        """Registers an account; returns its access token."""
        path = self.url + "/_synapse/admin/v1/register"
        nonce = requests.get(path, timeout=10).json()["nonce"]
        text = "\0".join((nonce, name, "password", "notadmin"))
        mac = hmac.new(SHARED.encode(), text.encode(), hashlib.sha1).hexdigest()
        body = {"nonce": nonce, "username": name, "password": "password", "admin": False, "mac": mac}
        return expect(requests.post(path, json=body, timeout=20), 200)["access_token"]

    def ask(self, token: str, method: str, path: str, body: dict | None = None) -> dict:
        headers = {"Authorization": f"Bearer {token}"}
        answer = requests.request(
            method, f"{self.url}/_matrix/client/v3/{path}", json=body, headers=headers, timeout=20
        )
        return expect(answer, 200)

    def room(self, token: str) -> str:
        return self.ask(token, "POST", "createRoom", {"name": "Load tests"})["room_id"]

    def messages(self, token: str, room: str) -> list[dict]:
        """What people see in the room, oldest first."""
        found = self.ask(token, "GET", f"rooms/{room}/messages?dir=b&limit=100")["chunk"]
        return [event for event in reversed(found) if event["type"] == "m.room.message"]

    def wait_for(self, token: str, room: str, count: int, timeout: float = 30) -> list[dict]:
        deadline = time.monotonic() + timeout
        while len(found := self.messages(token, room)) < count:
            assert time.monotonic() < deadline, f"{len(found)} of {count} messages"
            time.sleep(0.1)
        return found
