"""The first hour with Runbell: from an empty folder to a load test whose end was delivered, as a newcomer would go."""

import re
import subprocess

import pytest
from playwright.sync_api import expect

from harness.load_test import K6, QUIET
from harness.receiver import Receiver
from harness.service import binary, clean_environment

SCRIPT = """import { check } from 'k6';
export const options = { iterations: 3 };
export default function () { check(1, { 'is one': (number) => number === 1 }); }
"""


@pytest.fixture
def hook():
    receiver = Receiver()
    yield receiver
    receiver.close()


def test_from_an_empty_folder_to_a_delivered_run(browser, service, hook):
    operator = service.operator_key
    saved = service.run("organizations", "save", "1", "--name", "Web shop", "--owner", "1", key=operator)
    assert saved.returncode == 0, saved.stderr
    link = service.run("login-link", "--organization", "1", "--user", "1", key=operator).stdout
    context = browser.new_context()
    context.set_default_timeout(20_000)
    page = context.new_page()
    page.goto(re.search(r"https?://\S+", link)[0])
    page.get_by_role("button", name="Sign in").click()

    # A channel, tried before it is saved.
    card = page.locator("section.card:has(#card-webhook)")
    page.evaluate("document.querySelectorAll('details').forEach(part => part.open = true)")
    card.locator("[name=name]").fill("Anna's hook")
    card.locator("[name='settings.url']").fill(hook.url + "/hook")
    card.get_by_role("button", name="Test Hook").click()
    expect(card.locator(".verdict")).to_contain_text("delivered", ignore_case=True)
    assert [arrival.json for arrival in hook.arrivals("/hook")] == [{"event": "test.notification_channel"}]
    card.get_by_role("button", name="Save").click()
    expect(page.get_by_text("whsec_")).to_be_visible()

    # A key that says what its runs belong to.
    page.goto(f"{service.url}/organizations/1/keys")
    page.get_by_label("Name", exact=True).fill("CI")
    page.get_by_role("radio", name="Service key").check()
    page.get_by_label("Project of the runs").fill("3")
    page.get_by_label("User who starts the runs").fill("1")
    page.get_by_role("button", name="Create key").click()
    key = page.locator("section:has(#key-title) pre").inner_text().strip()

    watched = watch(service, key)
    assert watched.returncode == 0, watched.stderr
    told = re.search(r"^1 channel notified: Anna's hook\. (\S+)$", watched.stderr, re.MULTILINE)
    assert told, watched.stderr
    assert [arrival.json["event"] for arrival in hook.arrivals("/hook")[1:]] == ["test.started", "test.finished"]

    page.goto(told[1])
    expect(page.get_by_role("heading", name="Load test finished")).to_be_visible()
    finished = page.locator("section:has-text('Load test finished')").first
    expect(finished).to_contain_text("Anna's hook")
    expect(finished).to_contain_text("delivered", ignore_case=True)
    expect(page.locator("body")).to_contain_text("script.js")
    context.close()


def watch(service, key: str) -> subprocess.CompletedProcess:
    """`runbell watch -- k6 run script.js`, in a folder with a script and nothing else."""
    folder = service.folder / "shop"
    folder.mkdir()
    (folder / "script.js").write_text(SCRIPT)
    variables = clean_environment() | QUIET | {"RUNBELL_URL": service.url, "RUNBELL_KEY": key}
    variables["PATH"] = f"{K6.parent}:{variables['PATH']}"
    command = [str(binary()), "watch", "--", "k6", "run", "script.js"]
    pipes = {"stdin": subprocess.DEVNULL, "capture_output": True, "text": True}
    return subprocess.run(command, cwd=folder, env=variables, timeout=90, check=False, **pipes)
