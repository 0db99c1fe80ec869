"""Email through a relay: aiosmtpd takes it, Python's own mail package reads it."""

import re
import time

import pytest
import requests

from harness import mail_relay
from harness.client import expect
from harness.events import finished, hostile_name, started
from harness.mail_channel import (
    PUBLIC,
    confirmed,
    decide,
    link,
    mail_channel,
    press_test_hook,
    settings_for,
    somebody,
)
from harness.mail_relay import Relay
from harness.tenant import Tenant
from harness.waiting import wait_until


@pytest.fixture(scope="module")
def service(make_service, relay):
    return make_service(**settings_for(relay.url)).start()


def waits_on_pages(tenant, channel) -> tuple[bool, bool]:
    """Whether the channel's page and the list of all say that a recipient has yet to confirm."""
    cookie, base = tenant.session_cookie(), f"{tenant.service.url}/organizations/{tenant.number}"
    seen = {
        path: requests.get(f"{base}/{path}", headers={"Cookie": cookie}, timeout=15).text
        for path in (f"channels/{channel['id']}", "notifications")
    }
    channel_page, list_page = seen.values()
    assert channel["name"] in channel_page and channel["name"] in list_page
    return "gets no mail before confirming" in channel_page, "yet to confirm" in list_page


def test_nothing_is_sent_before_the_address_is_confirmed(tenant, relay, runs):
    ops = somebody()
    channel = mail_channel(tenant, ops)
    assert ops in channel["pending"] and "Test Hook" in channel["pending"]
    assert waits_on_pages(tenant, channel) == (True, True)
    early = tenant.post(started(tenant.number, next(runs)))["id"]
    outcome = tenant.settled(early, channel)
    assert (outcome["state"], outcome["reason"]) == ("failed", "email.unconfirmed"), outcome
    assert relay.to(ops) == []
    report = press_test_hook(tenant, channel)
    assert report["finding"]["code"] == "email.unconfirmed", report
    assert "was sent to 1 recipient" in report["finding"]["text"]
    (invitation,) = relay.wait_for(ops)
    assert "confirm" in invitation.message["Subject"]
    # Looking at the page, as programs that check mails do, confirms nothing.
    assert requests.get(link(tenant, invitation), timeout=15).status_code == 200
    again = press_test_hook(tenant, channel)
    assert (again["verdict"], "ten minutes ago" in again["finding"]["text"]) == ("refused", True), again
    assert len(relay.to(ops)) == 1, "asked again at once"
    assert tenant.shown(channel)["health"]["failing_since"]
    assert decide(link(tenant, invitation), "confirm").status_code == 200
    shown = tenant.shown(channel)
    assert (shown["pending"], shown["health"]) == (None, None)
    assert waits_on_pages(tenant, channel) == (False, False)
    tenant.post(started(tenant.number, next(runs)))
    assert len(relay.wait_for(ops, 2)) == 2
    assert [entry["action"] for entry in tenant.audit() if "recipient" in entry["action"]] == [
        "channel.recipient_confirmed"
    ]


def test_a_refused_request_to_confirm_is_said_and_can_be_repeated(tenant, relay):
    ops = somebody()
    channel = mail_channel(tenant, ops)
    relay.refusals[ops].append("550 5.1.1 no such user")
    report = press_test_hook(tenant, channel)
    assert report["finding"]["code"] == "email.550" and "no such user" in report["text"], report
    assert "was sent to 1 recipient" in press_test_hook(tenant, channel)["text"]
    assert len(relay.wait_for(ops)) == 1


