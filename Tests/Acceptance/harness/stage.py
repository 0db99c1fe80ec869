"""An organization in which every request of the permission table has something to act on."""

import itertools
import json
from dataclasses import dataclass
from functools import cached_property

from .client import Client, expect
from .events import finished
from .permission_table import Route
from .slack_service import says
from .tenant import Tenant

TARGET_USER = 50
_users = itertools.count(1_000)


class Stage:
    def __init__(self, tenant: Tenant, foreign: Tenant):
        self.tenant = tenant
        self.foreign = foreign

    @cached_property
    def callers(self) -> dict[str, Client]:
        tenant, service = self.tenant, self.tenant.service
        return {
            "owner": tenant.owner,
            "admin": tenant.admin,
            "member": tenant.member,
            "service": tenant.scheduler,
            "operator": service.operator,
            "foreign": self.foreign.owner,
            "nobody": service.client(None),
        }

    def things(self, route: Route) -> dict[str, object]:
        """Values for the placeholders of a route's path, created anew where the request could use them up."""
        makers = {
            "org": lambda: self.tenant.number,
            "user": self.user,
            "new_user": lambda: next(_users),
            "key": lambda: self.tenant.user_key(TARGET_USER if self.user() else 0)["id"],
            "channel": lambda: self.channel(is_changed="restore" in route.path, is_paused="/resume" in route.path),
            "replay": lambda: self.replay(is_paused="/resume" in route.path),
            "event": lambda: self.delivered["event_id"],
            "room": lambda: "Build%20room",
            "delivery": lambda: self.refused()["id"] if route.method == "POST" else self.delivered["id"],
        }
        return {name: make() for name, make in makers.items() if "{" + name + "}" in route.path}

    def user(self) -> int:
        self.tenant.add(TARGET_USER, "member")
        return TARGET_USER

    @cached_property
    def receiving(self) -> dict:
        return self.tenant.channel("webhook", "receiving")

    @cached_property
    def delivered(self) -> dict:
        accepted = self.tenant.post(self.event())
        self.tenant.settled(accepted["id"], self.receiving)
        return self.tenant.deliveries(self.receiving)[0]

    def refused(self) -> dict:
        """A delivery that is not retried by itself."""
        slack = self.tenant.channel("slack", f"refusing{next(_users)}")
        self.tenant.receiver.script(slack["at"], says(400, "invalid_blocks"))
        accepted = self.tenant.post(self.event())
        assert self.tenant.settled(accepted["id"], slack)["state"] == "failed"
        return self.tenant.deliveries(slack)[0]

    def replay(self, is_paused: bool) -> str:
        """A running replay."""
        replay = expect(self.tenant.owner.post(f"{self.tenant.path}/replays", self.replay_draft()), 202)["id"]
        if is_paused:
            expect(self.tenant.owner.post(f"{self.tenant.path}/replays/{replay}/pause"), 200)
        return replay

    def replay_draft(self) -> dict:
        """Of two events to a channel that was made after them, one a minute: it takes longer than a test."""
        for _ in range(2):
            self.tenant.post(self.event())
        channel = self.channel(is_changed=False)
        return {"channel_id": channel, "since": "2020-01-01T00:00:00Z", "states": ["missing"], "per_minute": 1}

    def channel(self, is_changed: bool, is_paused: bool = False) -> str:
        channel = self.tenant.channel("webhook", f"stage{next(_users)}")["id"]
        if is_paused:
            expect(self.tenant.owner.post(f"{self.tenant.path}/channels/{channel}/pause"), 200)
        if is_changed:
            expect(self.tenant.owner.put(f"{self.tenant.path}/channels/{channel}", self.draft("changed")), 200)
        return channel

    def event(self) -> dict:
        return finished(self.tenant.number, next(_users))

    def body(self, route: Route):
        """The request's body, valid for callers who may send it."""
        bodies = {
            "PUT /v1/organizations/{org}": {"name": f"Renamed {next(_users)}", "owner_user_id": 1},
            "PATCH /v1/organizations/{org}": {"name": f"Renamed {next(_users)}"},
            "PUT /v1/organizations/{org}/members/{new_user}": {"role": "member"},
            "PUT /v1/organizations/{org}/members/{user}": {"role": "admin"},
            "POST /v1/organizations/{org}/keys": {"name": "made", "scopes": ["events:write"]},
            "POST /v1/organizations/{org}/login-links": {"user_id": 1},
            "POST /v1/organizations/{org}/channels": self.draft("made"),
            "PUT /v1/organizations/{org}/channels/{channel}": self.draft("replaced"),
            "POST /v1/organizations/{org}/channels/test": self.draft("tried"),
            "POST /v1/organizations/{org}/channels/preview": {"channel": self.draft("seen"), "event": self.event()},
            "POST /v1/organizations/{org}/channels/{channel}/rotate-secret": {},
            "POST /v1/organizations/{org}/channels/{channel}/move": self.other_kind(),
            "POST /v1/organizations/{org}/replays": self.replay_draft,
            "POST /v1/channel-kinds/recognize": {"url": "https://ci.example.org/hook"},
            "POST /v1/events": self.event(),
            "POST /v1/events/batch": {"events": [self.event()]},
            "POST /v2/room/{room}/notification": {"message": "Build 12 passed"},
        }
        body = bodies.get(route.title)
        return body() if callable(body) else body

    def draft(self, name: str) -> dict:
        return self.tenant.draft("webhook", f"{name}{next(_users)}")

    def other_kind(self) -> dict:
        return {"kind": "slack", "settings": self.tenant.slack(f"moved{next(_users)}")}

    def request(self, route: Route) -> "Request":
        """The request of one row of the table, after creating everything it needs."""
        _ = self.callers, self.receiving
        path = route.path.format(**self.things(route))
        return Request(route.method, path, self.body(route))


@dataclass(frozen=True)
class Request:
    method: str
    path: str
    body: object

    def by(self, client: Client):
        return client.call(self.method, self.path, self.body)

    def at(self, organization: int, instead_of: int) -> "Request":
        """The same request for another organization."""
        body = self.body
        if isinstance(body, dict):
            key = '"organization_id": '
            body = json.loads(json.dumps(body).replace(f"{key}{instead_of}", f"{key}{organization}"))
        path = self.path.replace(f"/organizations/{instead_of}", f"/organizations/{organization}")
        return Request(self.method, path, body)
