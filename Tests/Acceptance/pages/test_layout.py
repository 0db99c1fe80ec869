"""The layout holds, whatever is in it: long names, narrow windows, a hundred channels, and whoever looks."""

import pytest
from playwright.sync_api import expect

from harness.browser import Visitor, photograph, visitor
from harness.events import finished
from harness.hostile_texts import furnish
from harness.service import PROJECT
from harness.slack_service import says
from harness.tenant import Tenant
from harness.waiting import wait_until

PICTURES = PROJECT / "artefacts" / "pages"
WIDTHS = [1280, 768, 640, 375]
"""640 is 1,280 at a zoom of 200%."""

TOO_WIDE = """() => [...document.querySelectorAll('html, .scroll')].filter(box => box.scrollWidth > box.clientWidth)
    .map(box => `${box.tagName}.${box.className}: ${box.scrollWidth} in ${box.clientWidth}`)"""
IN_SIGHT = """selector => {
    const place = document.querySelector(selector)?.getBoundingClientRect();
    return !!place && place.width > 0 && place.left >= 0 && place.right <= innerWidth && place.top >= 0;
}"""
STACKED = """() => [...document.querySelectorAll('button, .button')].filter(button => button.checkVisibility())
    .map(button => [button, button.getBoundingClientRect()]).filter(([, box]) => box.height > box.width + 4)
    .map(([button, box]) => `${button.textContent.trim()}: ${box.width} by ${box.height}`)"""
"""Buttons whose letters stand below each other; one with an icon is about as tall as wide."""
ADMINISTERED = ("audit-log", "members", "keys", "replays")


@pytest.fixture(scope="module")
def hostile(service, receiver, runs):
    tenant = Tenant(service, receiver)
    return tenant, furnish(tenant, runs)


@pytest.fixture(scope="module")
def crowd(service, receiver, runs):
    """More than a hundred channels, one of which fails."""
    tenant = Tenant(service, receiver)
    return tenant, furnish(tenant, runs, channels=99)


def sign_in(somebody: Visitor, role: str) -> Visitor:
    """As a member of that role, or as the operator."""
    if role != "operator":
        return somebody.sign_in(getattr(somebody.tenant, role))
    somebody.page.goto(somebody.root + "/login")
    somebody.page.fill("#key", somebody.tenant.service.operator_key)
    somebody.page.click("button[type=submit]")
    somebody.page.wait_for_url("**/operator")
    return somebody


def pages_of(role: str, pages: dict[str, str]) -> dict[str, str]:
    if role in ("owner", "admin"):
        return pages
    if role == "operator":
        return {name: pages[name] for name in ("keys", "settings")}
    return {name: path for name, path in pages.items() if name not in ADMINISTERED}


@pytest.mark.parametrize("role", ["owner", "admin", "member", "operator"])
@pytest.mark.parametrize("width", WIDTHS)
def test_nothing_is_wider_than_its_box(browser, hostile, role, width):
    tenant, pages = hostile
    with visitor(browser, tenant, width=width) as somebody:
        sign_in(somebody, role)
        for name, path in pages_of(role, pages).items():
            page = somebody.open(path)
            somebody.unfold()
            assert page.evaluate(TOO_WIDE) == [], f"{name} at {width}"
            if role == "owner":
                photograph(page, PICTURES / f"hostile-{name}-{width}.png")
            for place in ("nav a[aria-current]", ".tenant"):
                assert page.evaluate(IN_SIGHT, place), f"{place} is out of sight: {name} at {width}"


@pytest.mark.parametrize("width", [1280, 390])
def test_no_button_is_taller_than_wide(browser, hostile, width):
    tenant, pages = hostile
    with visitor(browser, tenant, width=width) as owner:
        owner.sign_in(tenant.owner)
        for name, path in pages.items():
            page = owner.open(path)
            owner.unfold()
            assert page.evaluate(STACKED) == [], f"{name} at {width}"


@pytest.mark.parametrize("more", [{"forced_colors": "active"}, {"reduced_motion": "reduce"}], ids=str)
def test_it_holds_in_forced_colors_and_without_motion(browser, hostile, more):
    tenant, pages = hostile
    with visitor(browser, tenant, width=768, **more) as owner:
        owner.sign_in(tenant.owner)
        for name, path in pages.items():
            page = owner.open(path)
            assert page.evaluate(TOO_WIDE) == [], name
            if "forced_colors" in more:
                photograph(page, PICTURES / f"hostile-{name}-forced.png")
            else:
                moving = "document.getAnimations().length"
                assert page.evaluate(moving) == 0, name


@pytest.mark.parametrize("role", ["owner", "admin", "member", "operator"])
def test_every_tab_leads_to_a_page(browser, tenant, role):
    with visitor(browser, tenant) as somebody:
        sign_in(somebody, role)
        page = somebody.open("settings")
        tabs = page.locator("nav a").evaluate_all("tabs => tabs.map(tab => tab.getAttribute('href'))")
        assert tabs
        for tab in tabs:
            assert page.goto(somebody.root + tab).status == 200, f"{role}: {tab}"


