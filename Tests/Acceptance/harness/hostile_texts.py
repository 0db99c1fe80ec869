"""An organization whose every text is as long and as hard to break as the service takes it."""

from .client import expect
from .events import finished, started
from .page_list import LISTS
from .slack_service import says
from .tenant import Tenant

CHANNEL = "Kanal" + "W" * 195
"""200 bytes without a place to break."""
BIDI = "\u05e2\u05e8\u05d5\u05e5" * 12 + "\U0001f514" * 10
"""The other direction, and wide pictures."""
TEST = "Prüfung" + "Ж" * 4_990
"""A load test's name of 5,000 letters."""
USER = 9_007_199_254_740_993
LONGEST = 2**63 - 1
"""`runbell watch` makes numbers of runs that are nearly as long."""


def furnish(tenant: Tenant, runs, channels: int = 0) -> dict[str, str]:
    """Fills the organization, and returns the paths of its pages."""
    expect(tenant.owner.patch(tenant.path, {"name": "Organization" + "M" * 188}), 200)
    hook = tenant.channel("webhook", CHANNEL)
    other = tenant.channel("slack", BIDI, settings=tenant.slack("bidi"))
    tenant.receiver.script(hook["at"], default=says(503, "ruht" * 900))
    for number in range(channels):
        tenant.channel("webhook", f"Team {number}", subscription={"statuses": [9, 12]})
    tenant.add(USER, "member")
    expect(tenant.owner.post(f"{tenant.path}/keys", {"name": "K" * 200, "scopes": ["events:write"]}), 201)
    run = LONGEST - next(runs)
    start = tenant.post(started(tenant.number, run, name=TEST, status_text="S" * 250))
    end = tenant.post(finished(tenant.number, run, 12, name=TEST, status_text="S" * 250))
    tenant.settled(end["id"], other)
    tenant.seconds_until_due(start["id"], hook)
    for name in ("N" * 200, CHANNEL):
        draft = tenant.draft("webhook", CHANNEL) | {"name": name}
        expect(tenant.owner.put(f"{tenant.path}/channels/{hook['id']}", draft), 200)
    return LISTS | {
        "channel": f"channels/{hook['id']}?preview={end['id']}",
        "channel-slack": f"channels/{other['id']}?preview={end['id']}",
        "delivery": f"deliveries/{tenant.outcome(start['id'], hook)['delivery_id']}",
        "event": f"events/{start['id']}",
        "run": f"runs/{run}",
    }
