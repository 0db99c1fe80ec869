"""Every page: no violation that axe finds, the tab order is the reading order, and its picture."""

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

from harness.browser import NARROW, WIDE, Visitor, photograph, visitor
from harness.events import started
from harness.page_list import furnish, outside
from harness.service import PROJECT
from harness.tenant import Tenant

PICTURES = PROJECT / "artefacts" / "pages"
LOOKS = [("light", WIDE), ("dark", WIDE), ("light", NARROW), ("dark", NARROW)]

# The elements that Tab stops at in the order in which they are read: that of the document, without any that CSS moves.
ORDER = """() => {
    const all = [...document.querySelectorAll('*')];
    const moved = all.filter(e => getComputedStyle(e).order !== '0'
        || getComputedStyle(e).flexDirection.endsWith('reverse') || e.tabIndex > 0);
    return moved.map(e => e.outerHTML.slice(0, 100));
}"""
PLACE = """() => {
    const all = [...document.querySelectorAll('*')];
    const rect = document.activeElement.getBoundingClientRect();
    const style = getComputedStyle(document.activeElement);
    return {index: document.activeElement === document.body ? -1 : all.indexOf(document.activeElement),
        isVisible: rect.width > 0 && rect.height > 0, outline: style.outlineStyle,
        html: document.activeElement.outerHTML.slice(0, 100)};
}"""


@pytest.fixture(scope="module")
def furnished(service, receiver, runs):
    tenant = Tenant(service, receiver)
    return tenant, furnish(tenant, runs)


@pytest.mark.parametrize("scheme, width", LOOKS, ids=[f"{scheme} {width}" for scheme, width in LOOKS])
def test_every_page_is_accessible_and_reflows(browser, furnished, scheme, width):
    tenant, pages = furnished
    with visitor(browser, tenant, scheme=scheme, width=width) as owner:
        for name, path in outside(owner).items():
            owner.page.goto(owner.root + path)
            judge(owner, name, scheme, width)
        owner.sign_in(tenant.owner)
        for name, path in pages.items():
            owner.open(path)
            if name == "notifications":
                owner.card("webhook").get_by_role("button", name="Test Hook").click()
                owner.card("webhook").locator(".verdict").wait_for()
            judge(owner, name, scheme, width)
        owner.page.goto(owner.base + "/nothing-here")
        judge(owner, "not-found", scheme, width)


def judge(owner: Visitor, name: str, scheme: str, width: int):
    page = owner.page
    overflow = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert overflow <= 0, f"{name} is {overflow} px too wide at {width}"
    look = "narrow" if width == NARROW else scheme
    if (scheme, width) != ("dark", NARROW):
        photograph(page, PICTURES / f"{name}-{look}.png")
    owner.unfold()
    found = Axe().run(page)
    assert found.violations_count == 0, f"{name}, {scheme}, {width}: {found.generate_report()}"


def test_an_empty_organization_shows_what_to_do(browser, tenant):
    for scheme in ("light", "dark"):
        with visitor(browser, tenant, scheme=scheme) as owner:
            owner.sign_in(tenant.owner)
            for path, words in {
                "notifications": f"runbell channels add --organization {tenant.number}",
                "deliveries": f"RUNBELL_URL={tenant.service.url}",
                "events": f"RUNBELL_URL={tenant.service.url}",
            }.items():
                page = owner.open(path)
                assert words in page.locator(".onboarding, .empty").first.inner_text()
                judge(owner, f"empty-{path}", scheme, WIDE)


def test_three_steps_tick_themselves_off(browser, service, receiver, runs):
    tenant = Tenant(service, receiver)
    assert tenant.scheduler.key, "the second step"
    for script in (True, False):
        with visitor(browser, tenant, script=script) as owner:
            owner.sign_in(tenant.owner)
            steps = owner.open("notifications").locator(".onboarding")
            expect(steps).to_contain_text(f"RUNBELL_URL={service.url}")
            expect(steps.get_by_text("✓ done")).to_have_count(1)
            expect(steps.locator("li", has_text="Create a key").get_by_text("✓ done")).to_be_visible()
            assert steps.get_by_role("button", name="Copy").count() == (2 if script else 0)
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        tenant.channel("webhook")
        expect(owner.open("notifications").locator(".onboarding").get_by_text("✓ done")).to_have_count(2)
        tenant.post(started(tenant.number, next(runs)))
        expect(owner.open("notifications").locator(".onboarding")).to_have_count(0)


def test_each_kind_says_how_it_is_set_up(browser, tenant):
    kinds = [kind["id"] for kind in tenant.owner.get("/v1/channel-kinds").json()["data"]]
    assert len(kinds) == 17
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        for kind in kinds:
            page = owner.open(f"channels/new?kind={kind}")
            drawing = page.locator("details.setup[open] svg")
            box = drawing.bounding_box()
            for label in drawing.locator("text").all():
                place = label.bounding_box()
                assert place["x"] + place["width"] <= box["x"] + box["width"], (kind, label.inner_html())
            if kind in ("slack", "telegram"):
                judge(owner, f"setup-{kind}", "light", WIDE)


def test_keys_of_sessions_stand_apart(browser, tenant):
    link = tenant.service.operator.post(f"{tenant.path}/login-links", {"user_id": 1}).json()["path"]
    with visitor(browser, tenant) as owner:
        owner.page.goto(owner.root + link)
        owner.page.get_by_role("button").click()
        owner.page.wait_for_url("**/notifications")
        page = owner.open("keys")
        sessions = page.locator("section:has(#sessions-title)")
        expect(sessions.locator("tbody tr")).to_have_count(1)
        expect(page.locator("section:has(#keys-title) tbody tr", has_text="one-time link")).to_have_count(0)
        judge(owner, "keys-of-sessions", "light", WIDE)


def test_what_a_member_sees(browser, furnished):
    tenant, pages = furnished
    for scheme in ("light", "dark"):
        with visitor(browser, tenant, scheme=scheme) as member:
            member.sign_in(tenant.member)
            for name in ("notifications", "channel", "settings", "deliveries"):
                member.open(pages[name])
                judge(member, f"member-{name}", scheme, WIDE)


def test_the_tab_order_is_the_reading_order(browser, furnished):
    tenant, pages = furnished
    with visitor(browser, tenant) as owner:
        page = owner.sign_in(tenant.owner).page
        for name, path in pages.items():
            owner.open(path)
            assert page.evaluate(ORDER) == [], name
            places = []
            for _ in range(150):
                page.keyboard.press("Tab")
                place = page.evaluate(PLACE)
                if place["index"] < 0 or (places and place["index"] == places[0]):
                    break
                assert place["isVisible"] and place["outline"] != "none", f"{name}: {place['html']}"
                places.append(place["index"])
            assert places == sorted(places), name
            assert len(places) > 5, name
