"""Channels from the command line: settings from files, and moving to another kind."""

import subprocess

from harness.answer import Answer
from harness.authority import Authority
from harness.client import expect
from harness.events import finished
from harness.service import binary, clean_environment


def runbell(tenant, *arguments: str, code: int = 0, given: str = "") -> str:
    variables = {
        "RUNBELL_URL": tenant.service.url,
        "RUNBELL_KEY": tenant.owner.key,
        "RUNBELL_ORGANIZATION": str(tenant.number),
    }
    done = subprocess.run(
        [str(binary()), "channels", *arguments],
        env=clean_environment() | variables,
        input=given,
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert done.returncode == code, done.stdout + done.stderr
    return done.stdout if code == 0 else done.stderr


def test_certificates_are_read_from_files(tenant, tmp_path):
    authority = Authority()
    client = authority.identity("runbell client", days=12.5)
    files = {"client_certificate": client.certificate, "ca_certificates": authority.pem}
    options = ["--set-file", "client_key=-"]
    for key, text in files.items():
        (tmp_path / key).write_text(text)
        options += ["--set-file", f"{key}={tmp_path / key}"]
    address = ["--kind", "webhook", "--name", "CI", "--url", "https://127.0.0.1:9/hook"]
    shown = runbell(tenant, "add", *address, *options, given=client.key)
    assert "runbell client expires in 12 days (" in shown and "Authority of a test expires in 364 days (" in shown
    assert "CERTIFICATE" not in shown and client.canary not in shown
    (channel,) = tenant.owner.every(f"{tenant.path}/channels")
    assert channel["settings"]["client_certificate"] == client.certificate
    kept = runbell(tenant, "edit", channel["id"], "--name", "CI 2")
    assert "runbell client expires" in kept
    unset = [option for key in ("client_certificate", "client_key") for option in ("--unset", key)]
    assert "runbell client" not in runbell(tenant, "edit", channel["id"], *unset)
    missing = runbell(tenant, "edit", channel["id"], "--set-file", f"client_key={tmp_path}/none", code=2)
    assert "cannot be read" in missing
    assert "KEY=PATH" in runbell(tenant, "edit", channel["id"], "--set-file", "client_key", code=64)


def test_a_channel_moves_and_keeps_its_name(tenant, runs):
    old = tenant.channel("webhook", "Load tests", subscription={"statuses": [12]})
    expect(tenant.owner.patch(tenant.path, {"fallback_channel_id": old["id"]}), 200)
    hook = tenant.slack("moved")["url"]
    shown = runbell(tenant, "move", old["id"], "--url", hook, "--kind", "slack")
    assert "Load tests" in shown and "slack" in shown
    (new,) = tenant.owner.every(f"{tenant.path}/channels")
    assert (new["kind"], new["name"], new["subscription"]) == ("slack", "Load tests", old["subscription"])
    assert expect(tenant.owner.get(tenant.path), 200)["fallback_channel_id"] == new["id"]
    tenant.post(finished(tenant.number, next(runs), 12))
    tenant.receiver.wait_for(hook.removeprefix(tenant.receiver.url))
    created, removed = [entry for entry in tenant.audit() if entry["action"].startswith("channel.")][-2:]
    assert (created["action"], removed["action"]) == ("channel.created", "channel.removed")
    assert created["detail"]["instead_of"] == old["id"]
    refused = runbell(tenant, "move", new["id"], "--kind", "slack", "--url", hook, code=2)
    assert "already" in refused


def test_the_kind_of_a_moved_channel_is_recognized(tenant):
    old = tenant.channel("webhook")
    recognized = "https://discord.com/api/webhooks/417429632418316298/" + "d" * 68
    runbell(tenant, "move", old["id"], "--url", recognized)
    (new,) = tenant.owner.every(f"{tenant.path}/channels")
    assert new["kind"] == "discord"


def test_a_failed_test_is_told_by_its_output_alone(tenant):
    channel = tenant.channel("webhook")
    tenant.receiver.script(channel["at"], default=Answer(503))
    for more in ([], ["--json"]):
        done = tenant.service.run(
            "channels", "test", channel["id"], "--organization", str(tenant.number), *more, key=tenant.owner.key
        )
        assert (done.returncode, done.stderr) == (1, "")
        assert "503" in done.stdout
