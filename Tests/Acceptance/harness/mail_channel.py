"""Channels of the kind Email: creating one, and what its recipients do with the links in their mails."""

import itertools
import re

import requests

from .client import expect
from .mail_relay import Mail, Mailbox
from .tenant import Tenant

PUBLIC = "http://127.0.0.1:9"
"""Where the pages are said to be; the tests put the service's own address in its place."""
SENDER = "runbell@example.com"
_people = itertools.count()


def settings_for(url: str, **more: str) -> dict[str, str]:
    return {"RUNBELL_SMTP_URL": url, "RUNBELL_SMTP_FROM": SENDER, "RUNBELL_PUBLIC_URL": PUBLIC} | more


def somebody(domain: str = "example.org") -> str:
    """An address that no other test uses."""
    return f"person{next(_people)}@{domain}"


def mail_channel(tenant: Tenant, *recipients: str) -> dict:
    draft = {"kind": "email", "name": "Mail", "settings": {"recipients": "\n".join(recipients)}}
    return expect(tenant.owner.post(f"{tenant.path}/channels", draft), 201)


def press_test_hook(tenant: Tenant, channel: dict) -> dict:
    return expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test"), 200)


def link_in(text: str, tenant: Tenant) -> str:
    """The address in a mail, at the service that runs."""
    (found,) = re.findall(re.escape(PUBLIC) + r"/mail/\S+", text)
    return found.replace(PUBLIC, tenant.service.url)


def link(tenant: Tenant, mail: Mail) -> str:
    return link_in(mail.text, tenant)


def decide(url: str, decision: str, **more: str) -> requests.Response:
    """Presses a button of the page behind a link."""
    headers = {"Sec-Fetch-Site": "same-origin"}
    return requests.post(url, data={"decision": decision} | more, headers=headers, timeout=15)


def confirmed(tenant: Tenant, mailbox: Mailbox, *recipients: str) -> dict:
    """A channel whose recipients have all confirmed their address."""
    channel = mail_channel(tenant, *recipients)
    press_test_hook(tenant, channel)
    for recipient in recipients:
        (invitation,) = mailbox.wait_for(recipient)
        assert decide(link(tenant, invitation), "confirm").status_code == 200
    return channel
