"""A channel's own page, two admins at once, and what a member sees."""

import json

import pytest
from playwright.sync_api import expect

from harness.answer import Answer
from harness.browser import Visitor, visitor
from harness.client import expect as answered
from harness.events import finished
from harness.slack_service import says
from harness.waiting import wait_until


def test_two_admins_editing_one_channel_see_the_conflict(browser, tenant):
    channel = tenant.channel("webhook", "CI")
    path = f"channels/{channel['id']}"
    with visitor(browser, tenant) as first, visitor(browser, tenant) as second:
        first.sign_in(tenant.owner).open(path)
        second.sign_in(tenant.admin).open(path)
        first.page.fill("[name=name]", "CI of the shop")
        first.page.get_by_role("button", name="Save").click()
        expect(first.page.get_by_role("status")).to_contain_text("Saved")

        second.page.fill("[name=name]", "Nightly")
        second.page.fill("[name=projects]", "7")
        second.page.get_by_label("Timed out").uncheck()
        second.page.get_by_role("button", name="Save").click()
        conflict = second.page.locator(".conflict")
        expect(conflict).to_contain_text("user:1 saved this channel")
        expect(conflict.locator("tr", has_text="name")).to_contain_text("CI of the shop")
        expect(conflict.locator("tr", has_text="name")).to_contain_text("Nightly")
        expect(conflict.locator("tr", has_text="project_ids")).to_contain_text("7")
        expect(second.page.locator("[name=name]")).to_have_value("Nightly")
        expect(second.page.locator("[name=projects]")).to_have_value("7")
        expect(second.page.get_by_label("Timed out")).not_to_be_checked()
        assert tenant.shown(channel)["name"] == "CI of the shop"

        second.page.get_by_role("button", name="Overwrite with mine").click()
        expect(second.page.get_by_role("status")).to_contain_text("Saved")
        saved = tenant.shown(channel)
        assert (saved["name"], saved["version"]) == ("Nightly", 3)
        assert saved["subscription"]["project_ids"] == [7]
        assert 4 not in saved["subscription"]["statuses"]


def test_saving_what_is_shown_masked_keeps_the_secret(owner: Visitor, tenant, receiver):
    channel = tenant.channel("slack")
    page = owner.open("notifications")
    owner.card("slack").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    owner.card("slack").get_by_role("button", name="Test Hook").click()
    expect(owner.card("slack").locator(".verdict")).to_contain_text("accepted the test event")
    assert len(receiver.wait_for(channel["at"])) == 1


@pytest.mark.parametrize("more", [{}, {"headers": "X-Team: shop\n", "format": "cloudevents"}], ids=["plain", "more"])
def test_a_test_of_what_is_shown_is_one_of_what_is_saved(owner: Visitor, tenant, receiver, runs, more):
    """Of a channel that no form has made: line breaks at the end, and a secret behind the other fields."""
    channel = tenant.channel("webhook", settings=tenant.hook("as shown") | more)
    receiver.script(channel["at"], Answer(410))
    tenant.post(finished(tenant.number, next(runs)))
    wait_until(lambda: tenant.shown(channel)["state"] == "disabled", 10)
    page = owner.open(f"channels/{channel['id']}")
    page.get_by_role("button", name="Test Hook").click()
    expect(page.locator(".verdict")).to_contain_text("The channel is enabled again.")
    expect(page.locator("#facts")).to_contain_text("enabled")
    expect(page.get_by_role("button", name="Disable")).to_be_visible()
    before = tenant.shown(channel)
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    assert tenant.shown(channel)["settings"] == before["settings"]


def test_the_preview_is_what_is_sent(owner: Visitor, tenant, receiver, runs):
    channel = tenant.channel("slack")
    run = next(runs)
    event = tenant.post(finished(tenant.number, run, 12, name="Café & <b>Checkout</b>"))
    tenant.settled(event["id"], channel)
    page = owner.open(f"channels/{channel['id']}")
    for label in ("Load test started", "Load test timed out", "Test notification"):
        page.select_option("#preview-event", label=label)
        expect(page.locator(".message-preview .title")).to_have_text(label)
    page.select_option("#preview-event", value=event["id"])
    drawing = page.locator(".message-preview")
    expect(drawing).to_contain_text("Load test failed a threshold")
    expect(drawing).to_contain_text("Café & <b>Checkout</b>")
    assert drawing.locator(".bar rect").get_attribute("fill") == "#a30200"
    sent = receiver.wait_for(channel["at"])[0].body
    shown = page.locator("#preview pre").inner_text().partition("\n\n")[2]
    assert json.loads(shown) == json.loads(sent)
    assert len(receiver.arrivals(channel["at"])) == 1, "a preview sends nothing"


