"""Which kind a pasted address belongs to: the API and the command line, judged by Apprise's own recognizer."""

import subprocess

import pytest
from apprise import Apprise

from harness.client import expect
from harness.pasted_addresses import ADDRESSES, SLACK
from harness.service import binary, clean_environment


def recognized(client, url: str) -> dict:
    return expect(client.post("/v1/channel-kinds/recognize", {"url": url}), 200)


@pytest.mark.parametrize(("url", "kind", "named"), ADDRESSES)
def test_apprise_names_the_same_service(tenant, url, kind, named):
    judge = Apprise.instantiate(url)
    assert judge is not None
    assert str(judge.service_name) == named
    found = recognized(tenant.owner, url)
    assert found["kind"] == kind
    for given, told in zip(secrets(judge), [found["settings"]] * 9, strict=False):
        assert given in str(told)


def secrets(judge) -> list[str]:
    """What Apprise read out of the address: its tokens."""
    names = ("token_a", "token_b", "token_c", "webhook_id", "webhook_token", "integration_key", "bot_token", "topics")
    names += ("webhook", "workflow", "signature", "routing_id", "token", "targets", "rooms", "botname", "organization")
    values = [getattr(judge, name, None) for name in names]
    texts = [text for value in values if value for text in (value if isinstance(value, list) else [value])]
    # Telegram's chats have a topic beside them.
    return [str(text[0]) if isinstance(text, tuple) else text for text in texts]


def test_other_addresses(tenant):
    assert recognized(tenant.member, "https://ci.example.org/hook")["kind"] == "webhook"
    assert recognized(tenant.member, "no address") == {"kind": None, "name": None, "settings": None}
    answer = expect(tenant.member.post("/v1/channel-kinds/recognize", {"url": 7, "more": 1}), 400)
    assert sorted(error["field"] for error in answer["errors"]) == ["more", "url"]


def run(tenant, *words: str) -> subprocess.CompletedProcess:
    variables = clean_environment() | {"RUNBELL_URL": tenant.service.url, "RUNBELL_KEY": tenant.owner.key}
    command = [str(binary()), "channels", *words, "--organization", str(tenant.number)]
    return subprocess.run(command, env=variables, capture_output=True, text=True, timeout=60, check=False)


def test_the_command_line_needs_only_the_address(tenant):
    done = run(tenant, "add", "--url", SLACK)
    assert done.returncode == 0, done.stderr
    (channel,) = expect(tenant.owner.get(f"{tenant.path}/channels"), 200)["data"]
    assert (channel["kind"], channel["name"]) == ("slack", "Slack")
    assert SLACK not in done.stdout + done.stderr
    refused = run(tenant, "add", "--url", "pigeon://7")
    assert refused.returncode == 64
    assert "--kind says which one is meant" in refused.stderr
