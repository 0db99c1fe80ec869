"""All pages, by the name of their screenshot."""

from .browser import Visitor
from .events import finished, started
from .slack_service import says
from .tenant import Tenant

LISTS = {
    "notifications": "notifications",
    "new-channel": "channels/new?kind=webhook",
    "deliveries": "deliveries",
    "events": "events",
    "audit-log": "audit-log",
    "members": "members",
    "keys": "keys",
    "settings": "settings",
    "replays": "replays",
}


WRONG = "/mail/1/01234567-0123-7123-8123-0123456789ab/" + "0" * 64


def furnish(tenant: Tenant, runs) -> dict[str, str]:
    """Fills an organization with data, and returns the paths of all its pages."""
    tenant.owner.patch(tenant.path, {"name": "Web shop"})
    tenant.link_runs("https://app.example.com/runs/{load_test_run_id}")
    names = {"slack": "slack", "hipchat": "HipChat: Load tests", "webhook": "Web hook: Dashboard"}
    channels = {kind: tenant.channel(kind, name) for kind, name in names.items()}
    ci = tenant.channel("webhook", "CI, failures only", subscription={"statuses": [9, 12]})
    tenant.receiver.script(channels["webhook"]["at"], default=says(503, "the receiver rests"))
    tenant.add(2, "admin")
    for status in (3, 12):
        run = next(runs)
        start = tenant.post(started(tenant.number, run, name="Checkout, 200 users"))
        event = tenant.post(finished(tenant.number, run, status, name="Checkout, 200 users"))
    tenant.settled(event["id"], channels["slack"])
    tenant.settled(event["id"], channels["hipchat"])
    tenant.seconds_until_due(start["id"], channels["webhook"])
    delivery = tenant.outcome(start["id"], channels["webhook"])["delivery_id"]
    path = f"{tenant.path}/channels/{channels['slack']['id']}"
    body = tenant.draft("slack", "Slack: #load-tests", subscription={"events": ["test.finished"]})
    body["settings"] = tenant.shown(channels["slack"])["settings"]
    assert tenant.owner.put(path, body).status_code == 200
    assert ci["id"]
    return LISTS | {
        "channel": f"channels/{channels['slack']['id']}",
        "channel-hipchat": f"channels/{channels['hipchat']['id']}?preview=test.finished.12",
        "channel-webhook": f"channels/{channels['webhook']['id']}",
        "delivery": f"deliveries/{delivery}",
        "event": f"events/{event['id']}",
        "run": f"runs/{run}",
    }


def outside(visitor: Visitor) -> dict[str, str]:
    """The pages that do not require signing in."""
    body = {"user_id": 1}
    link = visitor.tenant.service.operator.post(f"{visitor.tenant.path}/login-links", body).json()["path"]
    return {"login": "/login", "login-link": link, "login-link-used": "/login/" + "0" * 64, "mail-link-wrong": WRONG}
