"""Scripts that somebody hides in names, settings and answers run nowhere."""

from playwright.sync_api import expect

from harness.answer import Answer
from harness.browser import Visitor, visitor
from harness.client import expect as answered
from harness.events import finished, started

RUN = "window.__ran=1;alert(1)"
PAYLOADS = [
    f"<script>{RUN}</script>",
    f'"><script>{RUN}</script>',
    f"'><script>{RUN}</script>",
    f"</script><script>{RUN}</script>",
    f"</title><script>{RUN}</script>",
    f"</textarea><script>{RUN}</script>",
    f"</pre><script>{RUN}</script>",
    f"</option></select><script>{RUN}</script>",
    f"--><script>{RUN}</script>",
    f"]]><script>{RUN}</script>",
    f"<ScRiPt>{RUN}</sCrIpT>",
    f"<script/x>{RUN}</script>",
    f"<script src=data:text/javascript,{RUN}></script>",
    f'<img src=x onerror="{RUN}">',
    f"<img src=x onerror={RUN}//",
    f'"><img src=x onerror={RUN}>',
    f'" onfocus="{RUN}" autofocus="',
    f"' onfocus='{RUN}' autofocus='",
    # Two characters as people see them, and four code points: what escapes by characters passes them by.
    f'"\u0301 onfocus={RUN} autofocus x="',
    f'"\u200d onfocus={RUN} autofocus x="',
    f"<\u0338img src=x onerror={RUN}>",
    f'"\ufe0f><script>{RUN}</script>',
    f"`onmouseover={RUN}`",
    f'<svg onload="{RUN}">',
    f"<svg><script>{RUN}</script></svg>",
    f"<svg><animate onbegin={RUN} attributeName=x dur=1s>",
    f"<body onload={RUN}>",
    f"<iframe src=javascript:{RUN}>",
    f'<iframe srcdoc="<script>parent.{RUN}</script>">',
    f"<a href=javascript:{RUN} autofocus>x</a>",
    f"javascript:{RUN}",
    f"<form action=javascript:{RUN}><button autofocus>",
    f"<details open ontoggle={RUN}>",
    f"<input autofocus onfocus={RUN}>",
    f"<video><source onerror={RUN}></video>",
    f"<math href=javascript:{RUN}>x</math>",
    f'<meta http-equiv="refresh" content="0;url=javascript:{RUN}">',
    "<base href=//evil.example/>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    f"{{{{{{constructor.constructor('{RUN}')()}}}}}}",
    f"{{{{#lambda}}}}<script>{RUN}</script>{{{{/lambda}}}}",
    f"&lt;script&gt;{RUN}&lt;/script&gt;",
]


def seen(text: str) -> str:
    """Names are refused that hold what nobody sees."""
    return text.replace("\u200d", "").replace("\ufe0f", "")


def test_no_payload_runs_on_any_page(browser, tenant, receiver, runs):
    assert len(PAYLOADS) >= 40
    name = "Organization " + PAYLOADS[1]
    answered(tenant.owner.patch(tenant.path, {"name": name}), 200)
    channels = plant(tenant, receiver, runs)
    with visitor(browser, tenant) as owner:
        owner.sign_in(tenant.owner)
        for path in ("notifications", "deliveries", "events", "audit-log", "members", "keys", "settings"):
            look(owner, path)
        for channel in channels:
            look(owner, f"channels/{channel}")
        for delivery in tenant.owner.get(f"{tenant.path}/deliveries?limit=100&channel_id={channels[0]}").json()["data"]:
            look(owner, f"deliveries/{delivery['id']}", quick=True)
        for event in tenant.owner.get(f"{tenant.path}/events?limit=100").json()["data"]:
            look(owner, f"events/{event['id']}", quick=True)


def plant(tenant, receiver, runs) -> list[str]:
    """Each payload as a channel's name, a load test's, a key's and a receiver's answer."""
    channels = []
    hook = tenant.channel("webhook", "answers")
    receiver.script(hook["at"], *(Answer(200, text.encode(), (("X-Odd", "<b>"),)) for text in PAYLOADS))
    channels.append(hook["id"])
    channels.append(tenant.channel("slack", PAYLOADS[0])["id"])
    channels.append(tenant.channel("hipchat", PAYLOADS[18])["id"])
    for text in PAYLOADS:
        answered(tenant.owner.post(f"{tenant.path}/keys", {"name": seen(text)[:200], "scopes": ["events:write"]}), 201)
        tenant.post(started(tenant.number, next(runs), name=text, status_text=text[:250]))
    tenant.post(finished(tenant.number, next(runs), 12, name="".join(PAYLOADS)[:9000]))
    receiver.wait_for(hook["at"], len(PAYLOADS))
    draft = tenant.draft("webhook", PAYLOADS[1])
    for text in PAYLOADS[:8]:
        tenant.owner.put(f"{tenant.path}/channels/{hook['id']}", draft | {"name": seen(text)})
    return channels


def look(owner: Visitor, path: str, quick: bool = False):
    page = owner.open(path)
    if not quick:
        owner.unfold()
        page.wait_for_timeout(60)
    assert page.evaluate("window.__ran") is None, path
    assert page.locator("main script, main iframe, main object, main embed, main base").count() == 0, path
    assert page.locator("main [onfocus], main [onerror], main [onload], main [ontoggle]").count() == 0, path


def test_rejected_input_is_shown_as_text(owner: Visitor, receiver, tenant):
    """The Test Hook's answer, and forms that come back with errors."""
    for number, text in enumerate(PAYLOADS[13:23]):
        path = f"/hook/script/{number}"
        receiver.script(path, default=Answer(500, text.encode(), (("X-Evil", "x"),)))
        verdict = owner.test_hook("webhook", receiver.url + path)
        verdict.locator("summary").click()
        expect(verdict.locator("pre").last).to_contain_text(text[:10])
        page = owner.open("channels/new?kind=webhook")
        page.fill("[name=name]", text)
        page.fill("[name='settings.url']", text)
        page.fill("[name=projects]", text)
        page.get_by_role("button", name="Save").click()
        expect(page.locator("[name='settings.url']")).to_have_value(text)
        assert page.evaluate("window.__ran") is None
        owner.open("notifications")
