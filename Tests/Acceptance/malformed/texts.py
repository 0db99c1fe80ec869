"""Texts that are harmless here and dangerous in a page."""

from harness.slack_service import says

from .registry import case
from .target import Target

SCRIPTS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "</textarea><svg/onload=alert(1)>")


@case("bad-106", changes_state=True)
def markup_stays_text_and_answers_stay_json(target: Target):
    tenant = target.tenant
    for script in SCRIPTS:
        channel = tenant.channel("slack", "markup", enabled=True)
        path = f"{tenant.path}/channels/{channel['id']}"
        tenant.receiver.script(channel["at"], says(400, script))
        accepted = tenant.post(target.event(name=script))
        tenant.settled(accepted["id"], channel)
        delivery = tenant.deliveries(channel)[0]
        paths = (path, f"{tenant.path}/deliveries/{delivery['id']}", f"{tenant.path}/events/{accepted['id']}")
        for asked in (*paths, f"{tenant.path}/no-such-thing/{script}"):
            answer = target.ask(tenant.owner, "GET", asked)
            assert answer.headers["Content-Type"].split(";")[0] in ("application/json", "application/problem+json")
            assert answer.headers["X-Content-Type-Options"] == "nosniff"
        assert target.ask(tenant.owner, "DELETE", path).status_code == 204
    target.refused(
        target.ask(
            tenant.owner, "POST", f"{tenant.path}/channels", target.draft(settings={"url": "javascript:alert(1)"})
        )
    )