def test_hipchat_is_previewed_as_its_card(owner: Visitor, tenant):
    channel = tenant.channel("hipchat")
    page = owner.open(f"channels/{channel['id']}?preview=test.finished.12")
    expect(page.locator(".message-preview.HipChat .lozenge")).to_have_text("Failed threshold (12)")


def test_a_removal_can_be_undone(owner: Visitor, tenant, receiver, runs):
    channel = tenant.channel("webhook")
    page = owner.open(f"channels/{channel['id']}")
    page.get_by_text("Remove this channel").click()
    page.get_by_role("button", name="Remove channel").click()
    expect(page.get_by_role("status")).to_contain_text("you can undo this")
    event = tenant.post(finished(tenant.number, next(runs)))
    assert tenant.outcome(event["id"], channel)["state"] == "due", "what comes meanwhile waits"
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_role("status")).to_contain_text("Removal undone")
    assert tenant.settled(event["id"], channel)["state"] == "delivered"
    assert tenant.shown(channel)["state"] == "enabled"


def test_pause_and_resume(owner: Visitor, tenant, receiver, runs):
    channel = tenant.channel("webhook")
    page = owner.open(f"channels/{channel['id']}")
    page.get_by_role("button", name="Pause").click()
    expect(page.locator(".facts .state").first).to_have_text("‖ paused")
    event = tenant.post(finished(tenant.number, next(runs)))
    page = owner.open("deliveries")
    expect(page.locator("tbody")).to_contain_text("Queued: user 1 paused the channel")
    page = owner.open(f"channels/{channel['id']}")
    page.get_by_role("button", name="Resume").click()
    expect(page.locator(".facts .state").first).to_have_text("● enabled")
    assert tenant.settled(event["id"], channel)["state"] == "delivered"


def test_a_replay_is_previewed_first(owner: Visitor, tenant, receiver, runs):
    channel = tenant.channel("slack")
    receiver.script(channel["at"], says(400, "invalid_blocks"), says(400, "invalid_blocks"))
    for _ in range(2):
        event = tenant.post(finished(tenant.number, next(runs)))
        assert tenant.settled(event["id"], channel)["state"] == "failed"
    page = owner.open(f"channels/{channel['id']}")
    page.get_by_role("link", name="Replay missed events").click()
    page.get_by_role("button", name="Preview").click()
    expect(page.locator(".error")).to_contain_text("Enter a time such as")
    page.fill("#since", "2026-01-01")
    page.get_by_role("button", name="Preview").click()
    expect(page.get_by_role("status")).to_contain_text("2 would be sent (2 failed)")
    assert len(receiver.arrivals(channel["at"])) == 2, "a preview sends nothing"
    page.get_by_role("button", name="Replay", exact=True).click()
    expect(page.get_by_role("status")).to_contain_text("Replay started")
    receiver.wait_for(channel["at"], 4)
    wait_until(lambda: tenant.outcome(event["id"], channel)["state"] == "delivered", 10)


def test_what_is_saved_of_the_organization(owner: Visitor, tenant):
    channel = tenant.channel("slack", "Trouble")
    page = owner.open("settings")
    page.fill("#name", "Web shop")
    page.fill("#template", "javascript:alert(1)")
    page.fill("#audit-retention", "10")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".error")).to_have_count(2)
    page.fill("#template", "https://app.example.com/runs/{load_test_run_id}")
    page.fill("#audit-retention", "200")
    page.select_option("#fallback", label="Trouble")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("saved")
    saved = answered(tenant.owner.get(tenant.path), 200)
    assert saved["name"] == "Web shop"
    assert (saved["fallback_channel_id"], saved["audit_retention_days"]) == (channel["id"], 200)


