"""A mail relay that hangs until the deadline: it is explained, and nobody else notices."""

import socket
from collections import Counter
from concurrent.futures import ThreadPoolExecutor

from harness.event_to_wire import event_to_wire, percentile
from harness.events import started
from harness.mail_channel import confirmed, mail_channel, press_test_hook, settings_for, somebody
from harness.mail_relay import Relay
from harness.tenant import Tenant
from harness.waiting import wait_until

EVENTS, PER_SECOND = 40, 20
FLOOR = 0.05
"""Seconds that are never too long for the median: below it, twice of next to nothing is noise."""
TRIES = 3
"""Somebody else may take the processors while one of the figures is measured; three times in a row is no accident."""
CHANNELS, BURST = 5, 4
"""Together more mails than there are connections to the relay."""
CONNECTIONS = 16


def median(tenant: Tenant, hook: dict, runs) -> float:
    return percentile(event_to_wire(tenant, hook, runs, EVENTS, PER_SECOND), 50)


def test_a_relay_that_hangs(make_service, receiver, runs):
    relay = Relay()
    service = make_service(**settings_for(relay.url)).start()
    neighbor, sender = Tenant(service, receiver), Tenant(service, receiver)
    hook = neighbor.channel("webhook")
    channels = [confirmed(sender, relay, somebody()) for _ in range(CHANNELS)]
    quiet = median(neighbor, hook, runs)
    before, relay.hangs = len(relay.mails), True
    events = [sender.post(started(sender.number, next(runs)))["id"] for _ in range(BURST)]
    wait_until(lambda: len(relay.mails) - before == CONNECTIONS, 10, lambda: f"{len(relay.mails) - before} hang")
    with ThreadPoolExecutor(1) as thread, socket.create_server(("127.0.0.1", 0)) as silent:
        report = thread.submit(try_without_greeting, make_service, receiver, silent.getsockname()[1])
        busy = [median(neighbor, hook, runs)]
        while min(busy) > max(2 * quiet, FLOOR) and len(busy) < TRIES:
            busy.append(median(neighbor, hook, runs))
        print(f"median from event to wire: {quiet * 1000:.1f} ms, beside a relay that hangs {min(busy) * 1000:.1f} ms")
        assert min(busy) <= max(2 * quiet, FLOOR)
        expect_explained(sender, channels, events)
        # Nothing was sent, so it is a fault of the installation, which no attempt is wasted on.
        finding = report.result()["finding"]
        assert finding["code"] == "local.network" and "mail relay" in finding["text"], finding
    assert all(sender.shown(channel)["enabled"] for channel in channels)
    service.kill()
    relay.close()


def try_without_greeting(make_service, receiver, port: int) -> dict:
    tenant = Tenant(make_service(**settings_for(f"smtp://127.0.0.1:{port}")).start(), receiver)
    return press_test_hook(tenant, mail_channel(tenant, somebody()))


def expect_explained(tenant: Tenant, channels: list[dict], events: list[str]):
    """Within the deadline of 15 s: the mails that hung were attempts, the others wait for a connection."""

    def attempts() -> Counter:
        found = [tenant.outcome(event, channel) for event in events for channel in channels]
        if any("in progress" in outcome["text"] for outcome in found):
            return Counter()
        shown = [tenant.owner.get(f"{tenant.path}/deliveries/{outcome['delivery_id']}").json() for outcome in found]
        return Counter(attempt["finding"]["code"] for delivery in shown for attempt in delivery["attempts"][:1])

    counts = wait_until(attempts, 20, "mails hang longer than until the deadline", pause=0.2)
    assert counts == {"timeout.waiting": CONNECTIONS}
    holds = [(tenant.shown(channel)["health"]["hold"] or {}).get("finding", {}).get("code") for channel in channels]
    assert "local.sockets" in holds
