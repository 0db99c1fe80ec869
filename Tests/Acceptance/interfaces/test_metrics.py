"""What the service counts, read by Prometheus' own client."""

import re

import requests

from harness.client import expect
from harness.events import started
from harness.metrics import samples
from harness.needs import OVER_POSTGRESQL
from harness.service import PROJECT
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
    for zero in ("runbell_audit_findings_total", "runbell_http_requests_total 503", "runbell_http_requests_total 507"):
        assert seen[zero] == 0, "an alert sees only what changes"
    if not OVER_POSTGRESQL:
        assert (seen["runbell_nodes"], seen["runbell_node_in_charge"]) == (1, 1)
    assert not any(str(tenant.number) in name for name in seen), "a metric tells of one organization"


def test_requests_that_wait_are_counted_but_not_measured(make_service, receiver):
    service = make_service(RUNBELL_METRICS="true").start()
    tenant = Tenant(service, receiver)
    owner = tenant.owner
    before = samples(service)
    expect(owner.get(f"{tenant.path}/events/live?after=0&wait=1"), 200)
    expect(owner.get(f"{tenant.path}/events"), 200)
    after = samples(service)

    def grown(name: str) -> float:
        return after[name] - before.get(name, 0)

    # A reading of the metrics is counted after its own answer.
    assert grown("runbell_http_requests_total 200") == 3
    assert grown("runbell_http_request_duration_seconds_count") == 2


def test_every_metric_says_what_it_means(make_service):
    service = make_service(RUNBELL_METRICS="true").start()
    requests.get(service.url, timeout=5)
    text = requests.get(f"{service.url}/metrics", timeout=5).text
    shown = dict(re.findall(r"^# HELP (\w+) (.*)$", text, re.MULTILINE))
    assert set(re.findall(r"^# TYPE (\w+)", text, re.MULTILINE)) == set(shown)
    page = (PROJECT / "docs" / "operations.md").read_text()
    documented = dict(re.findall(r"^\| `(runbell_\w+)` \|[^|]*\| (.*) \|$", page, re.MULTILINE))
    assert len(shown) > 10
    for name, meaning in shown.items():
        assert documented[name].replace("`", "") == meaning, name


def test_without_the_setting_there_is_no_such_route(service):
    assert requests.get(f"{service.url}/metrics", timeout=5).status_code in (401, 404)