def test_what_is_said_while_a_channel_is_set_up_is_true(tenant, relay):
    ops = somebody()
    draft = {"kind": "email", "name": "Mail", "settings": {"recipients": ops}}
    report = expect(tenant.owner.post(f"{tenant.path}/channels/test", draft), 200)
    assert "Nothing was sent" in report["text"] and "Save it" in report["text"], report
    channel = mail_channel(tenant, ops)
    shown, preview = (
        tenant.service.run(
            "channels", command, channel["id"], RUNBELL_ORGANIZATION=str(tenant.number), key=tenant.owner.key
        )
        for command in ("show", "preview")
    )
    assert "pending" in shown.stdout and "gets no mail before confirming" in shown.stdout, shown
    assert f"\nTo: {ops}\n" in preview.stdout and "Subject: Load test finished" in preview.stdout, preview
    assert "\ufffd" not in preview.stdout and len(preview.stdout.splitlines()) > 10, preview
    assert relay.to(ops) == []


def test_a_channel_that_nobody_has_confirmed_is_shown_as_failing(tenant, relay, runs):
    channel = mail_channel(tenant, somebody())
    tenant.settled(tenant.post(started(tenant.number, next(runs)))["id"], channel)
    everything = expect(tenant.owner.get(f"{tenant.path}/channels"), 200)["data"]
    (listed,) = (each for each in everything if each["id"] == channel["id"])
    assert listed["health"]["failing_since"]
    assert listed["health"]["finding"]["code"] == "email.unconfirmed"
    (delivery,) = tenant.deliveries(channel)
    url = f"{tenant.service.url}/organizations/{tenant.number}/deliveries/{delivery['id']}"
    page = requests.get(url, headers={"Cookie": tenant.session_cookie()}, timeout=15).text
    assert delivery["id"] in page and "X-LoadImpact-ID" not in page
    shown = tenant.service.run("channels", "list", RUNBELL_ORGANIZATION=str(tenant.number), key=tenant.owner.key).stdout
    assert "failing" in shown and "No recipient has confirmed" in shown


def test_the_page_does_not_promise_what_nobody_has_confirmed(tenant):
    headers = {"Cookie": tenant.session_cookie(), "Sec-Fetch-Site": "same-origin"}
    pages = f"{tenant.service.url}/organizations/{tenant.number}"
    page = requests.get(f"{pages}/notifications", headers=headers, timeout=15).text
    token = re.search(r'name="form_token" value="(\w+)"', page)[1]
    form = {"form_token": token, "kind": "email", "origin": "page", "name": "Mail"}
    form["settings.recipients"] = somebody()
    made = requests.post(f"{pages}/channels", data=form, headers=headers, timeout=15, allow_redirects=False)
    saved = requests.get(tenant.service.url + made.headers["Location"], headers=headers, timeout=15)
    assert "once a recipient has confirmed" in saved.text
    assert "notified of the next load test" not in saved.text


def test_a_mail_has_what_mails_need(tenant, relay, runs):
    ops, qa = somebody(), somebody()
    channel = confirmed(tenant, relay, ops, qa)
    run = next(runs)
    tenant.link_runs("https://app.example.com/runs/{load_test_run_id}")
    tenant.post(started(tenant.number, run, name=hostile_name()))
    tenant.post(finished(tenant.number, run, 12, name=hostile_name()))
    first, last = relay.wait_for(ops, 3)[1:]
    assert relay.to(qa)[1:] == [first, last]
    for mail in (first, last):
        message = mail.message
        assert message.defects == [] and all(part.defects == [] for part in message.walk())
        assert mail.sender == "runbell@example.com" and set(mail.recipients) == {ops, qa}
        assert [part.get_content_type() for part in message.iter_parts()] == ["text/plain", "text/html"]
        assert message["Auto-Submitted"] == "auto-generated"
        assert message["List-Unsubscribe"].startswith(f"<{PUBLIC}/mail/")
        assert f"https://app.example.com/runs/{run}" in mail.text
        page = message.get_body(("html",)).get_content()
        assert "<b>x</b>" not in page and "&lt;b&gt;x&lt;/b&gt;" in page
        assert "<b>x</b>" in mail.text
        assert max(map(len, message.as_bytes().splitlines())) <= 998
    assert first.message["Message-ID"] != last.message["Message-ID"]
    assert first.message["In-Reply-To"] == last.message["In-Reply-To"] == last.message["References"]
    assert "Load test failed a threshold" in str(last.message["Subject"])
    assert tenant.shown(channel)["settings"] == {"recipients": f"{ops}\n{qa}"}


