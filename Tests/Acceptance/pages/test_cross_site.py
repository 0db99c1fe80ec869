"""Pages of other origins change nothing, whatever they send and however."""

import re

import pytest

from harness.answer import Answer
from harness.browser import Visitor
from harness.waiting import stays

FORM = "application/x-www-form-urlencoded"

# {url} is a route that changes something, and {data} is a body that would be right for it but for the form token.
SHAPES = {
    "form": '<form method=post action="{url}">{fields}</form><script>document.forms[0].submit()</script>',
    "form in another window": '<form method=post action="{url}" target=other>{fields}</form>'
    "<script>document.forms[0].submit()</script>",
    "form in a frame": '<iframe name=f></iframe><form method=post action="{url}" target=f>{fields}</form>'
    "<script>document.forms[0].submit()</script>",
    "form as text": '<form method=post enctype=text/plain action="{url}">{fields}</form>'
    "<script>document.forms[0].submit()</script>",
    "form with a file's encoding": '<form method=post enctype=multipart/form-data action="{url}">{fields}</form>'
    "<script>document.forms[0].submit()</script>",
    "form by GET": '<form method=get action="{url}">{fields}</form><script>document.forms[0].submit()</script>',
    "fetch without CORS": "<script>fetch('{url}',{{method:'POST',mode:'no-cors',credentials:'include',"
    "headers:{{'Content-Type':'application/x-www-form-urlencoded'}},body:'{data}'}})</script>",
    "fetch with CORS": "<script>fetch('{url}',{{method:'POST',mode:'cors',credentials:'include',"
    "headers:{{'Content-Type':'application/x-www-form-urlencoded'}},body:'{data}'}}).catch(()=>0)</script>",
    "fetch of JSON": "<script>fetch('{url}',{{method:'POST',credentials:'include',"
    "headers:{{'Content-Type':'application/json'}},body:'{{}}'}}).catch(()=>0)</script>",
    "beacon": "<script>navigator.sendBeacon('{url}',new Blob(['{data}'],"
    "{{type:'application/x-www-form-urlencoded'}}))</script>",
    "image": '<img src="{url}?{data}">',
    "XMLHttpRequest": "<script>x=new XMLHttpRequest();x.open('POST','{url}');x.withCredentials=true;"
    "x.setRequestHeader('Content-Type','application/x-www-form-urlencoded');x.send('{data}')</script>",
    "form without a referrer": "<meta name=referrer content=no-referrer>"
    '<form method=post action="{url}">{fields}</form>'
    "<script>document.forms[0].submit()</script>",
    "form in a sandbox": "<iframe sandbox='allow-scripts allow-forms' srcdoc='<form method=post action={url}>{fields}"
    "</form><script>document.forms[0].submit()</script>'></iframe>",
}


@pytest.fixture(autouse=True)
def no_reports():
    """Browsers do report here: what other sites put into a frame is kept out of it by the policy."""


@pytest.mark.parametrize("origin", ["localhost", "127.0.0.1"], ids=["another site", "another port"])
def test_no_cross_site_request_changes_anything(owner: Visitor, tenant, receiver, origin):
    """The same host at another port is the same site to a browser, so the strict cookie comes along there."""
    channel = tenant.channel("webhook", "CI")
    before = state(tenant)
    refused = refusals(tenant.service)
    # The real form token, as if it had leaked: the origin alone has to be enough.
    token = owner.page.locator("[name=form_token]").first.get_attribute("value")
    targets = {
        f"{owner.base}/channels/{channel['id']}/state": {"state": "disabled", "version": "1"},
        f"{owner.base}/channels/{channel['id']}/remove": {"version": "1"},
        f"{owner.base}/members": {"user": "66", "role": "owner"},
    }
    for url, fields in targets.items():
        names = SHAPES if url.endswith("/state") else ("form", "fetch without CORS")
        for name in names:
            sent = fields | {"form_token": token}
            attack(owner, receiver, f"http://{origin}:{receiver.port}", name, SHAPES[name], url, sent)
    assert stays(lambda: state(tenant) == before, 0.5)
    assert refusals(tenant.service) - refused >= 12, "the requests do arrive, and are refused"


def attack(owner: Visitor, receiver, origin: str, name: str, shape: str, url: str, fields: dict):
    path = "/attack/" + name.replace(" ", "-").replace("'", "")
    inputs = "".join(f"<input type=hidden name={key} value={value}>" for key, value in fields.items())
    data = "&".join(f"{key}={value}" for key, value in fields.items())
    body = shape.format(url=url, data=data, fields=inputs)
    receiver.script(path, default=Answer(200, body.encode(), (("Content-Type", "text/html"),)))
    page = owner.context.new_page()
    page.goto(origin + path)
    page.wait_for_timeout(80)
    page.close()


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "null"},
        {"Origin": "http://evil.example"},
        {"Origin": "http://127.0.0.1"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "{ours}"},
    ],
    ids=str,
)
def test_even_with_cookie_and_token_the_origin_decides(owner: Visitor, tenant, headers):
    channel = tenant.channel("webhook", "CI")
    before = state(tenant)
    token = owner.page.locator("[name=form_token]").first.get_attribute("value")
    cookie = owner.context.cookies()[0]
    sent = {name: value.format(ours=owner.root) for name, value in headers.items()}
    sent |= {"Cookie": f"{cookie['name']}={cookie['value']}", "Content-Type": FORM}
    body = f"form_token={token}&state=disabled&version=1".encode()
    path = f"/organizations/{tenant.number}/channels/{channel['id']}/state"
    assert tenant.service.client(None).call("POST", path, body, sent).status_code == 403
    assert state(tenant) == before


def test_the_right_origin_without_the_form_token_is_not_enough(owner: Visitor, tenant):
    channel = tenant.channel("webhook", "CI")
    before = state(tenant)
    cookie = owner.context.cookies()[0]
    sent = {"Cookie": f"{cookie['name']}={cookie['value']}", "Content-Type": FORM, "Origin": owner.root}
    path = f"/organizations/{tenant.number}/channels/{channel['id']}/state"
    for body in (b"state=disabled&version=1", b"state=disabled&version=1&form_token=" + b"0" * 64):
        assert tenant.service.client(None).call("POST", path, body, sent).status_code == 403
    sent["Content-Type"] = "application/json"
    assert tenant.service.client(None).call("POST", path, b"{}", sent).status_code == 415
    assert state(tenant) == before


def test_the_api_accepts_no_form(tenant):
    headers = {"Content-Type": FORM, "Origin": tenant.service.url}
    answer = tenant.owner.call("POST", f"{tenant.path}/channels", b"kind=slack", headers)
    assert answer.status_code == 415


def test_the_api_does_not_accept_the_cookie(owner: Visitor, tenant):
    answer = owner.page.request.get(f"{owner.root}{tenant.path}/channels")
    assert answer.status == 401


def refusals(service) -> int:
    """Requests that were answered with 403 or 415."""
    text = service.client(None).get("/metrics").text
    found = re.findall(r'^runbell_http_requests_total\{status="(?:403|415)"\} (\d+)', text, re.MULTILINE)
    return sum(map(int, found))


def state(tenant) -> tuple:
    channels = tenant.owner.every(f"{tenant.path}/channels")
    members = tenant.owner.every(f"{tenant.path}/members")
    return channels, members, tenant.audit_length()
