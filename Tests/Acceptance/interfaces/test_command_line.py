"""The program as a person or a script meets it: help, exit codes, JSON, configuration."""

import json
import re
import subprocess

import pytest

from harness.client import expect
from harness.service import PROJECT, binary, clean_environment
from harness.tenant import OWNER, Tenant

COMMANDS = [
    ("serve",),
    ("demo",),
    ("watch",),
    ("trigger",),
    ("receive",),
    ("listen",),
    ("migrate",),
    ("config",),
    ("channels",),
    ("organizations",),
    ("members",),
    ("keys",),
    ("events",),
    ("deliveries",),
    ("audit",),
    ("replays",),
    ("ledger",),
]


def run(*arguments: str, **environment: str) -> subprocess.CompletedProcess:
    variables = clean_environment() | environment
    options = {"capture_output": True, "text": True, "timeout": 20, "stdin": subprocess.DEVNULL}
    return subprocess.run([str(binary()), *arguments], env=variables, check=False, **options)


def subcommands(help_text: str) -> list[str]:
    """The names that a help page lists under SUBCOMMANDS."""
    _, _, listed = help_text.partition("SUBCOMMANDS:\n")
    return re.findall(r"^  ([a-z][a-z-]+)\b", listed, re.MULTILINE)


def every_command() -> list[tuple[str, ...]]:
    found = []
    waiting = [(name,) for name in subcommands(run("--help").stdout)]
    while waiting:
        command = waiting.pop()
        if command == ("help",):
            continue
        found.append(command)
        waiting += [(*command, name) for name in subcommands(run(*command, "--help").stdout)]
    return sorted(found)


def test_all_documented_commands_exist():
    assert {command[0] for command in COMMANDS} <= {command[0] for command in every_command()}


def test_every_command_has_help_with_an_example():
    missing = []
    for command in every_command():
        shown = run(*command, "--help")
        assert shown.returncode == 0, command
        if not re.search(r"example", shown.stdout, re.IGNORECASE) or f"runbell {command[0]}" not in shown.stdout:
            missing.append(" ".join(command))
    assert missing == [], "no example in the help of these"


@pytest.mark.parametrize(
    "arguments",
    [("nonsense",), ("serve", "--nonsense"), ("channels", "nonsense"), ("watch",), ("audit", "verify")],
    ids=" ".join,
)
def test_wrong_usage_exits_with_64_and_says_why(arguments):
    done = run(*arguments)
    assert done.returncode == 64, done.stdout + done.stderr
    assert "Usage" in done.stderr or "Error" in done.stderr
    assert done.stdout == ""


@pytest.mark.parametrize("words", [("nosuch",), ("channels", "nosuch"), ("nosuch", "list")], ids=" ".join)
def test_help_for_an_unknown_command_exits_with_64(words):
    done = run("help", *words)
    assert done.returncode == 64, done.stdout + done.stderr
    assert "nosuch" in done.stderr
    assert done.stdout == ""
    assert run("help", "channels", "list").returncode == 0


def test_errors_are_json_where_json_was_asked_for(busy):
    missing = busy.service.run("channels", "list", "--organization", "999999999", "--json", key=busy.owner.key)
    away = run(
        "channels", "list", "--organization", "1", "--json", RUNBELL_URL="http://127.0.0.1:9", RUNBELL_KEY="rb_x"
    )
    usage = run("channels", "list", "--json", "--nonsense")
    for done, code in ((missing, 2), (away, 3), (usage, 64)):
        told = json.loads(done.stderr)
        assert (done.returncode, told["exit_code"], done.stdout) == (code, code, "")
        assert told["error"]
    assert json.loads(missing.stderr)["problem"]["status"] == 404
    assert json.loads(usage.stderr)["problem"] is None


@pytest.fixture(scope="module")
def busy(service, receiver) -> Tenant:
    tenant = Tenant(service, receiver)
    tenant.channel("webhook")
    expect(tenant.scheduler.post("/v1/events", {"event": "test.notification_channel"}), 202)
    return tenant


LISTS = ["channels", "members", "keys", "events", "deliveries", "audit"]


@pytest.mark.parametrize("command", LISTS)
def test_lists_are_tables_for_people_and_json_for_programs(busy, command):
    arguments = (command, "list", "--organization", str(busy.number))
    people = busy.service.run(*arguments, key=busy.owner.key)
    programs = busy.service.run(*arguments, "--json", key=busy.owner.key)
    assert (people.returncode, programs.returncode) == (0, 0), people.stderr + programs.stderr
    assert json.loads(programs.stdout)
    with pytest.raises(ValueError):
        json.loads(people.stdout)
    assert len(people.stdout.splitlines()) > 1


