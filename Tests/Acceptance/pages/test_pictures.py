"""The pictures of the pages in the documentation: `make pictures` takes them anew, this shows that it can."""

import os
from pathlib import Path

import pytest
from playwright.sync_api import expect

from harness.browser import WIDE, Visitor, visitor
from harness.events import finished, started
from harness.page_list import LISTS
from harness.service import PROJECT
from harness.slack_service import says
from harness.tenant import Tenant

PICTURES = PROJECT / os.environ.get("RUNBELL_PICTURES", "artefacts/pictures")
NAME = "Checkout, 200 users"
HEIGHTS = {
    "onboarding": 1075,
    "setup": 800,
    "notifications": 1180,
    "channel": 1400,
    "delivery": 1040,
    "run": 1100,
    "deliveries-dark": 1000,
}
"""In pixels, from the top."""


@pytest.fixture(scope="module")
def shop(service, receiver, runs):
    """An organization where all is well: a web hook had a failure, and has recovered from it."""
    tenant = Tenant(service, receiver)
    tenant.owner.patch(tenant.path, {"name": "Web shop"})
    for user, role, name in ((1, "owner", "Anna"), (7, "member", "Ben")):
        tenant.owner.put(f"{tenant.path}/members/{user}", {"role": role, "display_name": name})
    tenant.link_runs("https://load.example.com/runs/{load_test_run_id}")
    names = {"slack": "#load-tests", "hipchat": "Load tests", "webhook": "Dashboard"}
    channels = {kind: tenant.channel(kind, name) for kind, name in names.items()}
    tenant.receiver.script(channels["webhook"]["at"], says(503, "the receiver rests"))
    events = []
    for status in (3, 12):
        run = next(runs)
        events.append(tenant.post(started(tenant.number, run, name=NAME))["id"])
        events.append(tenant.post(finished(tenant.number, run, status, name=NAME))["id"])
    for event in events:
        for channel in channels.values():
            tenant.settled(event, channel, timeout=40)
    delivery = tenant.outcome(events[0], channels["webhook"])["delivery_id"]
    return tenant, {
        "notifications": LISTS["notifications"],
        "channel": f"channels/{channels['slack']['id']}",
        "delivery": f"deliveries/{delivery}",
        "run": f"runs/{run}",
    }


def take(owner: Visitor, name: str) -> Path:
    page = owner.page
    page.evaluate("window.scrollTo(0, 0)")
    height = min(HEIGHTS[name], page.evaluate("document.documentElement.scrollHeight"))
    path = PICTURES / f"{name}.png"
    path.parent.mkdir(parents=True, exist_ok=True)
    page.screenshot(path=path, full_page=True, clip={"x": 0, "y": 0, "width": WIDE, "height": height})
    return path


def test_an_organization_without_channels(browser, service, receiver):
    tenant = Tenant(service, receiver)
    tenant.owner.patch(tenant.path, {"name": "Web shop"})
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        expect(owner.page.get_by_text("Three steps")).to_be_visible()
        take(owner, "onboarding")
        owner.open("channels/new?kind=telegram")
        owner.unfold()
        take(owner, "setup")


def test_an_organization_where_all_is_well(browser, shop):
    tenant, pages = shop
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        for name, path in pages.items():
            owner.open(path)
            if name == "notifications":
                owner.card("slack").get_by_role("button", name="Test Hook").click()
                owner.card("slack").locator(".verdict").wait_for()
            assert take(owner, name).stat().st_size > 10_000
    with visitor(browser, tenant, scheme="dark") as owner:
        owner.sign_in(tenant.owner)
        owner.open("deliveries")
        take(owner, "deliveries-dark")