def test_what_is_not_there_keeps_the_tabs(owner: Visitor):
    missing = "01234567-0123-7123-8123-0123456789ab"
    for path in ("nothing-here", f"channels/{missing}", f"channels/{missing}/nothing", "a/b/c", f"events/{missing}"):
        answer = owner.page.goto(f"{owner.base}/{path}")
        assert answer.status == 404, path
        expect(owner.page.locator("nav a")).to_have_count(7)
        expect(owner.page.get_by_role("alert")).to_contain_text("does not exist")
    assert owner.page.goto(f"{owner.root}/organizations/{owner.tenant.number}").status == 404
    expect(owner.page.locator("nav a")).to_have_count(7)


def test_states_have_their_colors(browser, hostile):
    tenant, _ = hostile
    with visitor(browser, tenant) as owner:
        page = owner.sign_in(tenant.owner).open("deliveries")
        colors = {
            word: page.get_by_text(word, exact=False)
            .locator("xpath=ancestor-or-self::span[contains(@class,'state')]")
            .first.evaluate("state => getComputedStyle(state).color")
            for word in ("delivered", "due")
        }
        assert colors == {"delivered": "rgb(26, 107, 60)", "due": "rgb(122, 82, 0)"}


@pytest.mark.parametrize("width", WIDTHS)
def test_that_a_list_is_live_is_written_where_nothing_else_is(browser, tenant, width):
    with visitor(browser, tenant, width=width) as owner:
        page = owner.sign_in(tenant.owner).open("deliveries")
        said = page.locator("[data-live-state]")
        expect(said).to_contain_text("● Live")
        live = said.bounding_box()
        for other in (".filters", ".scroll", ".empty"):
            box = page.locator(other).bounding_box()
            is_apart = box["y"] + box["height"] <= live["y"] or live["y"] + live["height"] <= box["y"]
            assert is_apart, f"{other} at {box}, live at {live}"


def test_a_hundred_channels_are_a_list_that_can_be_searched(browser, crowd):
    tenant, _ = crowd
    for script in (True, False):
        with visitor(browser, tenant, script=script) as owner:
            page = owner.sign_in(tenant.owner).page
            section = page.locator("section:has(#all-title)")
            # 25 rows, whose long names take two lines and more.
            assert section.bounding_box()["height"] < 2_500
            expect(section.locator("tbody tr")).to_have_count(25)
            expect(section.locator(".pager")).to_contain_text("1–25 of 101")
            section.get_by_role("link", name="Next").click()
            expect(section.locator(".pager")).to_contain_text("26–50 of 101")
            section.get_by_label("Name, kind or ID").fill("team 42")
            section.get_by_role("button", name="Search").click()
            expect(section.locator("tbody tr")).to_have_count(1)
            expect(section.get_by_role("link", name="Team 42")).to_be_visible()
            section.get_by_label("Name, kind or ID").fill("pigeon")
            page.keyboard.press("Enter")
            expect(section).to_contain_text("No channel matches")
            section.get_by_role("link", name="Show all").click()
            expect(section.locator("tbody tr")).to_have_count(25)


def test_a_channel_that_fails_says_so_in_the_list_and_on_its_page(browser, tenant, receiver, runs):
    channel = tenant.channel("webhook", "Dashboard")
    receiver.script(channel["at"], default=says(500, "broken"))
    event = tenant.post(finished(tenant.number, next(runs)))
    wait_until(lambda: tenant.outcome(event["id"], channel)["state"] == "due", 10)
    tenant.seconds_until_due(event["id"], channel)
    with visitor(browser, tenant) as owner:
        page = owner.sign_in(tenant.owner).page
        row = page.locator("tr", has_text="Dashboard")
        expect(row.locator(".state")).to_have_text("✕ failing")
        expect(row).to_contain_text("since 20")
        expect(row).to_contain_text("500")
        page.get_by_role("link", name="Dashboard").click()
        expect(page.locator(".facts .state").first).to_have_text("✕ failing")


def test_among_many_channels_one_is_typed(browser, crowd):
    tenant, _ = crowd
    with visitor(browser, tenant) as owner:
        page = owner.sign_in(tenant.owner).open("deliveries")
        for typed, said in (("team 42", None), ("team 4", "11 channels match"), ("pigeon", "no channel has this name")):
            page.get_by_label("Channel").fill(typed)
            page.get_by_role("button", name="Filter").click()
            if said:
                expect(page.locator(".error")).to_contain_text(said)
                expect(page.get_by_label("Channel")).to_have_value(typed)
            else:
                expect(page.get_by_label("Channel")).to_have_value("Team 42")
                assert "channel=" in page.url and "team" not in page.url