def test_one_of_three_is_unknown(tenant, relay, runs):
    ops, gone, qa = somebody(), somebody(), somebody()
    channel = confirmed(tenant, relay, ops, gone, qa)
    relay.refusals[gone].append("550 5.1.1 no such user")
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    outcome = tenant.settled(event, channel)
    assert (outcome["state"], outcome["reason"]) == ("failed", "email.some_refused"), outcome
    assert gone in outcome["text"] and "no such user" in outcome["text"] and "2 others got the mail" in outcome["text"]
    assert [len(relay.to(each)) for each in (ops, gone, qa)] == [2, 1, 2]
    assert tenant.shown(channel)["enabled"]


def test_while_one_has_to_wait_nobody_gets_it_twice(tenant, relay, runs):
    ops, slow = somebody(), somebody()
    channel = confirmed(tenant, relay, ops, slow)
    relay.refusals[slow].append("451 4.7.1 greylisted, come back")
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    assert tenant.settled(event, channel, timeout=30)["state"] == "delivered"
    assert [len(relay.to(each)) for each in (ops, slow)] == [2, 2]
    assert relay.asked.count(slow) == 3


def test_a_mail_that_is_refused_now_is_sent_again(tenant, relay, runs):
    ops = somebody()
    channel = confirmed(tenant, relay, ops)
    relay.endings.append("451 4.3.0 busy")
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    assert tenant.settled(event, channel, timeout=30)["state"] == "delivered"
    assert len(relay.to(ops)) == 2


def test_a_lost_answer_leads_to_one_more_mail_under_the_same_id(tenant, relay, runs):
    ops = somebody()
    channel = confirmed(tenant, relay, ops)
    relay.endings.append(None)
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    assert tenant.settled(event, channel, timeout=30)["state"] == "delivered"
    first, second = relay.to(ops)[1:]
    assert first.message["Message-ID"] == second.message["Message-ID"]
    assert first.message.as_bytes() == second.message.as_bytes()


def test_who_has_stopped_mails_gets_none_after_an_earlier_revision_is_restored(tenant, relay, runs):
    ops, qa = somebody(), somebody()
    channel = confirmed(tenant, relay, ops, qa)
    path = f"{tenant.path}/channels/{channel['id']}"
    before = expect(tenant.owner.get(path), 200)["version"]
    tenant.post(started(tenant.number, next(runs)))
    stop = relay.wait_for(ops, 2)[1].message["List-Unsubscribe"].strip("<>").replace(PUBLIC, tenant.service.url)
    assert decide(stop, "stop", address=ops).status_code == 200
    restored = expect(tenant.owner.post(f"{path}/revisions/{before}/restore"), 200)
    assert ops in restored["pending"] and qa not in restored["pending"]
    tenant.post(started(tenant.number, next(runs)))
    assert len(relay.wait_for(qa, 3)) == 3 and len(relay.to(ops)) == 2
    assert requests.get(stop, timeout=15).status_code == 200, "the links in mails lead nowhere anymore"


def test_everybody_can_stop_it(tenant, relay, runs):
    ops, qa = somebody(), somebody()
    channel = confirmed(tenant, relay, ops, qa)
    tenant.post(started(tenant.number, next(runs)))
    mail = relay.wait_for(ops, 2)[-1]
    stop = mail.message["List-Unsubscribe"].strip("<>").replace(PUBLIC, tenant.service.url)
    assert decide(stop, "stop", address="nobody@example.org").status_code == 400
    assert decide(stop, "confirm", address=somebody()).status_code == 400
    assert decide(stop, "stop", address=ops).status_code == 200
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    tenant.settled(event, channel)
    assert len(relay.wait_for(qa, 3)) == 3 and len(relay.to(ops)) == 2
    wrong = stop[:-1] + ("0" if stop[-1] != "0" else "1")
    assert requests.get(wrong, timeout=15).status_code == decide(wrong, "stop", address=qa).status_code == 410


