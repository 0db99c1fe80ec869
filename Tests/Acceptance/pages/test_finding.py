"""Finding deliveries, taking them along, and retrying several at once."""

import csv
import io
import re

from playwright.sync_api import expect

from harness.browser import Visitor
from harness.events import finished
from harness.slack_service import says


def test_a_period_is_chosen_with_one_click_and_what_was_typed_stays(owner: Visitor, tenant, runs):
    channel = tenant.channel("webhook")
    event = tenant.post(finished(tenant.number, next(runs)))
    tenant.settled(event["id"], channel)
    page = owner.open("deliveries?state=delivered")
    page.get_by_role("link", name="Last hour").click()
    expect(page.locator("#f-state")).to_have_value("delivered")
    expect(page.locator("#f-since")).to_have_value(re.compile(r"^20\d\d-\d\d-\d\d \d\d:\d\d$"))
    expect(page.locator("tbody tr")).to_have_count(1)
    page.fill("#f-run", "pigeon")
    page.fill("#f-until", "tomorrow")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".error")).to_have_count(2)
    expect(page.locator("#f-run")).to_have_value("pigeon")
    expect(page.locator("#f-until")).to_have_value("tomorrow")
    expect(page.locator("#f-state")).to_have_value("delivered")


def test_events_are_filtered_by_time_too(owner: Visitor, tenant, runs):
    tenant.post(finished(tenant.number, next(runs)))
    page = owner.open("events?type=test.finished")
    page.get_by_role("link", name="24 hours").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.fill("#f-since", "2099-01-01")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("No events match this filter")).to_be_visible()
    page.fill("#f-since", "yesterday")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".error")).to_contain_text("Enter a time such as")
    expect(page.locator("#f-since")).to_have_value("yesterday")
    expect(page.locator("#f-type")).to_have_value("test.finished")


def test_runs_are_found_by_words_of_the_name_status_and_project(owner: Visitor, tenant, runs):
    first, second = next(runs), next(runs)
    tenant.post(finished(tenant.number, first, 12, name="Checkout, 200 users", project_id=3))
    tenant.post(finished(tenant.number, second, 3, name="Login", project_id=4))
    page = owner.open("events")
    for fill, run in (
        (lambda: page.fill("#f-name", "users CHECK"), first),
        (lambda: page.select_option("#f-status", label="Finished"), second),
        (lambda: page.fill("#f-project", "3"), first),
    ):
        owner.open("events")
        fill()
        page.get_by_role("button", name="Filter").click()
        expect(page.locator("tbody tr")).to_have_count(1)
        expect(page.locator("tbody")).to_contain_text(str(run))
    page.fill("#f-name", "users")
    page.select_option("#f-status", label="Finished")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("No events match this filter")).to_be_visible()
    expect(page.locator("#f-name")).to_have_value("users")
    expect(page.locator("#f-project")).to_have_value("3")


def test_the_audit_log_is_filtered_by_time_actor_and_action(owner: Visitor, tenant):
    tenant.channel("webhook")
    page = owner.open("audit-log")
    page.locator(".audit li", has_text="channel.created").get_by_role("link", name="channel.created").click()
    expect(page.locator("#f-action")).to_have_value("channel.created")
    expect(page.locator(".audit li")).to_have_count(1)
    page.get_by_role("link", name="Last hour").click()
    expect(page.locator("#f-action")).to_have_value("channel.created")
    expect(page.locator(".audit li")).to_have_count(1)
    page.fill("#f-since", "2099-01-01")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("No entries match this filter")).to_be_visible()
    page.fill("#f-since", "yesterday")
    page.get_by_role("button", name="Filter").click()
    expect(page.locator(".error")).to_contain_text("Enter a time such as")
    expect(page.locator("#f-action")).to_have_value("channel.created")


def test_what_is_shown_is_taken_along_as_csv(owner: Visitor, tenant, receiver, runs):
    channel = tenant.channel("slack", "=cmd|'/c calc'!A1", settings=tenant.slack("csv"))
    receiver.script(channel["at"], says(400, "invalid_blocks"))
    event = tenant.post(finished(tenant.number, next(runs), name='"quoted", and more'))
    tenant.settled(event["id"], channel)
    page = owner.open("deliveries?state=failed")
    with page.expect_download() as download:
        page.get_by_role("link", name="These as CSV").click()
    text = download.value.path().read_text(encoding="utf-8")
    titles, row = list(csv.reader(io.StringIO(text, newline="")))
    entry = dict(zip(titles, row, strict=True))
    assert entry["State"] == "failed"
    assert entry["Load test"] == '"quoted", and more'
    assert entry["Channel"] == "'=cmd|'/c calc'!A1", "no formula"


def test_several_are_retried_at_once(owner: Visitor, tenant, receiver, runs):
    channel = tenant.channel("slack")
    receiver.script(channel["at"], *[says(400, "invalid_blocks")] * 3)
    for _ in range(3):
        event = tenant.post(finished(tenant.number, next(runs)))
        assert tenant.settled(event["id"], channel)["state"] == "failed"
    page = owner.open("deliveries")
    boxes = page.get_by_role("checkbox")
    expect(boxes).to_have_count(3)
    page.get_by_role("button", name="Retry selected").click()
    expect(page.get_by_role("status")).to_contain_text("No delivery was selected")
    boxes.nth(0).check()
    boxes.nth(2).check()
    page.get_by_role("button", name="Retry selected").click()
    expect(page.get_by_role("status")).to_contain_text("Queued for an immediate retry")
    receiver.wait_for(channel["at"], 5)
    expect(page.get_by_text("✓ delivered")).to_have_count(2, timeout=10_000)
    expect(page.get_by_role("checkbox")).to_have_count(1)


def test_entries_of_the_audit_log_lead_to_what_they_are_about(owner: Visitor, tenant):
    channel = tenant.channel("webhook", "CI")
    page = owner.open("audit-log?action=channel.created")
    page.get_by_role("link", name=f"channel:{channel['id']}").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("CI")


def test_a_member_with_a_name_is_called_by_it(owner: Visitor, tenant):
    """In the message, on pages, and in the audit log beside the number; the web hook keeps the number."""
    hook, slack = tenant.channel("webhook"), tenant.channel("slack")
    page = owner.open("members")
    page.get_by_label("Name of user 1", exact=True).fill("Anna")
    page.get_by_label("Mail address of user 1").fill("anna@example.org")
    page.locator("tr", has_text="User 1").get_by_role("button", name="Save").click()
    expect(page.get_by_role("rowheader", name="Anna")).to_be_visible()
    expect(page.locator("body")).to_contain_text("Anna, owner")
    event = tenant.post(finished(tenant.number, 99, user_id=1))
    assert tenant.settled(event["id"], slack)["state"] == "delivered"
    assert "Anna" in str(tenant.receiver.arrivals(slack["at"])[-1].json)
    assert "Anna" not in str(tenant.receiver.wait_for(hook["at"])[-1].json)
    expect(owner.open(f"events/{event['id']}").locator("body")).to_contain_text("Anna")
    page = owner.open("audit-log?action=member.updated")
    expect(page.locator("body")).to_contain_text("Anna (user:1)")
    assert "anna@example.org" not in page.content()


def test_pointing_at_a_time_tells_it_in_the_readers_own(owner: Visitor, tenant):
    page = owner.open("members")
    time = page.locator("main time").first
    time.hover()
    expect(time).to_have_attribute("title", re.compile("your time.*(ago|now)"))
