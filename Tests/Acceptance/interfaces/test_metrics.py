"""What the service counts, read by Prometheus' own client."""

import requests

from harness.client import expect
from harness.events import started
from harness.metrics import samples
from harness.needs import OVER_POSTGRESQL
from harness.tenant import Tenant


def test_events_and_attempts_are_counted(make_service, receiver, runs):
    service = make_service(RUNBELL_METRICS="true").start()
    tenant = Tenant(service, receiver)
    hook = tenant.channel("webhook")
    tenant.channel("slack", subscription={"events": ["test.finished"]})
    event = expect(tenant.scheduler.post("/v1/events", started(tenant.number, next(runs))), 202)
    tenant.settled(event["id"], hook)
    seen = samples(service)
    assert seen["runbell_events_accepted_total test.started"] == 1
    assert seen["runbell_deliveries_skipped_total"] == 1
    assert seen["runbell_attempts_total webhook delivered"] == 1
    assert seen["runbell_attempts_total slack delivered"] == 0
    assert seen["runbell_attempt_duration_seconds_count webhook"] == 1
    assert seen["runbell_http_requests_total 202"] == 1
    assert seen["runbell_audit_findings_total"] == 0, "an alert sees only what changes"
    if not OVER_POSTGRESQL:
        assert (seen["runbell_nodes"], seen["runbell_node_in_charge"]) == (1, 1)
    assert not any(str(tenant.number) in name for name in seen), "a metric tells of one organization"


def test_without_the_setting_there_is_no_such_route(service):
    assert requests.get(f"{service.url}/metrics", timeout=5).status_code in (401, 404)
