"""How much a first visit loads, how soon something is seen, and that nothing jumps."""

import re

import pytest
from playwright.sync_api import expect

from harness.browser import Visitor, visitor
from harness.events import finished, started
from harness.tenant import Tenant

pytestmark = pytest.mark.alone

FIGURES = """() => new Promise(done => {
    let shift = 0;
    new PerformanceObserver(list => list.getEntries().forEach(e => { if (!e.hadRecentInput) shift += e.value; }))
        .observe({type: 'layout-shift', buffered: true});
    const bytes = [...performance.getEntriesByType('navigation'), ...performance.getEntriesByType('resource')]
        .reduce((sum, entry) => sum + entry.transferSize, 0);
    const paint = () => performance.getEntriesByName('first-contentful-paint')[0]?.startTime ?? Infinity;
    setTimeout(() => done({shift, bytes, paint: paint()}), 300);
})"""


@pytest.mark.parametrize("path", ["notifications", "deliveries", "events", "audit-log"])
def test_a_first_visit_is_small_and_fast(owner: Visitor, tenant, runs, path):
    tenant.channel("slack")
    for _ in range(25):
        tenant.post(started(tenant.number, next(runs), name="Checkout"))
    session = owner.context.new_cdp_session(owner.page)
    session.send("Network.clearBrowserCache")
    paints = []
    for _ in range(3):
        owner.open(path)
        figures = owner.page.evaluate(FIGURES)
        paints.append(figures["paint"])
        assert figures["shift"] == 0, f"the layout shifts by {figures['shift']}"
        if len(paints) == 1:
            assert figures["bytes"] < 60_000, figures
    assert min(paints) < 200, f"first paint after {paints} ms"


def test_files_are_cached_forever_and_pages_never(owner: Visitor):
    heads = {}
    owner.page.on("response", lambda answer: heads.update({answer.url.removeprefix(owner.root): answer.headers}))
    session = owner.context.new_cdp_session(owner.page)
    session.send("Network.clearBrowserCache")
    owner.open("events")
    files = {path: head for path, head in heads.items() if path.startswith("/assets/")}
    assert len(files) == 3, "one style sheet, one script, one picture"
    assert {head["cache-control"] for head in files.values()} == {"public, max-age=31536000, immutable"}
    page = heads[f"/organizations/{owner.tenant.number}/events"]
    assert page["cache-control"] == "no-store"
    policy = page["content-security-policy"]
    assert policy.startswith("default-src 'none';") and "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy and "base-uri 'none'" in policy and "form-action 'self'" in policy
    assert page["x-frame-options"] == "DENY"


def test_the_live_list_keeps_the_focus_and_filters(owner: Visitor, tenant, runs):
    channel = tenant.channel("webhook")
    tenant.channel("slack", "another")
    run = next(runs)
    tenant.post(started(tenant.number, run))
    page = owner.open(f"deliveries?channel={channel['id']}&run={run}")
    expect(page.locator("tbody tr")).to_have_count(1)
    page.locator("tbody a").first.focus()
    before = page.evaluate("document.activeElement.getAttribute('href')")
    tenant.post(finished(tenant.number, run))
    tenant.post(finished(tenant.number, next(runs)))
    expect(page.locator("tbody tr")).to_have_count(2, timeout=5_000)
    assert page.evaluate("document.activeElement.getAttribute('href')") == before
    expect(page.get_by_text("✓ delivered")).to_have_count(2)
    page.select_option("#f-state", "failed")
    page.get_by_role("button", name="Filter").click()
    expect(page.get_by_text("No deliveries match this filter")).to_be_visible()


def test_live_lists_end_at_shutdown(make_service, browser):
    service = make_service().start()
    tenant = Tenant(service)
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner).open("deliveries")
        expect(owner.page.locator("[data-live-state]")).to_contain_text("● Live")
        assert service.stop() < 5
        expect(owner.page.locator("[data-live-state]")).to_contain_text(re.compile("Not live|No longer live"))
