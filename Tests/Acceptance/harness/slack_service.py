"""A receiver that behaves like Slack, as far as its incoming webhooks are documented."""

import json

from slack_sdk.errors import SlackObjectFormationError
from slack_sdk.models.blocks import Block

from .answer import Answer
from .arrival import Arrival

PLAIN = (("Content-Type", "text/html"),)
PATH = "/services/T0RUNBELL/B0RUNBELL/"


def says(status: int, body: str, *headers: tuple[str, str]) -> Answer:
    return Answer(status, body.encode(), PLAIN + headers)


def error(body: dict) -> str | None:
    """Slack's word for what is wrong with a body; None if nothing is."""
    if not any(body.get(key) for key in ("text", "blocks", "attachments")):
        return "no_text"
    attachments = body.get("attachments") or []
    if len(attachments) > 100:
        return "too_many_attachments"
    for attachment in attachments:
        # An attachment with blocks takes nothing else beside them but its color.
        if "blocks" in attachment and set(attachment) - {"blocks", "color"}:
            return "invalid_attachments"
    lists = [body.get("blocks")] + [attachment.get("blocks") for attachment in attachments]
    return next((word for blocks in lists if (word := blocks_error(blocks))), None)


def blocks_error(blocks: list | None) -> str | None:
    if blocks is None:
        return None
    if not blocks or len(blocks) > 50:
        return "invalid_blocks"
    try:
        parsed = Block.parse_all(blocks)
        if None in parsed:
            return "invalid_blocks"
        for block in parsed:
            block.validate_json()
    except (SlackObjectFormationError, TypeError):
        return "invalid_blocks"
    return None


def like_slack(arrival: Arrival) -> Answer:
    """`ok` for what Slack accepts, otherwise the word it would answer."""
    kind = (arrival.header("Content-Type") or "").replace(" ", "").lower()
    if arrival.method != "POST" or kind not in ("application/json", "application/json;charset=utf-8"):
        return says(400, "invalid_payload")
    try:
        body = json.loads(arrival.body)
    except ValueError:
        return says(400, "invalid_payload")
    word = error(body) if isinstance(body, dict) else "invalid_payload"
    return says(400, word) if word else says(200, "ok")