def test_wrong_addresses_are_refused(tenant):
    for recipients in ("nobody", "a@example.org\r\nBcc: b@example.org", "a@example.org a@example.org", "ops@127.0.0.1"):
        draft = {"kind": "email", "name": "Mail", "settings": {"recipients": recipients}}
        problem = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 400)
        assert problem["errors"][0]["field"] == "settings.recipients"


def test_without_a_relay_there_is_no_mail(make_service, receiver):
    tenant = Tenant(make_service().start(), receiver)
    draft = {"kind": "email", "name": "Mail", "settings": {"recipients": somebody()}}
    problem = expect(tenant.owner.post(f"{tenant.path}/channels", draft), 400)
    assert "RUNBELL_SMTP_URL" in problem["errors"][0]["message"]


@pytest.mark.parametrize("tls", ["starttls", "from the start"])
def test_tls_and_a_password(make_service, receiver, runs, tls):
    relay = Relay(tls=tls, user=True)
    service = make_service(**settings_for(relay.url, RUNBELL_SMTP_CA=str(mail_relay.AUTHORITY))).start()
    tenant, ops = Tenant(service, receiver), somebody()
    confirmed(tenant, relay, ops)
    tenant.post(started(tenant.number, next(runs)))
    assert all(mail.is_encrypted for mail in relay.wait_for(ops, 2))
    assert mail_relay.PASSWORD not in service.log
    relay.close()


@pytest.mark.parametrize("trusts", [True, False])
def test_a_relay_that_cannot_be_used_is_not_held_against_the_channel(make_service, receiver, runs, trusts):
    """A wrong password, or a certificate that nobody trusts."""
    relay = Relay(tls="starttls", user=True)
    url = f"smtp://{mail_relay.USER}:wr0ng-passw0rd@{relay.address}"
    more = {"RUNBELL_SMTP_CA": str(mail_relay.AUTHORITY)} if trusts else {}
    tenant = Tenant(make_service(**settings_for(url, **more)).start(), receiver)
    channel = mail_channel(tenant, somebody())
    report = press_test_hook(tenant, channel)
    assert report["finding"]["code"] == "local.settings", report
    assert "wr0ng" not in str(report) and relay.mails == []
    relay.close()


def test_a_relay_that_hangs_delays_nobody_else(tenant, relay, runs):
    ops = somebody()
    confirmed(tenant, relay, ops)
    hook = tenant.channel("webhook")
    relay.endings.append(5.0)
    begin = time.monotonic()
    tenant.post(started(tenant.number, next(runs)))
    tenant.receiver.wait_for(hook["at"])
    assert time.monotonic() - begin < 4
    relay.wait_for(ops, 2)


def test_nobody_waits_for_the_goodbye(make_service, receiver):
    relay = Relay()
    tenant = Tenant(make_service(**settings_for(relay.url)).start(), receiver)
    channel = confirmed(tenant, relay, somebody())
    relay.goodbye = 3600.0
    begin = time.monotonic()
    assert press_test_hook(tenant, channel)["verdict"] == "delivered"
    assert time.monotonic() - begin < 5
    relay.close()


def test_killed_between_the_mail_and_its_answer(make_service, receiver, runs):
    """At most one double, under the same Message-ID."""
    relay = Relay()
    service = make_service(**settings_for(relay.url)).start()
    tenant, ops = Tenant(service, receiver), somebody()
    channel = confirmed(tenant, relay, ops)
    relay.endings.append(30.0)
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    relay.wait_for(ops, 2)
    service.kill()
    service.start()
    assert tenant.settled(event, channel, timeout=30)["state"] == "delivered"
    wait_until(lambda: len(relay.to(ops)) == 3)
    first, second = relay.to(ops)[1:]
    assert first.message["Message-ID"] == second.message["Message-ID"]
    relay.close()
