"""Prometheus's Alertmanager sends to the stand-ins of `runbell receive` what it sends to the services: a sender that
others wrote shows whether they are honest. What it tries again is its own (notify/*/*.go of 0.25)."""

import pytest

from harness.alertmanager import PROGRAM, Alertmanager
from harness.needs import needs
from harness.receiving import Receiving

pytestmark = needs(PROGRAM is not None, "prometheus-alertmanager is not installed")

TOKEN = "123456789:AAExampleExampleExampleExampleExample"
INTEGRATIONS = ["discord", "email", "opsgenie", "pagerduty", "slack", "telegram", "webhook"]
WAITS = ["email", "opsgenie", "pagerduty", "telegram"]
"""Those that Alertmanager tries again after a 429, or 451. It takes the others' for final."""


def receivers(http: str, relay: str) -> dict[str, dict]:
    return {
        "slack": {"api_url": f"{http}/services/T0/B0/secret", "channel": "#alerts"},
        "discord": {"webhook_url": f"{http}/api/webhooks/1/secret"},
        "telegram": {"api_url": http, "bot_token": TOKEN, "chat_id": -100123},
        "pagerduty": {"url": f"{http}/v2/enqueue", "routing_key": "0" * 32},
        "opsgenie": {"api_url": f"{http}/", "api_key": "secret"},
        "webhook": {"url": f"{http}/hook"},
        "email": {
            "smarthost": relay,
            "from": "alerts@example.org",
            "to": "ops@example.org, qa@example.org",
            "require_tls": False,
            "hello": "example.org",
        },
    }


@pytest.fixture
def stage(tmp_path):
    """Starts the stand-ins with an option, and an Alertmanager that sends to them."""
    running: list = []

    def start(*options: str) -> tuple[Alertmanager, Receiving, Receiving]:
        running.extend([Receiving(*options), Receiving("--kind", "email", *options)])
        http, relay = running
        running.append(Alertmanager(tmp_path, receivers(http.url, relay.host)))
        return running[-1].start(), http, relay

    yield start
    for each in running:
        each.stop()


def test_every_stand_in_takes_its_messages(stage):
    alertmanager, http, relay = stage()
    alertmanager.alert("Checkout")
    alertmanager.wait_for("notifications_total", dict.fromkeys(INTEGRATIONS, 1))
    arrivals = [http.arrival() for _ in range(len(INTEGRATIONS) - 1)] + [relay.arrival()]
    assert {arrival["service"]: arrival["status"] // 100 for arrival in arrivals} == dict.fromkeys(INTEGRATIONS, 2)
    assert not any(alertmanager.counts("notification_requests_failed_total").values()), alertmanager.log
    for arrival in arrivals:
        assert "Checkout" in str(arrival["body"]) and "FIRING" in str(arrival).upper()
    assert arrivals[-1]["recipients"] == ["ops@example.org", "qa@example.org"]
    assert arrivals[-1]["headers"]["subject"] == "[FIRING:1] (Checkout critical)"


@pytest.mark.parametrize(
    ("fail", "again"),
    [
        ("rate-limited", WAITS),
        # It does not read what a relay says to the whole mail.
        ("broken", [name for name in INTEGRATIONS if name != "email"]),
    ],
)
def test_what_is_to_be_retried_is(stage, fail, again):
    alertmanager = stage("--fail", fail)[0]
    alertmanager.alert("Checkout")
    alertmanager.wait_for("notification_requests_failed_total", dict.fromkeys(again, 2))
    failed = alertmanager.counts("notification_requests_failed_total")
    assert [name for name in INTEGRATIONS if failed[name] > 1] == again, failed


def test_who_is_gone_is_not_asked_again(stage):
    """An address without a service, a key that is not known: what Alertmanager takes for final."""
    alertmanager = stage("--fail", "gone")[0]
    alertmanager.alert("Checkout")
    final = ["discord", "opsgenie", "pagerduty", "slack", "webhook"]
    alertmanager.wait_for("notification_requests_failed_total", dict.fromkeys([*final, "email", "telegram"], 1))
    alertmanager.wait_for("notification_requests_failed_total", {"telegram": 2})
    failed = alertmanager.counts("notification_requests_failed_total")
    assert {failed[name] for name in final} == {1}, failed
