"""Wrong usage exits with 64 and says what to type instead; channels are called by what people know of them."""

import json
import re

import pytest

from harness.events import finished

WRONG = [
    ("chanels list", "channels"),
    ("help chanels", "channels"),
    ("help channels lsit", "list"),
    ("events lst", "list"),
    ("wacth -- k6", "watch"),
    ("tigger", "trigger"),
    ("listne", "listen"),
    ("events list --folow", "--follow"),
    ("events list --oranization 1", "--organization"),
    ("events list --type test.finish", "test.finished"),
    ("events list --statuses faild", "failed"),
    ("events list --statuses 12 failed-treshold", "failed-threshold"),
    ("events list --since yesterday", "--since"),
    ("deliveries list --state faild", "failed"),
    ("deliveries list --until 1y", "--until"),
    ("deliveries list --follow --cursor ab", "--cursor"),
    ("replays start --channel a --since 1h --states skiped", "skipped"),
    ("replays start --channel a --since soon --states failed", "--since"),
    ("channels resume a --skip-older-than later", "--skip-older-than"),
    ("channels test a --wait long", "--wait"),
    ("channels add --kind webhook --statuses timedout", "timed-out"),
    ("trigger --status time-out", "timed-out"),
    ("trigger --takes 5x", "--takes"),
    ("listen --forward-to ftp://a", "--forward-to"),
    ("listen --secret nonsense --forward-to localhost:1", "--secret"),
    ("listen --forward-to localhost:1 --format cloudevent", "cloudevents"),
    ("receive --fail gonee", "gone"),
]


@pytest.mark.parametrize(("words", "instead"), WRONG, ids=[words for words, _ in WRONG])
def test_wrong_usage_says_what_to_type(service, words, instead):
    done = service.run(*words.split())
    assert (done.returncode, done.stdout) == (64, ""), done.stderr
    typed = words.split()
    assert instead in done.stderr
    # A word that was meant; or the option whose value was wrong, with what it takes.
    assert instead in typed or re.search("did you mean|one of|possible values", done.stderr, re.IGNORECASE), done.stderr
    as_json = service.run(*words.partition(" -- ")[0].split(), "--json")
    assert as_json.returncode == 64
    assert json.loads(as_json.stderr)["exit_code"] == 64


def run(tenant, *arguments: str):
    return tenant.service.run(*arguments, "--organization", str(tenant.number), key=tenant.owner.key)


def test_channels_are_called_by_name_and_by_the_start_of_their_id(tenant):
    made = tenant.channel("webhook", "Load tests")
    for typed in ("Load tests", "LOAD TESTS", made["id"], made["id"][:-3], made["id"].upper()[:-3]):
        shown = run(tenant, "channels", "show", typed, "--json")
        assert shown.returncode == 0, shown.stderr
        assert json.loads(shown.stdout)["id"] == made["id"]
    for command in ("test", "pause", "resume", "revisions"):
        done = run(tenant, "channels", command, "Load tests")
        assert done.returncode == 0, done.stderr
    renamed = run(tenant, "channels", "edit", "Load tests", "--name", "Nightly", "--statuses", "failed", "--json")
    assert json.loads(renamed.stdout)["subscription"]["statuses"] == [4, 6, 8, 9, 11, 12]
    fallback = tenant.service.run(
        "organizations", "set", str(tenant.number), "--fallback-channel", "Nightly", "--json", key=tenant.owner.key
    )
    assert json.loads(fallback.stdout)["fallback_channel_id"] == made["id"]
    replay = run(tenant, "replays", "start", "--channel", "nightly", "--since", "1h", "--states", "failed", "--dry-run")
    assert replay.returncode == 0, replay.stderr
    assert run(tenant, "deliveries", "list", "--channel", "Nightly").returncode == 0
    unknown = run(tenant, "channels", "show", "Nightyl")
    assert (unknown.returncode, "Did you mean Nightly?" in unknown.stderr) == (2, True)
    twin = tenant.channel("webhook", "nightly")
    both = run(tenant, "channels", "show", "NIGHTLY")
    assert both.returncode == 64
    assert made["id"] in both.stderr and twin["id"] in both.stderr


def test_what_is_wrong_with_the_events_of_a_list_is_named(tenant, runs, tmp_path):
    file, good = tmp_path / "events.json", finished(tenant.number, next(runs))
    file.write_text(json.dumps([good, good | {"status": 2, "name": ""}, {"event": "\x1b[31m"}]))
    done = tenant.service.run("events", "post", str(file), key=tenant.scheduler.key)
    assert (done.returncode, done.stdout) == (2, "1 accepted, 2 rejected.\n")
    assert "\n  events[1].name: " in "\n" + done.stderr
    assert "\n  events[2].load_test_run_id: This field is required." in "\n" + done.stderr
    assert "\x1b" not in done.stderr
    file.write_text(json.dumps([{"event": "x"}] * 30))
    many = tenant.service.run("events", "post", str(file), key=tenant.scheduler.key)
    assert many.returncode == 2
    assert len(many.stderr.splitlines()) == 22 and many.stderr.endswith(" more: --json shows all.\n"), many.stderr
    as_json = tenant.service.run("events", "post", str(file), "--json", key=tenant.scheduler.key)
    assert (as_json.returncode, len(json.loads(as_json.stdout)["results"])) == (2, 30)
    assert json.loads(as_json.stderr)["error"].startswith("30 of 30 events were not accepted")


def test_what_the_service_refuses_names_the_option(tenant):
    wrong = run(tenant, "events", "list", "--limit", "0")
    assert wrong.returncode == 2
    assert "--limit (limit): Must be" in wrong.stderr
    added = run(tenant, "channels", "add", "--kind", "webhook", "--name", "x", "--set", "url=nowhere")
    assert "--set url (settings.url):" in added.stderr
    kind = run(tenant, "channels", "add", "--kind", "slak", "--name", "x", "--url", "https://a.example/")
    assert (kind.returncode, "--kind must be" in kind.stderr, "Did you mean slack?" in kind.stderr) == (64, True, True)
    setting = run(tenant, "channels", "add", "--kind", "hipchat", "--name", "x", "--set", "notfy=true")
    assert (setting.returncode, "Did you mean notify?" in setting.stderr) == (64, True)
