"""What was sent, at a glance: figures and charts on the Notifications page and on a channel's."""

import re

import pytest
from playwright.sync_api import expect

from harness.browser import Visitor, visitor
from harness.events import finished, started
from harness.slack_service import says


@pytest.fixture
def busy(tenant, receiver, runs):
    """Six delivered at one channel, one attempt failed at another."""
    ends = {"events": ["test.finished"], "statuses": [12]}
    good, bad = tenant.channel("webhook", "Good"), tenant.channel("webhook", "Bad", subscription=ends)
    receiver.script(bad["at"], default=says(500, "broken"))
    for status in (3, 3, 12):
        run = next(runs)
        tenant.post(started(tenant.number, run, name="Checkout"))
        event = tenant.post(finished(tenant.number, run, status, name="Checkout"))
        tenant.settled(event["id"], good)
    tenant.seconds_until_due(event["id"], bad)
    return tenant, good, bad, run


@pytest.mark.parametrize("script", [True, False], ids=["script", "no script"])
def test_the_figures_are_there_for_all_and_for_each_channel(browser, busy, script):
    tenant, good, bad, _ = busy
    with visitor(browser, tenant, script=script) as owner:
        page = owner.sign_in(tenant.owner).page
        day = page.locator(".periods > div").first
        expect(day).to_contain_text(re.compile(r"Delivered\s*6"))
        expect(day).to_contain_text(re.compile(r"Median time to arrive\s*within \d+ (ms|s)"))
        expect(page.get_by_text("One channel is failing")).to_be_visible()
        page = owner.open(f"channels/{bad['id']}")
        week = page.locator(".periods > div").last
        expect(week).to_contain_text(re.compile(r"Delivered\s*0"))
        assert int(re.search(r"Failed attempts\s*(\d+)", week.inner_text())[1]) >= 1
        expect(page.get_by_text("One delivery is waiting since")).to_be_visible()
        assert page.locator(".bars .down[height]").count() >= 2
        page.get_by_text("As a table").click()
        expect(page.locator("details tbody tr").first).to_contain_text("Hour from 20")
        page = owner.open(f"channels/{good['id']}")
        expect(page.locator(".periods")).to_contain_text("100%")


def test_a_channel_that_was_sent_nothing_says_so(owner: Visitor, tenant):
    channel = tenant.channel("webhook")
    page = owner.open(f"channels/{channel['id']}")
    expect(page.get_by_text("Nothing was sent in the last seven days.")).to_be_visible()


def test_a_run_has_a_page_that_everything_leads_to(browser, busy):
    tenant, _, _, run = busy
    with visitor(browser, tenant) as member:
        page = member.page
        page.goto(f"{member.base}/runs/{run}")
        page.fill("#key", tenant.member.key)
        page.click("button[type=submit]")
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Run {run}")
        expect(page.get_by_role("heading", level=2)).to_contain_text(
            ["Load test started", "Load test failed a threshold", "The run"]
        )
        expect(page.locator(".lead")).to_have_text("Checkout")
        expect(page.get_by_text("from its first event to its last")).to_be_visible()
        expect(page.get_by_text("1 due, 1 delivered")).to_be_visible()
        expect(page.locator(".outcomes").last.locator("li").first).to_contain_text("Bad")
        for path in ("deliveries", "events"):
            member.open(path)
            page.get_by_role("link", name=str(run), exact=True).first.click()
            expect(page.get_by_role("heading", level=1)).to_have_text(f"Run {run}")
        page.get_by_role("link", name="Event").last.click()
        page.get_by_role("link", name=f"Run {run}").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"Run {run}")
        assert page.goto(f"{member.base}/runs/1").status == 404
        expect(page.locator("nav a")).to_have_count(4)


def test_notifications_can_link_to_the_page_of_the_run(owner: Visitor, tenant, receiver, runs):
    page = owner.open("settings")
    template = page.locator("#template-help [data-link]").inner_text()
    assert template == f"{owner.base}/runs/{{load_test_run_id}}"
    page.fill("#template", template)
    page.get_by_role("button", name="Save").click()
    channel, run = tenant.channel("slack"), next(runs)
    event = tenant.post(finished(tenant.number, run))
    tenant.settled(event["id"], channel)
    assert f"{owner.base}/runs/{run}".encode() in receiver.wait_for(channel["at"])[0].body.replace(b"\\/", b"/")
    page.goto(f"{owner.base}/runs/{run}")
    expect(page.get_by_role("heading", level=1)).to_have_text(f"Run {run}")
