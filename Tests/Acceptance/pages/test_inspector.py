"""A delivery as an inspector: what was sent and answered, when, and why."""

import json
import re

import pytest
from playwright.sync_api import expect

from harness.answer import Answer
from harness.browser import visitor
from harness.client import expect as answered
from harness.events import finished
from harness.tenant import SLACK_SECRET

FAILURE = b'{"error":{"code":17,"hint":"later"}}'


@pytest.fixture(params=["webhook", "slack"])
def failed(request, tenant, receiver, runs):
    """A delivery whose first attempt failed, at a channel that was changed afterwards."""
    channel = tenant.channel(request.param, "CI")
    headers = (("Content-Type", "application/json"), ("X-Trace", "t-42"), ("X-Echo", f"of {channel['at']}"))
    receiver.script(channel["at"], Answer(503, FAILURE, headers), default=Answer(200, b"ok"))
    event = tenant.post(finished(tenant.number, next(runs), 12, name="Café 'Checkout' & <b>"))
    tenant.seconds_until_due(event["id"], channel)
    draft = tenant.draft(request.param, "CI") | {"name": "Renamed"}
    draft["settings"] = tenant.draft(request.param, "elsewhere")["settings"]
    return tenant, channel, event, draft


def test_each_attempt_shows_its_request_and_answer(browser, failed, receiver):
    tenant, channel, event, draft = failed
    sent = receiver.wait_for(channel["at"])[0]
    answered(tenant.owner.put(f"{tenant.path}/channels/{channel['id']}", draft), 200)
    with visitor(browser, tenant) as owner:
        delivery = tenant.outcome(event["id"], channel)["delivery_id"]
        page = owner.sign_in(tenant.owner).open(f"deliveries/{delivery}")
        first = page.locator(".attempts > li", has_text="Attempt 1")
        expect(first).to_contain_text("HTTP 503")
        expect(first).to_contain_text(re.compile("Decided to try again: (the next attempt is due|attempt 2 followed)"))
        expect(first.locator(".figures")).to_contain_text("response")
        assert first.locator(".timing rect").count() >= 1
        owner.unfold()
        shown = first.locator("pre").first.inner_text().partition("\n\n")[2]
        assert json.loads(shown) == json.loads(sent.body), "made again as it was, not as the channel is now"
        assert '\n  "' in shown, "readable: a member a line"
        expect(first.locator("pre", has_text="X-Trace: t-42")).to_be_visible()
        expect(first.locator("pre", has_text='"hint": "later"')).to_be_visible()
        command = first.locator("pre.command").inner_text()
        body = command.partition("--data-raw '")[2].removesuffix("'").replace("'\\''", "'")
        assert body.encode() == sent.body, "to the byte"
        assert command.startswith("curl --request 'POST'")
        assert SLACK_SECRET not in page.content()
        assert tenant.outcome(event["id"], channel)["delivery_id"] in page.locator("#delivery-id").inner_text()


def test_it_can_be_sent_again_even_if_it_was_delivered(browser, tenant, receiver, runs):
    channel = tenant.channel("webhook")
    event = tenant.post(finished(tenant.number, next(runs)))
    delivery = tenant.settled(event["id"], channel)["delivery_id"]
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
        page = owner.open(f"deliveries/{delivery}")
        page.get_by_role("button", name="Copy").first.click()
        expect(page.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == delivery
        page.get_by_role("button", name="Send again").click()
        expect(page.get_by_role("status")).to_contain_text("queued")
        arrivals = receiver.wait_for(channel["at"], 2)
        assert len({arrival.delivery for arrival in arrivals}) == 1
        tenant.settled(event["id"], channel)
        page.reload()
        expect(page.locator(".attempts > li")).to_have_count(2)
        expect(page.locator(".attempts > li").first).to_contain_text("Attempt 2")


def test_a_member_sees_the_answers_and_no_requests(browser, failed):
    tenant, channel, event, _ = failed
    with visitor(browser, tenant) as member:
        delivery = tenant.outcome(event["id"], channel)["delivery_id"]
        page = member.sign_in(tenant.member).open(f"deliveries/{delivery}")
        member.unfold()
        expect(page.locator("pre", has_text='"hint": "later"')).to_be_visible()
        assert page.locator("pre.command").count() == 0
        assert page.get_by_text("curl").count() == 0
        assert page.locator("main form").count() == 0
