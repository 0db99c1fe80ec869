"""Texts that are harmless here and dangerous in a page."""

import csv
import io

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


@case("bad-108", changes_state=True)
def a_spreadsheet_takes_no_text_for_a_formula(target: Target):
    """The audit log is exported as JSON alone; what is exported as CSV is the list of deliveries."""
    tenant = target.tenant
    formulas = ["=cmd|'/c calc'!A1", "+1+1", "-2+3", "@SUM(A1)"]
    for formula in formulas:
        channel = tenant.channel("webhook", f"{formula} channel")
        tenant.settled(tenant.post(target.event(name=formula))["id"], channel)
    headers = {"Cookie": tenant.session_cookie()}
    answer = target.ask(
        tenant.service.client(None), "GET", f"/organizations/{tenant.number}/deliveries/csv?limit=250", headers=headers
    )
    assert answer.headers["Content-Type"] == "text/csv; charset=utf-8"
    rows = list(csv.reader(io.StringIO(answer.content.decode(), newline="")))
    fields = {field for row in rows for field in row}
    assert {f"'{formula}" for formula in formulas} <= fields, "each is there, as a text"
    assert {f"'{formula} channel" for formula in formulas} <= fields
    assert not [field for field in fields if field.startswith(("=", "+", "-", "@", "\t", "\r"))]
