"""Signing in and out, and when a session ends."""

import re

import pytest
from playwright.sync_api import expect

from harness.answer import Answer
from harness.browser import visitor
from harness.client import expect as answered
from harness.tenant import MEMBER, Tenant


def cookie(somebody) -> dict:
    cookies = somebody.context.cookies()
    assert len(cookies) == 1, cookies
    return cookies[0]


def test_the_cookie_is_only_for_pages_and_new_at_every_sign_in(browser, tenant):
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        first = cookie(owner)
        assert (first["httpOnly"], first["sameSite"], first["path"]) == (True, "Strict", "/")
        assert re.fullmatch("[0-9a-f]{64}", first["value"])
        assert owner.page.evaluate("document.cookie") == ""
        owner.page.get_by_role("button", name="Sign out").click()
        expect(owner.page.get_by_text("You are signed out")).to_be_visible()
        assert owner.context.cookies() == []
        owner.sign_in(tenant.owner)
        assert cookie(owner)["value"] != first["value"]
        owner.context.add_cookies([first])
        owner.page.goto(owner.base + "/keys")
        expect(owner.page).to_have_url(re.compile("/login"))


def test_behind_tls_the_cookie_has_the_host_prefix(make_service, tenant):
    service = make_service(RUNBELL_PUBLIC_URL="https://runbell.example.com").start()
    other = Tenant(service)
    key = other.owner.key
    headers = {"Origin": "https://runbell.example.com", "Content-Type": "application/x-www-form-urlencoded"}
    answer = service.client(None).call("POST", "/login", f"key={key}".encode(), headers, allow_redirects=False)
    assert answer.status_code == 303, answer.text
    text = answer.headers["Set-Cookie"]
    assert text.startswith("__Host-runbell=")
    assert {"Path=/", "Secure", "HttpOnly", "SameSite=Strict"} <= set(text.split("; "))
    assert "Domain" not in text
    headers["Origin"] = service.url
    answer = service.client(None).call("POST", "/login", f"key={key}".encode(), headers, allow_redirects=False)
    assert answer.status_code == 403, "another origin than the public one"


def test_a_session_ends_with_its_key(browser, tenant):
    made = tenant.user_key(1)
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.service.client(made["key"])).open("deliveries")
        expect(owner.page.locator("[data-live-state]")).to_contain_text("● Live")
        assert tenant.owner.delete(f"{tenant.path}/keys/{made['id']}").status_code == 204
        expect(owner.page.locator("[data-live-state]")).to_contain_text("No longer live", timeout=10_000)
        owner.page.goto(owner.base + "/events")
        expect(owner.page).to_have_url(f"{owner.root}/login?to=/organizations/{tenant.number}/events")
        owner.page.fill("#key", tenant.owner.key)
        owner.page.click("button[type=submit]")
        expect(owner.page).to_have_url(owner.base + "/events")


def test_a_live_list_ends_with_the_membership(browser, tenant):
    with visitor(browser, tenant) as member:
        member.sign_in(tenant.member).open("deliveries")
        expect(member.page.locator("[data-live-state]")).to_contain_text("● Live")
        assert tenant.owner.delete(f"{tenant.path}/members/{MEMBER}").status_code == 204
        expect(member.page.locator("[data-live-state]")).to_contain_text("No longer live", timeout=10_000)


def test_a_list_does_not_say_that_it_reconnects_when_it_does_not(browser, tenant):
    """A browser does not try again after an answer that is no stream, such as one that leads to the page to sign in."""
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        owner.page.route("**/deliveries/live*", lambda route: route.fulfill(status=204))
        owner.open("deliveries")
        expect(owner.page.locator("[data-live-state]")).to_contain_text("No longer live")


@pytest.mark.parametrize("script", [True, False])
def test_what_was_typed_outlives_the_session(browser, tenant, script):
    url = tenant.draft("webhook", "typed")["settings"]["url"]
    with visitor(browser, tenant, script=script) as owner:
        page = owner.sign_in(tenant.owner).page
        owner.open("channels/new?kind=webhook")
        page.fill("[name=name]", "Typed before")
        page.fill("[name='settings.url']", url)
        page.fill("[name=projects]", "7, 8")
        owner.context.clear_cookies()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_role("alert")).to_contain_text("Your session has ended")
        with owner.context.expect_page() as opened:
            page.get_by_role("link", name="Sign in in a new tab").click()
        opened.value.fill("#key", tenant.owner.key)
        opened.value.click("button[type=submit]")
        opened.value.wait_for_url("**/notifications")
        opened.value.close()
        page.reload()
        expect(page.get_by_role("alert")).to_contain_text("You have signed in again")
        expect(page.locator("[name='settings.url']")).to_have_value(url)
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Channel saved.")).to_be_visible()
    made = [channel for channel in tenant.owner.every(f"{tenant.path}/channels") if channel["name"] == "Typed before"]
    assert [channel["subscription"]["project_ids"] for channel in made] == [[7, 8]]


