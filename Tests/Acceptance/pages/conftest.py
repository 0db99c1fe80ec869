import shutil

import pytest
from playwright.sync_api import sync_playwright

from harness.browser import reports, visitor


@pytest.fixture(scope="session")
def browser():
    chromium = shutil.which("chromium")
    assert chromium, "Chromium is not installed: scripts/install-test-needs"
    with sync_playwright() as playwright:
        # The tests may run as root in a container, where Chromium's own sandbox cannot.
        browser = playwright.chromium.launch(executable_path=chromium, args=["--no-sandbox"])
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def service(make_service):
    return make_service(RUNBELL_METRICS="true").start()


@pytest.fixture(autouse=True)
def no_reports(service):
    """Nothing that the tests do may break the content security policy."""
    before = reports(service)
    yield
    assert reports(service) == before


@pytest.fixture
def owner(browser, tenant):
    """The owner, signed in."""
    with visitor(browser, tenant) as somebody:
        yield somebody.sign_in(tenant.owner)
