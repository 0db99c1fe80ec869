"""The audit log: complete, chained so that any change shows, and without a secret."""

import json
import re
import subprocess

import pytest

from harness.authority import Authority
from harness.client import expect
from harness.events import started
from harness.hipchat_service import TOKEN
from harness.service import binary, clean_environment
from harness.slack_service import says
from harness.tenant import ADMIN, OWNER, SLACK_SECRET, Tenant
from harness.waiting import wait_until

HOOK_SECRET = "whsec_" + "Q2FuYXJ5U2VjcmV0T2ZUaGVXZWJIb29rMDEyMzQ1Njc4OQ=="
HOOK_CANARY = "Q2FuYXJ5U2VjcmV0T2ZUaGVXZWJIb29r"
CLIENT = Authority().identity("client of a test")
FLIPS = 60


@pytest.fixture(scope="module")
def busy(service, receiver) -> Tenant:
    """An organization with a history: every kind of change, refusals, a channel that the service disabled."""
    tenant = Tenant(service, receiver)
    channels = {kind: tenant.channel(kind) for kind in ("slack", "hipchat", "webhook")}
    mutual = tenant.draft("webhook", "mutual", settings=CLIENT.settings() | {"url": "https://127.0.0.1:9/hook"})
    expect(tenant.owner.post(f"{tenant.path}/channels", mutual | {"enabled": False}), 201)
    path = f"{tenant.path}/channels/{channels['webhook']['id']}"
    settings = tenant.hook("webhook") | {"signing_secret": HOOK_SECRET}
    expect(tenant.owner.put(path, {"kind": "webhook", "name": "renamed é 😀", "settings": settings}), 200)
    expect(tenant.admin.post(f"{path}/revisions/1/restore"), 200)
    expect(tenant.admin.post(f"{path}/revisions/2/restore"), 200)
    expect(tenant.member.delete(path), 403)
    expect(tenant.scheduler.get(path), 403)
    receiver.script(channels["slack"]["at"], says(404, "no_service"))
    accepted = tenant.post(started(tenant.number, 1))
    tenant.settled(accepted["id"], channels["slack"])
    for kind, channel in channels.items():
        expect(tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test"), 200)
        receiver.wait_for(channel["at"], 1 if kind == "slack" else 2)
    return tenant


@pytest.fixture(scope="module")
def export(busy, tmp_path_factory):
    answer = busy.owner.get(f"{busy.path}/audit-log/export")
    assert answer.status_code == 200
    assert "ndjson" in answer.headers["Content-Type"]
    path = tmp_path_factory.mktemp("audit") / "export.ndjson"
    path.write_bytes(answer.content)
    return path


def verify(path) -> subprocess.CompletedProcess:
    """Offline: without the service's address and without a key."""
    command = [str(binary()), "audit", "verify", str(path)]
    return subprocess.run(command, env=clean_environment(), capture_output=True, timeout=20, check=False)


def test_entries_are_in_order_and_name_their_actors(busy):
    entries = busy.audit()
    assert [entry["sequence"] for entry in entries] == list(range(1, len(entries) + 1))
    told = [(entry["actor"], entry["action"]) for entry in entries]
    assert told[0] == ("operator", "organization.created")
    for wanted in [
        (f"user:{OWNER}", "channel.created"),
        (f"user:{OWNER}", "channel.updated"),
        (f"user:{ADMIN}", "channel.restored"),
        ("user:3", "refused"),
        ("system", "channel.disabled"),
    ]:
        assert wanted in told, told
    assert all(re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", entry["at"]) for entry in entries)


def test_an_update_records_before_and_after(busy):
    (entry,) = [entry for entry in busy.audit() if entry["action"] == "channel.updated"]
    detail = json.dumps(entry["detail"], ensure_ascii=False)
    assert "renamed" in detail
    assert "before" in detail
    assert "after" in detail


@pytest.mark.parametrize(
    ("query", "wanted"),
    [
        ("actor=system", lambda entry: entry["actor"] == "system"),
        ("action=refused", lambda entry: entry["action"] == "refused"),
        ("action=channel.created", lambda entry: entry["action"] == "channel.created"),
        ("since=2999-01-01T00:00:00Z", lambda entry: False),
        ("until=2999-01-01T00:00:00Z", lambda entry: True),
    ],
)
def test_filters(busy, query, wanted):
    every = busy.audit()
    found = busy.owner.every(f"{busy.path}/audit-log?{query}")
    assert bool(found) != query.startswith("since=2999")
    assert sorted(entry["sequence"] for entry in found) == [entry["sequence"] for entry in every if wanted(entry)]


def test_verify_accepts_the_export(busy, export):
    done = verify(export)
    assert done.returncode == 0, done.stdout + done.stderr
    lines = export.read_bytes().splitlines()
    assert len(lines) == busy.audit_length() + 1, "one line an entry, and the signed checkpoint"


@pytest.mark.parametrize("part", range(FLIPS), ids=lambda part: f"at {part}/{FLIPS}")
def test_verify_finds_any_one_changed_byte(export, tmp_path, part):
    """Sixty places, spread so that they meet keys, values, hashes, line breaks and the checkpoint alike."""
    original = export.read_bytes()
    position = min(part * len(original) // FLIPS + part * 7, len(original) - 1)
    for flip in (0x01, 0x20):
        changed = bytearray(original)
        changed[position] ^= flip
        assert_refused(tmp_path, bytes(changed), f"byte {position}, {original[position]} became {changed[position]}")


def assert_refused(folder, content: bytes, story: str):
    path = folder / "changed.ndjson"
    path.write_bytes(content)
    done = verify(path)
    assert done.returncode not in (0, None), f"not found: {story}"
    assert done.returncode > 0, f"verify died of signal {-done.returncode}: {story}"


def lines_of(export) -> list[bytes]:
    return export.read_bytes().splitlines(keepends=True)


def test_verify_finds_every_removed_line(export, tmp_path):
    lines = lines_of(export)
    for position in range(len(lines)):
        assert_refused(tmp_path, b"".join(lines[:position] + lines[position + 1 :]), f"without line {position + 1}")


def test_verify_finds_every_swapped_pair(export, tmp_path):
    lines = lines_of(export)
    for position in range(len(lines) - 1):
        swapped = [*lines]
        swapped[position : position + 2] = reversed(lines[position : position + 2])
        assert_refused(tmp_path, b"".join(swapped), f"lines {position + 1} and {position + 2} swapped")


def test_verify_finds_a_duplicated_line_and_a_tail_cut_off(export, tmp_path):
    lines = lines_of(export)
    assert_refused(tmp_path, b"".join([lines[0], *lines]), "the first line twice")
    assert_refused(tmp_path, b"".join([*lines, lines[-1]]), "the last line twice")
    assert_refused(tmp_path, b"".join(lines[:-3]), "three lines cut off")
    assert_refused(tmp_path, export.read_bytes()[:-1], "the last line break cut off")
    assert_refused(tmp_path, b"", "an empty file")


def test_verify_refuses_an_export_of_two_organizations(busy, export, tenant, tmp_path):
    other = tenant.owner.get(f"{tenant.path}/audit-log/export").content
    assert_refused(tmp_path, lines_of(export)[0] + other, "a line of another organization")


def canaries(tenant: Tenant) -> dict[str, str]:
    keys = {name: text[15:58] for name, text in tenant.key_texts.items()}
    operator = tenant.service.operator_key[15:58]
    return {
        "slack": SLACK_SECRET,
        "hipchat": TOKEN,
        "web hook": HOOK_CANARY,
        "client key": CLIENT.canary,
        "operator": operator,
    } | keys


def assert_no_secret(tenant: Tenant, place: str, content: bytes):
    for name, secret in canaries(tenant).items():
        position = content.find(secret.encode())
        assert position < 0, f"the secret of {name} stands in {place}: {content[max(0, position - 60) : position]!r}…"


def test_no_secret_in_the_audit_log(busy, export):
    assert_no_secret(busy, "the export", export.read_bytes())


def test_no_secret_in_any_answer(busy):
    paths = ["", "/members", "/keys", "/channels", "/events", "/deliveries", "/audit-log", "/audit-log/head"]
    for channel in busy.owner.every(f"{busy.path}/channels"):
        paths += [f"/channels/{channel['id']}", f"/channels/{channel['id']}/revisions"]
    paths += [f"/deliveries/{delivery['id']}" for delivery in busy.owner.every(f"{busy.path}/deliveries")]
    paths += [f"/events/{event['id']}" for event in busy.owner.every(f"{busy.path}/events")]
    for path in paths:
        answer = busy.owner.get(busy.path + path)
        assert answer.status_code == 200, path
        assert_no_secret(busy, path, answer.content)


def test_no_secret_in_tests_and_previews(busy):
    for channel in busy.owner.every(f"{busy.path}/channels"):
        tested = busy.owner.post(f"{busy.path}/channels/{channel['id']}/test")
        preview = {"channel": channel["id"], "event": started(busy.number, 5)}
        seen = busy.owner.post(f"{busy.path}/channels/preview", preview)
        assert (tested.status_code, seen.status_code) == (200, 200), tested.text + seen.text
        assert_no_secret(busy, f"the test of {channel['kind']}", tested.content)
        assert_no_secret(busy, f"the preview of {channel['kind']}", seen.content)


@pytest.mark.parametrize("error", [{"url": 5}, {"nonsense": 1}, {"url": "http://10.0.0.1/x"}], ids=str)
@pytest.mark.parametrize("kind", ["slack", "hipchat", "webhook"])
def test_no_secret_in_a_refusal(busy, kind, error):
    draft = busy.draft(kind)
    draft["settings"] |= {"signing_secret": HOOK_SECRET} | error
    answer = busy.owner.post(f"{busy.path}/channels", draft)
    assert answer.status_code == 400
    assert_no_secret(busy, "the problem", answer.content)


def test_no_secret_in_the_logs_of_the_process(busy):
    assert_no_secret(busy, "the log", busy.service.log.encode())


def test_no_secret_in_the_database_files(busy):
    """Whatever is written is sealed; the folder also holds the write-ahead log and the operator's own key file."""
    files = [file for file in busy.service.data.rglob("*") if file.is_file() and file.name != "operator.key"]
    wait_until(lambda: any(file.stat().st_size for file in files))
    for file in files:
        assert_no_secret(busy, file.name, file.read_bytes())


def test_the_files_of_the_data_folder_are_for_their_owner_only(busy):
    for name in ("operator.key", "master.key"):
        mode = (busy.service.data / name).stat().st_mode & 0o777
        assert mode == 0o600, f"{name} has mode {mode:o}"


def audit(*arguments, key: str | None = None, service=None) -> subprocess.CompletedProcess:
    environment = clean_environment()
    if key:
        environment |= {"RUNBELL_URL": service.url, "RUNBELL_KEY": key}
    command = [str(binary()), "audit", *map(str, arguments)]
    return subprocess.run(command, env=environment, capture_output=True, timeout=30, check=False)


def test_a_newer_export_continues_an_older_one(tenant, tmp_path):
    older, newer = tmp_path / "older.ndjson", tmp_path / "newer.ndjson"
    older.write_bytes(tenant.owner.get(f"{tenant.path}/audit-log/export").content)
    expect(tenant.owner.patch(tenant.path, {"name": "Another name"}), 200)
    newer.write_bytes(tenant.owner.get(f"{tenant.path}/audit-log/export").content)
    assert audit("verify", older, newer).returncode == 0
    assert audit("verify", newer, older).returncode == 1, "the newest entry is cut off"
    master = tenant.service.data / "master.key"
    done = audit("verify", newer, "--master-key", master)
    assert done.returncode == 0, done.stdout + done.stderr
    assert b"have a MAC, and all are valid" in done.stdout
    assert audit("verify", newer, "--master-key", wrong_key(tmp_path)).returncode == 1


def wrong_key(folder):
    path = folder / "wrong.key"
    path.write_text("a" * 43 + "=\n")
    path.chmod(0o600)
    return path


def test_checkpoints_stored_elsewhere_are_verified(make_service, tmp_path):
    service = make_service().start()
    tenant = Tenant(service)
    service.stop()
    service.start()
    kept = tmp_path / "kept.ndjson"
    first = audit("checkpoints", key=service.operator_key, service=service)
    kept.write_bytes(first.stdout)
    assert first.returncode == 0
    assert kept.read_bytes().count(b"\n") >= 1, first.stderr
    assert audit("verify", kept).returncode == 0
    expect(tenant.owner.patch(tenant.path, {"name": "Another name"}), 200)
    service.stop()
    service.start()
    everything = tmp_path / "all.ndjson"
    everything.write_bytes(audit("checkpoints", key=service.operator_key, service=service).stdout)
    assert audit("verify", kept, everything).returncode == 0
    assert audit("verify", everything, kept).returncode == 1, "the newest checkpoint is cut off"
    newest = everything.read_bytes().count(b"\n")
    new = audit("checkpoints", "--after", str(newest), key=service.operator_key, service=service)
    assert (new.returncode, new.stdout) == (0, b""), new.stderr
    older = audit("checkpoints", "--after", str(newest + 1), key=service.operator_key, service=service)
    assert older.returncode == 1
    assert b"restored an older copy" in older.stderr


def test_secrets_that_a_receiver_echoes_are_redacted(tenant, receiver):
    channel = tenant.channel("webhook")
    secret = channel["at"].encode()
    receiver.script(channel["at"], says(404, f"Cannot POST {channel['at']} or {quoted(channel['at'])}"))
    tested = tenant.owner.post(f"{tenant.path}/channels/{channel['id']}/test")
    assert tested.status_code == 200
    assert b"[redacted]" in tested.content
    assert secret not in tested.json()["response"]["body"].encode()


def quoted(text: str) -> str:
    return "".join(f"%{byte:02X}" for byte in text.encode())