def test_a_limit_of_its_own_and_a_card_that_keeps_it(owner: Visitor, tenant):
    channel = tenant.channel("webhook")
    page = owner.open(f"channels/{channel['id']}")
    page.fill("#rate", "0")
    page.get_by_role("button", name="Save").click()
    expect(page.locator("#rate-error")).to_be_visible()
    page.fill("#rate", "30")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    owner.open("notifications")
    owner.card("webhook").get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    assert tenant.shown(channel)["max_per_minute"] == 30


def test_disable_rotate_restore(owner: Visitor, tenant):
    channel = tenant.channel("webhook", "first name")
    page = owner.open(f"channels/{channel['id']}")
    page.get_by_role("button", name="Disable").click()
    expect(page.locator(".facts .state").first).to_have_text("⊘ disabled")
    page.get_by_role("button", name="Enable").click()
    expect(page.locator(".facts .state").first).to_have_text("● enabled")
    page.get_by_role("button", name="Rotate secret").click()
    secret = page.locator("section:has(#secret-title) pre").inner_text()
    assert secret.startswith("whsec_")
    page.reload()
    assert secret not in page.content(), "shown once"
    page.fill("[name=name]", "second name")
    page.get_by_role("button", name="Save").click()
    newest = page.locator(".revisions li").first
    expect(newest.locator("del")).to_have_text("first name")
    expect(newest.locator("ins")).to_have_text("second name")
    page.locator(".revisions li", has_text="Revision 1").get_by_role("button", name="Restore").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("first name")
    assert tenant.shown(channel)["name"] == "first name"


def test_tests_are_kept_with_who_and_what_came_of_them(browser, tenant, receiver):
    channel = tenant.channel("webhook")
    for script in (True, False):
        with visitor(browser, tenant, script=script) as owner:
            owner.sign_in(tenant.owner)
            page = owner.open(f"channels/{channel['id']}")
            lines = page.locator("#tests tbody tr")
            before = lines.count()
            page.get_by_role("button", name="Test Hook").click()
            expect(lines).to_have_count(before + 1)
            expect(lines.first).to_contain_text("user:1")
            expect(lines.first).to_contain_text("✓ delivered")
            sent = receiver.wait_for(channel["at"], before + 1)[-1]
            expect(lines.first.locator("code")).to_have_text(sent.header("webhook-id"))
    receiver.script(channel["at"], says(503, "starting"))
    page_of_api = f"{tenant.path}/channels/{channel['id']}"
    answered(tenant.admin.post(f"{page_of_api}/test"), 200)
    newest = answered(tenant.admin.get(f"{page_of_api}/tests"), 200)["data"][0]
    assert (newest["actor"], newest["verdict"], newest["status"]) == ("user:2", "retry", 503)
    entry = answered(tenant.owner.get(f"{tenant.path}/audit-log?limit=1"), 200)["data"][0]
    assert (entry["action"], entry["detail"]["test"]) == ("channel.test_result", newest["id"])


def test_leaving_with_unsaved_changes_is_asked_about(owner: Visitor, tenant):
    channel = tenant.channel("webhook", "CI")
    page = owner.open(f"channels/{channel['id']}")
    page.fill("[name=name]", "CI of the shop")
    owner.complaints.leaves = False
    page.get_by_role("link", name="Events", exact=True).click()
    expect(page.locator("[name=name]")).to_have_value("CI of the shop")
    assert owner.complaints.asked == 1
    page.fill("[name=name]", "CI")
    page.get_by_role("link", name="Events", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Events")
    page = owner.open(f"channels/{channel['id']}")
    page.fill("[name=name]", "CI of the shop")
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("status")).to_contain_text("Saved")
    assert owner.complaints.asked == 1


REFUSAL = '<main><p role="alert"><span aria-hidden="true">✕</span> The service is overloaded.</p></main>'


@pytest.mark.parametrize(
    ("status", "body", "said"),
    [
        (503, REFUSAL, "The service is overloaded."),
        (409, REFUSAL, "The service is overloaded."),
        (502, "<h1>Bad gateway</h1>", "Runbell did not test it. Try again."),
        (None, "", "Runbell did not respond."),
    ],
)
def test_a_test_that_is_refused_says_so_and_saves_nothing(owner: Visitor, tenant, status, body, said):
    channel = tenant.channel("webhook", "CI")
    page = owner.open(f"channels/{channel['id']}")
    page.fill("[name=name]", "CI of the shop")
    page.route(
        "**/channels/test",
        lambda route: (
            route.fulfill(status=status, body=body, content_type="text/html; charset=utf-8")
            if status
            else route.abort()
        ),
    )
    page.get_by_role("button", name="Test Hook").click()
    expect(page.locator(".channel-form .result .error")).to_contain_text(said)
    expect(page.locator("[name=name]")).to_have_value("CI of the shop")
    assert tenant.shown(channel)["name"] == "CI"