def test_an_organization_is_shown(busy):
    shown = busy.service.run("organizations", "show", str(busy.number), "--json", key=busy.owner.key)
    assert shown.returncode == 0, shown.stderr
    assert json.loads(shown.stdout)["id"] == busy.number


def test_refused_and_not_found_do_not_exit_with_0(busy):
    refused = busy.service.run("keys", "list", "--organization", str(busy.number), key=busy.scheduler.key)
    missing = busy.service.run("channels", "list", "--organization", "999999999", key=busy.owner.key)
    away = run("channels", "list", "--organization", "1", RUNBELL_URL="http://127.0.0.1:9", RUNBELL_KEY="rb_x")
    for done in (refused, missing, away):
        assert done.returncode > 0
        assert done.stderr.strip()
        assert done.stdout == ""


def test_the_export_on_the_command_line_is_the_one_of_the_api(busy, tmp_path):
    done = busy.service.run("audit", "export", "--organization", str(busy.number), key=busy.owner.key)
    assert done.returncode == 0, done.stderr
    path = tmp_path / "export.ndjson"
    path.write_text(done.stdout)
    assert run("audit", "verify", str(path)).returncode == 0
    path.write_text(done.stdout.replace("organization", "0rganization", 1))
    assert run("audit", "verify", str(path)).returncode > 0


def test_config_shows_the_settings_in_effect_with_secrets_masked(service):
    key = service.operator_key
    shown = service.run("config", key=key, RUNBELL_LISTEN="127.0.0.1:9999", RUNBELL_EGRESS_ALLOW="127.0.0.0/8")
    assert shown.returncode == 0, shown.stderr
    assert "127.0.0.1:9999" in shown.stdout
    assert "127.0.0.0/8" in shown.stdout
    assert key not in shown.stdout + shown.stderr
    assert key[15:58] not in shown.stdout + shown.stderr


def test_all_wrong_settings_are_reported_together(tmp_path):
    wrong = {"RUNBELL_LISTEN": "nowhere", "RUNBELL_EGRESS_ALLOW": "300.0.0.0/8", "RUNBELL_EGRESS_HTTP": "perhaps"}
    done = run("serve", RUNBELL_DATA=str(tmp_path / "data"), **wrong)
    assert done.returncode > 0
    for name in wrong:
        assert name in done.stderr + done.stdout
    assert not (tmp_path / "data" / "operator.key").exists()


def test_a_second_process_on_the_same_data_is_refused(service):
    second = run("serve", **(service.environment | {"RUNBELL_LISTEN": "127.0.0.1:0"}))
    assert second.returncode > 0
    assert str(service.data) in second.stderr + second.stdout
    assert service.is_alive
    assert service.is_ready()


def test_the_operators_key_is_created_once(make_service):
    service = make_service().start()
    key = service.operator_key
    assert re.fullmatch(r"rb_[0-9A-Za-z]{61}", key)
    assert (service.data / "operator.key").read_text().strip() == key
    assert key not in service.log
    service.stop()
    service.start()
    assert service.operator_key == key


def test_make_help_lists_the_main_targets():
    done = subprocess.run(["make", "help"], cwd=PROJECT, capture_output=True, text=True, timeout=20, check=False)
    assert done.returncode == 0, done.stderr
    for target in ("run", "test", "verify", "lint", "format"):
        assert re.search(rf"\b{target}\b", done.stdout), done.stdout


def test_results_that_cannot_be_written_are_an_error(service, receiver):
    """A key that is shown once, or half an export, must not look like a success."""
    tenant = Tenant(service, receiver)
    key = tenant.user_key(OWNER)["key"]
    variables = clean_environment() | {"RUNBELL_URL": service.url, "RUNBELL_KEY": key}
    organization = ["--organization", str(tenant.number)]
    create = ["keys", "create", "--name", "Lost", "--user", str(OWNER)]
    for words in (create, ["audit", "export"], ["channels", "list"]):
        options = {"env": variables, "stdin": subprocess.DEVNULL, "stderr": subprocess.PIPE, "timeout": 20}
        with open("/dev/full", "wb") as full:
            done = subprocess.run([str(binary()), *words, *organization], check=False, stdout=full, **options)
        assert done.returncode == 1, words
        assert b"could not write the output: No space left on device" in done.stderr, words
