"""Email through Debian's mail server: what it takes, what it refuses, and what is in the mailboxes in the end."""

from collections import Counter

import pytest

from harness.events import finished, started
from harness.mail_channel import SENDER, confirmed, press_test_hook, settings_for, somebody
from harness.mail_relay import AUTHORITY, PASSWORD
from harness.mail_server import PROGRAM, mail_server
from harness.needs import needs
from harness.tenant import Tenant
from harness.waiting import wait_until

pytestmark = needs(PROGRAM.exists(), "there is no mail server: scripts/install-test-needs did not install Exim")


@pytest.fixture(scope="module")
def server():
    with mail_server() as server:
        yield server


def settings(url: str) -> dict[str, str]:
    return settings_for(url, RUNBELL_SMTP_CA=str(AUTHORITY))


@pytest.fixture(scope="module")
def service(make_service, server):
    """Reaches the server with STARTTLS and a password."""
    return make_service(**settings(server.url)).start()


def deliver(tenant: Tenant, server, runs):
    ops, qa = somebody(), somebody()
    channel = confirmed(tenant, server, ops, qa)
    run = next(runs)
    for event in (started(tenant.number, run), finished(tenant.number, run, 12)):
        assert tenant.settled(tenant.post(event)["id"], channel)["state"] == "delivered"
    for each in (ops, qa):
        mails = server.wait_for(each, 3)
        assert all(mail.is_encrypted and mail.sender == SENDER for mail in mails)
        assert all(part.defects == [] for mail in mails for part in mail.message.walk())
        subjects = {str(mail.message["Subject"]) for mail in mails}
        assert any("failed a threshold" in subject for subject in subjects) and len(subjects) == 3
    assert PASSWORD not in tenant.service.log


def test_a_mail_arrives_in_the_mailboxes(tenant, server, runs):
    deliver(tenant, server, runs)


def test_it_arrives_with_tls_from_the_start(make_service, server, receiver, runs):
    deliver(Tenant(make_service(**settings(server.tls_url)).start(), receiver), server, runs)


def test_a_wrong_password_is_not_held_against_the_channel(make_service, server, receiver, runs):
    url = server.url.replace(PASSWORD, "wr0ng-passw0rd")
    tenant = Tenant(make_service(**settings(url)).start(), receiver)
    draft = {"kind": "email", "name": "Mail", "settings": {"recipients": somebody()}}
    channel = tenant.owner.post(f"{tenant.path}/channels", draft).json()
    assert press_test_hook(tenant, channel)["finding"]["code"] == "local.settings"
    assert "wr0ng" not in tenant.service.log


def test_unknown_recipients(tenant, server, runs):
    """One of three: the others get the mail, the explanation names that one, and the channel stays. All of them, five
    times in a row: the channel is disabled, and the audit log says what the relay said."""
    ops, gone, qa, lost = somebody(), somebody(), somebody(), somebody()
    some, none = confirmed(tenant, server, ops, gone, qa), confirmed(tenant, server, lost)
    server.says("unknown", gone, lost)
    events = [tenant.post(started(tenant.number, next(runs)))["id"] for _ in range(5)]
    for event in events:
        outcome = tenant.settled(event, some)
        assert (outcome["state"], outcome["reason"]) == ("failed", "email.some_refused"), outcome
        assert f"<{gone}>: no such user" in outcome["text"] and "2 others got the mail" in outcome["text"]
    counts = [len(server.wait_for(each, count)) for each, count in ((ops, 6), (gone, 1), (qa, 6))]
    assert counts == [6, 1, 6]
    assert tenant.shown(some)["enabled"]
    wait_until(lambda: not tenant.shown(none)["enabled"])
    assert "no such user" in str(tenant.disabling(none))


def test_a_recipient_that_has_to_wait(tenant, server, runs):
    """Nobody gets the mail twice: the first two attempts wait for all recipients."""
    ops, slow = somebody(), somebody()
    channel = confirmed(tenant, server, ops, slow)
    server.says("busy", slow)
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    wait_until(lambda: server.log.count(f"temporarily rejected RCPT <{slow}>") == 1)
    server.says("busy")
    assert tenant.settled(event, channel, timeout=30)["state"] == "delivered"
    assert [len(server.wait_for(each, 2)) for each in (ops, slow)] == [2, 2]


def test_killed_between_the_mail_and_its_answer(make_service, server, receiver, runs):
    """At most one double, under the same Message-ID."""
    service = make_service(**settings(server.url)).start()
    tenant, ops = Tenant(service, receiver), somebody()
    channel = confirmed(tenant, server, ops)
    server.folder.joinpath("slow").touch()
    event = tenant.post(started(tenant.number, next(runs)))["id"]
    wait_until(lambda: "has the whole mail" in server.log)
    service.kill()
    server.folder.joinpath("slow").unlink()
    service.start()
    assert tenant.settled(event, channel, timeout=30)["state"] == "delivered"
    server.wait_for(ops, 2)
    found = Counter((str(mail.message["Message-ID"]), mail.text) for mail in server.to(ops))
    assert len(found) == 2 and sum(found.values()) <= 3