def test_of_several_channels_the_card_names_its_own(owner: Visitor, tenant, receiver):
    first = tenant.channel("webhook", "CI")
    page = owner.open("notifications")
    assert page.locator(".siblings").count() == 0
    second = tenant.channel("webhook", "CI", settings=tenant.hook("another secret path"))
    owner.open("notifications")
    expect(owner.card("webhook").locator(".siblings")).to_contain_text("CI, the oldest of 2")
    prints = [tenant.shown(channel)["address_fingerprint"] for channel in (first, second)]
    assert len(set(prints)) == 2
    for line, print_ in zip(page.locator("#all-title ~ .scroll tbody tr").all(), prints, strict=True):
        expect(line.locator("code")).to_have_text(print_)
    expect(owner.card("webhook").get_by_text("Fingerprint")).to_contain_text(prints[0])
    owner.card("webhook").get_by_role("link", name="CI").click()
    expect(page.get_by_text("Fingerprint")).to_contain_text(prints[0])


def test_a_new_secret_is_shown_once_and_can_be_copied(owner: Visitor, tenant):
    owner.context.grant_permissions(["clipboard-read", "clipboard-write"])
    for path, form in (("notifications", "#form-webhook"), ("channels/new?kind=webhook", ".channel-form")):
        page = owner.open(path)
        page.locator(form).locator("[name='settings.url']").fill(tenant.hook("copied")["url"])
        page.locator(form).get_by_role("button", name="Save").click()
        section = page.locator("section:has(#new-secret)")
        secret = page.locator("#new-secret").inner_text()
        assert secret.startswith("whsec_")
        section.get_by_role("button", name="Copy").click()
        expect(section.get_by_role("button", name="Copied")).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == secret
        page = owner.open("notifications")
        assert secret not in page.content()


def test_without_the_clipboard_a_text_is_selected(owner: Visitor, tenant):
    page = owner.open("channels/new?kind=webhook")
    page.locator("[name='settings.url']").fill(tenant.hook("refused")["url"])
    page.get_by_role("button", name="Save").click()
    page.locator("#new-secret").wait_for()
    page.evaluate("() => { navigator.clipboard.writeText = () => Promise.reject(new Error('refused')) }")
    page.get_by_role("button", name="Copy").click()
    page.wait_for_function("getSelection().toString() === document.querySelector('#new-secret').textContent")


def test_a_member_sees_it_read_only_with_an_explanation(browser, tenant):
    channel = tenant.channel("slack")
    with visitor(browser, tenant) as member:
        page = member.sign_in(tenant.member).page
        why = page.get_by_text("only owners and admins can make changes")
        expect(why).to_be_visible()
        assert page.get_by_role("button", name="Save").count() == 0
        assert page.get_by_role("button", name="Test Hook").count() == 0
        assert page.locator("[name='settings.url']:not([readonly])").count() == 0
        page = member.open(f"channels/{channel['id']}")
        expect(why).to_be_visible()
        assert page.locator("main button").count() == 0
        assert page.locator("#preview").count() == 0
        for path in ("audit-log", "members", "keys"):
            answer = page.goto(f"{member.base}/{path}")
            assert answer.status == 403
            expect(page.get_by_text("Only owners and admins of the organization")).to_be_visible()
        length = tenant.audit_length()
        page.goto(f"{member.base}/audit-log")
        assert tenant.audit_length() == length, "the second look of a minute is counted with the first"
        token = page.locator("[name=form_token]").first.get_attribute("value")
        answer = page.request.post(
            f"{member.base}/channels/{channel['id']}/remove",
            form={"form_token": token},
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        assert answer.status == 403, "the repository decides, whatever the page shows"
        assert answered(tenant.owner.get(f"{tenant.path}/channels/{channel['id']}"), 200)["state"] == "enabled"
