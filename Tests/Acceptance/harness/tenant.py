"""An organization with its people, keys and channels."""

import itertools
import random
from datetime import UTC, datetime
from functools import cached_property

import requests

from . import hipchat_service, slack_service
from .client import Client, expect
from .receiver import Receiver
from .service import Service
from .waiting import wait_until

OWNER, ADMIN, MEMBER = 1, 2, 3
SLACK_SECRET = "SlackCanarySecretAbCdEf01"
_numbers = itertools.count(random.randrange(1_000, 1_000_000))


def plain(name: str) -> str:
    """The part of a name that is valid in any address."""
    return "".join(filter(str.isalnum, name))


class Tenant:
    def __init__(self, service: Service, receiver: Receiver | None = None):
        self.service = service
        self.receiver = receiver
        self.number = next(_numbers)
        self.path = f"/v1/organizations/{self.number}"
        self.key_texts: dict[str, str] = {}
        body = {"name": f"Organization {self.number}", "owner_user_id": OWNER}
        expect(service.operator.put(self.path, body), 201)

    def user_key(self, user: int) -> dict:
        return expect(self.service.operator.post(f"{self.path}/keys", {"name": f"user {user}", "user_id": user}), 201)

    def add(self, user: int, role: str) -> None:
        answer = self.owner.put(f"{self.path}/members/{user}", {"role": role})
        assert answer.status_code in (200, 201), answer.text

    def client_of(self, user: int) -> Client:
        """The user with a new key."""
        key = self.user_key(user)["key"]
        self.key_texts[f"user {user}"] = key
        return self.service.client(key)

    @cached_property
    def owner(self) -> Client:
        return self.client_of(OWNER)

    @cached_property
    def admin(self) -> Client:
        self.add(ADMIN, "admin")
        return self.client_of(ADMIN)

    @cached_property
    def member(self) -> Client:
        self.add(MEMBER, "member")
        return self.client_of(MEMBER)

    @cached_property
    def scheduler(self) -> Client:
        """A program with a service key."""
        body = {"name": "scheduler", "scopes": ["events:write"]}
        key = expect(self.owner.post(f"{self.path}/keys", body), 201)["key"]
        self.key_texts["scheduler"] = key
        return self.service.client(key)

    def session_cookie(self) -> str:
        """The cookie of a new session of the owner, as a browser sends it."""
        answer = requests.post(
            self.service.url + "/login",
            data={"key": self.owner.key},
            headers={"Sec-Fetch-Site": "same-origin"},
            allow_redirects=False,
            timeout=15,
        )
        assert answer.status_code == 303, answer.text
        return answer.headers["Set-Cookie"].partition(";")[0]

    # channels

    def draft(self, kind: str, name: str | None = None, **more) -> dict:
        if "settings" not in more:
            known = {"webhook": self.hook, "slack": self.slack, "hipchat": self.hipchat}
            more["settings"] = known[kind](name or kind)
        return {"kind": kind, "name": name or kind, **more}

    def channel(self, kind: str, name: str | None = None, **more) -> dict:
        """Creates a channel; returns it as the service shows it, and where the receiver will get its requests."""
        draft = self.draft(kind, name, **more)
        saved = expect(self.owner.post(f"{self.path}/channels", draft), 201)
        return saved | {"at": draft["settings"]["url"].removeprefix(self.receiver.url).partition("?")[0]}

    def hook(self, name: str) -> dict:
        return {"url": f"{self.receiver.url}/hook/{self.number}/{plain(name)}"}

    def slack(self, name: str) -> dict:
        secret = f"{SLACK_SECRET}{self.number}{plain(name)}"
        path = slack_service.PATH + secret
        self.receiver.script(path, default=slack_service.like_slack)
        return {"url": self.receiver.url + path}

    def hipchat(self, name: str) -> dict:
        path = f"/v2/room/{self.number}{plain(name)}/notification"
        self.receiver.script(path, default=hipchat_service.like_hipchat)
        return {"url": f"{self.receiver.url}{path}?auth_token={hipchat_service.TOKEN}"}

    def shown(self, channel: dict) -> dict:
        return expect(self.owner.get(f"{self.path}/channels/{channel['id']}"), 200)

    # events and what came of them

    def post(self, event: dict, status: int = 202, **more) -> dict:
        return expect(self.scheduler.post("/v1/events", event, **more), status)

    def outcomes(self, event_id: str) -> dict[str, dict]:
        """The results of an event, by channel id."""
        event = expect(self.owner.get(f"{self.path}/events/{event_id}"), 200)
        return {outcome["channel_id"]: outcome for outcome in event["outcomes"]}

    def outcome(self, event_id: str, channel: dict) -> dict:
        return self.outcomes(event_id)[channel["id"]]

    def settled(self, event_id: str, channel: dict, timeout: float = 15) -> dict:
        """The outcome once it can no longer change."""

        def final() -> dict | None:
            outcome = self.outcome(event_id, channel)
            return outcome if outcome["state"] in ("delivered", "failed", "skipped", "cancelled") else None

        return wait_until(final, timeout, lambda: str(self.outcome(event_id, channel)))

    def deliveries(self, channel: dict) -> list[dict]:
        return self.owner.every(f"{self.path}/deliveries?channel_id={channel['id']}")

    def seconds_until_due(self, event_id: str, channel: dict) -> float:
        """How long a delivery waits for its retry."""

        def waiting() -> dict | None:
            found = [item for item in self.deliveries(channel) if item["event_id"] == event_id]
            assert len(found) == 1, found
            return found[0] if found[0]["state"] == "due" and found[0]["attempt_count"] else None

        due = wait_until(waiting, 5)["due_at"]
        return (datetime.fromisoformat(due) - datetime.now(UTC)).total_seconds()

    def link_runs(self, template: str):
        expect(self.owner.patch(self.path, {"run_link_template": template}), 200)

    def disabling(self, channel: dict) -> dict:
        """The single audit entry for the disabling of the channel."""
        found = [e for e in self.audit() if e["target"] == f"channel:{channel['id']}" and "disabled" in e["action"]]
        assert len(found) == 1, found
        return found[0]

    def audit(self) -> list[dict]:
        """The whole audit log, oldest first."""
        return sorted(self.owner.every(f"{self.path}/audit-log"), key=lambda entry: entry["sequence"])

    def audit_length(self) -> int:
        return expect(self.owner.get(f"{self.path}/audit-log/head"), 200)["sequence"]
