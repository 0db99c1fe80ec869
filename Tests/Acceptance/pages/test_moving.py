"""A channel of a service that has ended, and its way out."""

import re

import requests

from harness.browser import Visitor
from harness.client import expect
from harness.events import finished

OLD = "https://acme.hipchat.com/v2/room/7/notification?auth_token=t0ken"
ENDED = "This service ended on 15 February 2019."


def test_a_channel_of_hipchat_moves_to_another_kind(tenant, runs):
    draft = {"kind": "hipchat", "name": "Load tests", "settings": {"url": OLD}, "subscription": {"statuses": [12]}}
    old = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)
    assert old["ended"] == ENDED
    expect(tenant.owner.patch(tenant.path, {"fallback_channel_id": old["id"]}), 200)
    session = requests.Session()
    cookie = tenant.session_cookie()
    pages = f"{tenant.service.url}/organizations/{tenant.number}/channels/"
    headers = {"Cookie": cookie, "Sec-Fetch-Site": "same-origin"}
    page = session.get(pages + old["id"], headers=headers, timeout=15).text
    assert ENDED in page
    (token,) = set(re.findall(r'name="form_token" value="(\w+)"', page))

    def move(address: str) -> requests.Response:
        form = {"form_token": token, "address": address}
        move = f"{pages}{old['id']}/move"
        return session.post(move, data=form, headers=headers, timeout=15, allow_redirects=False)

    assert move("not an address").status_code == 400
    hook = tenant.slack("new")["url"]
    answer = move(hook)
    assert answer.status_code == 303, answer.text
    (new,) = tenant.owner.every(f"{tenant.path}/channels")
    assert (new["kind"], new["name"], new["ended"], new["enabled"]) == ("slack", "Load tests", None, True)
    assert new["subscription"] == old["subscription"] and new["id"] != old["id"]
    assert expect(tenant.owner.get(tenant.path), 200)["fallback_channel_id"] == new["id"]
    actions = [entry["action"] for entry in tenant.audit()][-2:]
    assert actions == ["channel.created", "channel.removed"]
    tenant.post(finished(tenant.number, next(runs), 12))
    tenant.receiver.wait_for(hook.removeprefix(tenant.receiver.url))


def test_a_channel_that_becomes_a_web_hook_shows_its_secret(owner: Visitor, tenant):
    old = expect(tenant.owner.post(f"{tenant.path}/channels", tenant.draft("hipchat", settings={"url": OLD})), 201)
    page = owner.open(f"channels/{old['id']}")
    page.fill("#move-address", "https://ci.example.org/load-tests")
    page.get_by_role("button", name="Move").click()
    assert page.locator("#new-secret").inner_text().startswith("whsec_")
