"""A receiver that behaves like HipChat: room notifications of its API version 2."""

import json
import time
from pathlib import Path
from urllib.parse import parse_qs

from jsonschema import Draft7Validator

from .answer import Answer
from .arrival import Arrival

TOKEN = "HipChatCanaryToken0123456789abcdefghijkl"
SCHEMA = json.loads((Path(__file__).parent.parent / "data" / "hipchat_notification.schema.json").read_text())
VALIDATOR = Draft7Validator(SCHEMA)


def rate_headers(remaining: int = 499, reset_in: float = 300) -> tuple[tuple[str, str], ...]:
    return (
        ("X-Ratelimit-Limit", "500"),
        ("X-Ratelimit-Remaining", str(remaining)),
        ("X-Ratelimit-Reset", str(int(time.time() + reset_in))),
    )


def refusal(status: int, kind: str, text: str, headers: tuple[tuple[str, str], ...] | None = None) -> Answer:
    body = json.dumps({"error": {"code": status, "type": kind, "message": text}}).encode()
    return Answer(status, body, (("Content-Type", "application/json"), *(headers or rate_headers())))


def unauthorized() -> Answer:
    return refusal(401, "Unauthorized", "Invalid OAuth session")


def room_not_found() -> Answer:
    return refusal(404, "Not Found", "Room not found")


def too_many(reset_in: float) -> Answer:
    return refusal(429, "TooManyRequests", "You have exceeded the rate limit.", rate_headers(0, reset_in))


def like_hipchat(arrival: Arrival) -> Answer:
    """204 for what HipChat accepts; 401 without the token; 400 for what its schema refuses."""
    query = parse_qs(arrival.target.partition("?")[2])
    token = query.get("auth_token", [(arrival.header("Authorization") or "").removeprefix("Bearer ")])[0]
    if token != TOKEN:
        return unauthorized()
    try:
        body = json.loads(arrival.body)
    except ValueError:
        return refusal(400, "Bad Request", "The request body cannot be parsed as valid JSON")
    errors = [error.message for error in VALIDATOR.iter_errors(body)]
    return refusal(400, "Bad Request", errors[0]) if errors else Answer(204, b"", rate_headers())
