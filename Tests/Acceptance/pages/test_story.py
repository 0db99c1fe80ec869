"""The original's story: paste three addresses, try each, save, run a real load test, and see what became of it."""

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, expect

from harness.browser import Visitor, visitor
from harness.load_test import LoadTest
from harness.receiver import Receiver
from harness.waiting import wait_until

KINDS = ("slack", "hipchat", "webhook")


@dataclass
class Hands:
    """How somebody works the page: by mouse or by keyboard."""

    somebody: Visitor
    by_keyboard: bool

    def press(self, target: Locator):
        if self.by_keyboard:
            self.somebody.tab_to(target)
            self.somebody.page.keyboard.press("Enter")
        else:
            target.click()

    def write(self, target: Locator, text: str):
        if self.by_keyboard:
            self.somebody.tab_to(target)
            self.somebody.page.keyboard.press("Control+A")
            self.somebody.page.keyboard.insert_text(text)
        else:
            target.fill(text)


@pytest.fixture(scope="module")
def shop():
    """The system under load."""
    shop = Receiver()
    yield shop
    shop.close()


@pytest.mark.parametrize("way", ["mouse", "keyboard", "without a script"])
def test_the_original_story(browser, tenant, receiver, shop, runs, way):
    has_script = way != "without a script"
    with visitor(browser, tenant, script=has_script) as owner:
        page, hands = owner.page, Hands(owner, way == "keyboard")
        page.goto(owner.root + "/")
        hands.write(page.locator("#key"), tenant.owner.key)
        hands.press(page.get_by_role("button", name="Sign in"))
        expect(page.get_by_role("heading", name="Notifications", level=1)).to_be_visible()
        expect(page.get_by_text("No channels yet")).to_be_visible()

        addresses = {kind: tenant.draft(kind)["settings"]["url"] for kind in KINDS}
        for kind in KINDS:
            save_after_a_test(owner, hands, kind, addresses[kind])
        expect(page.locator("table tbody tr")).to_have_count(3)

        live(owner, hands) if has_script else None
        run = next(runs)
        watch(tenant, shop, run)
        if not has_script:
            page.goto(owner.base + "/deliveries")
            wait_until(lambda: page.reload() and page.get_by_text("✓ delivered").count() == 6, 15)
        expect(page.get_by_text("✓ delivered")).to_have_count(6, timeout=15_000)
        for kind in KINDS:
            path = addresses[kind].removeprefix(receiver.url).partition("?")[0]
            assert len(receiver.wait_for(path, 3)) == 3, "the test, the start and the end"

        hands.press(page.get_by_role("link", name="Load test finished").first)
        expect(page.locator(".outcomes li")).to_have_count(3)
        expect(page.locator(".outcomes li").first).to_contain_text("Delivered on the 1st attempt")
        expect(page.get_by_text(str(run), exact=True)).to_be_visible()
        look_at_the_audit_log(owner, hands)


def save_after_a_test(owner: Visitor, hands: Hands, kind: str, url: str):
    page, card = owner.page, owner.card(kind)
    hands.write(card.locator("[name='settings.url']"), url)
    hands.press(card.get_by_role("button", name="Test Hook"))
    verdict = card.locator(".verdict")
    expect(verdict).to_contain_text("accepted the test event")
    expect(card.locator("[name='settings.url']")).to_have_value(url)
    hands.press(verdict.locator("summary"))
    expect(verdict.locator("pre").first).to_contain_text("POST http://127.0.0.1")
    assert url not in verdict.inner_text(), "the request is shown with its secrets masked"
    hands.press(card.get_by_role("button", name="Save"))
    expect(page.get_by_role("status")).to_contain_text("saved")
    assert url not in page.content(), "what is saved is shown masked"


def live(owner: Visitor, hands: Hands):
    hands.press(owner.page.get_by_role("link", name="Deliveries", exact=True))
    expect(owner.page.get_by_text("Nothing has been sent yet")).to_be_visible()
    expect(owner.page.locator("[data-live-state]")).to_contain_text("Live")


def watch(tenant, shop, run: int):
    ids = {"organization": tenant.number, "project": 9, "load-test": 1001, "run": run, "user": 1, "name": "Checkout"}
    flags = [part for name, value in ids.items() for part in (f"--{name}", str(value))]
    done = LoadTest("passes", shop).watched(*flags, RUNBELL_URL=tenant.service.url, RUNBELL_KEY=tenant.scheduler.key)
    assert done.returncode == 0, done.stderr


def look_at_the_audit_log(owner: Visitor, hands: Hands):
    page = owner.page
    hands.press(page.get_by_role("link", name="Audit log"))
    expect(page.locator(".action-word", has_text="channel.created")).to_have_count(3)
    expect(page.locator(".action-word", has_text="channel.tested")).to_have_count(3)
    newest = int(page.locator(".audit li .number").first.inner_text())
    expect(page.locator("[data-chain]")).to_contain_text(f"Chain verified up to entry {newest}, checkpoint from")
