"""Choosing a kind of channel: by pasting an address, by searching, and with the three of the original on top."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from harness.browser import NARROW, WIDE, Visitor, photograph, visitor
from harness.client import expect as answered
from harness.pasted_addresses import ADDRESSES, OTHERS, SLACK
from harness.service import PROJECT
from harness.tenant import Tenant

PICTURES = PROJECT / "artefacts" / "kinds"


def test_a_pasted_address_fills_in_the_form_of_its_kind(owner: Visitor):
    page = owner.open("notifications")
    page.get_by_label("Paste an address").fill(SLACK)
    page.get_by_role("button", name="Continue").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("New channel: Slack")
    expect(page.get_by_role("textbox", name="Webhook URL")).to_have_value(SLACK)
    assert SLACK not in page.url
    page.get_by_role("button", name="Save").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Slack")


def test_a_pasted_address_of_every_kind_fills_in_its_form(owner: Visitor, tenant):
    catalogue = answered(tenant.owner.get("/v1/channel-kinds"), 200)["data"]
    names = {kind["id"]: kind["name"] for kind in catalogue}
    pasted = {kind: url for url, kind, _ in ADDRESSES} | {kind: url for url, kind in OTHERS}
    assert names.keys() - pasted.keys() == {"email"}, "every kind but the one without an address"
    for kind, url in pasted.items():
        settings = answered(tenant.owner.post("/v1/channel-kinds/recognize", {"url": url}), 200)["settings"]
        page = owner.open("notifications")
        page.get_by_label("Paste an address").fill(url)
        page.get_by_role("button", name="Continue").click()
        expect(page.get_by_role("heading", level=1)).to_have_text(f"New channel: {names[kind]}")
        for name, value in settings.items():
            expect(page.locator(f"[name='settings.{name}']")).to_have_value(value)
        assert url not in page.url


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_the_form_of_every_kind_is_accessible_and_reflows(browser, tenant: Tenant, width):
    with visitor(browser, tenant, width=width) as owner:
        owner.sign_in(tenant.owner)
        for kind in answered(tenant.owner.get("/v1/channel-kinds"), 200)["data"]:
            page = owner.open(f"channels/new?kind={kind['id']}")
            overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
            assert overflow <= 0, f"{kind['id']} is {overflow} px too wide at {width}"
            photograph(page, PICTURES / f"{kind['id']}-{width}.png")
            owner.unfold()
            found = Axe().run(page)
            assert found.violations_count == 0, f"{kind['id']}: {found.generate_report()}"


def test_the_address_of_a_slack_workflow_is_explained_before_it_is_saved(owner: Visitor):
    page = owner.open("notifications")
    page.get_by_label("Paste an address").fill("https://hooks.slack.com/triggers/T00000000/1234567890/abcdef")
    page.get_by_role("button", name="Continue").click()
    expect(page.locator("#slack-url-error")).to_contain_text("This is the address of a Slack workflow")


def test_an_unknown_address_is_explained(owner: Visitor):
    page = owner.open("notifications")
    page.get_by_label("Paste an address").fill("pigeon://7")
    page.get_by_role("button", name="Continue").click()
    field = page.get_by_label("Paste an address")
    expect(field).to_have_value("pigeon://7")
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_text("No kind of channel has such addresses.")).to_be_visible()


def test_the_kinds_can_be_searched(owner: Visitor):
    page = owner.open("notifications")
    kinds = page.locator("#kinds li:visible")
    everything = kinds.count()
    page.get_by_label("Or choose a service").fill("  SLACK ")
    expect(kinds).to_have_count(1)
    expect(page.locator("#kinds h3:visible")).to_have_text(["Chat"])
    page.get_by_label("Or choose a service").fill("pigeon")
    expect(kinds).to_have_count(0)
    expect(page.get_by_text("No service matches.")).to_be_visible()
    page.get_by_label("Or choose a service").fill("")
    expect(kinds).to_have_count(everything)


def test_the_three_of_the_original_stay_on_top(owner: Visitor):
    page = owner.open("notifications")
    assert page.locator(".cards h2").all_inner_texts() == ["Slack", "HipChat", "WebHook"]
    for card in page.locator(".card").all():
        save, test = (card.get_by_role("button", name=name).bounding_box() for name in ("Save", "Test Hook"))
        assert save["y"] == test["y"]
        assert 0 < test["x"] - save["x"] - save["width"] < 40
    controls = page.locator(".cards :is(button, summary)").all()
    names = [each.get_attribute("aria-label") for each in controls]
    assert len(set(names)) == len(names) >= 9, names