def test_a_test_hook_goes_on_in_the_next_session(browser, tenant):
    """Beside the form, which stays as it is."""
    with visitor(browser, tenant) as owner:
        page = owner.sign_in(tenant.owner).page
        owner.open("channels/new?kind=webhook")
        page.fill("[name=name]", "Typed before")
        page.fill("[name='settings.url']", tenant.draft("webhook", "typed")["settings"]["url"])
        owner.context.clear_cookies()
        test = page.get_by_role("button", name="Test Hook")
        test.click()
        expect(page.locator(".result")).to_contain_text("Your session has ended")
        other = owner.context.new_page()
        other.goto(owner.root + "/login")
        other.fill("#key", tenant.owner.key)
        other.click("button[type=submit]")
        other.wait_for_url("**/notifications")
        test.click()
        expect(page.locator("form .error")).to_contain_text("You have signed in again")
        test.click()
        expect(page.locator(".verdict")).to_be_visible()
        page.get_by_role("button", name="Save").click()
        expect(page.get_by_text("Channel saved.")).to_be_visible()
        expect(page.get_by_role("heading", level=1)).to_have_text("Typed before")


def test_a_link_signs_in_once_and_opening_it_does_not_use_it_up(browser, tenant):
    done = tenant.service.run(
        "login-link", "--organization", str(tenant.number), "--user", "1", key=tenant.service.operator_key
    )
    assert done.returncode == 0, done.stderr
    link = done.stdout.strip()
    for _ in range(3):
        answered_page = tenant.service.client(None).get(link.removeprefix(tenant.service.url))
        assert answered_page.status_code == 200
    with visitor(browser, tenant) as owner:
        owner.page.goto(link)
        owner.page.get_by_role("button", name="Sign in").click()
        owner.page.wait_for_url("**/notifications")
        keys = answered(tenant.owner.get(f"{tenant.path}/keys"), 200)["data"]
        assert "Signed in by a one-time link" in {key["name"] for key in keys}
        with visitor(browser, tenant) as late:
            assert late.page.goto(link).status == 410
            expect(late.page.get_by_text("already been used")).to_be_visible()
        owner.page.get_by_role("button", name="Sign out").click()
        keys = answered(tenant.owner.get(f"{tenant.path}/keys"), 200)["data"]
        assert "Signed in by a one-time link" not in {key["name"] for key in keys}
    actions = [entry["action"] for entry in tenant.audit()]
    assert {"login_link.created", "session.started", "session.ended"} <= set(actions)


@pytest.mark.parametrize("key", ["nonsense", "rb_" + "x" * 61])
def test_a_wrong_key_is_refused_with_an_explanation(browser, tenant, key):
    with visitor(browser, tenant) as nobody:
        nobody.page.goto(nobody.root + "/login")
        nobody.page.fill("#key", key)
        nobody.page.click("button[type=submit]")
        expect(nobody.page.locator(".error")).to_contain_text("This key is not valid")
        assert nobody.context.cookies() == []


def test_a_service_key_opens_no_page(browser, tenant):
    with visitor(browser, tenant) as program:
        program.page.goto(program.root + "/login")
        program.page.fill("#key", tenant.scheduler.key)
        program.page.click("button[type=submit]")
        expect(program.page.locator(".error")).to_contain_text("service key")


def test_the_operator_creates_links_and_sees_no_channels(browser, tenant):
    with visitor(browser, tenant) as operator:
        page = operator.page
        page.goto(operator.root + "/login")
        page.fill("#key", tenant.service.operator_key)
        page.click("button[type=submit]")
        page.fill("#link-organization", str(tenant.number))
        page.fill("#link-user", "1")
        page.get_by_role("button", name="Create link").click()
        link = page.locator("[data-link]").inner_text()
        assert re.fullmatch(re.escape(operator.root) + "/login/[0-9a-f]{64}", link)
        page.goto(operator.base + "/keys")
        expect(page.get_by_text("As the operator")).to_be_visible()
        assert page.goto(operator.base + "/notifications").status == 403


def test_the_operator_finds_every_organization(browser, tenant):
    """In pages, with names that people chose."""
    name = '<b>Bold</b> & "quoted"'
    for number in range(60):
        owner = {"name": f"{name} {number}", "owner_user_id": 1}
        tenant.service.operator.put(f"/v1/organizations/{10**12 + number}", owner)
    last = 10**12 + 59
    with visitor(browser, tenant) as operator:
        page = operator.page
        page.goto(operator.root + "/login")
        page.fill("#key", tenant.service.operator_key)
        page.click("button[type=submit]")
        expect(page.get_by_role("heading", name="Organizations")).to_be_visible()
        while not page.get_by_role("link", name=f"{name} 59", exact=True).count():
            page.get_by_role("link", name="Next").click()
        page.get_by_role("link", name=f"{name} 59", exact=True).click()
        page.wait_for_url(f"**/organizations/{last}/keys")
    shown = tenant.service.run("organizations", "list", "--limit", "2", key=tenant.service.operator_key)
    assert len(shown.stdout.splitlines()) == 3
    assert "--cursor" in shown.stderr


def test_a_link_from_elsewhere_opens_the_page(browser, tenant, receiver):
    """A strict cookie does not come along from another site; the page asks once more by itself."""
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        body = f'<a href="{owner.base}/events">events</a>'.encode()
        receiver.script("/chat", default=Answer(200, body, (("Content-Type", "text/html"),)))
        owner.page.goto(f"http://localhost:{receiver.port}/chat")
        owner.page.get_by_text("events").click()
        expect(owner.page.get_by_role("heading", name="Events", level=1)).to_be_visible()
