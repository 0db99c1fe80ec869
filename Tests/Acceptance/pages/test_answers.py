"""Receivers that fail in every typical way, and what Test Hook says about each."""

import re
import socketserver
import threading

import pytest
from playwright.sync_api import expect

from harness.answer import Answer
from harness.browser import Visitor, visitor
from harness.service import free_port
from harness.slack_service import says

SLACK = [
    (says(404, "no_service"), "no_service", "Create a new"),
    (says(403, "action_prohibited"), "action_prohibited", ""),
    (says(404, "channel_not_found"), "channel_not_found", ""),
    (says(410, "channel_is_archived"), "channel_is_archived", ""),
    (says(400, "invalid_payload"), "invalid_payload", ""),
    (says(429, "", ("Retry-After", "30")), "", "429"),
    (says(503, "upstream"), "", "503"),
]


def test_the_place_of_the_answer_is_there_before_it(owner: Visitor):
    """Screen readers may not read out a live region that only appears with its text."""
    place = owner.card("slack").locator(".result")
    expect(place).to_have_attribute("aria-live", "polite")
    expect(place).to_have_css("display", "block")


def test_a_refusal_by_slack_is_explained(owner: Visitor, tenant, receiver):
    for number, (answer, word, rest) in enumerate(SLACK):
        url = tenant.draft("slack", f"no{number}")["settings"]["url"]
        receiver.script(url.removeprefix(receiver.url), default=answer)
        verdict = owner.test_hook("slack", url)
        expect(verdict.locator(".figures")).to_contain_text(f"HTTP {answer.status}")
        sentence = verdict.locator("p").first.inner_text()
        assert word in sentence and rest in sentence + verdict.inner_text(), sentence
        assert sentence.rstrip().endswith("."), "a whole sentence"
        expect(owner.card("slack").locator("[name='settings.url']")).to_have_value(url)
        owner.open("notifications")


def test_a_refused_connection_is_explained(owner: Visitor):
    verdict = owner.test_hook("webhook", f"http://127.0.0.1:{free_port()}/hook")
    expect(verdict).to_contain_text("Check that the receiver is running")


def test_a_timeout_is_explained(owner: Visitor, tenant, receiver):
    url = tenant.draft("webhook", "slow")["settings"]["url"]
    receiver.script(url.removeprefix(receiver.url), default=Answer(200, b"late", delay=25))
    verdict = owner.test_hook("webhook", url)
    expect(verdict).to_contain_text("The receiver must respond faster")


class SpeaksPlainly(socketserver.BaseRequestHandler):
    """What a server without TLS says to a TLS greeting."""

    def handle(self):
        self.request.recv(4096)
        self.request.sendall(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")


def test_a_port_without_tls_is_explained(owner: Visitor):
    with socketserver.TCPServer(("127.0.0.1", 0), SpeaksPlainly) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        verdict = owner.test_hook("webhook", f"https://127.0.0.1:{server.server_address[1]}/hook")
        expect(verdict).to_contain_text("TLS failed")
        server.shutdown()


def test_a_redirect_is_explained(owner: Visitor, tenant, receiver):
    url = tenant.draft("webhook", "moved")["settings"]["url"]
    receiver.script(url.removeprefix(receiver.url), default=Answer(301, b"", (("Location", "http://127.0.0.1:1/"),)))
    verdict = owner.test_hook("webhook", url)
    expect(verdict.locator(".figures")).to_contain_text("HTTP 301")


def test_an_unknown_name_is_explained(owner: Visitor):
    verdict = owner.test_hook("webhook", "https://runbell-has-no-such-host.invalid/hook")
    expect(verdict).to_contain_text("Could not resolve the host name")


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
def test_all_errors_are_shown_at_their_fields_at_once(browser, tenant, script):
    with visitor(browser, tenant, script=script) as owner:
        page = owner.sign_in(tenant.owner).open("channels/new?kind=webhook")
        page.fill("[name=name]", "x" * 201)
        page.fill("[name='settings.url']", "ftp://nowhere")
        page.get_by_text("More settings").click()
        page.fill("[name='settings.signing_secret']", "secret")
        page.fill("[name=projects]", "1, two")
        for box in page.locator("[name=events]").all():
            box.uncheck()
        for button in ("Save", "Test Hook"):
            page.get_by_role("button", name=button).click()
            expect(page.locator(".error")).to_have_count(5)
            expect(page.locator("#webhook-url-error")).to_be_visible()
            expect(page.locator("#webhook-signing_secret-error")).to_be_visible()
            expect(page.locator("[name='settings.url']")).to_have_attribute("aria-invalid", "true")
            expect(page.locator("[name='settings.url']")).to_have_value("ftp://nowhere")
            expect(page.locator("[name=projects]")).to_have_value("1, two")
        assert tenant.owner.every(f"{tenant.path}/channels") == []


@pytest.mark.parametrize("script", [True, False], ids=["with a script", "without"])
@pytest.mark.parametrize(
    ("path", "field", "button"),
    [
        ("channels/new?kind=webhook", "[name='settings.url']", "Save"),
        ("notifications", "#webhook-url", "Save Web"),
        ("keys", "#expires", "Create key"),
        ("settings", "#retention", "Save"),
        ("replays", "#since", "Preview"),
    ],
)
def test_a_failed_save_is_noticed_on_a_phone(browser, tenant, path, field, button, script):
    """The page comes back at its top; what is wrong is in sight, has the focus, and leads to the field."""
    with visitor(browser, tenant, script=script, width=375) as owner:
        page = owner.sign_in(tenant.owner).open(path)
        for needed in page.locator("main input[required]").all():
            needed.fill("CI")
        page.fill(field, "nonsense")
        page.get_by_role("button", name=button).click()
        expect(page).to_have_title(re.compile("^Error: "))
        summary = page.locator("[data-errors]")
        expect(summary).to_be_focused()
        expect(summary).to_be_in_viewport()
        expect(summary).to_contain_text("in the form")
        link = summary.get_by_role("link").last
        target = page.locator(link.get_attribute("href"))
        expect(target).to_have_attribute("aria-invalid", "true")
        link.click()
        expect(target).to_be_in_viewport()


def test_a_private_address_is_refused_with_a_reason(owner: Visitor):
    card = owner.card("webhook")
    card.locator("[name='settings.url']").fill("http://169.254.169.254/latest/meta-data/")
    card.get_by_role("button", name="Test Hook").click()
    expect(card.locator(".error, .verdict.bad").first).to_be_visible()
