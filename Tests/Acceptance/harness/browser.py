"""Debian's Chromium, driven by Playwright: a user of the pages, and what the browser complains about."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Locator, Page

from .client import Client
from .tenant import Tenant

WIDE, NARROW = 1280, 390
MOST_TABS = 150


@dataclass
class Complaints:
    """Complaints that no page may cause."""

    dialogs: list[str] = field(default_factory=list)
    console: list[str] = field(default_factory=list)
    errors: list[str] = field(default_factory=list)
    # Whoever is asked about leaving with unsaved changes leaves, unless the test says otherwise. That is no complaint.
    leaves: bool = True
    asked: int = 0

    def watch(self, page: Page):
        page.on("dialog", self._answer)
        page.on("pageerror", lambda error: self.errors.append(str(error)))
        page.on("console", self._hear)

    def _answer(self, dialog):
        is_leaving = dialog.type == "beforeunload"
        if is_leaving:
            self.asked += 1
        else:
            self.dialogs.append(dialog.message)
        if is_leaving and self.leaves:
            dialog.accept()
        else:
            dialog.dismiss()

    def _hear(self, message):
        # Refused requests are told there too; whether a status is right is for the tests to say.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.console.append(message.text)

    @property
    def all(self) -> list[str]:
        return self.dialogs + self.console + self.errors


def photograph(page: Page, path: Path, tries: int = 3):
    """Takes a picture of the whole page; a Chromium that is short of time says once in a while that it cannot."""
    path.parent.mkdir(parents=True, exist_ok=True)
    while True:
        tries -= 1
        try:
            page.screenshot(path=path, full_page=True)
            return
        except Error as error:
            if tries == 0 or "Unable to capture screenshot" not in error.message:
                raise


class Visitor:
    """A user with their own browser."""

    def __init__(self, context: BrowserContext, tenant: Tenant, complaints: Complaints):
        self.context = context
        self.tenant = tenant
        self.complaints = complaints
        self.page = context.new_page()
        complaints.watch(self.page)
        self.root = tenant.service.url
        self.base = f"{self.root}/organizations/{tenant.number}"

    def sign_in(self, client: Client) -> "Visitor":
        self.page.goto(self.root + "/")
        self.page.fill("#key", client.key)
        self.page.click("button[type=submit]")
        self.page.wait_for_url("**/notifications")
        return self

    def open(self, path: str) -> Page:
        answer = self.page.goto(f"{self.base}/{path}")
        assert answer.status == 200, f"{path}: {answer.status}"
        return self.page

    def card(self, kind: str) -> Locator:
        return self.page.locator(f"section.card:has(#card-{kind})")

    def test_hook(self, kind: str, url: str) -> Locator:
        """Types an address into a card and tests it; returns the answer shown beside the form."""
        card = self.card(kind)
        card.locator("[name='settings.url']").fill(url)
        card.get_by_role("button", name="Test Hook").click()
        verdict = self.card(kind).locator(".verdict")
        verdict.wait_for(timeout=20_000)
        return verdict

    def unfold(self):
        """Expands everything that is collapsed."""
        self.page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")

    def tab_to(self, target: Locator):
        """Moves to an element using only the Tab key, from wherever the focus is."""
        for _ in range(MOST_TABS):
            self.page.keyboard.press("Tab")
            if target.evaluate("element => element === document.activeElement"):
                return
        raise AssertionError(f"Tab does not lead to {target}")


@contextmanager
def visitor(
    browser: Browser, tenant: Tenant, *, script: bool = True, scheme: str = "light", width: int = WIDE, **more
) -> Iterator[Visitor]:
    complaints = Complaints()
    context = browser.new_context(
        java_script_enabled=script, color_scheme=scheme, viewport={"width": width, "height": 860}, **more
    )
    context.set_default_timeout(10_000)
    try:
        yield Visitor(context, tenant, complaints)
        assert complaints.all == [], complaints.all
    finally:
        context.close()


def reports(service) -> int:
    """How many violations of the content security policy browsers have reported."""
    text = service.client(None).get("/metrics").text
    found = re.search(r"^runbell_csp_reports_total(?:\{[^}]*\})? (\d+)", text, re.MULTILINE)
    return int(found.group(1)) if found else 0
