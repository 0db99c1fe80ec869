"""Channels of the chat services, with addresses at a receiver that answers as each service does on success."""

import json
from dataclasses import dataclass

from .answer import Answer

SECRET = "ChatCanarySecret0123456789AbCdEfGhIjKlMn"
JSON = (("Content-Type", "application/json"),)


@dataclass(frozen=True)
class ChatService:
    kind: str
    path: str
    """Where its requests go; `{number}` makes it unique, `{secret}` is what nobody may see."""
    success: Answer
    query: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    """What is set beside the address."""
    takes_server: bool = False
    """Whether the address is a server's, and the kind adds the path."""

    def draft(self, receiver: str, number: int) -> dict:
        """The channel as it is created; its limit is the test's."""
        address = receiver if self.takes_server else receiver + self.at(number) + self.query.format(secret=SECRET)
        settings = {"url": address} | dict(self.settings)
        return {"kind": self.kind, "name": self.kind, "settings": settings, "max_per_minute": 6000}

    def at(self, number: int) -> str:
        return self.path.format(number=number, secret=SECRET[:26])


def answer(status: int, body: dict, *headers: tuple[str, str]) -> Answer:
    return Answer(status, json.dumps(body).encode(), JSON + headers)


BOT = f"123456789:{SECRET}"
SERVICES = (
    ChatService("teams", "/workflows/{number}/triggers/manual/paths/invoke", Answer(202), "?sp=%2Frun&sig={secret}"),
    ChatService("discord", "/api/webhooks/{number}/{secret}", Answer(204)),
    ChatService(
        "googlechat",
        "/v1/spaces/{number}/messages",
        answer(200, {"name": "spaces/A/messages/B"}),
        "?key=k&token={secret}",
    ),
    ChatService("mattermost", "/{number}/hooks/{secret}", Answer(200, b"ok", (("Content-Type", "text/plain"),))),
    ChatService("rocketchat", "/{number}/hooks/38xQ9ZR6aqSR5aKry/{secret}", answer(200, {"success": True})),
    ChatService(
        "telegram",
        f"/bot{BOT}/sendMessage",
        answer(200, {"ok": True, "result": {"message_id": 7}}),
        settings=(("token", BOT), ("chat", "-1001234567890")),
        takes_server=True,
    ),
    ChatService(
        "zulip",
        "/api/v1/messages",
        answer(200, {"result": "success", "msg": "", "id": 42}),
        settings=(("email", "bot@example.org"), ("api_key", SECRET), ("channel", "load tests")),
        takes_server=True,
    ),
)
"""All but Matrix, which is tried with a real homeserver."""


def hosts(receiver_host: str) -> str:
    """The setting with which the receiver stands in for services that have hosts of their own."""
    return ",".join(f"{kind}={receiver_host}" for kind in ("teams", "discord", "googlechat"))
